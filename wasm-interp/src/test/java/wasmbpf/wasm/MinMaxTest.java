package wasmbpf.wasm;

import org.junit.jupiter.api.Test;

/** Selects between what a comparison compared, of which compiled code makes a minimum or a maximum, beside what they say. */
class MinMaxTest extends SelectCases {
    @Override
    void addAll(boolean wide, int op) {
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

    @Test
    void choosesAsTheSelectSays() {
        addAll();
        compareAll();
    }
}
