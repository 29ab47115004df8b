package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Selects between what a comparison compared, of which compiled code makes a minimum or a maximum, beside what they say. */
class MinMaxTest {
    private static final long[] NUMBERS = {0, 1, 2, 5, 7, -1, -2, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1L,
        0x80000000L, 0xFFFFFFFFL, 0x100000000L, 1L << 40, -(1L << 40), Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1};
    private static final int[] INTS = {OpBytes.I32_LT_S, OpBytes.I32_LT_U, OpBytes.I32_GT_S, OpBytes.I32_GT_U, OpBytes.I32_LE_S,
        OpBytes.I32_LE_U, OpBytes.I32_GE_S, OpBytes.I32_GE_U, OpBytes.I32_EQ, OpBytes.I32_NE};
    private static final int[] LONGS = {OpBytes.I64_LT_S, OpBytes.I64_LT_U, OpBytes.I64_GT_S, OpBytes.I64_GT_U, OpBytes.I64_LE_S,
        OpBytes.I64_LE_U, OpBytes.I64_GE_S, OpBytes.I64_GE_U, OpBytes.I64_EQ, OpBytes.I64_NE};

    /** A function of two numbers and what it computes. */
    private record Case(String name, boolean wide, int function, LongBinaryOperator expected) {
    }

    private final WasmEncoder encoder = new WasmEncoder();
    private final List<Case> cases = new ArrayList<>();

    private static boolean holds(int op, long a, long b) {
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

    private void add(String name, boolean wide, int op, Consumer<WasmEncoder.Code> body, LongBinaryOperator expected) {
        int f = encoder.function(wide ? "ll:l" : "ii:i", body);
        encoder.export("f" + f, ExternKind.FUNC, f);
        cases.add(new Case(Opcode.of(op).mnemonic() + " of " + name, wide, f, expected));
    }

    private void addAll(boolean wide, int op) {
        int constant = wide ? OpBytes.I64_CONST : OpBytes.I32_CONST;
        int sum = wide ? OpBytes.I64_ADD : OpBytes.I32_ADD;
        int get = OpBytes.LOCAL_GET;
        int tee = OpBytes.LOCAL_TEE;
        int set = OpBytes.LOCAL_SET;
        add("the first of locals", wide, op, c -> c.op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, b) ? a : b);
        add("the second of locals", wide, op, c -> c.op(get, 1).op(get, 0).op(get, 0).op(get, 1).op(op).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, b) ? b : a);
        add("negated", wide, op, c -> c.op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(OpBytes.I32_EQZ).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, b) ? b : a);
        add("a local just set", wide, op, c -> c.op(get, 0).op(get, 1).op(constant, 3).op(sum).op(tee, 1).op(get, 0).op(get, 1).op(op)
                .op(OpBytes.SELECT), (a, b) -> holds(op, a, b + 3) ? a : b + 3);
        add("a constant", wide, op, c -> c.op(get, 0).op(constant, 5).op(get, 0).op(constant, 5).op(op).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, 5) ? a : 5);
        add("another constant", wide, op, c -> c.op(get, 0).op(constant, 5).op(get, 0).op(constant, 6).op(op).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, 6) ? a : 5);
        add("a local changed since", wide, op, c -> c.op(get, 0).op(get, 1).op(get, 1).op(constant, 3).op(sum).op(set, 1).op(get, 0)
                .op(get, 1).op(op).op(OpBytes.SELECT), (a, b) -> holds(op, a, b + 3) ? a : b);
        add("a local changed by the comparison", wide, op, c -> c.op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(constant, 3).op(sum)
                .op(tee, 1).op(op).op(OpBytes.SELECT), (a, b) -> holds(op, a, b + 3) ? a : b);
        add("a local changed in a block", wide, op, c -> c.op(get, 0).op(get, 1).op(OpBytes.BLOCK, -64).op(get, 0).op(get, 1).op(op)
                .op(OpBytes.BR_IF, 0).op(constant, 7).op(set, 1).op(OpBytes.END).op(get, 0).op(get, 1).op(op).op(OpBytes.SELECT),
                (a, b) -> holds(op, a, holds(op, a, b) ? b : 7) ? a : b);
        add("a block's result", wide, op, c -> c.op(OpBytes.BLOCK, wide ? -2 : -1).op(get, 1).op(get, 0).op(get, 1).op(op)
                .op(OpBytes.BR_IF, 0).op(OpBytes.DROP).op(get, 0).op(OpBytes.END).op(get, 1).op(get, 0).op(get, 1).op(op)
                .op(OpBytes.SELECT), (a, b) -> b);
        int block = encoder.type(wide ? "l:l" : "i:i");
        add("the parameter of an else", wide, op, c -> c.op(get, 0).op(get, 1).op(get, 0).op(op).op(OpBytes.IF, block).op(OpBytes.DROP)
                .op(get, 1).op(OpBytes.ELSE).op(constant, 5).op(get, 1).op(constant, 5).op(op).op(OpBytes.SELECT).op(OpBytes.END),
                (a, b) -> holds(op, b, a) ? b : holds(op, b, 5) ? a : 5);
        add("a loop's parameter", wide, op, c -> c.locals("i").op(get, 0).op(OpBytes.LOOP, block).op(get, 1).op(get, 0).op(get, 1).op(op)
                .op(OpBytes.SELECT).op(constant, 7).op(sum).op(get, 2).op(OpBytes.I32_EQZ).op(tee, 2).op(OpBytes.BR_IF, 0)
                .op(OpBytes.END), (a, b) -> (holds(op, a, b) ? a + 7 : b) + 7);
    }

    private void compare(Tier tier) {
        WasmModule module = encoder.module("minmax.wasm");
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

    @Test
    void choosesAsTheSelectSays() {
        for (int op : INTS) {
            addAll(false, op);
        }
        for (int op : LONGS) {
            addAll(true, op);
        }
        compare(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        compare(JvmTier.always());
    }
}
