package wasmbpf.wasm.compile;

import static wasmbpf.wasm.OpBytes.*;
import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import wasmbpf.wasm.TypeCode;

/** Arithmetic: each instruction takes its operands from the JVM stack and leaves its result there. */
final class NumberOps {
    private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
    private static final ClassDesc LONG = ConstantDescs.CD_Long;
    private static final ClassDesc FLOAT = ConstantDescs.CD_Float;
    private static final ClassDesc DOUBLE = ConstantDescs.CD_Double;

    private NumberOps() {
    }

    static boolean isComparison(int op) {
        return op >= I32_EQZ && op <= F64_GE;
    }

    /** Whether an instruction is one of {@link #emit}'s, {@link #truncate}'s or {@link Division}'s. */
    static boolean isNumber(int op) {
        return op >= I32_CLZ && op <= I64_EXTEND32_S || op >= I32_TRUNC_SAT_F32_S && op <= I64_TRUNC_SAT_F64_U;
    }

    /** Whether it is one of {@link #truncate}'s. */
    static boolean isTruncation(int op) {
        return op >= I32_TRUNC_F32_S && op <= I32_TRUNC_F64_U || op >= I64_TRUNC_F32_S && op <= I64_TRUNC_F64_U;
    }

    /** Whether a comparison first makes a number less than, equal to or greater than zero. */
    static boolean isThreeWay(int op) {
        return switch (op) {
            case I32_EQZ, I32_EQ, I32_NE, I32_LT_S, I32_GT_S, I32_LE_S, I32_GE_S -> false;
            default -> true;
        };
    }

    /** Jumps if the comparison of the operands on the stack gives what is wanted. */
    static void branch(int op, boolean wanted, Label target, CodeBuilder code) {
        switch (op) {
            case I32_EQZ -> code.branch(wanted ? Opcode.IFEQ : Opcode.IFNE, target);
            case I32_EQ -> code.branch(wanted ? Opcode.IF_ICMPEQ : Opcode.IF_ICMPNE, target);
            case I32_NE -> code.branch(wanted ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ, target);
            case I32_LT_S -> code.branch(wanted ? Opcode.IF_ICMPLT : Opcode.IF_ICMPGE, target);
            case I32_GT_S -> code.branch(wanted ? Opcode.IF_ICMPGT : Opcode.IF_ICMPLE, target);
            case I32_LE_S -> code.branch(wanted ? Opcode.IF_ICMPLE : Opcode.IF_ICMPGT, target);
            case I32_GE_S -> code.branch(wanted ? Opcode.IF_ICMPGE : Opcode.IF_ICMPLT, target);
            default -> {
                compare(op, code);
                code.branch(condition(op, wanted), target);
            }
        }
    }

    /** Leaves an int that compares with 0 as the first operand does with the second; NaN makes it fail. */
    private static void compare(int op, CodeBuilder code) {
        switch (op) {
            case I32_LT_U, I32_GT_U, I32_LE_U, I32_GE_U ->
                code.invokestatic(INTEGER, "compareUnsigned", Names.type(I, I, I));
            case I64_LT_U, I64_GT_U, I64_LE_U, I64_GE_U -> code.invokestatic(LONG, "compareUnsigned", Names.type(I, J, J));
            case I64_EQZ -> code.lconst_0().lcmp();
            case F32_LT, F32_LE -> code.fcmpg();
            case F32_EQ, F32_NE, F32_GT, F32_GE -> code.fcmpl();
            case F64_LT, F64_LE -> code.dcmpg();
            case F64_EQ, F64_NE, F64_GT, F64_GE -> code.dcmpl();
            default -> code.lcmp();
        }
    }

    private static Opcode condition(int op, boolean wanted) {
        return switch (op) {
            case I64_EQZ, I64_EQ, F32_EQ, F64_EQ -> wanted ? Opcode.IFEQ : Opcode.IFNE;
            case I64_NE, F32_NE, F64_NE -> wanted ? Opcode.IFNE : Opcode.IFEQ;
            case I32_LT_U, I64_LT_S, I64_LT_U, F32_LT, F64_LT -> wanted ? Opcode.IFLT : Opcode.IFGE;
            case I32_GT_U, I64_GT_S, I64_GT_U, F32_GT, F64_GT -> wanted ? Opcode.IFGT : Opcode.IFLE;
            case I32_LE_U, I64_LE_S, I64_LE_U, F32_LE, F64_LE -> wanted ? Opcode.IFLE : Opcode.IFGT;
            case I32_GE_U, I64_GE_S, I64_GE_U, F32_GE, F64_GE -> wanted ? Opcode.IFGE : Opcode.IFLT;
            default -> throw new IllegalStateException("no comparison: " + op);
        };
    }

    private static void numerics(CodeBuilder code, String name, ClassDesc result, ClassDesc... params) {
        code.invokestatic(Names.NUMERICS, name, Names.type(result, params));
    }

    static void emit(int op, CodeBuilder code) {
        switch (op) {
            case I32_CLZ -> code.invokestatic(INTEGER, "numberOfLeadingZeros", Names.type(I, I));
            case I32_CTZ -> code.invokestatic(INTEGER, "numberOfTrailingZeros", Names.type(I, I));
            case I32_POPCNT -> code.invokestatic(INTEGER, "bitCount", Names.type(I, I));
            case I32_ADD -> code.iadd();
            case I32_SUB -> code.isub();
            case I32_MUL -> code.imul();
            case I32_AND -> code.iand();
            case I32_OR -> code.ior();
            case I32_XOR -> code.ixor();
            case I32_SHL -> code.ishl();
            case I32_SHR_S -> code.ishr();
            case I32_SHR_U -> code.iushr();
            case I32_ROTL -> code.invokestatic(INTEGER, "rotateLeft", Names.type(I, I, I));
            case I32_ROTR -> code.invokestatic(INTEGER, "rotateRight", Names.type(I, I, I));
            case I64_CLZ -> code.invokestatic(LONG, "numberOfLeadingZeros", Names.type(I, J)).i2l();
            case I64_CTZ -> code.invokestatic(LONG, "numberOfTrailingZeros", Names.type(I, J)).i2l();
            case I64_POPCNT -> code.invokestatic(LONG, "bitCount", Names.type(I, J)).i2l();
            case I64_ADD -> code.ladd();
            case I64_SUB -> code.lsub();
            case I64_MUL -> code.lmul();
            case I64_AND -> code.land();
            case I64_OR -> code.lor();
            case I64_XOR -> code.lxor();
            case I64_SHL -> code.l2i().lshl();
            case I64_SHR_S -> code.l2i().lshr();
            case I64_SHR_U -> code.l2i().lushr();
            case I64_ROTL -> code.l2i().invokestatic(LONG, "rotateLeft", Names.type(J, J, I));
            case I64_ROTR -> code.l2i().invokestatic(LONG, "rotateRight", Names.type(J, J, I));
            case F32_ABS -> numerics(code, "f32Abs", F, F);
            case F32_NEG -> numerics(code, "f32Neg", F, F);
            case F32_CEIL -> numerics(code, "f32Ceil", F, F);
            case F32_FLOOR -> numerics(code, "f32Floor", F, F);
            case F32_TRUNC -> numerics(code, "f32Trunc", F, F);
            case F32_NEAREST -> numerics(code, "f32Nearest", F, F);
            case F32_SQRT -> numerics(code, "f32Sqrt", F, F);
            case F32_ADD -> code.fadd();
            case F32_SUB -> code.fsub();
            case F32_MUL -> code.fmul();
            case F32_DIV -> code.fdiv();
            case F32_MIN -> numerics(code, "f32Min", F, F, F);
            case F32_MAX -> numerics(code, "f32Max", F, F, F);
            case F32_COPYSIGN -> numerics(code, "f32Copysign", F, F, F);
            case F64_ABS -> numerics(code, "f64Abs", D, D);
            case F64_NEG -> numerics(code, "f64Neg", D, D);
            case F64_CEIL -> numerics(code, "f64Ceil", D, D);
            case F64_FLOOR -> numerics(code, "f64Floor", D, D);
            case F64_TRUNC -> numerics(code, "f64Trunc", D, D);
            case F64_NEAREST -> numerics(code, "f64Nearest", D, D);
            case F64_SQRT -> numerics(code, "f64Sqrt", D, D);
            case F64_ADD -> code.dadd();
            case F64_SUB -> code.dsub();
            case F64_MUL -> code.dmul();
            case F64_DIV -> code.ddiv();
            case F64_MIN -> numerics(code, "f64Min", D, D, D);
            case F64_MAX -> numerics(code, "f64Max", D, D, D);
            case F64_COPYSIGN -> numerics(code, "f64Copysign", D, D, D);
            default -> convert(op, code);
        }
    }

    private static void convert(int op, CodeBuilder code) {
        switch (op) {
            case I32_WRAP_I64 -> code.l2i();
            case I64_EXTEND_I32_S -> code.i2l();
            case I64_EXTEND_I32_U -> code.i2l().loadConstant(0xFFFFFFFFL).land();
            case F32_CONVERT_I32_S -> code.i2f();
            case F32_CONVERT_I32_U -> numerics(code, "f32ConvertI32U", F, I);
            case F32_CONVERT_I64_S -> code.l2f();
            case F32_CONVERT_I64_U -> numerics(code, "f32ConvertI64U", F, J);
            case F32_DEMOTE_F64 -> code.d2f();
            case F64_CONVERT_I32_S -> code.i2d();
            case F64_CONVERT_I32_U -> numerics(code, "f64ConvertI32U", D, I);
            case F64_CONVERT_I64_S -> code.l2d();
            case F64_CONVERT_I64_U -> numerics(code, "f64ConvertI64U", D, J);
            case F64_PROMOTE_F32 -> code.f2d();
            case I32_REINTERPRET_F32 -> code.invokestatic(FLOAT, "floatToRawIntBits", Names.type(I, F));
            case I64_REINTERPRET_F64 -> code.invokestatic(DOUBLE, "doubleToRawLongBits", Names.type(J, D));
            case F32_REINTERPRET_I32 -> code.invokestatic(FLOAT, "intBitsToFloat", Names.type(F, I));
            case F64_REINTERPRET_I64 -> code.invokestatic(DOUBLE, "longBitsToDouble", Names.type(D, J));
            case I32_EXTEND8_S -> code.i2b();
            case I32_EXTEND16_S -> code.i2s();
            case I64_EXTEND8_S -> code.l2i().i2b().i2l();
            case I64_EXTEND16_S -> code.l2i().i2s().i2l();
            case I64_EXTEND32_S -> code.l2i().i2l();
            case I32_TRUNC_SAT_F32_S -> code.f2i();
            case I32_TRUNC_SAT_F32_U -> numerics(code.f2d(), "i32TruncSatU", I, D);
            case I32_TRUNC_SAT_F64_S -> code.d2i();
            case I32_TRUNC_SAT_F64_U -> numerics(code, "i32TruncSatU", I, D);
            case I64_TRUNC_SAT_F32_S -> code.f2l();
            case I64_TRUNC_SAT_F32_U -> numerics(code.f2d(), "i64TruncSatU", J, D);
            case I64_TRUNC_SAT_F64_S -> code.d2l();
            case I64_TRUNC_SAT_F64_U -> numerics(code, "i64TruncSatU", J, D);
            default -> throw new IllegalStateException("no number: " + op);
        }
    }

    /**
     * A conversion that traps where the number does not fit.
     *
     * @param position of the instruction in its function's body
     */
    static void truncate(int op, int position, CodeBuilder code) {
        code.loadConstant(position);
        switch (op) {
            case I32_TRUNC_F32_S -> truncations(code, "i32S", I, F);
            case I32_TRUNC_F32_U -> truncations(code, "i32U", I, F);
            case I32_TRUNC_F64_S -> truncations(code, "i32S", I, D);
            case I32_TRUNC_F64_U -> truncations(code, "i32U", I, D);
            case I64_TRUNC_F32_S -> truncations(code, "i64S", J, F);
            case I64_TRUNC_F32_U -> truncations(code, "i64U", J, F);
            case I64_TRUNC_F64_S -> truncations(code, "i64S", J, D);
            case I64_TRUNC_F64_U -> truncations(code, "i64U", J, D);
            default -> throw new IllegalStateException("no truncation: " + op);
        }
    }

    private static void truncations(CodeBuilder code, String name, ClassDesc result, ClassDesc param) {
        code.invokestatic(Names.TRUNCATIONS, name, Names.type(result, param, I));
    }

    /** NaNs keep their bits. */
    static void constant(float value, CodeBuilder code) {
        if (value != value) {
            code.loadConstant(Float.floatToRawIntBits(value)).invokestatic(FLOAT, "intBitsToFloat", Names.type(F, I));
        } else {
            code.loadConstant(value);
        }
    }

    static void constant(double value, CodeBuilder code) {
        if (value != value) {
            code.loadConstant(Double.doubleToRawLongBits(value))
                    .invokestatic(DOUBLE, "longBitsToDouble", Names.type(D, J));
        } else {
            code.loadConstant(value);
        }
    }

    /** A number or a null, of which the bits are given, an i32 or f32 in the lower half. */
    static void constant(int type, long bits, CodeBuilder code) {
        switch (type) {
            case TypeCode.I32 -> code.loadConstant((int) bits);
            case TypeCode.I64 -> code.loadConstant(bits);
            case TypeCode.F32 -> constant(Float.intBitsToFloat((int) bits), code);
            case TypeCode.F64 -> constant(Double.longBitsToDouble(bits), code);
            default -> code.aconst_null();
        }
    }

    /** From a number to its bits, an i32 or f32 sign-extended. */
    static void toLong(int type, CodeBuilder code) {
        switch (type) {
            case TypeCode.I32 -> code.i2l();
            case TypeCode.F32 -> {
                emit(I32_REINTERPRET_F32, code);
                code.i2l();
            }
            case TypeCode.F64 -> emit(I64_REINTERPRET_F64, code);
            default -> {
            }
        }
    }

    /** And back. */
    static void fromLong(int type, CodeBuilder code) {
        switch (type) {
            case TypeCode.I32 -> code.l2i();
            case TypeCode.F32 -> {
                code.l2i();
                emit(F32_REINTERPRET_I32, code);
            }
            case TypeCode.F64 -> emit(F64_REINTERPRET_I64, code);
            default -> {
            }
        }
    }
}
