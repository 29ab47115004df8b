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

    // All lanes of 8 or 16 bits at once, after Hacker's Delight: H has the highest bit of each lane.

    private static final long H8 = 0x8080808080808080L;
    private static final long H16 = 0x8000800080008000L;
    private static final long ONE8 = 0x0101010101010101L;
    private static final long ONE16 = 0x0001000100010001L;

    private static long add(long a, long b, long h) {
        return (a & ~h) + (b & ~h) ^ (a ^ b) & h;
    }

    private static long sub(long a, long b, long h) {
        return (a | h) - (b & ~h) ^ (a ^ ~b) & h;
    }

    /** The highest bit of each lane that is zero. */
    private static long zeros(long a, long h) {
        return ~((a & ~h) + ~h | a | ~h);
    }

    /** The highest bit of each lane that is less, unsigned: where the subtraction borrows. */
    private static long below(long a, long b, long h) {
        return (~a & b | ~(a ^ b) & sub(a, b, h)) & h;
    }

    /** From the highest bit of each lane to all of its bits. */
    private static long expand8(long highest) {
        return (highest >>> 7) * 0xFF;
    }

    private static long expand16(long highest) {
        return (highest >>> 15) * 0xFFFF;
    }

    /** @param negative all ones in lanes below zero */
    private static long abs(long a, long negative, long h) {
        return sub(a ^ negative, negative, h);
    }

    /** The value where it does not overflow, else the largest or, if {@code a} is negative, the smallest. */
    private static long saturated(long a, long value, long overflow, long h, int signBit) {
        return bitselect(((a & h) >>> signBit) + ~h, value, overflow);
    }

    // Lane by lane, signed: s16 s32. Small enough to be inlined into each caller.

    private static long s16(long a, long b, IntBinaryOperator op) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            result |= (op.applyAsInt((short) (a >> i), (short) (b >> i)) & 0xFFFFL) << i;
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
        return expand8(zeros(a ^ b, H8));
    }

    static long i8x16Ne(long a, long b) {
        return ~expand8(zeros(a ^ b, H8));
    }

    static long i8x16LtS(long a, long b) {
        return expand8(below(a ^ H8, b ^ H8, H8));
    }

    static long i8x16LtU(long a, long b) {
        return expand8(below(a, b, H8));
    }

    static long i8x16GtS(long a, long b) {
        return expand8(below(b ^ H8, a ^ H8, H8));
    }

    static long i8x16GtU(long a, long b) {
        return expand8(below(b, a, H8));
    }

    static long i8x16LeS(long a, long b) {
        return ~expand8(below(b ^ H8, a ^ H8, H8));
    }

    static long i8x16LeU(long a, long b) {
        return ~expand8(below(b, a, H8));
    }

    static long i8x16GeS(long a, long b) {
        return ~expand8(below(a ^ H8, b ^ H8, H8));
    }

    static long i8x16GeU(long a, long b) {
        return ~expand8(below(a, b, H8));
    }

    static long i8x16Add(long a, long b) {
        return add(a, b, H8);
    }

    static long i8x16Sub(long a, long b) {
        return sub(a, b, H8);
    }

    static long i8x16AddSatS(long a, long b) {
        return saturated(a, add(a, b, H8), expand8((a ^ add(a, b, H8)) & (b ^ add(a, b, H8)) & H8), H8, 7);
    }

    static long i8x16AddSatU(long a, long b) {
        return add(a, b, H8) | expand8((a & b | (a | b) & ~add(a, b, H8)) & H8);
    }

    static long i8x16SubSatS(long a, long b) {
        return saturated(a, sub(a, b, H8), expand8((a ^ b) & (a ^ sub(a, b, H8)) & H8), H8, 7);
    }

    static long i8x16SubSatU(long a, long b) {
        return sub(a, b, H8) & ~expand8(below(a, b, H8));
    }

    static long i8x16MinS(long a, long b) {
        return bitselect(a, b, i8x16LtS(a, b));
    }

    static long i8x16MinU(long a, long b) {
        return bitselect(a, b, i8x16LtU(a, b));
    }

    static long i8x16MaxS(long a, long b) {
        return bitselect(b, a, i8x16LtS(a, b));
    }

    static long i8x16MaxU(long a, long b) {
        return bitselect(b, a, i8x16LtU(a, b));
    }

    static long i8x16AvgrU(long a, long b) {
        return (a | b) - ((a ^ b) >>> 1 & ~H8);
    }

    static long i8x16Abs(long a) {
        return abs(a, expand8(a & H8), H8);
    }

    static long i8x16Neg(long a) {
        return sub(0, a, H8);
    }

    static long i8x16Popcnt(long a) {
        return map8(a, x -> Integer.bitCount(x & 0xFF));
    }

    // i16x8

    static long i16x8Eq(long a, long b) {
        return expand16(zeros(a ^ b, H16));
    }

    static long i16x8Ne(long a, long b) {
        return ~expand16(zeros(a ^ b, H16));
    }

    static long i16x8LtS(long a, long b) {
        return expand16(below(a ^ H16, b ^ H16, H16));
    }

    static long i16x8LtU(long a, long b) {
        return expand16(below(a, b, H16));
    }

    static long i16x8GtS(long a, long b) {
        return expand16(below(b ^ H16, a ^ H16, H16));
    }

    static long i16x8GtU(long a, long b) {
        return expand16(below(b, a, H16));
    }

    static long i16x8LeS(long a, long b) {
        return ~expand16(below(b ^ H16, a ^ H16, H16));
    }

    static long i16x8LeU(long a, long b) {
        return ~expand16(below(b, a, H16));
    }

    static long i16x8GeS(long a, long b) {
        return ~expand16(below(a ^ H16, b ^ H16, H16));
    }

    static long i16x8GeU(long a, long b) {
        return ~expand16(below(a, b, H16));
    }

    static long i16x8Add(long a, long b) {
        return add(a, b, H16);
    }

    static long i16x8Sub(long a, long b) {
        return sub(a, b, H16);
    }

    static long i16x8Mul(long a, long b) {
        return (a * b & 0xFFFF) | (a >>> 16) * (b >>> 16) << 48 >>> 32 | (a >>> 32) * (b >>> 32) << 48 >>> 16 | (a >>> 48) * (b >>> 48) << 48;
    }

    static long i16x8AddSatS(long a, long b) {
        return saturated(a, add(a, b, H16), expand16((a ^ add(a, b, H16)) & (b ^ add(a, b, H16)) & H16), H16, 15);
    }

    static long i16x8AddSatU(long a, long b) {
        return add(a, b, H16) | expand16((a & b | (a | b) & ~add(a, b, H16)) & H16);
    }

    static long i16x8SubSatS(long a, long b) {
        return saturated(a, sub(a, b, H16), expand16((a ^ b) & (a ^ sub(a, b, H16)) & H16), H16, 15);
    }

    static long i16x8SubSatU(long a, long b) {
        return sub(a, b, H16) & ~expand16(below(a, b, H16));
    }

    static long i16x8MinS(long a, long b) {
        return bitselect(a, b, i16x8LtS(a, b));
    }

    static long i16x8MinU(long a, long b) {
        return bitselect(a, b, i16x8LtU(a, b));
    }

    static long i16x8MaxS(long a, long b) {
        return bitselect(b, a, i16x8LtS(a, b));
    }

    static long i16x8MaxU(long a, long b) {
        return bitselect(b, a, i16x8LtU(a, b));
    }

    static long i16x8AvgrU(long a, long b) {
        return (a | b) - ((a ^ b) >>> 1 & ~H16);
    }

    static long i16x8Abs(long a) {
        return abs(a, expand16(a & H16), H16);
    }

    static long i16x8Neg(long a) {
        return sub(0, a, H16);
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
        return pair((int) a + (int) b, (int) (a >>> 32) + (int) (b >>> 32));
    }

    static long i32x4Sub(long a, long b) {
        return pair((int) a - (int) b, (int) (a >>> 32) - (int) (b >>> 32));
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

    private static float lowFloat(long a) {
        return Float.intBitsToFloat((int) a);
    }

    private static float highFloat(long a) {
        return Float.intBitsToFloat((int) (a >>> 32));
    }

    private static long floatPair(float low, float high) {
        return pair(Float.floatToRawIntBits(low), Float.floatToRawIntBits(high));
    }

    static long f32x4Add(long a, long b) {
        return floatPair(lowFloat(a) + lowFloat(b), highFloat(a) + highFloat(b));
    }

    static long f32x4Sub(long a, long b) {
        return floatPair(lowFloat(a) - lowFloat(b), highFloat(a) - highFloat(b));
    }

    static long f32x4Mul(long a, long b) {
        return floatPair(lowFloat(a) * lowFloat(b), highFloat(a) * highFloat(b));
    }

    static long f32x4Div(long a, long b) {
        return floatPair(lowFloat(a) / lowFloat(b), highFloat(a) / highFloat(b));
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

    /** Products of lanes that {@link #extend8S} makes wider. */
    static long extmul8S(long a, long b, int part) {
        return i16x8Mul(extend8S(a, part), extend8S(b, part));
    }

    static long extmul8U(long a, long b, int part) {
        return i16x8Mul(extend8U(a, part), extend8U(b, part));
    }

    /** Four 32-bit lanes to four of 16 bits. */
    static long narrow32S(int a, int b, int c, int d) {
        return clamp16(a) & 0xFFFFL | (clamp16(b) & 0xFFFFL) << 16 | (clamp16(c) & 0xFFFFL) << 32 | (long) clamp16(d) << 48;
    }

    static long narrow32U(int a, int b, int c, int d) {
        return clampU16(a) | (long) clampU16(b) << 16 | (long) clampU16(c) << 32 | (long) clampU16(d) << 48;
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
        return a << (count & 7) & ONE8 * (0xFF << (count & 7) & 0xFF);
    }

    static long i8x16ShrS(long a, int count) {
        return sub(i8x16ShrU(a, count) ^ (a & H8) >>> (count & 7), (a & H8) >>> (count & 7), H8);
    }

    static long i8x16ShrU(long a, int count) {
        return a >>> (count & 7) & ONE8 * (0xFF >>> (count & 7));
    }

    static long i16x8Shl(long a, int count) {
        return a << (count & 15) & ONE16 * (0xFFFF << (count & 15) & 0xFFFF);
    }

    static long i16x8ShrS(long a, int count) {
        return sub(i16x8ShrU(a, count) ^ (a & H16) >>> (count & 15), (a & H16) >>> (count & 15), H16);
    }

    static long i16x8ShrU(long a, int count) {
        return a >>> (count & 15) & ONE16 * (0xFFFF >>> (count & 15));
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

    static long i64x2Shl(long a, int count) {
        return a << count;
    }

    static long i64x2ShrS(long a, int count) {
        return a >> count;
    }

    static long i64x2ShrU(long a, int count) {
        return a >>> count;
    }

    // One number to or from many lanes

    static long i8x16Splat(int x) {
        return (x & 0xFF) * ONE8;
    }

    static long i16x8Splat(int x) {
        return (x & 0xFFFF) * ONE16;
    }

    /** @param mask of a lane, not shifted */
    static long replace(long a, long x, int shift, long mask) {
        return a & ~(mask << shift) | (x & mask) << shift;
    }

    static int anyTrue(long low, long high) {
        return (low | high) != 0 ? 1 : 0;
    }

    static int allTrue(long low, long high, int laneBits) {
        return allTrue(low, laneBits) && allTrue(high, laneBits) ? 1 : 0;
    }

    static int bitmask(long low, long high, int laneBits) {
        return bitmask(low, laneBits) | bitmask(high, laneBits) << 64 / laneBits;
    }

    /** Whether no lane of a half is zero. */
    static boolean allTrue(long a, int laneBits) {
        return switch (laneBits) {
            case 8 -> zeros(a, H8) == 0;
            case 16 -> zeros(a, H16) == 0;
            case 32 -> (int) a != 0 && a >>> 32 != 0;
            default -> a != 0;
        };
    }

    /** The sign bits of the lanes of a half, lane 0 lowest. */
    static int bitmask(long a, int laneBits) {
        return switch (laneBits) {
            // Bit 8k of the first factor comes to bit 56 + k.
            case 8 -> (int) ((a >>> 7 & ONE8) * 0x0102040810204080L >>> 56);
            case 16 -> (int) ((a >>> 15 & ONE16) * 0x0001000200040008L >>> 48) & 15;
            case 32 -> (int) (a >>> 31 & 1 | a >>> 62 & 2);
            default -> (int) (a >>> 63);
        };
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

    static int bitselect(int a, int b, int mask) {
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
