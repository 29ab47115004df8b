package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getDouble;
import static wasmbpf.wasm.RawMemory.getFloat;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.SimdOps.put;

/** Arithmetic on lanes of floats and doubles; the rules are in {@link Numerics} and, where it is lanes that have them, {@link Lane}. */
final class SimdFloatOps {
    private SimdFloatOps() {
    }

    /** f32x4: operands in b and c, the result in a. */
    static void floats(int op, long a, long b, long c) {
        float x0 = getFloat(b);
        float x1 = getFloat(b + 4);
        float x2 = getFloat(b + 8);
        float x3 = getFloat(b + 12);
        float y0 = getFloat(c);
        float y1 = getFloat(c + 4);
        float y2 = getFloat(c + 8);
        float y3 = getFloat(c + 12);
        switch (op) {
            case OpBytes.F32X4_EQ -> put32(a, Lane.eq(x0, y0), Lane.eq(x1, y1), Lane.eq(x2, y2), Lane.eq(x3, y3));
            case OpBytes.F32X4_NE -> put32(a, Lane.ne(x0, y0), Lane.ne(x1, y1), Lane.ne(x2, y2), Lane.ne(x3, y3));
            case OpBytes.F32X4_LT -> put32(a, Lane.lt(x0, y0), Lane.lt(x1, y1), Lane.lt(x2, y2), Lane.lt(x3, y3));
            case OpBytes.F32X4_GT -> put32(a, Lane.gt(x0, y0), Lane.gt(x1, y1), Lane.gt(x2, y2), Lane.gt(x3, y3));
            case OpBytes.F32X4_LE -> put32(a, Lane.le(x0, y0), Lane.le(x1, y1), Lane.le(x2, y2), Lane.le(x3, y3));
            case OpBytes.F32X4_GE -> put32(a, Lane.ge(x0, y0), Lane.ge(x1, y1), Lane.ge(x2, y2), Lane.ge(x3, y3));
            case OpBytes.F32X4_ADD -> put32(a, x0 + y0, x1 + y1, x2 + y2, x3 + y3);
            case OpBytes.F32X4_SUB -> put32(a, x0 - y0, x1 - y1, x2 - y2, x3 - y3);
            case OpBytes.F32X4_MUL -> put32(a, x0 * y0, x1 * y1, x2 * y2, x3 * y3);
            case OpBytes.F32X4_DIV -> put32(a, x0 / y0, x1 / y1, x2 / y2, x3 / y3);
            case OpBytes.F32X4_MIN, OpBytes.F32X4_RELAXED_MIN ->
                put32(a, Numerics.f32Min(x0, y0), Numerics.f32Min(x1, y1), Numerics.f32Min(x2, y2), Numerics.f32Min(x3, y3));
            case OpBytes.F32X4_MAX, OpBytes.F32X4_RELAXED_MAX ->
                put32(a, Numerics.f32Max(x0, y0), Numerics.f32Max(x1, y1), Numerics.f32Max(x2, y2), Numerics.f32Max(x3, y3));
            case OpBytes.F32X4_PMIN -> put32(a, Lane.pmin(x0, y0), Lane.pmin(x1, y1), Lane.pmin(x2, y2), Lane.pmin(x3, y3));
            case OpBytes.F32X4_PMAX -> put32(a, Lane.pmax(x0, y0), Lane.pmax(x1, y1), Lane.pmax(x2, y2), Lane.pmax(x3, y3));
            case OpBytes.F32X4_CEIL ->
                put32(a, Numerics.f32Ceil(x0), Numerics.f32Ceil(x1), Numerics.f32Ceil(x2), Numerics.f32Ceil(x3));
            case OpBytes.F32X4_FLOOR ->
                put32(a, Numerics.f32Floor(x0), Numerics.f32Floor(x1), Numerics.f32Floor(x2), Numerics.f32Floor(x3));
            case OpBytes.F32X4_TRUNC ->
                put32(a, Numerics.f32Trunc(x0), Numerics.f32Trunc(x1), Numerics.f32Trunc(x2), Numerics.f32Trunc(x3));
            case OpBytes.F32X4_NEAREST ->
                put32(a, Numerics.f32Nearest(x0), Numerics.f32Nearest(x1), Numerics.f32Nearest(x2), Numerics.f32Nearest(x3));
            case OpBytes.F32X4_SQRT ->
                put32(a, Numerics.f32Sqrt(x0), Numerics.f32Sqrt(x1), Numerics.f32Sqrt(x2), Numerics.f32Sqrt(x3));
            case OpBytes.F32X4_ABS -> put(a, getLong(b) & 0x7FFFFFFF7FFFFFFFL, getLong(b + 8) & 0x7FFFFFFF7FFFFFFFL);
            case OpBytes.F32X4_NEG -> put(a, getLong(b) ^ PackedInts.H32, getLong(b + 8) ^ PackedInts.H32);
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    /** f64x2. */
    static void doubles(int op, long a, long b, long c) {
        double x0 = getDouble(b);
        double x1 = getDouble(b + 8);
        double y0 = getDouble(c);
        double y1 = getDouble(c + 8);
        switch (op) {
            case OpBytes.F64X2_EQ -> put(a, Lane.eq(x0, y0), Lane.eq(x1, y1));
            case OpBytes.F64X2_NE -> put(a, Lane.ne(x0, y0), Lane.ne(x1, y1));
            case OpBytes.F64X2_LT -> put(a, Lane.lt(x0, y0), Lane.lt(x1, y1));
            case OpBytes.F64X2_GT -> put(a, Lane.gt(x0, y0), Lane.gt(x1, y1));
            case OpBytes.F64X2_LE -> put(a, Lane.le(x0, y0), Lane.le(x1, y1));
            case OpBytes.F64X2_GE -> put(a, Lane.ge(x0, y0), Lane.ge(x1, y1));
            case OpBytes.F64X2_ADD -> put64(a, x0 + y0, x1 + y1);
            case OpBytes.F64X2_SUB -> put64(a, x0 - y0, x1 - y1);
            case OpBytes.F64X2_MUL -> put64(a, x0 * y0, x1 * y1);
            case OpBytes.F64X2_DIV -> put64(a, x0 / y0, x1 / y1);
            case OpBytes.F64X2_MIN, OpBytes.F64X2_RELAXED_MIN -> put64(a, Numerics.f64Min(x0, y0), Numerics.f64Min(x1, y1));
            case OpBytes.F64X2_MAX, OpBytes.F64X2_RELAXED_MAX -> put64(a, Numerics.f64Max(x0, y0), Numerics.f64Max(x1, y1));
            case OpBytes.F64X2_PMIN -> put64(a, Lane.pmin(x0, y0), Lane.pmin(x1, y1));
            case OpBytes.F64X2_PMAX -> put64(a, Lane.pmax(x0, y0), Lane.pmax(x1, y1));
            case OpBytes.F64X2_CEIL -> put64(a, Numerics.f64Ceil(x0), Numerics.f64Ceil(x1));
            case OpBytes.F64X2_FLOOR -> put64(a, Numerics.f64Floor(x0), Numerics.f64Floor(x1));
            case OpBytes.F64X2_TRUNC -> put64(a, Numerics.f64Trunc(x0), Numerics.f64Trunc(x1));
            case OpBytes.F64X2_NEAREST -> put64(a, Numerics.f64Nearest(x0), Numerics.f64Nearest(x1));
            case OpBytes.F64X2_SQRT -> put64(a, Numerics.f64Sqrt(x0), Numerics.f64Sqrt(x1));
            case OpBytes.F64X2_ABS -> put(a, getLong(b) & Long.MAX_VALUE, getLong(b + 8) & Long.MAX_VALUE);
            case OpBytes.F64X2_NEG -> put(a, getLong(b) ^ Long.MIN_VALUE, getLong(b + 8) ^ Long.MIN_VALUE);
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    /**
     * A product and a sum. Not fused: one of the two allowed results, and {@code Math.fma} is a thousand times slower without
     * the instruction.
     */
    static void madd(int op, long a, long b, long c, long d) {
        switch (op) {
            case OpBytes.F32X4_RELAXED_MADD -> put32(a, product(b, c) + getFloat(d), product(b + 4, c + 4) + getFloat(d + 4),
                    product(b + 8, c + 8) + getFloat(d + 8), product(b + 12, c + 12) + getFloat(d + 12));
            case OpBytes.F32X4_RELAXED_NMADD -> put32(a, getFloat(d) - product(b, c), getFloat(d + 4) - product(b + 4, c + 4),
                    getFloat(d + 8) - product(b + 8, c + 8), getFloat(d + 12) - product(b + 12, c + 12));
            case OpBytes.F64X2_RELAXED_MADD -> put64(a, getDouble(b) * getDouble(c) + getDouble(d),
                    getDouble(b + 8) * getDouble(c + 8) + getDouble(d + 8));
            default -> put64(a, getDouble(d) - getDouble(b) * getDouble(c), getDouble(d + 8) - getDouble(b + 8) * getDouble(c + 8));
        }
    }

    private static float product(long b, long c) {
        return getFloat(b) * getFloat(c);
    }

    static void put32(long a, int lane0, int lane1, int lane2, int lane3) {
        put(a, Lanes.pair(lane0, lane1), Lanes.pair(lane2, lane3));
    }

    static void put32(long a, float lane0, float lane1, float lane2, float lane3) {
        put32(a, Float.floatToRawIntBits(lane0), Float.floatToRawIntBits(lane1), Float.floatToRawIntBits(lane2),
                Float.floatToRawIntBits(lane3));
    }

    static void put64(long a, double lane0, double lane1) {
        put(a, Double.doubleToRawLongBits(lane0), Double.doubleToRawLongBits(lane1));
    }
}
