package wasmbpf.wasm;

/**
 * The conversions of floats to integers that trap, for compiled code, which says where in its function the instruction is.
 *
 * <p>Where a machine has no saturating ones, clang asks {@code fabs(x) < 2^31} before each. The question here is the same, so
 * that HotSpot asks it once; what it rules out wrongly, the least integer and fractions below it, takes the exact way.
 */
final class Truncations {
    private Truncations() {
    }

    static int i32S(double a, int position) {
        return Math.abs(a) < 0x1p31 ? (int) a : exactI32S(a, position);
    }

    static int i32S(float a, int position) {
        return Math.abs(a) < 0x1p31f ? (int) a : exactI32S(a, position);
    }

    static int i32U(double a, int position) {
        if (a >= 0 && a < 0x1p32) {
            return (int) (long) a;
        }
        try {
            return Numerics.i32TruncU(a);
        } catch (Trap trap) {
            throw at(position, trap);
        }
    }

    static int i32U(float a, int position) {
        return i32U((double) a, position);
    }

    static long i64S(double a, int position) {
        return Math.abs(a) < 0x1p63 ? (long) a : exactI64S(a, position);
    }

    static long i64S(float a, int position) {
        return Math.abs(a) < 0x1p63f ? (long) a : exactI64S(a, position);
    }

    static long i64U(double a, int position) {
        if (a >= 0 && a < 0x1p63) {
            return (long) a;
        }
        try {
            return Numerics.i64TruncU(a);
        } catch (Trap trap) {
            throw at(position, trap);
        }
    }

    static long i64U(float a, int position) {
        return i64U((double) a, position);
    }

    private static int exactI32S(double a, int position) {
        try {
            return Numerics.i32TruncS(a);
        } catch (Trap trap) {
            throw at(position, trap);
        }
    }

    private static long exactI64S(double a, int position) {
        try {
            return Numerics.i64TruncS(a);
        } catch (Trap trap) {
            throw at(position, trap);
        }
    }

    private static Trap at(int position, Trap trap) {
        trap.position = position;
        return trap;
    }
}
