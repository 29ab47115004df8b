package wasmbpf.wasm;

/**
 * One method per arithmetic rule where Java's own operator is not the rule; both tiers call these. Section numbers are
 * those of the specification, 4.3 "Numerics". NaN: Java's arithmetic gives quiet NaNs, which the specification allows;
 * where bits must survive (abs, neg, copysign, moves) they are handled as integers.
 */
public final class Numerics {
    private Numerics() {
    }

    // Integer division (4.3.2). The quotient that does not fit traps; its remainder is 0 in Java too.

    public static int i32DivS(int a, int b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        if (b == -1 && a == Integer.MIN_VALUE) {
            throw new Trap(Trap.Kind.INTEGER_OVERFLOW);
        }
        return a / b;
    }

    public static int i32DivU(int a, int b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return Integer.divideUnsigned(a, b);
    }

    public static int i32RemS(int a, int b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return a % b;
    }

    public static int i32RemU(int a, int b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return Integer.remainderUnsigned(a, b);
    }

    public static long i64DivS(long a, long b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        if (b == -1 && a == Long.MIN_VALUE) {
            throw new Trap(Trap.Kind.INTEGER_OVERFLOW);
        }
        return a / b;
    }

    public static long i64DivU(long a, long b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return Long.divideUnsigned(a, b);
    }

    public static long i64RemS(long a, long b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return a % b;
    }

    public static long i64RemU(long a, long b) {
        if (b == 0) {
            throw new Trap(Trap.Kind.DIVIDE_BY_ZERO);
        }
        return Long.remainderUnsigned(a, b);
    }

    // Floating point (4.3.3). A NaN that comes out of an operation is quiet; Java's library methods hand signalling
    // ones on.

    private static float quiet(float nan) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(nan) | 1 << 22);
    }

    private static double quiet(double nan) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(nan) | 1L << 51);
    }

    public static float f32Abs(float a) {
        return Math.abs(a);
    }

    public static float f32Neg(float a) {
        return -a;
    }

    public static float f32Ceil(float a) {
        return a != a ? quiet(a) : (float) Math.ceil(a);
    }

    public static float f32Floor(float a) {
        return a != a ? quiet(a) : (float) Math.floor(a);
    }

    public static float f32Trunc(float a) {
        return a != a ? quiet(a) : (float) (a < 0 ? Math.ceil(a) : Math.floor(a));
    }

    /** To the nearest integer, ties to even. A float's nearest integer is a double's, as widening is exact. */
    public static float f32Nearest(float a) {
        return a != a ? quiet(a) : (float) Math.rint(a);
    }

    /** Rounding a double square root to float is correct: 53 >= 2 * 24 + 2. */
    public static float f32Sqrt(float a) {
        return a != a ? quiet(a) : (float) Math.sqrt(a);
    }

    /** Java's min has the same rule for signed zeros. */
    public static float f32Min(float a, float b) {
        return a != a ? quiet(a) : b != b ? quiet(b) : Math.min(a, b);
    }

    public static float f32Max(float a, float b) {
        return a != a ? quiet(a) : b != b ? quiet(b) : Math.max(a, b);
    }

    public static float f32Copysign(float a, float b) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(a) & 0x7FFFFFFF
                | Float.floatToRawIntBits(b) & 0x80000000);
    }

    public static double f64Abs(double a) {
        return Math.abs(a);
    }

    public static double f64Neg(double a) {
        return -a;
    }

    public static double f64Ceil(double a) {
        return a != a ? quiet(a) : Math.ceil(a);
    }

    public static double f64Floor(double a) {
        return a != a ? quiet(a) : Math.floor(a);
    }

    public static double f64Trunc(double a) {
        return a != a ? quiet(a) : a < 0 ? Math.ceil(a) : Math.floor(a);
    }

    public static double f64Nearest(double a) {
        return a != a ? quiet(a) : Math.rint(a);
    }

    public static double f64Sqrt(double a) {
        return a != a ? quiet(a) : Math.sqrt(a);
    }

    public static double f64Min(double a, double b) {
        return a != a ? quiet(a) : b != b ? quiet(b) : Math.min(a, b);
    }

    public static double f64Max(double a, double b) {
        return a != a ? quiet(a) : b != b ? quiet(b) : Math.max(a, b);
    }

    public static double f64Copysign(double a, double b) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(a) & Long.MAX_VALUE
                | Double.doubleToRawLongBits(b) & Long.MIN_VALUE);
    }

    // Conversions (4.3.4). The bounds are exact doubles, so one comparison decides.

    private static Trap untruncatable(double a) {
        return new Trap(a != a ? Trap.Kind.INVALID_CONVERSION : Trap.Kind.INTEGER_OVERFLOW);
    }

    /** From f64, and from f32 by its exact widening. */
    public static int i32TruncS(double a) {
        if (a > -2147483649.0 && a < 2147483648.0) {
            return (int) a;
        }
        throw untruncatable(a);
    }

    public static int i32TruncU(double a) {
        if (a > -1.0 && a < 4294967296.0) {
            return (int) (long) a;
        }
        throw untruncatable(a);
    }

    public static long i64TruncS(double a) {
        if (a >= -0x1p63 && a < 0x1p63) {
            return (long) a;
        }
        throw untruncatable(a);
    }

    public static long i64TruncU(double a) {
        if (a > -1.0 && a < 0x1p64) {
            return i64TruncSatU(a);
        }
        throw untruncatable(a);
    }

    /** Java's cast saturates and takes NaN to 0, as this rule does. */
    public static int i32TruncSatS(double a) {
        return (int) a;
    }

    public static int i32TruncSatU(double a) {
        return a > 0 ? a < 4294967296.0 ? (int) (long) a : -1 : 0;
    }

    public static long i64TruncSatS(double a) {
        return (long) a;
    }

    public static long i64TruncSatU(double a) {
        if (a < 0x1p63) {
            return a > 0 ? (long) a : 0;
        }
        // From 2^63 on a double is a whole number, so taking 2^63 off is exact.
        return a < 0x1p64 ? (long) (a - 0x1p63) ^ Long.MIN_VALUE : a != a ? 0 : -1;
    }

    public static float f32ConvertI32U(int a) {
        return (float) (a & 0xFFFFFFFFL);
    }

    public static double f64ConvertI32U(int a) {
        return (double) (a & 0xFFFFFFFFL);
    }

    /** Halving keeps a sticky low bit, so that the one rounding of the conversion is the right one. */
    public static float f32ConvertI64U(long a) {
        return a >= 0 ? (float) a : (float) (a >>> 1 | a & 1) * 2;
    }

    public static double f64ConvertI64U(long a) {
        return a >= 0 ? (double) a : (double) (a >>> 1 | a & 1) * 2;
    }

    /** 1 if a is less, else 0; without a branch (Hacker's Delight, section 2-12). */
    static int less(long a, long b) {
        return (int) ((a & ~b | ~(a ^ b) & a - b) >>> Long.SIZE - 1);
    }

    /** The same of numbers without a sign. */
    static int lessUnsigned(long a, long b) {
        return (int) ((~a & b | (~a | b) & a - b) >>> Long.SIZE - 1);
    }
}
