package wasmbpf.wasm;

import org.junit.jupiter.api.Test;

/** Selects whose condition is that a number is zero or is not, which the interpreter asks the number itself, beside what they say. */
class SelectByZeroTest extends SelectCases {
    private static final int GET = OpBytes.LOCAL_GET;
    private static final int SELECT = OpBytes.SELECT;

    @Override
    void addAll(boolean wide, int op) {
        int constant = wide ? OpBytes.I64_CONST : OpBytes.I32_CONST;
        add("a number and zero", wide, op, c -> c.op(GET, 0).op(GET, 1).op(GET, 0).op(constant, 0).op(op).op(SELECT),
                (a, b) -> holds(op, a, 0) ? a : b);
        add("the same, negated", wide, op,
                c -> c.op(GET, 0).op(GET, 1).op(GET, 0).op(constant, 0).op(op).op(OpBytes.I32_EQZ).op(SELECT),
                (a, b) -> holds(op, a, 0) ? b : a);
        add("the same, twice", wide, op,
                c -> c.op(GET, 0).op(GET, 1).op(GET, 0).op(constant, 0).op(op).op(OpBytes.I32_EQZ).op(OpBytes.I32_EQZ).op(SELECT),
                (a, b) -> holds(op, a, 0) ? a : b);
    }

    @Override
    void addZero(boolean wide) {
        int eqz = wide ? OpBytes.I64_EQZ : OpBytes.I32_EQZ;
        int constant = wide ? OpBytes.I64_CONST : OpBytes.I32_CONST;
        int sum = wide ? OpBytes.I64_ADD : OpBytes.I32_ADD;
        int and = wide ? OpBytes.I64_AND : OpBytes.I32_AND;
        add("constants", wide, eqz, c -> c.op(constant, 40000).op(constant, 50000).op(GET, 0).op(eqz).op(SELECT).op(GET, 1).op(sum),
                (a, b) -> (isZero(wide, a) ? 40000 : 50000) + b);
        add("what was computed", wide, eqz, c -> c.op(GET, 0).op(GET, 1).op(sum).op(constant, 7).op(GET, 0).op(GET, 1).op(and).op(eqz)
                .op(SELECT).op(GET, 1).op(sum), (a, b) -> (isZero(wide, a & b) ? a + b : 7) + b);
        add("what is kept", wide, eqz, c -> c.locals("i").op(GET, 0).op(GET, 1).op(GET, 0).op(eqz).op(OpBytes.LOCAL_TEE, 2).op(SELECT)
                .op(GET, 1).op(GET, 0).op(GET, 2).op(SELECT).op(sum), (a, b) -> a + b);
        add("the number chosen by", wide, eqz, c -> c.op(GET, 1).op(GET, 0).op(GET, 0).op(eqz).op(SELECT).op(OpBytes.LOCAL_SET, 0)
                .op(GET, 0).op(GET, 0).op(GET, 1).op(sum).op(GET, 1).op(eqz).op(SELECT), (a, b) -> {
                    long first = isZero(wide, a) ? b : a;
                    return isZero(wide, b) ? first : first + b;
                });
        add("a block's result", wide, eqz, c -> c.op(GET, 0).op(GET, 1).op(OpBytes.BLOCK, -1).op(GET, 0).op(eqz).op(GET, 1).op(eqz)
                .op(OpBytes.BR_IF, 0).op(OpBytes.DROP).op(GET, 1).op(eqz).op(OpBytes.END).op(SELECT),
                (a, b) -> isZero(wide, b) && isZero(wide, a) ? a : b);
    }

    private static boolean isZero(boolean wide, long number) {
        return wide ? number == 0 : (int) number == 0;
    }

    @Test
    void eachChoosesAsTheComparisonSaid() {
        addAll();
        compareAll();
    }
}
