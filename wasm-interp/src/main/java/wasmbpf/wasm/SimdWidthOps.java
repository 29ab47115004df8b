package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getDouble;
import static wasmbpf.wasm.RawMemory.getFloat;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.SimdFloatOps.put32;
import static wasmbpf.wasm.SimdFloatOps.put64;
import static wasmbpf.wasm.SimdOps.put;

/** Instructions whose lanes come out wider, narrower or of another kind; the rules for integers are in {@link WideLanes}. */
final class SimdWidthOps {
    private SimdWidthOps() {
    }

    /** Operands in b and c, the result in a. */
    static void execute(int op, long a, long b, long c) {
        if (op < OpBytes.I32X4_TRUNC_SAT_F32X4_S && op > OpBytes.F64X2_PROMOTE_LOW_F32X4
                || op == OpBytes.I16X8_RELAXED_DOT_I8X16_I7X16_S) {
            integers(op, a, b, c);
        } else {
            conversion(op, a, b);
        }
    }

    private static void integers(int op, long a, long b, long c) {
        long x = getLong(b);
        long high = getLong(b + 8);
        long y = getLong(c);
        long highY = getLong(c + 8);
        switch (op) {
            case OpBytes.I16X8_EXTEND_LOW_I8X16_S -> put(a, WideLanes.extend8S(x, 0), WideLanes.extend8S(x, 1));
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_S -> put(a, WideLanes.extend8S(high, 0), WideLanes.extend8S(high, 1));
            case OpBytes.I16X8_EXTEND_LOW_I8X16_U -> put(a, WideLanes.extend8U(x, 0), WideLanes.extend8U(x, 1));
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_U -> put(a, WideLanes.extend8U(high, 0), WideLanes.extend8U(high, 1));
            case OpBytes.I32X4_EXTEND_LOW_I16X8_S -> put(a, WideLanes.extend16S(x, 0), WideLanes.extend16S(x, 1));
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_S -> put(a, WideLanes.extend16S(high, 0), WideLanes.extend16S(high, 1));
            case OpBytes.I32X4_EXTEND_LOW_I16X8_U -> put(a, WideLanes.extend16U(x, 0), WideLanes.extend16U(x, 1));
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_U -> put(a, WideLanes.extend16U(high, 0), WideLanes.extend16U(high, 1));
            case OpBytes.I64X2_EXTEND_LOW_I32X4_S -> put(a, WideLanes.extend32S(x, 0), WideLanes.extend32S(x, 1));
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_S -> put(a, WideLanes.extend32S(high, 0), WideLanes.extend32S(high, 1));
            case OpBytes.I64X2_EXTEND_LOW_I32X4_U -> put(a, WideLanes.extend32U(x, 0), WideLanes.extend32U(x, 1));
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_U -> put(a, WideLanes.extend32U(high, 0), WideLanes.extend32U(high, 1));
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_S -> put(a, WideLanes.extmul8S(x, y, 0), WideLanes.extmul8S(x, y, 1));
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_S ->
                put(a, WideLanes.extmul8S(high, highY, 0), WideLanes.extmul8S(high, highY, 1));
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_U -> put(a, WideLanes.extmul8U(x, y, 0), WideLanes.extmul8U(x, y, 1));
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_U ->
                put(a, WideLanes.extmul8U(high, highY, 0), WideLanes.extmul8U(high, highY, 1));
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_S -> put(a, WideLanes.extmul16S(x, y, 0), WideLanes.extmul16S(x, y, 1));
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_S ->
                put(a, WideLanes.extmul16S(high, highY, 0), WideLanes.extmul16S(high, highY, 1));
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_U -> put(a, WideLanes.extmul16U(x, y, 0), WideLanes.extmul16U(x, y, 1));
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_U ->
                put(a, WideLanes.extmul16U(high, highY, 0), WideLanes.extmul16U(high, highY, 1));
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_S -> put(a, WideLanes.extmul32S(x, y, 0), WideLanes.extmul32S(x, y, 1));
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_S ->
                put(a, WideLanes.extmul32S(high, highY, 0), WideLanes.extmul32S(high, highY, 1));
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_U -> put(a, WideLanes.extmul32U(x, y, 0), WideLanes.extmul32U(x, y, 1));
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_U ->
                put(a, WideLanes.extmul32U(high, highY, 0), WideLanes.extmul32U(high, highY, 1));
            case OpBytes.I8X16_NARROW_I16X8_S -> put(a, WideLanes.narrow16S(x, high), WideLanes.narrow16S(y, highY));
            case OpBytes.I8X16_NARROW_I16X8_U -> put(a, WideLanes.narrow16U(x, high), WideLanes.narrow16U(y, highY));
            case OpBytes.I16X8_NARROW_I32X4_S -> put(a, WideLanes.narrow32S(x, high), WideLanes.narrow32S(y, highY));
            case OpBytes.I16X8_NARROW_I32X4_U -> put(a, WideLanes.narrow32U(x, high), WideLanes.narrow32U(y, highY));
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_S ->
                put(a, WideLanes.i16x8ExtaddPairwiseI8x16S(x), WideLanes.i16x8ExtaddPairwiseI8x16S(high));
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_U ->
                put(a, WideLanes.i16x8ExtaddPairwiseI8x16U(x), WideLanes.i16x8ExtaddPairwiseI8x16U(high));
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_S ->
                put(a, WideLanes.i32x4ExtaddPairwiseI16x8S(x), WideLanes.i32x4ExtaddPairwiseI16x8S(high));
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_U ->
                put(a, WideLanes.i32x4ExtaddPairwiseI16x8U(x), WideLanes.i32x4ExtaddPairwiseI16x8U(high));
            case OpBytes.I32X4_DOT_I16X8_S -> put(a, WideLanes.i32x4DotI16x8S(x, y), WideLanes.i32x4DotI16x8S(high, highY));
            case OpBytes.I16X8_RELAXED_DOT_I8X16_I7X16_S ->
                put(a, WideLanes.i16x8RelaxedDotI8x16I7x16S(x, y), WideLanes.i16x8RelaxedDotI8x16I7x16S(high, highY));
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    /** From or to floats or doubles; of two lanes into four, the rest is zero. */
    private static void conversion(int op, long a, long b) {
        switch (op) {
            case OpBytes.F32X4_DEMOTE_F64X2_ZERO -> put32(a, (float) getDouble(b), (float) getDouble(b + 8), 0, 0);
            case OpBytes.F64X2_PROMOTE_LOW_F32X4 -> put64(a, getFloat(b), getFloat(b + 4));
            case OpBytes.F64X2_CONVERT_LOW_I32X4_S -> put64(a, getInt(b), getInt(b + 4));
            case OpBytes.F64X2_CONVERT_LOW_I32X4_U ->
                put64(a, Numerics.f64ConvertI32U(getInt(b)), Numerics.f64ConvertI32U(getInt(b + 4)));
            case OpBytes.F32X4_CONVERT_I32X4_S -> put32(a, (float) getInt(b), getInt(b + 4), getInt(b + 8), getInt(b + 12));
            case OpBytes.F32X4_CONVERT_I32X4_U -> put32(a, Numerics.f32ConvertI32U(getInt(b)), Numerics.f32ConvertI32U(getInt(b + 4)),
                    Numerics.f32ConvertI32U(getInt(b + 8)), Numerics.f32ConvertI32U(getInt(b + 12)));
            case OpBytes.I32X4_TRUNC_SAT_F32X4_S, OpBytes.I32X4_RELAXED_TRUNC_F32X4_S ->
                put32(a, Numerics.i32TruncSatS(getFloat(b)), Numerics.i32TruncSatS(getFloat(b + 4)),
                        Numerics.i32TruncSatS(getFloat(b + 8)), Numerics.i32TruncSatS(getFloat(b + 12)));
            case OpBytes.I32X4_TRUNC_SAT_F32X4_U, OpBytes.I32X4_RELAXED_TRUNC_F32X4_U ->
                put32(a, Numerics.i32TruncSatU(getFloat(b)), Numerics.i32TruncSatU(getFloat(b + 4)),
                        Numerics.i32TruncSatU(getFloat(b + 8)), Numerics.i32TruncSatU(getFloat(b + 12)));
            case OpBytes.I32X4_TRUNC_SAT_F64X2_S_ZERO, OpBytes.I32X4_RELAXED_TRUNC_F64X2_S_ZERO ->
                put32(a, Numerics.i32TruncSatS(getDouble(b)), Numerics.i32TruncSatS(getDouble(b + 8)), 0, 0);
            case OpBytes.I32X4_TRUNC_SAT_F64X2_U_ZERO, OpBytes.I32X4_RELAXED_TRUNC_F64X2_U_ZERO ->
                put32(a, Numerics.i32TruncSatU(getDouble(b)), Numerics.i32TruncSatU(getDouble(b + 8)), 0, 0);
            default -> throw new IllegalStateException("instruction " + op);
        }
    }
}
