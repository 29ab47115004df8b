package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.LaneForm.DOUBLES;
import static wasmbpf.wasm.compile.LaneForm.FLOATS;
import static wasmbpf.wasm.compile.LaneForm.INTS;
import static wasmbpf.wasm.compile.LaneForm.LONGS;
import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/** Vector instructions that do the same to each lane, of 32 or 64 bits, alone: what the lanes are, and what is done. */
final class LaneShapes {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc LANE = ClassDesc.of(Names.PACKAGE, "Lane");

    /**
     * From lanes on the JVM stack, one of each operand, to one on it. Where operands have more lanes than the result, it is of
     * the first; where they have fewer, the rest of the result is zero.
     */
    record LaneOp(LaneForm from, LaneForm to, Consumer<CodeBuilder> emit) {
    }

    private static final Map<Integer, LaneOp> BY_OP = new HashMap<>();

    private LaneShapes() {
    }

    /** Null: the instruction is none of these. */
    static LaneOp of(int op) {
        return BY_OP.get(op);
    }

    private static void add(int op, LaneForm from, LaneForm to, Consumer<CodeBuilder> emit) {
        BY_OP.put(op, new LaneOp(from, to, emit));
    }

    private static Consumer<CodeBuilder> call(ClassDesc owner, String name, ClassDesc result, ClassDesc... params) {
        return code -> code.invokestatic(owner, name, Names.type(result, params));
    }

    private static Consumer<CodeBuilder> number(int op) {
        return code -> NumberOps.emit(op, code);
    }

    /** An instruction that does to each lane what one of numbers does to them. */
    private static void like(int op, LaneForm from, LaneForm to, int number) {
        add(op, from, to, number(number));
    }

    static {
        like(OpBytes.I32X4_ADD, INTS, INTS, OpBytes.I32_ADD);
        like(OpBytes.I32X4_SUB, INTS, INTS, OpBytes.I32_SUB);
        like(OpBytes.I32X4_MUL, INTS, INTS, OpBytes.I32_MUL);
        add(OpBytes.I32X4_NEG, INTS, INTS, CodeBuilder::ineg);
        add(OpBytes.I32X4_ABS, INTS, INTS, call(MATH, "abs", I, I));
        add(OpBytes.I32X4_MIN_S, INTS, INTS, call(MATH, "min", I, I, I));
        add(OpBytes.I32X4_MAX_S, INTS, INTS, call(MATH, "max", I, I, I));
        add(OpBytes.I32X4_MIN_U, INTS, INTS, call(LANE, "minU", I, I, I));
        add(OpBytes.I32X4_MAX_U, INTS, INTS, call(LANE, "maxU", I, I, I));
        compare(OpBytes.I32X4_EQ, INTS, "eq");
        compare(OpBytes.I32X4_NE, INTS, "ne");
        compare(OpBytes.I32X4_LT_S, INTS, "ltS");
        compare(OpBytes.I32X4_LT_U, INTS, "ltU");
        compare(OpBytes.I32X4_GT_S, INTS, "gtS");
        compare(OpBytes.I32X4_GT_U, INTS, "gtU");
        compare(OpBytes.I32X4_LE_S, INTS, "leS");
        compare(OpBytes.I32X4_LE_U, INTS, "leU");
        compare(OpBytes.I32X4_GE_S, INTS, "geS");
        compare(OpBytes.I32X4_GE_U, INTS, "geU");

        like(OpBytes.I64X2_ADD, LONGS, LONGS, OpBytes.I64_ADD);
        like(OpBytes.I64X2_SUB, LONGS, LONGS, OpBytes.I64_SUB);
        like(OpBytes.I64X2_MUL, LONGS, LONGS, OpBytes.I64_MUL);
        add(OpBytes.I64X2_NEG, LONGS, LONGS, CodeBuilder::lneg);
        add(OpBytes.I64X2_ABS, LONGS, LONGS, call(MATH, "abs", J, J));

        floats(OpBytes.F32X4_ADD, OpBytes.F32_ADD, OpBytes.F64X2_ADD, OpBytes.F64_ADD);
        floats(OpBytes.F32X4_SUB, OpBytes.F32_SUB, OpBytes.F64X2_SUB, OpBytes.F64_SUB);
        floats(OpBytes.F32X4_MUL, OpBytes.F32_MUL, OpBytes.F64X2_MUL, OpBytes.F64_MUL);
        floats(OpBytes.F32X4_DIV, OpBytes.F32_DIV, OpBytes.F64X2_DIV, OpBytes.F64_DIV);
        floats(OpBytes.F32X4_MIN, OpBytes.F32_MIN, OpBytes.F64X2_MIN, OpBytes.F64_MIN);
        floats(OpBytes.F32X4_MAX, OpBytes.F32_MAX, OpBytes.F64X2_MAX, OpBytes.F64_MAX);
        floats(OpBytes.F32X4_RELAXED_MIN, OpBytes.F32_MIN, OpBytes.F64X2_RELAXED_MIN, OpBytes.F64_MIN);
        floats(OpBytes.F32X4_RELAXED_MAX, OpBytes.F32_MAX, OpBytes.F64X2_RELAXED_MAX, OpBytes.F64_MAX);
        floats(OpBytes.F32X4_ABS, OpBytes.F32_ABS, OpBytes.F64X2_ABS, OpBytes.F64_ABS);
        floats(OpBytes.F32X4_NEG, OpBytes.F32_NEG, OpBytes.F64X2_NEG, OpBytes.F64_NEG);
        floats(OpBytes.F32X4_CEIL, OpBytes.F32_CEIL, OpBytes.F64X2_CEIL, OpBytes.F64_CEIL);
        floats(OpBytes.F32X4_FLOOR, OpBytes.F32_FLOOR, OpBytes.F64X2_FLOOR, OpBytes.F64_FLOOR);
        floats(OpBytes.F32X4_TRUNC, OpBytes.F32_TRUNC, OpBytes.F64X2_TRUNC, OpBytes.F64_TRUNC);
        floats(OpBytes.F32X4_NEAREST, OpBytes.F32_NEAREST, OpBytes.F64X2_NEAREST, OpBytes.F64_NEAREST);
        floats(OpBytes.F32X4_SQRT, OpBytes.F32_SQRT, OpBytes.F64X2_SQRT, OpBytes.F64_SQRT);
        add(OpBytes.F32X4_PMIN, FLOATS, FLOATS, call(LANE, "pmin", F, F, F));
        add(OpBytes.F32X4_PMAX, FLOATS, FLOATS, call(LANE, "pmax", F, F, F));
        add(OpBytes.F64X2_PMIN, DOUBLES, DOUBLES, call(LANE, "pmin", D, D, D));
        add(OpBytes.F64X2_PMAX, DOUBLES, DOUBLES, call(LANE, "pmax", D, D, D));
        compare(OpBytes.F32X4_EQ, FLOATS, "eq");
        compare(OpBytes.F32X4_NE, FLOATS, "ne");
        compare(OpBytes.F32X4_LT, FLOATS, "lt");
        compare(OpBytes.F32X4_GT, FLOATS, "gt");
        compare(OpBytes.F32X4_LE, FLOATS, "le");
        compare(OpBytes.F32X4_GE, FLOATS, "ge");
        compare(OpBytes.F64X2_EQ, DOUBLES, "eq");
        compare(OpBytes.F64X2_NE, DOUBLES, "ne");
        compare(OpBytes.F64X2_LT, DOUBLES, "lt");
        compare(OpBytes.F64X2_GT, DOUBLES, "gt");
        compare(OpBytes.F64X2_LE, DOUBLES, "le");
        compare(OpBytes.F64X2_GE, DOUBLES, "ge");

        like(OpBytes.F32X4_CONVERT_I32X4_S, INTS, FLOATS, OpBytes.F32_CONVERT_I32_S);
        like(OpBytes.F32X4_CONVERT_I32X4_U, INTS, FLOATS, OpBytes.F32_CONVERT_I32_U);
        like(OpBytes.I32X4_TRUNC_SAT_F32X4_S, FLOATS, INTS, OpBytes.I32_TRUNC_SAT_F32_S);
        like(OpBytes.I32X4_TRUNC_SAT_F32X4_U, FLOATS, INTS, OpBytes.I32_TRUNC_SAT_F32_U);
        like(OpBytes.I32X4_RELAXED_TRUNC_F32X4_S, FLOATS, INTS, OpBytes.I32_TRUNC_SAT_F32_S);
        like(OpBytes.I32X4_RELAXED_TRUNC_F32X4_U, FLOATS, INTS, OpBytes.I32_TRUNC_SAT_F32_U);
        like(OpBytes.I32X4_TRUNC_SAT_F64X2_S_ZERO, DOUBLES, INTS, OpBytes.I32_TRUNC_SAT_F64_S);
        like(OpBytes.I32X4_TRUNC_SAT_F64X2_U_ZERO, DOUBLES, INTS, OpBytes.I32_TRUNC_SAT_F64_U);
        like(OpBytes.I32X4_RELAXED_TRUNC_F64X2_S_ZERO, DOUBLES, INTS, OpBytes.I32_TRUNC_SAT_F64_S);
        like(OpBytes.I32X4_RELAXED_TRUNC_F64X2_U_ZERO, DOUBLES, INTS, OpBytes.I32_TRUNC_SAT_F64_U);
        like(OpBytes.F64X2_CONVERT_LOW_I32X4_S, INTS, DOUBLES, OpBytes.F64_CONVERT_I32_S);
        like(OpBytes.F64X2_CONVERT_LOW_I32X4_U, INTS, DOUBLES, OpBytes.F64_CONVERT_I32_U);
        like(OpBytes.F32X4_DEMOTE_F64X2_ZERO, DOUBLES, FLOATS, OpBytes.F32_DEMOTE_F64);
        like(OpBytes.F64X2_PROMOTE_LOW_F32X4, FLOATS, DOUBLES, OpBytes.F64_PROMOTE_F32);
    }

    private static void floats(int op32, int number32, int op64, int number64) {
        like(op32, FLOATS, FLOATS, number32);
        like(op64, DOUBLES, DOUBLES, number64);
    }

    private static void compare(int op, LaneForm from, String method) {
        switch (from) {
            case INTS -> add(op, INTS, INTS, call(LANE, method, I, I, I));
            case FLOATS -> add(op, FLOATS, INTS, call(LANE, method, I, F, F));
            default -> add(op, DOUBLES, LONGS, call(LANE, method, J, D, D));
        }
    }

    // For the choice of what locals are kept as

    /** What an instruction takes its vectors as; null: as they come. */
    static LaneForm operands(int op) {
        LaneOp lanes = of(op);
        if (lanes != null) {
            return lanes.from;
        }
        return switch (op) {
            case OpBytes.V128_STORE, OpBytes.V128_AND, OpBytes.V128_ANDNOT, OpBytes.V128_OR, OpBytes.V128_XOR, OpBytes.V128_NOT,
                    OpBytes.V128_BITSELECT, OpBytes.V128_ANY_TRUE, OpBytes.I8X16_SHUFFLE, OpBytes.I32X4_RELAXED_LANESELECT,
                    OpBytes.I8X16_RELAXED_LANESELECT, OpBytes.I16X8_RELAXED_LANESELECT, OpBytes.I64X2_RELAXED_LANESELECT -> null;
            case OpBytes.V128_LOAD32_LANE, OpBytes.V128_STORE32_LANE, OpBytes.I32X4_EXTRACT_LANE, OpBytes.I32X4_REPLACE_LANE,
                    OpBytes.I32X4_SHL, OpBytes.I32X4_SHR_S, OpBytes.I32X4_SHR_U, OpBytes.I32X4_ALL_TRUE, OpBytes.I32X4_BITMASK,
                    OpBytes.I64X2_EXTEND_LOW_I32X4_S, OpBytes.I64X2_EXTEND_LOW_I32X4_U, OpBytes.I64X2_EXTEND_HIGH_I32X4_S,
                    OpBytes.I64X2_EXTEND_HIGH_I32X4_U, OpBytes.I64X2_EXTMUL_LOW_I32X4_S, OpBytes.I64X2_EXTMUL_LOW_I32X4_U,
                    OpBytes.I64X2_EXTMUL_HIGH_I32X4_S, OpBytes.I64X2_EXTMUL_HIGH_I32X4_U, OpBytes.I16X8_NARROW_I32X4_S,
                    OpBytes.I16X8_NARROW_I32X4_U -> INTS;
            case OpBytes.F32X4_EXTRACT_LANE, OpBytes.F32X4_REPLACE_LANE, OpBytes.F32X4_RELAXED_MADD,
                    OpBytes.F32X4_RELAXED_NMADD -> FLOATS;
            case OpBytes.F64X2_EXTRACT_LANE, OpBytes.F64X2_REPLACE_LANE, OpBytes.F64X2_RELAXED_MADD,
                    OpBytes.F64X2_RELAXED_NMADD -> DOUBLES;
            default -> op >= OpBytes.SIMD ? LONGS : null;
        };
    }

    /** What its result comes as; null: as the operands were. */
    static LaneForm result(int op) {
        LaneOp lanes = of(op);
        if (lanes != null) {
            return lanes.to;
        }
        return switch (op) {
            case OpBytes.V128_LOAD, OpBytes.V128_CONST, OpBytes.V128_AND, OpBytes.V128_ANDNOT, OpBytes.V128_OR, OpBytes.V128_XOR,
                    OpBytes.V128_NOT, OpBytes.V128_BITSELECT, OpBytes.I8X16_SHUFFLE, OpBytes.I32X4_RELAXED_LANESELECT,
                    OpBytes.I8X16_RELAXED_LANESELECT, OpBytes.I16X8_RELAXED_LANESELECT, OpBytes.I64X2_RELAXED_LANESELECT -> null;
            case OpBytes.V128_LOAD32_LANE, OpBytes.V128_LOAD32_SPLAT, OpBytes.V128_LOAD32_ZERO, OpBytes.V128_LOAD16X4_S,
                    OpBytes.V128_LOAD16X4_U, OpBytes.I32X4_SPLAT, OpBytes.I32X4_REPLACE_LANE, OpBytes.I32X4_SHL,
                    OpBytes.I32X4_SHR_S, OpBytes.I32X4_SHR_U, OpBytes.I32X4_EXTEND_LOW_I16X8_S,
                    OpBytes.I32X4_EXTEND_LOW_I16X8_U, OpBytes.I32X4_EXTEND_HIGH_I16X8_S, OpBytes.I32X4_EXTEND_HIGH_I16X8_U,
                    OpBytes.I32X4_EXTMUL_LOW_I16X8_S, OpBytes.I32X4_EXTMUL_LOW_I16X8_U, OpBytes.I32X4_EXTMUL_HIGH_I16X8_S,
                    OpBytes.I32X4_EXTMUL_HIGH_I16X8_U, OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_S,
                    OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_U, OpBytes.I32X4_DOT_I16X8_S -> INTS;
            case OpBytes.F32X4_SPLAT, OpBytes.F32X4_REPLACE_LANE, OpBytes.F32X4_RELAXED_MADD,
                    OpBytes.F32X4_RELAXED_NMADD -> FLOATS;
            case OpBytes.F64X2_SPLAT, OpBytes.F64X2_REPLACE_LANE, OpBytes.F64X2_RELAXED_MADD,
                    OpBytes.F64X2_RELAXED_NMADD -> DOUBLES;
            default -> op >= OpBytes.SIMD ? LONGS : null;
        };
    }
}
