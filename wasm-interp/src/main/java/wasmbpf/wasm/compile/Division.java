package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.math.BigInteger;
import wasmbpf.wasm.OpBytes;

/**
 * Integer division. Where the divisor is a constant nothing can trap, and unsigned division, of which C2 makes a machine's
 * division always, is a multiplication: by {@code ceil(2^p / c)} and a shift by p, with the least p that is exact for every
 * dividend (Hacker's Delight, chapter 10).
 */
final class Division {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final long U32 = 0xFFFFFFFFL;

    private final MethodCode m;
    private final CodeBuilder code;

    Division(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    static boolean is(int op) {
        return op >= OpBytes.I32_DIV_S && op <= OpBytes.I32_REM_U || op >= OpBytes.I64_DIV_S && op <= OpBytes.I64_REM_U;
    }

    private static boolean isLong(int op) {
        return op >= OpBytes.I64_DIV_S;
    }

    /** Of the operands on the stack. */
    void emit(int op) {
        // The place goes with the check: noted in a local it would be one more value that a loop carries.
        ClassDesc type = isLong(op) ? J : I;
        code.loadConstant(m.here());
        if (op == OpBytes.I32_DIV_S || op == OpBytes.I64_DIV_S) {
            m.support("divide", type, type, type, I);
            return;
        }
        m.support("divisor", type, type, I);
        switch (op) {
            case OpBytes.I32_DIV_U -> java("divideUnsigned", type);
            case OpBytes.I32_REM_U -> java("remainderUnsigned", type);
            case OpBytes.I64_DIV_U -> java("divideUnsigned", type);
            case OpBytes.I64_REM_U -> java("remainderUnsigned", type);
            case OpBytes.I32_REM_S -> code.irem();
            default -> code.lrem();
        }
    }

    private void java(String method, ClassDesc type) {
        code.invokestatic(type == J ? ConstantDescs.CD_Long : ConstantDescs.CD_Integer, method, Names.type(type, type, type));
    }

    /** The same where the operand on top is a constant. */
    void byConstant(int op, long divisor) {
        boolean overflows = divisor == -1 && (op == OpBytes.I32_DIV_S || op == OpBytes.I64_DIV_S);
        if (divisor == 0 || overflows) {
            emit(op);
            return;
        }
        switch (op) {
            case OpBytes.I32_DIV_S -> code.idiv();
            case OpBytes.I32_REM_S -> code.irem();
            case OpBytes.I64_DIV_S -> code.ldiv();
            case OpBytes.I64_REM_S -> code.lrem();
            case OpBytes.I32_DIV_U, OpBytes.I32_REM_U -> {
                code.pop();
                byInt(divisor & U32, op == OpBytes.I32_REM_U);
            }
            default -> {
                if (divisor < 0) {
                    emit(op);
                    return;
                }
                code.pop2();
                byLong(divisor, op == OpBytes.I64_REM_U);
            }
        }
    }

    private void byInt(long divisor, boolean remainder) {
        if (Long.bitCount(divisor) == 1) {
            if (remainder) {
                code.loadConstant((int) divisor - 1).iand();
            } else {
                code.loadConstant(Long.numberOfTrailingZeros(divisor)).iushr();
            }
            return;
        }
        int dividend = m.temp(0, TypeKind.INT);
        if (remainder) {
            code.dup().istore(dividend);
        }
        code.i2l().loadConstant(U32).land();
        Reciprocal r = Reciprocal.of(divisor, Integer.SIZE, Integer.SIZE);
        if (r.factor.bitLength() <= Integer.SIZE) {
            code.loadConstant(r.factor.longValue()).lmul().loadConstant(r.shift).lushr().l2i();
        } else {
            // Of a dividend that is not negative: C2 multiplies.
            code.loadConstant(divisor).ldiv().l2i();
        }
        if (remainder) {
            int quotient = m.temp(1, TypeKind.INT);
            code.istore(quotient).iload(dividend).iload(quotient).loadConstant((int) divisor).imul().isub();
        }
    }

    private void byLong(long divisor, boolean remainder) {
        int zeros = Long.numberOfTrailingZeros(divisor);
        if (Long.bitCount(divisor) == 1) {
            if (remainder) {
                code.loadConstant(divisor - 1).land();
            } else {
                code.loadConstant(zeros).lushr();
            }
            return;
        }
        int dividend = m.temp(0, TypeKind.LONG);
        int high = m.temp(1, TypeKind.LONG);
        code.lstore(dividend);
        Reciprocal r = Reciprocal.of(divisor, Long.SIZE, Long.SIZE);
        if (r.factor.bitLength() <= Long.SIZE) {
            code.lload(dividend);
            timesHigh(r, 0);
        } else if (zeros > 0) {
            code.lload(dividend).loadConstant(zeros).lushr();
            timesHigh(Reciprocal.of(divisor >>> zeros, Long.SIZE - zeros, Long.SIZE), 0);
        } else {
            // A factor of 65 bits: its highest adds the dividend once more, half of it so that the sum fits.
            code.lload(dividend);
            timesHigh(r, Long.SIZE);
            code.lstore(high).lload(dividend).lload(high).lsub().iconst_1().lushr().lload(high).ladd();
            code.loadConstant(r.shift - Long.SIZE - 1).lushr();
        }
        if (remainder) {
            code.lstore(high).lload(dividend).lload(high).loadConstant(divisor).lmul().lsub();
        }
    }

    /** Multiplies by a factor and shifts, or takes the product's high half only. */
    private void timesHigh(Reciprocal r, int half) {
        code.loadConstant(r.factor.longValue()).invokestatic(MATH, "unsignedMultiplyHigh", Names.type(J, J, J));
        if (half == 0 && r.shift > Long.SIZE) {
            code.loadConstant(r.shift - Long.SIZE).lushr();
        }
    }

    /** A dividend times factor, shifted right, is the quotient. */
    private record Reciprocal(BigInteger factor, int shift) {
        /**
         * @param bits of the dividends, of which also the divisor has no more
         * @param least the shift that the multiplication can do at least: with the high half of a product it is 64
         */
        static Reciprocal of(long number, int bits, int least) {
            BigInteger divisor = BigInteger.valueOf(number);
            for (int shift = least;; shift++) {
                BigInteger power = BigInteger.ONE.shiftLeft(shift);
                BigInteger factor = power.add(divisor).subtract(BigInteger.ONE).divide(divisor);
                BigInteger error = factor.multiply(divisor).subtract(power);
                if (error.compareTo(BigInteger.ONE.shiftLeft(shift - bits)) <= 0) {
                    return new Reciprocal(factor, shift);
                }
            }
        }
    }
}
