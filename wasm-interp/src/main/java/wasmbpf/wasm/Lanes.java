package wasmbpf.wasm;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * The arithmetic of vectors (section 4.3.5), on halves: a v128 is two longs, lane 0 in the low bits of the first, and
 * nearly every rule works on each long by itself. Named after the instructions; both tiers call these.
 */
final class Lanes {
    private static final long U32 = 0xFFFFFFFFL;

    private Lanes() {
    }

    private interface FloatBinary {
        float apply(float x, float y);
    }

    private interface FloatUnary {
        float apply(float x);
    }

    // Lane by lane: signed lanes s8 s16 s32, unsigned lanes u8 u16. Small enough to be inlined into each caller.

    private static long s8(long a, long b, IntBinaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            result |= (op.applyAsInt((byte) (a >> i), (byte) (b >> i)) & 0xFFL) << i;
        }
        return result;
    }

    private static long u8(long a, long b, IntBinaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            result |= (op.applyAsInt((int) (a >> i) & 0xFF, (int) (b >> i) & 0xFF) & 0xFFL) << i;
        }
        return result;
    }

    private static long s16(long a, long b, IntBinaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (op.applyAsInt((short) (a >> i), (short) (b >> i)) & 0xFFFFL) << i;
        }
        return result;
    }

    private static long u16(long a, long b, IntBinaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (op.applyAsInt((int) (a >> i) & 0xFFFF, (int) (b >> i) & 0xFFFF) & 0xFFFFL) << i;
        }
        return result;
    }

    private static long s32(long a, long b, IntBinaryOperator op) {
        return pair(op.applyAsInt((int) a, (int) b), op.applyAsInt((int) (a >> 32), (int) (b >> 32)));
    }

    private static long map8(long a, IntUnaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            result |= (op.applyAsInt((byte) (a >> i)) & 0xFFL) << i;
        }
        return result;
    }

    private static long map16(long a, IntUnaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (op.applyAsInt((short) (a >> i)) & 0xFFFFL) << i;
        }
        return result;
    }

    private static long map32(long a, IntUnaryOperator op) {
        return pair(op.applyAsInt((int) a), op.applyAsInt((int) (a >> 32)));
    }

    private static long floats(long a, long b, FloatBinary op) {
        return pair(Float.floatToRawIntBits(op.apply(f32((int) a), f32((int) b))),
                Float.floatToRawIntBits(op.apply(f32((int) (a >> 32)), f32((int) (b >> 32)))));
    }

    private static long mapFloats(long a, FloatUnary op) {
        return pair(Float.floatToRawIntBits(op.apply(f32((int) a))),
                Float.floatToRawIntBits(op.apply(f32((int) (a >> 32)))));
    }

    static float f32(int bits) {
        return Float.intBitsToFloat(bits);
    }

    static double f64(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static int clamp8(int x) {
        return Math.clamp(x, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    private static int clampU8(int x) {
        return Math.clamp(x, 0, 0xFF);
    }

    private static int clamp16(int x) {
        return Math.clamp(x, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private static int clampU16(int x) {
        return Math.clamp(x, 0, 0xFFFF);
    }

    // i8x16

    static long i8x16Eq(long a, long b) {
        return s8(a, b, (x, y) -> x == y ? -1 : 0);
    }

    static long i8x16Ne(long a, long b) {
        return s8(a, b, (x, y) -> x != y ? -1 : 0);
    }

    static long i8x16LtS(long a, long b) {
        return s8(a, b, (x, y) -> x < y ? -1 : 0);
    }

    static long i8x16LtU(long a, long b) {
        return u8(a, b, (x, y) -> x < y ? -1 : 0);
    }

    static long i8x16GtS(long a, long b) {
        return s8(a, b, (x, y) -> x > y ? -1 : 0);
    }

    static long i8x16GtU(long a, long b) {
        return u8(a, b, (x, y) -> x > y ? -1 : 0);
    }

    static long i8x16LeS(long a, long b) {
        return s8(a, b, (x, y) -> x <= y ? -1 : 0);
    }

    static long i8x16LeU(long a, long b) {
        return u8(a, b, (x, y) -> x <= y ? -1 : 0);
    }

    static long i8x16GeS(long a, long b) {
        return s8(a, b, (x, y) -> x >= y ? -1 : 0);
    }

    static long i8x16GeU(long a, long b) {
        return u8(a, b, (x, y) -> x >= y ? -1 : 0);
    }

    static long i8x16Add(long a, long b) {
        return s8(a, b, (x, y) -> x + y);
    }

    static long i8x16Sub(long a, long b) {
        return s8(a, b, (x, y) -> x - y);
    }

    static long i8x16AddSatS(long a, long b) {
        return s8(a, b, (x, y) -> clamp8(x + y));
    }

    static long i8x16AddSatU(long a, long b) {
        return u8(a, b, (x, y) -> clampU8(x + y));
    }

    static long i8x16SubSatS(long a, long b) {
        return s8(a, b, (x, y) -> clamp8(x - y));
    }

    static long i8x16SubSatU(long a, long b) {
        return u8(a, b, (x, y) -> clampU8(x - y));
    }

    static long i8x16MinS(long a, long b) {
        return s8(a, b, (x, y) -> Math.min(x, y));
    }

    static long i8x16MinU(long a, long b) {
        return u8(a, b, (x, y) -> Math.min(x, y));
    }

    static long i8x16MaxS(long a, long b) {
        return s8(a, b, (x, y) -> Math.max(x, y));
    }

    static long i8x16MaxU(long a, long b) {
        return u8(a, b, (x, y) -> Math.max(x, y));
    }

    static long i8x16AvgrU(long a, long b) {
        return u8(a, b, (x, y) -> x + y + 1 >>> 1);
    }

    static long i8x16Abs(long a) {
        return map8(a, x -> Math.abs(x));
    }

    static long i8x16Neg(long a) {
        return map8(a, x -> -x);
    }

    static long i8x16Popcnt(long a) {
        return map8(a, x -> Integer.bitCount(x & 0xFF));
    }

    // i16x8

    static long i16x8Eq(long a, long b) {
        return s16(a, b, (x, y) -> x == y ? -1 : 0);
    }

    static long i16x8Ne(long a, long b) {
        return s16(a, b, (x, y) -> x != y ? -1 : 0);
    }

    static long i16x8LtS(long a, long b) {
        return s16(a, b, (x, y) -> x < y ? -1 : 0);
    }

    static long i16x8LtU(long a, long b) {
        return u16(a, b, (x, y) -> x < y ? -1 : 0);
    }

    static long i16x8GtS(long a, long b) {
        return s16(a, b, (x, y) -> x > y ? -1 : 0);
    }

    static long i16x8GtU(long a, long b) {
        return u16(a, b, (x, y) -> x > y ? -1 : 0);
    }

    static long i16x8LeS(long a, long b) {
        return s16(a, b, (x, y) -> x <= y ? -1 : 0);
    }

    static long i16x8LeU(long a, long b) {
        return u16(a, b, (x, y) -> x <= y ? -1 : 0);
    }

    static long i16x8GeS(long a, long b) {
        return s16(a, b, (x, y) -> x >= y ? -1 : 0);
    }

    static long i16x8GeU(long a, long b) {
        return u16(a, b, (x, y) -> x >= y ? -1 : 0);
    }

    static long i16x8Add(long a, long b) {
        return s16(a, b, (x, y) -> x + y);
    }

    static long i16x8Sub(long a, long b) {
        return s16(a, b, (x, y) -> x - y);
    }

    static long i16x8Mul(long a, long b) {
        return s16(a, b, (x, y) -> x * y);
    }

    static long i16x8AddSatS(long a, long b) {
        return s16(a, b, (x, y) -> clamp16(x + y));
    }

    static long i16x8AddSatU(long a, long b) {
        return u16(a, b, (x, y) -> clampU16(x + y));
    }

    static long i16x8SubSatS(long a, long b) {
        return s16(a, b, (x, y) -> clamp16(x - y));
    }

    static long i16x8SubSatU(long a, long b) {
        return u16(a, b, (x, y) -> clampU16(x - y));
    }

    static long i16x8MinS(long a, long b) {
        return s16(a, b, (x, y) -> Math.min(x, y));
    }

    static long i16x8MinU(long a, long b) {
        return u16(a, b, (x, y) -> Math.min(x, y));
    }

    static long i16x8MaxS(long a, long b) {
        return s16(a, b, (x, y) -> Math.max(x, y));
    }

    static long i16x8MaxU(long a, long b) {
        return u16(a, b, (x, y) -> Math.max(x, y));
    }

    static long i16x8AvgrU(long a, long b) {
        return u16(a, b, (x, y) -> x + y + 1 >>> 1);
    }

    static long i16x8Abs(long a) {
        return map16(a, x -> Math.abs(x));
    }

    static long i16x8Neg(long a) {
        return map16(a, x -> -x);
    }

    static long i16x8Q15mulrSatS(long a, long b) {
        return s16(a, b, (x, y) -> clamp16(x * y + 0x4000 >> 15));
    }

    // i32x4

    static long i32x4Eq(long a, long b) {
        return s32(a, b, (x, y) -> x == y ? -1 : 0);
    }

    static long i32x4Ne(long a, long b) {
        return s32(a, b, (x, y) -> x != y ? -1 : 0);
    }

    static long i32x4LtS(long a, long b) {
        return s32(a, b, (x, y) -> x < y ? -1 : 0);
    }

    static long i32x4LtU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) < 0 ? -1 : 0);
    }

    static long i32x4GtS(long a, long b) {
        return s32(a, b, (x, y) -> x > y ? -1 : 0);
    }

    static long i32x4GtU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) > 0 ? -1 : 0);
    }

    static long i32x4LeS(long a, long b) {
        return s32(a, b, (x, y) -> x <= y ? -1 : 0);
    }

    static long i32x4LeU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) <= 0 ? -1 : 0);
    }

    static long i32x4GeS(long a, long b) {
        return s32(a, b, (x, y) -> x >= y ? -1 : 0);
    }

    static long i32x4GeU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) >= 0 ? -1 : 0);
    }

    static long i32x4Add(long a, long b) {
        return s32(a, b, (x, y) -> x + y);
    }

    static long i32x4Sub(long a, long b) {
        return s32(a, b, (x, y) -> x - y);
    }

    static long i32x4Mul(long a, long b) {
        return s32(a, b, (x, y) -> x * y);
    }

    static long i32x4MinS(long a, long b) {
        return s32(a, b, (x, y) -> Math.min(x, y));
    }

    static long i32x4MinU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) < 0 ? x : y);
    }

    static long i32x4MaxS(long a, long b) {
        return s32(a, b, (x, y) -> Math.max(x, y));
    }

    static long i32x4MaxU(long a, long b) {
        return s32(a, b, (x, y) -> Integer.compareUnsigned(x, y) > 0 ? x : y);
    }

    static long i32x4Abs(long a) {
        return map32(a, x -> Math.abs(x));
    }

    static long i32x4Neg(long a) {
        return map32(a, x -> -x);
    }

    // i64x2: a half is a lane

    static long i64x2Eq(long a, long b) {
        return a == b ? -1 : 0;
    }

    static long i64x2Ne(long a, long b) {
        return a != b ? -1 : 0;
    }

    static long i64x2LtS(long a, long b) {
        return a < b ? -1 : 0;
    }

    static long i64x2GtS(long a, long b) {
        return a > b ? -1 : 0;
    }

    static long i64x2LeS(long a, long b) {
        return a <= b ? -1 : 0;
    }

    static long i64x2GeS(long a, long b) {
        return a >= b ? -1 : 0;
    }

    static long i64x2Add(long a, long b) {
        return a + b;
    }

    static long i64x2Sub(long a, long b) {
        return a - b;
    }

    static long i64x2Mul(long a, long b) {
        return a * b;
    }

    static long i64x2Abs(long a) {
        return Math.abs(a);
    }

    static long i64x2Neg(long a) {
        return -a;
    }

    // v128

    static long v128And(long a, long b) {
        return a & b;
    }

    static long v128Andnot(long a, long b) {
        return a & ~b;
    }

    static long v128Or(long a, long b) {
        return a | b;
    }

    static long v128Xor(long a, long b) {
        return a ^ b;
    }

    static long v128Not(long a) {
        return ~a;
    }

    // f32x4

    static long f32x4Eq(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) == f32(y) ? -1 : 0);
    }

    static long f32x4Ne(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) != f32(y) ? -1 : 0);
    }

    static long f32x4Lt(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) < f32(y) ? -1 : 0);
    }

    static long f32x4Gt(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) > f32(y) ? -1 : 0);
    }

    static long f32x4Le(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) <= f32(y) ? -1 : 0);
    }

    static long f32x4Ge(long a, long b) {
        return s32(a, b, (x, y) -> f32(x) >= f32(y) ? -1 : 0);
    }

    static long f32x4Add(long a, long b) {
        return floats(a, b, (x, y) -> x + y);
    }

    static long f32x4Sub(long a, long b) {
        return floats(a, b, (x, y) -> x - y);
    }

    static long f32x4Mul(long a, long b) {
        return floats(a, b, (x, y) -> x * y);
    }

    static long f32x4Div(long a, long b) {
        return floats(a, b, (x, y) -> x / y);
    }

    static long f32x4Min(long a, long b) {
        return floats(a, b, (x, y) -> Numerics.f32Min(x, y));
    }

    static long f32x4Max(long a, long b) {
        return floats(a, b, (x, y) -> Numerics.f32Max(x, y));
    }

    static long f32x4Pmin(long a, long b) {
        return floats(a, b, (x, y) -> y < x ? y : x);
    }

    static long f32x4Pmax(long a, long b) {
        return floats(a, b, (x, y) -> x < y ? y : x);
    }

    static long f32x4Abs(long a) {
        return a & 0x7FFFFFFF7FFFFFFFL;
    }

    static long f32x4Neg(long a) {
        return a ^ 0x8000000080000000L;
    }

    static long f32x4Ceil(long a) {
        return mapFloats(a, x -> Numerics.f32Ceil(x));
    }

    static long f32x4Floor(long a) {
        return mapFloats(a, x -> Numerics.f32Floor(x));
    }

    static long f32x4Trunc(long a) {
        return mapFloats(a, x -> Numerics.f32Trunc(x));
    }

    static long f32x4Nearest(long a) {
        return mapFloats(a, x -> Numerics.f32Nearest(x));
    }

    static long f32x4Sqrt(long a) {
        return mapFloats(a, x -> Numerics.f32Sqrt(x));
    }

    static long i32x4TruncSatF32x4S(long a) {
        return map32(a, x -> Numerics.i32TruncSatS(f32(x)));
    }

    static long i32x4TruncSatF32x4U(long a) {
        return map32(a, x -> Numerics.i32TruncSatU(f32(x)));
    }

    static long f32x4ConvertI32x4S(long a) {
        return map32(a, x -> Float.floatToRawIntBits((float) x));
    }

    static long f32x4ConvertI32x4U(long a) {
        return map32(a, x -> Float.floatToRawIntBits(Numerics.f32ConvertI32U(x)));
    }

    // f64x2

    static long f64x2Eq(long a, long b) {
        return f64(a) == f64(b) ? -1 : 0;
    }

    static long f64x2Ne(long a, long b) {
        return f64(a) != f64(b) ? -1 : 0;
    }

    static long f64x2Lt(long a, long b) {
        return f64(a) < f64(b) ? -1 : 0;
    }

    static long f64x2Gt(long a, long b) {
        return f64(a) > f64(b) ? -1 : 0;
    }

    static long f64x2Le(long a, long b) {
        return f64(a) <= f64(b) ? -1 : 0;
    }

    static long f64x2Ge(long a, long b) {
        return f64(a) >= f64(b) ? -1 : 0;
    }

    static long f64x2Add(long a, long b) {
        return bits(f64(a) + f64(b));
    }

    static long f64x2Sub(long a, long b) {
        return bits(f64(a) - f64(b));
    }

    static long f64x2Mul(long a, long b) {
        return bits(f64(a) * f64(b));
    }

    static long f64x2Div(long a, long b) {
        return bits(f64(a) / f64(b));
    }

    static long f64x2Min(long a, long b) {
        return bits(Numerics.f64Min(f64(a), f64(b)));
    }

    static long f64x2Max(long a, long b) {
        return bits(Numerics.f64Max(f64(a), f64(b)));
    }

    static long f64x2Pmin(long a, long b) {
        return f64(b) < f64(a) ? b : a;
    }

    static long f64x2Pmax(long a, long b) {
        return f64(a) < f64(b) ? b : a;
    }

    static long f64x2Abs(long a) {
        return a & Long.MAX_VALUE;
    }

    static long f64x2Neg(long a) {
        return a ^ Long.MIN_VALUE;
    }

    static long f64x2Ceil(long a) {
        return bits(Numerics.f64Ceil(f64(a)));
    }

    static long f64x2Floor(long a) {
        return bits(Numerics.f64Floor(f64(a)));
    }

    static long f64x2Trunc(long a) {
        return bits(Numerics.f64Trunc(f64(a)));
    }

    static long f64x2Nearest(long a) {
        return bits(Numerics.f64Nearest(f64(a)));
    }

    static long f64x2Sqrt(long a) {
        return bits(Numerics.f64Sqrt(f64(a)));
    }

    // Between widths

    /** Four lanes of one half, the lower or the upper ones, to twice their width. */
    static long extend8S(long a, int part) {
        int x = (int) (a >>> 32 * part);
        return (byte) x & 0xFFFFL | ((byte) (x >> 8) & 0xFFFFL) << 16 | ((byte) (x >> 16) & 0xFFFFL) << 32
                | (long) (x >> 24) << 48;
    }

    static long extend8U(long a, int part) {
        long x = a >>> 32 * part;
        return x & 0xFF | (x >> 8 & 0xFF) << 16 | (x >> 16 & 0xFF) << 32 | (x >> 24 & 0xFF) << 48;
    }

    static long extend16S(long a, int part) {
        int x = (int) (a >>> 32 * part);
        return (short) x & U32 | (long) (x >> 16) << 32;
    }

    static long extend16U(long a, int part) {
        long x = a >>> 32 * part;
        return x & 0xFFFF | (x >> 16 & 0xFFFF) << 32;
    }

    static long extend32S(long a, int part) {
        return (int) (a >>> 32 * part);
    }

    static long extend32U(long a, int part) {
        return a >>> 32 * part & U32;
    }

    /** The eight 16-bit lanes of a vector to eight bytes. */
    static long narrow16S(long low, long high) {
        return narrow16(low, high, x -> clamp8(x));
    }

    static long narrow16U(long low, long high) {
        return narrow16(low, high, x -> clampU8(x));
    }

    private static long narrow16(long low, long high, IntUnaryOperator clamp) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (clamp.applyAsInt((short) (low >> i)) & 0xFFL) << i / 2
                    | (clamp.applyAsInt((short) (high >> i)) & 0xFFL) << 32 + i / 2;
        }
        return result;
    }

    /** The four 32-bit lanes of a vector to four of 16 bits. */
    static long narrow32S(long low, long high) {
        return clamp16((int) low) & 0xFFFFL | (clamp16((int) (low >> 32)) & 0xFFFFL) << 16
                | (clamp16((int) high) & 0xFFFFL) << 32 | (long) clamp16((int) (high >> 32)) << 48;
    }

    static long narrow32U(long low, long high) {
        return clampU16((int) low) | (long) clampU16((int) (low >> 32)) << 16 | (long) clampU16((int) high) << 32
                | (long) clampU16((int) (high >> 32)) << 48;
    }

    static long i16x8ExtaddPairwiseI8x16S(long a) {
        return map16(a, x -> (byte) x + (x >> 8));
    }

    static long i16x8ExtaddPairwiseI8x16U(long a) {
        return map16(a, x -> (x & 0xFF) + (x >> 8 & 0xFF));
    }

    static long i32x4ExtaddPairwiseI16x8S(long a) {
        return map32(a, x -> (short) x + (x >> 16));
    }

    static long i32x4ExtaddPairwiseI16x8U(long a) {
        return map32(a, x -> (x & 0xFFFF) + (x >>> 16));
    }

    static long i32x4DotI16x8S(long a, long b) {
        return s32(a, b, (x, y) -> (short) x * (short) y + (x >> 16) * (y >> 16));
    }

    /** Both operands signed, the sum wrapping: one of the allowed results. */
    static long i16x8RelaxedDotI8x16I7x16S(long a, long b) {
        return s16(a, b, (x, y) -> (byte) x * (byte) y + (x >> 8) * (y >> 8));
    }

    // Shifts; the count is taken modulo the lane's width.

    static long i8x16Shl(long a, int count) {
        return map8(a, x -> x << (count & 7));
    }

    static long i8x16ShrS(long a, int count) {
        return map8(a, x -> x >> (count & 7));
    }

    static long i8x16ShrU(long a, int count) {
        return map8(a, x -> (x & 0xFF) >> (count & 7));
    }

    static long i16x8Shl(long a, int count) {
        return map16(a, x -> x << (count & 15));
    }

    static long i16x8ShrS(long a, int count) {
        return map16(a, x -> x >> (count & 15));
    }

    static long i16x8ShrU(long a, int count) {
        return map16(a, x -> (x & 0xFFFF) >> (count & 15));
    }

    static long i32x4Shl(long a, int count) {
        return map32(a, x -> x << count);
    }

    static long i32x4ShrS(long a, int count) {
        return map32(a, x -> x >> count);
    }

    static long i32x4ShrU(long a, int count) {
        return map32(a, x -> x >>> count);
    }

    // One number from many lanes

    /** Whether no lane of a half is zero. */
    static boolean allTrue(long a, int laneBits) {
        for (int i = 0; i < 64; i += laneBits) {
            if ((a >>> i & (laneBits == 64 ? -1 : (1L << laneBits) - 1)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The sign bits of the lanes of a half, lane 0 lowest. */
    static int bitmask(long a, int laneBits) {
        int mask = 0;
        for (int i = 0; i < 64 / laneBits; i++) {
            mask |= (int) (a >>> i * laneBits + laneBits - 1 & 1) << i;
        }
        return mask;
    }

    /** A byte of a vector. */
    static long byteAt(long low, long high, int index) {
        return (index < 8 ? low >>> 8 * index : high >>> 8 * (index - 8)) & 0xFF;
    }

    /** Half of i8x16.swizzle: indices above 15 give 0. */
    static long swizzle(long low, long high, long indices) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            int index = (int) (indices >>> i) & 0xFF;
            result |= (index < 16 ? byteAt(low, high, index) : 0) << i;
        }
        return result;
    }

    /** Half of i8x16.shuffle: indices 0 to 15 choose from the first vector, 16 to 31 from the second. */
    static long shuffle(long lowA, long highA, long lowB, long highB, long indices) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            int index = (int) (indices >>> i) & 31;
            result |= (index < 16 ? byteAt(lowA, highA, index) : byteAt(lowB, highB, index - 16)) << i;
        }
        return result;
    }

    static long bitselect(long a, long b, long mask) {
        return a & mask | b & ~mask;
    }

    /**
     * Not fused: one of the two allowed results, and {@code Math.fma} is a thousand times slower without the
     * instruction.
     */
    static long f32x4Madd(long a, long b, long c) {
        return floats(floats(a, b, (x, y) -> x * y), c, (x, y) -> x + y);
    }

    static long f32x4Nmadd(long a, long b, long c) {
        return f32x4Madd(f32x4Neg(a), b, c);
    }

    static long f64x2Madd(long a, long b, long c) {
        return bits(f64(a) * f64(b) + f64(c));
    }

    static long f64x2Nmadd(long a, long b, long c) {
        return f64x2Madd(f64x2Neg(a), b, c);
    }

    static long i32x4RelaxedDotAdd(long a, long b, long c) {
        return i32x4Add(i32x4ExtaddPairwiseI16x8S(i16x8RelaxedDotI8x16I7x16S(a, b)), c);
    }

    /** Two 32-bit lanes as one half. */
    static long pair(int low, int high) {
        return low & U32 | (long) high << 32;
    }
}
