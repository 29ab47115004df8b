package wasmbpf.wasm;

import org.junit.jupiter.api.Test;

/** Selects that share a comparison, which compiled code compares anew for each, beside what they say. */
class SharedConditionsTest extends SelectCases {
    @Override
    void addAll(boolean wide, int op) {
        int constant = wide ? OpBytes.I64_CONST : OpBytes.I32_CONST;
        int sum = wide ? OpBytes.I64_ADD : OpBytes.I32_ADD;
        int product = wide ? OpBytes.I64_MUL : OpBytes.I32_MUL;
        int exor = wide ? OpBytes.I64_XOR : OpBytes.I32_XOR;
        int get = OpBytes.LOCAL_GET;
        int tee = OpBytes.LOCAL_TEE;
        int set = OpBytes.LOCAL_SET;
        int select = OpBytes.SELECT;
        add("locals", wide, op, c -> c.locals("i").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(tee, 2).op(select)
                .op(get, 1).op(constant, 9).op(get, 2).op(select).op(constant, 31).op(product).op(sum),
                (a, b) -> holds(op, a, b) ? a + b * 31 : b + 9 * 31);
        add("what was computed", wide, op, c -> c.locals("i").op(get, 0).op(constant, 3).op(sum).op(get, 1).op(constant, 5).op(product)
                .op(get, 0).op(get, 1).op(op).op(tee, 2).op(select).op(get, 0).op(get, 1).op(sum).op(get, 0).op(get, 1).op(exor)
                .op(get, 2).op(select).op(constant, 31).op(product).op(sum),
                (a, b) -> holds(op, a, b) ? a + 3 + (a + b) * 31 : b * 5 + (a ^ b) * 31);
        add("operands that change before the second", wide, op, c -> c.locals("i").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op)
                .op(tee, 2).op(select).op(set, 0).op(get, 0).op(constant, 7).op(sum).op(set, 1).op(get, 1).op(get, 0).op(get, 2)
                .op(select), (a, b) -> holds(op, a, b) ? a + 7 : b);
        add("the result as a number", wide, op, c -> {
            c.locals("i").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(tee, 2).op(select).op(get, 1).op(get, 0).op(get, 2)
                    .op(select).op(constant, 31).op(product).op(sum).op(get, 2);
            (wide ? c.op(OpBytes.I64_EXTEND_I32_U) : c).op(constant, 1000).op(product).op(sum);
        }, (a, b) -> holds(op, a, b) ? a + b * 31 + 1000 : b + a * 31);
        add("a condition set anew", wide, op, c -> c.locals("i").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(tee, 2)
                .op(select).op(get, 0).op(get, 1).op(get, 2).op(select).op(sum).op(OpBytes.I32_CONST, 0).op(set, 2).op(get, 0)
                .op(get, 1).op(get, 2).op(select).op(sum), (a, b) -> (holds(op, a, b) ? a + a : b + b) + b);
        add("one of two conditions set anew", wide, op, c -> c.locals("ii").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op)
                .op(tee, 2).op(select).op(get, 0).op(get, 1).op(get, 1).op(get, 0).op(op).op(tee, 3).op(select).op(sum)
                .op(get, 1).op(constant, 4).op(get, 0).op(constant, 6).op(op).op(tee, 2).op(select).op(sum)
                .op(get, 0).op(get, 1).op(get, 3).op(select).op(sum).op(get, 0).op(get, 1).op(get, 2).op(select).op(sum),
                (a, b) -> (holds(op, a, b) ? a : b) + (holds(op, b, a) ? a : b) + (holds(op, a, 6) ? b : 4) + (holds(op, b, a) ? a : b)
                        + (holds(op, a, 6) ? a : b));
        add("a loop between", wide, op, c -> c.locals("ii").op(get, 0).op(get, 1).op(get, 0).op(get, 1).op(op).op(tee, 2).op(select)
                .op(get, 1).op(get, 0).op(get, 2).op(select).op(sum).op(set, 0).op(OpBytes.LOOP, -64).op(get, 0).op(get, 1).op(get, 2)
                .op(select).op(get, 1).op(sum).op(set, 0).op(get, 3).op(OpBytes.I32_EQZ).op(tee, 3).op(OpBytes.BR_IF, 0).op(OpBytes.END)
                .op(get, 0), (a, b) -> holds(op, a, b) ? a + b + b + b : b + b);
        add("doubles chosen", wide, op, c -> {
            c.locals("i").op(OpBytes.F64_CONST, Double.doubleToRawLongBits(1.5)).op(OpBytes.F64_CONST, Double.doubleToRawLongBits(-2.5)).op(get, 0).op(get, 1).op(op).op(tee, 2).op(select)
                    .op(OpBytes.F64_CONST, Double.doubleToRawLongBits(4)).op(OpBytes.F64_CONST, Double.doubleToRawLongBits(8)).op(get, 2).op(select).op(OpBytes.F64_MUL)
                    .op(OpBytes.I32_TRUNC_F64_S);
            (wide ? c.op(OpBytes.I64_EXTEND_I32_S) : c).op(get, 0).op(sum);
        }, (a, b) -> a + (holds(op, a, b) ? 6 : -20));
    }

    @Override
    void addZero(boolean wide) {
        int op = wide ? OpBytes.I64_EQZ : OpBytes.I32_EQZ;
        int constant = wide ? OpBytes.I64_CONST : OpBytes.I32_CONST;
        int sum = wide ? OpBytes.I64_ADD : OpBytes.I32_ADD;
        int get = OpBytes.LOCAL_GET;
        int select = OpBytes.SELECT;
        add("zero", wide, op, c -> c.locals("i").op(get, 0).op(constant, 3).op(sum).op(get, 1).op(constant, 4).op(sum).op(get, 0).op(op)
                .op(OpBytes.LOCAL_TEE, 2).op(select).op(get, 1).op(get, 0).op(get, 2).op(select).op(sum),
                (a, b) -> (wide ? a : (int) a) == 0 ? a + 3 + b : b + 4 + a);
    }

    @Test
    void eachChoosesAsTheComparisonSaid() {
        addAll();
        compareAll();
    }
}
