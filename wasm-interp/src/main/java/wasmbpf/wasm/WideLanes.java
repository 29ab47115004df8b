package wasmbpf.wasm;

/**
 * Integer lanes to twice or half their width, and sums of products in twice the width; on halves as {@link PackedInts}. Named after
 * the instructions; both tiers call these.
 */
final class WideLanes {
    private static final long U32 = 0xFFFFFFFFL;

    private WideLanes() {
    }

    // Some lanes of a half, those of its lower (part 0) or upper 32 bits, to twice their width.

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

    // Products of such lanes

    static long extmul8S(long a, long b, int part) {
        return PackedInts.mul16(extend8S(a, part), extend8S(b, part));
    }

    static long extmul8U(long a, long b, int part) {
        return PackedInts.mul16(extend8U(a, part), extend8U(b, part));
    }

    static long extmul16S(long a, long b, int part) {
        return Lanes.pair(Lane.productS(a, b, 32 * part), Lane.productS(a, b, 32 * part + 16));
    }

    static long extmul16U(long a, long b, int part) {
        return Lanes.pair(Lane.productU(a, b, 32 * part), Lane.productU(a, b, 32 * part + 16));
    }

    static long extmul32S(long a, long b, int part) {
        return extend32S(a, part) * extend32S(b, part);
    }

    static long extmul32U(long a, long b, int part) {
        return extend32U(a, part) * extend32U(b, part);
    }

    // All lanes of a vector to half their width: the halves give a half.

    static long narrow16S(long low, long high) {
        return bytes(low, Byte.MIN_VALUE, Byte.MAX_VALUE) | bytes(high, Byte.MIN_VALUE, Byte.MAX_VALUE) << 32;
    }

    static long narrow16U(long low, long high) {
        return bytes(low, 0, 0xFF) | bytes(high, 0, 0xFF) << 32;
    }

    private static long bytes(long a, int min, int max) {
        return Math.clamp((short) a, min, max) & 0xFF | (Math.clamp((short) (a >> 16), min, max) & 0xFF) << 8
                | (Math.clamp((short) (a >> 32), min, max) & 0xFF) << 16 | (Math.clamp((short) (a >> 48), min, max) & 0xFFL) << 24;
    }

    static long narrow32S(long low, long high) {
        return narrow32S((int) low, (int) (low >> 32), (int) high, (int) (high >> 32));
    }

    static long narrow32U(long low, long high) {
        return narrow32U((int) low, (int) (low >> 32), (int) high, (int) (high >> 32));
    }

    static long narrow32S(int a, int b, int c, int d) {
        return clamp16(a) & 0xFFFFL | (clamp16(b) & 0xFFFFL) << 16 | (clamp16(c) & 0xFFFFL) << 32 | (long) clamp16(d) << 48;
    }

    static long narrow32U(int a, int b, int c, int d) {
        return clampU16(a) | (long) clampU16(b) << 16 | (long) clampU16(c) << 32 | (long) clampU16(d) << 48;
    }

    private static int clamp16(int x) {
        return Math.clamp(x, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private static int clampU16(int x) {
        return Math.clamp(x, 0, 0xFFFF);
    }

    // Sums of neighbours

    private static final long LOW_BYTES = 0x00FF00FF00FF00FFL;

    static long i16x8ExtaddPairwiseI8x16S(long a) {
        return PackedInts.add(PackedInts.shrS(PackedInts.shl(a, 8, PackedInts.H16), 8, PackedInts.H16),
                PackedInts.shrS(a, 8, PackedInts.H16), PackedInts.H16);
    }

    static long i16x8ExtaddPairwiseI8x16U(long a) {
        return (a & LOW_BYTES) + (a >>> 8 & LOW_BYTES);
    }

    static long i32x4ExtaddPairwiseI16x8S(long a) {
        return Lanes.pair(Lane.pairSumS(a, 0), Lane.pairSumS(a, 32));
    }

    static long i32x4ExtaddPairwiseI16x8U(long a) {
        return Lanes.pair(Lane.pairSumU(a, 0), Lane.pairSumU(a, 32));
    }

    static long i32x4DotI16x8S(long a, long b) {
        return Lanes.pair(Lane.dot(a, b, 0), Lane.dot(a, b, 32));
    }

    /** Both operands signed, the sum wrapping: one of the allowed results. */
    static long i16x8RelaxedDotI8x16I7x16S(long a, long b) {
        return dot8(a, b, 0) | dot8(a, b, 16) << 16 | dot8(a, b, 32) << 32 | dot8(a, b, 48) << 48;
    }

    private static long dot8(long a, long b, int shift) {
        return (byte) (a >> shift) * (byte) (b >> shift) + (byte) (a >> shift + 8) * (byte) (b >> shift + 8) & 0xFFFF;
    }

    static long i32x4RelaxedDotAdd(long a, long b, long c) {
        return PackedInts.add(i32x4ExtaddPairwiseI16x8S(i16x8RelaxedDotI8x16I7x16S(a, b)), c, PackedInts.H32);
    }
}
