package wasmbpf.wasm;

/** One lane of a vector, where no instruction of the JVM has the rule; for the compiled tier, which keeps lanes apart. */
final class Lane {
    private Lane() {
    }

    // Comparisons give all ones or zero.

    static int eq(int a, int b) {
        return a == b ? -1 : 0;
    }

    static int ne(int a, int b) {
        return a != b ? -1 : 0;
    }

    static int ltS(int a, int b) {
        return a < b ? -1 : 0;
    }

    static int leS(int a, int b) {
        return a <= b ? -1 : 0;
    }

    static int gtS(int a, int b) {
        return a > b ? -1 : 0;
    }

    static int geS(int a, int b) {
        return a >= b ? -1 : 0;
    }

    static int ltU(int a, int b) {
        return a + Integer.MIN_VALUE < b + Integer.MIN_VALUE ? -1 : 0;
    }

    static int leU(int a, int b) {
        return a + Integer.MIN_VALUE <= b + Integer.MIN_VALUE ? -1 : 0;
    }

    static int gtU(int a, int b) {
        return a + Integer.MIN_VALUE > b + Integer.MIN_VALUE ? -1 : 0;
    }

    static int geU(int a, int b) {
        return a + Integer.MIN_VALUE >= b + Integer.MIN_VALUE ? -1 : 0;
    }

    static int minU(int a, int b) {
        return a + Integer.MIN_VALUE < b + Integer.MIN_VALUE ? a : b;
    }

    static int maxU(int a, int b) {
        return a + Integer.MIN_VALUE > b + Integer.MIN_VALUE ? a : b;
    }

    static int eq(float a, float b) {
        return a == b ? -1 : 0;
    }

    static int ne(float a, float b) {
        return a != b ? -1 : 0;
    }

    static int lt(float a, float b) {
        return a < b ? -1 : 0;
    }

    static int gt(float a, float b) {
        return a > b ? -1 : 0;
    }

    static int le(float a, float b) {
        return a <= b ? -1 : 0;
    }

    static int ge(float a, float b) {
        return a >= b ? -1 : 0;
    }

    static float pmin(float a, float b) {
        return b < a ? b : a;
    }

    static float pmax(float a, float b) {
        return a < b ? b : a;
    }

    static long eq(double a, double b) {
        return a == b ? -1 : 0;
    }

    static long ne(double a, double b) {
        return a != b ? -1 : 0;
    }

    static long lt(double a, double b) {
        return a < b ? -1 : 0;
    }

    static long gt(double a, double b) {
        return a > b ? -1 : 0;
    }

    static long le(double a, double b) {
        return a <= b ? -1 : 0;
    }

    static long ge(double a, double b) {
        return a >= b ? -1 : 0;
    }

    static double pmin(double a, double b) {
        return b < a ? b : a;
    }

    static double pmax(double a, double b) {
        return a < b ? b : a;
    }

    // Lanes of 16 bits out of a half, to 32

    /** Of products of two pairs of lanes, from a bit on, the sum. */
    static int dot(long a, long b, int shift) {
        return (short) (a >> shift) * (short) (b >> shift) + (short) (a >> shift + 16) * (short) (b >> shift + 16);
    }

    static int pairSumS(long a, int shift) {
        return (short) (a >> shift) + (short) (a >> shift + 16);
    }

    static int pairSumU(long a, int shift) {
        return (int) (a >>> shift & 0xFFFF) + (int) (a >>> shift + 16 & 0xFFFF);
    }

    static int productS(long a, long b, int shift) {
        return (short) (a >> shift) * (short) (b >> shift);
    }

    static int productU(long a, long b, int shift) {
        return (int) (a >>> shift & 0xFFFF) * (int) (b >>> shift & 0xFFFF);
    }

    // Tests of four lanes

    static int anyTrue(int a, int b, int c, int d) {
        return (a | b | c | d) != 0 ? 1 : 0;
    }

    static int allTrue(int a, int b, int c, int d) {
        return a != 0 && b != 0 && c != 0 && d != 0 ? 1 : 0;
    }

    static int bitmask(int a, int b, int c, int d) {
        return a >>> 31 | b >>> 31 << 1 | c >>> 31 << 2 | d >>> 31 << 3;
    }
}
