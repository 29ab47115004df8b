package wasmbpf.wasm;

/**
 * The arithmetic of integer lanes (section 4.3.5 of the specification), all lanes of one half of a vector at once, after Hacker's
 * Delight. Half: a v128 is two longs, lane 0 in the low bits of the first. {@code h} has the highest bit of each lane and
 * so says how wide they are. Named after the instructions; both tiers call these.
 */
final class PackedInts {
    static final long H8 = 0x8080808080808080L;
    static final long H16 = 0x8000800080008000L;
    static final long H32 = 0x8000000080000000L;
    static final long H64 = Long.MIN_VALUE;

    private PackedInts() {
    }

    /** The bits of a lane less one. */
    private static int top(long h) {
        return Long.numberOfTrailingZeros(h);
    }

    /** From the highest bit of each lane to all of its bits. */
    private static long expand(long highest, long h) {
        return (highest << 1) - (highest >>> top(h));
    }

    /** The highest bit of each lane that is zero. */
    static long zeros(long a, long h) {
        return ~((a & ~h) + ~h | a | ~h);
    }

    /** The highest bit of each lane that is less, unsigned: where the subtraction borrows. */
    private static long below(long a, long b, long h) {
        return (~a & b | ~(a ^ b) & sub(a, b, h)) & h;
    }

    // Comparisons give all ones or zero.

    static long eq(long a, long b, long h) {
        return expand(zeros(a ^ b, h), h);
    }

    static long ne(long a, long b, long h) {
        return ~eq(a, b, h);
    }

    static long ltS(long a, long b, long h) {
        return ltU(a ^ h, b ^ h, h);
    }

    static long ltU(long a, long b, long h) {
        return expand(below(a, b, h), h);
    }

    static long gtS(long a, long b, long h) {
        return ltS(b, a, h);
    }

    static long gtU(long a, long b, long h) {
        return ltU(b, a, h);
    }

    static long leS(long a, long b, long h) {
        return ~ltS(b, a, h);
    }

    static long leU(long a, long b, long h) {
        return ~ltU(b, a, h);
    }

    static long geS(long a, long b, long h) {
        return ~ltS(a, b, h);
    }

    static long geU(long a, long b, long h) {
        return ~ltU(a, b, h);
    }

    static long minS(long a, long b, long h) {
        return Lanes.bitselect(a, b, ltS(a, b, h));
    }

    static long minU(long a, long b, long h) {
        return Lanes.bitselect(a, b, ltU(a, b, h));
    }

    static long maxS(long a, long b, long h) {
        return Lanes.bitselect(b, a, ltS(a, b, h));
    }

    static long maxU(long a, long b, long h) {
        return Lanes.bitselect(b, a, ltU(a, b, h));
    }

    // Sums

    static long add(long a, long b, long h) {
        return (a & ~h) + (b & ~h) ^ (a ^ b) & h;
    }

    static long sub(long a, long b, long h) {
        return (a | h) - (b & ~h) ^ (a ^ ~b) & h;
    }

    static long addSatS(long a, long b, long h) {
        long sum = add(a, b, h);
        return saturated(a, sum, (a ^ sum) & (b ^ sum) & h, h);
    }

    static long addSatU(long a, long b, long h) {
        long sum = add(a, b, h);
        return sum | expand((a & b | (a | b) & ~sum) & h, h);
    }

    static long subSatS(long a, long b, long h) {
        long difference = sub(a, b, h);
        return saturated(a, difference, (a ^ b) & (a ^ difference) & h, h);
    }

    static long subSatU(long a, long b, long h) {
        return sub(a, b, h) & ~ltU(a, b, h);
    }

    /**
     * The value where it does not overflow, else the largest or, if {@code a} is negative, the smallest.
     *
     * @param overflow the highest bit of each lane that does
     */
    private static long saturated(long a, long value, long overflow, long h) {
        return Lanes.bitselect(((a & h) >>> top(h)) + ~h, value, expand(overflow, h));
    }

    static long avgrU(long a, long b, long h) {
        return (a | b) - ((a ^ b) >>> 1 & ~h);
    }

    static long abs(long a, long h) {
        long negative = expand(a & h, h);
        return sub(a ^ negative, negative, h);
    }

    static long neg(long a, long h) {
        return sub(0, a, h);
    }

    // Shifts; the count is taken modulo the lane's width.

    static long shl(long a, int count, long h) {
        long lowest = h >>> top(h);
        int n = count & top(h);
        return a << n & ~((lowest << n) - lowest);
    }

    static long shrU(long a, int count, long h) {
        int n = count & top(h);
        return a >>> n & (h >>> n << 1) - (h >>> top(h));
    }

    static long shrS(long a, int count, long h) {
        long sign = (a & h) >>> (count & top(h));
        return sub(shrU(a, count, h) ^ sign, sign, h);
    }

    // Of one width only

    /** Bits set of each byte. */
    static long popcnt8(long a) {
        long pairs = a - (a >>> 1 & 0x5555555555555555L);
        long fours = (pairs & 0x3333333333333333L) + (pairs >>> 2 & 0x3333333333333333L);
        return fours + (fours >>> 4) & 0x0F0F0F0F0F0F0F0FL;
    }

    static long mul16(long a, long b) {
        return (a * b & 0xFFFF) | (a >>> 16) * (b >>> 16) << 48 >>> 32 | (a >>> 32) * (b >>> 32) << 48 >>> 16
                | (a >>> 48) * (b >>> 48) << 48;
    }

    static long mul32(long a, long b) {
        return Lanes.pair((int) a * (int) b, (int) (a >>> 32) * (int) (b >>> 32));
    }

    static long q15mulrSatS(long a, long b) {
        return q15(a, b, 0) | q15(a, b, 16) << 16 | q15(a, b, 32) << 32 | q15(a, b, 48) << 48;
    }

    private static long q15(long a, long b, int shift) {
        return Math.min((short) (a >> shift) * (short) (b >> shift) + 0x4000 >> 15, Short.MAX_VALUE) & 0xFFFF;
    }
}
