package wasmbpf.wasm;

/**
 * Lanes of a vector moved, chosen and tested, whatever their arithmetic. A v128 is two longs, its halves: lane 0 in the low bits
 * of the first. Named after the instructions; both tiers call these.
 */
final class Lanes {
    private static final long U32 = 0xFFFFFFFFL;
    private static final long ONE8 = 0x0101010101010101L;
    private static final long ONE16 = 0x0001000100010001L;

    private Lanes() {
    }

    /** Two 32-bit lanes as one half. */
    static long pair(int low, int high) {
        return low & U32 | (long) high << 32;
    }

    // One number to or from many lanes

    static long i8x16Splat(int x) {
        return (x & 0xFF) * ONE8;
    }

    static long i16x8Splat(int x) {
        return (x & 0xFFFF) * ONE16;
    }

    static long i32x4Splat(int x) {
        return pair(x, x);
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
    private static boolean allTrue(long a, int laneBits) {
        return switch (laneBits) {
            case 8 -> PackedInts.zeros(a, PackedInts.H8) == 0;
            case 16 -> PackedInts.zeros(a, PackedInts.H16) == 0;
            case 32 -> (int) a != 0 && a >>> 32 != 0;
            default -> a != 0;
        };
    }

    /** The sign bits of the lanes of a half, lane 0 lowest. */
    private static int bitmask(long a, int laneBits) {
        return switch (laneBits) {
            // Bit 8k of the first factor comes to bit 56 + k.
            case 8 -> (int) ((a >>> 7 & ONE8) * 0x0102040810204080L >>> 56);
            case 16 -> (int) ((a >>> 15 & ONE16) * 0x0001000200040008L >>> 48) & 15;
            case 32 -> (int) (a >>> 31 & 1 | a >>> 62 & 2);
            default -> (int) (a >>> 63);
        };
    }

    // Bytes and bits chosen

    /** A byte of a vector. */
    private static long byteAt(long low, long high, int index) {
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

    static long bitselect(long a, long b, long mask) {
        return a & mask | b & ~mask;
    }

    static int bitselect(int a, int b, int mask) {
        return a & mask | b & ~mask;
    }
}
