package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Assumptions;

/** Functions of two numbers that select by comparisons, run interpreted and compiled beside what they say. */
abstract class SelectCases {
    private static final long[] NUMBERS = {0, 1, 2, 5, 7, -1, -2, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1L,
        0x80000000L, 0xFFFFFFFFL, 0x100000000L, 1L << 40, -(1L << 40), Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1};
    private static final int[] INTS = {OpBytes.I32_LT_S, OpBytes.I32_LT_U, OpBytes.I32_GT_S, OpBytes.I32_GT_U, OpBytes.I32_LE_S,
        OpBytes.I32_LE_U, OpBytes.I32_GE_S, OpBytes.I32_GE_U, OpBytes.I32_EQ, OpBytes.I32_NE};
    private static final int[] LONGS = {OpBytes.I64_LT_S, OpBytes.I64_LT_U, OpBytes.I64_GT_S, OpBytes.I64_GT_U, OpBytes.I64_LE_S,
        OpBytes.I64_LE_U, OpBytes.I64_GE_S, OpBytes.I64_GE_U, OpBytes.I64_EQ, OpBytes.I64_NE};

    /** A function of two numbers and what it computes. */
    private record Case(String name, boolean wide, int function, LongBinaryOperator expected) {
    }

    final WasmEncoder encoder = new WasmEncoder();
    private final List<Case> cases = new ArrayList<>();

    static boolean holds(int op, long a, long b) {
        int x = (int) a;
        int y = (int) b;
        return switch (op) {
            case OpBytes.I32_LT_S -> x < y;
            case OpBytes.I32_LT_U -> Integer.compareUnsigned(x, y) < 0;
            case OpBytes.I32_GT_S -> x > y;
            case OpBytes.I32_GT_U -> Integer.compareUnsigned(x, y) > 0;
            case OpBytes.I32_LE_S -> x <= y;
            case OpBytes.I32_LE_U -> Integer.compareUnsigned(x, y) <= 0;
            case OpBytes.I32_GE_S -> x >= y;
            case OpBytes.I32_GE_U -> Integer.compareUnsigned(x, y) >= 0;
            case OpBytes.I32_EQ -> x == y;
            case OpBytes.I32_NE -> x != y;
            case OpBytes.I64_LT_S -> a < b;
            case OpBytes.I64_LT_U -> Long.compareUnsigned(a, b) < 0;
            case OpBytes.I64_GT_S -> a > b;
            case OpBytes.I64_GT_U -> Long.compareUnsigned(a, b) > 0;
            case OpBytes.I64_LE_S -> a <= b;
            case OpBytes.I64_LE_U -> Long.compareUnsigned(a, b) <= 0;
            case OpBytes.I64_GE_S -> a >= b;
            case OpBytes.I64_GE_U -> Long.compareUnsigned(a, b) >= 0;
            case OpBytes.I64_EQ -> a == b;
            default -> a != b;
        };
    }

    final void add(String name, boolean wide, int op, Consumer<WasmEncoder.Code> body, LongBinaryOperator expected) {
        int f = encoder.function(wide ? "ll:l" : "ii:i", body);
        encoder.export("f" + f, ExternKind.FUNC, f);
        cases.add(new Case(Opcode.of(op).mnemonic() + " of " + name, wide, f, expected));
    }

    private void compare(Tier tier) {
        WasmModule module = encoder.module("select.wasm");
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            for (Case c : cases) {
                WasmFunction f = instance.exportedFunction("f" + c.function);
                for (long a : NUMBERS) {
                    for (long b : NUMBERS) {
                        long expected = c.expected.applyAsLong(a, b);
                        assertEquals(c.wide ? expected : (int) expected, c.wide ? f.invoke(a, b)[0] : (int) f.invoke(a, b)[0],
                                () -> c.name + " of " + a + " and " + b);
                    }
                }
            }
        }
    }

    /** Adds the cases of one comparison, of longs or of ints. */
    abstract void addAll(boolean wide, int op);

    /** Adds the cases of a comparison with zero, of longs or of ints. */
    void addZero(boolean wide) {
    }

    /** Adds the cases of all comparisons. */
    final void addAll() {
        for (int op : INTS) {
            addAll(false, op);
        }
        for (int op : LONGS) {
            addAll(true, op);
        }
        addZero(false);
        addZero(true);
    }

    /** Compares all cases in both tiers. */
    final void compareAll() {
        compare(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        compare(JvmTier.always());
    }
}
