package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Division by constants, which compiled code makes multiplications of, beside Java's own division. */
class DivisionTest {
    private static final long[] EDGES = {0, 1, 2, 3, 5, 7, 9, 10, 11, 14, 25, 28, 60, 100, 125, 641, 1000, 1024, 4097, 65_535, 65_537,
        1_000_000_007, 0x7FFFFFFEL, 0x7FFFFFFFL, 0x80000000L, 0x80000001L, 0xFFFFFFFEL, 0xFFFFFFFFL, 0x100000000L, 0x100000001L,
        6_700_417L * 641, 10_000_000_000L, 1L << 61, (1L << 61) - 1, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE,
        Long.MIN_VALUE + 1, -10, -7, -3, -2, -1};
    private static final int[] INT_OPS = {OpBytes.I32_DIV_S, OpBytes.I32_DIV_U, OpBytes.I32_REM_S, OpBytes.I32_REM_U};
    private static final int[] LONG_OPS = {OpBytes.I64_DIV_S, OpBytes.I64_DIV_U, OpBytes.I64_REM_S, OpBytes.I64_REM_U};

    private static long java(int op, long a, long b) {
        int x = (int) a;
        int y = (int) b;
        return switch (op) {
            case OpBytes.I32_DIV_S -> x / y;
            case OpBytes.I32_DIV_U -> Integer.divideUnsigned(x, y);
            case OpBytes.I32_REM_S -> x % y;
            case OpBytes.I32_REM_U -> Integer.remainderUnsigned(x, y);
            case OpBytes.I64_DIV_S -> a / b;
            case OpBytes.I64_DIV_U -> Long.divideUnsigned(a, b);
            case OpBytes.I64_REM_S -> a % b;
            default -> Long.remainderUnsigned(a, b);
        };
    }

    private static long[] numbers(Random random) {
        long[] numbers = Arrays.copyOf(EDGES, EDGES.length + 60);
        for (int i = EDGES.length; i < numbers.length; i++) {
            // Small factors of large powers of two too: what is left of the dividend has few bits.
            numbers[i] = i % 3 == 0 ? (long) (3 + 2 * random.nextInt(64)) << random.nextInt(60) : random.nextLong() >> random.nextInt(64);
        }
        return numbers;
    }

    private static void compare(boolean wide, Random random) {
        int[] ops = wide ? LONG_OPS : INT_OPS;
        long[] divisors = numbers(random);
        WasmEncoder encoder = new WasmEncoder();
        for (long divisor : divisors) {
            for (int op : ops) {
                int f = encoder.function(wide ? "l:l" : "i:i", c -> c.op(OpBytes.LOCAL_GET, 0)
                        .op(wide ? OpBytes.I64_CONST : OpBytes.I32_CONST, wide ? divisor : (int) divisor).op(op));
                encoder.export("f" + f, ExternKind.FUNC, f);
            }
        }
        try (Instance instance = Instance.instantiate(encoder.module("division.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(JvmTier.always()))) {
            for (int i = 0; i < divisors.length; i++) {
                long divisor = wide ? divisors[i] : (int) divisors[i];
                List<Long> dividends = new ArrayList<>(Arrays.stream(numbers(random)).boxed().toList());
                for (int k = 1; k < 4; k++) {
                    dividends.add(divisor * k);
                    dividends.add(divisor * k - 1);
                }
                for (int k = 0; k < ops.length; k++) {
                    int k0 = k;
                    WasmFunction f = instance.exportedFunction("f" + (i * ops.length + k));
                    for (long dividend : dividends) {
                        long least = wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
                        if (divisor == 0 || k == 0 && divisor == -1 && (wide ? dividend : (int) dividend) == least) {
                            Trap trap = assertThrows(Trap.class, () -> f.invoke(dividend));
                            assertEquals(divisor == 0 ? Trap.Kind.DIVIDE_BY_ZERO : Trap.Kind.INTEGER_OVERFLOW, trap.kind());
                        } else {
                            assertEquals(java(ops[k], dividend, divisor), f.invoke(dividend)[0],
                                    () -> "instruction " + k0 + " of " + dividend + " by " + divisor);
                        }
                    }
                }
            }
        }
    }

    @Test
    void givesTheQuotientAndTheRemainder() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        for (int seed = 0; seed < 10; seed++) {
            compare(false, new Random(seed));
            compare(true, new Random(seed));
        }
    }

    /** In both tiers the same, also where the place comes with the check. */
    @Test
    void trapsAtTheInstruction() {
        for (int op : List.of(OpBytes.I32_DIV_S, OpBytes.I32_DIV_U, OpBytes.I32_REM_S, OpBytes.I32_REM_U)) {
            assertPlace("ii:i", op, 1, 0, Trap.Kind.DIVIDE_BY_ZERO);
        }
        for (int op : List.of(OpBytes.I64_DIV_S, OpBytes.I64_DIV_U, OpBytes.I64_REM_S, OpBytes.I64_REM_U)) {
            assertPlace("ll:l", op, 1, 0, Trap.Kind.DIVIDE_BY_ZERO);
        }
        assertPlace("ii:i", OpBytes.I32_DIV_S, Integer.MIN_VALUE, -1, Trap.Kind.INTEGER_OVERFLOW);
        assertPlace("ll:l", OpBytes.I64_DIV_S, Long.MIN_VALUE, -1, Trap.Kind.INTEGER_OVERFLOW);
    }

    private static void assertPlace(String signature, int op, long dividend, long divisor, Trap.Kind kind) {
        WasmEncoder encoder = new WasmEncoder();
        int f = encoder.function(signature, c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1).op(op).op(OpBytes.NOP));
        encoder.export("f", ExternKind.FUNC, f);
        WasmModule module = encoder.module("division.wasm");
        for (Tier tier : Arrays.asList(null, JvmTier.always())) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke(dividend, divisor));
                assertEquals(kind, trap.kind());
                assertEquals(module.bodyStart(f) + 5, trap.stack().get(0).offset());
            }
        }
    }
}
