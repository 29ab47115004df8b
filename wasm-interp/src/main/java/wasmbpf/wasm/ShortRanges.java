package wasmbpf.wasm;

import jdk.internal.misc.Unsafe;

/**
 * {@code memory.copy} and {@code memory.fill} of a few bytes, for compiled code that knows their number: today's clang and
 * rustc make them of every small struct that is copied or cleared. A constant length folds all the comparisons with it away.
 * Copies of more than 32 bytes are as fast by {@code Unsafe.copyMemory}.
 *
 * <p>Both take the addresses in the guest, the memory's {@code safeNear} and {@code base}, and the memory itself for what is not
 * as usual: addresses near the memory's end or past it, and a copy whose source overlaps its target from below.
 */
final class ShortRanges {
    private static final int LONGEST = 32;
    private static final long ONE8 = 0x0101010101010101L;
    private static final Unsafe UNSAFE = RawMemory.unsafe();

    private ShortRanges() {
    }

    static void copy(int to, int from, int length, int limit, long base, LinearMemory memory) {
        if (length > LONGEST || Integer.compareUnsigned(to, limit) >= 0 || Integer.compareUnsigned(from, limit) >= 0
                || Integer.compareUnsigned(to - from, length) < 0) {
            CompiledSupport.copy(to, from, length, memory, memory);
            return;
        }
        // Methods of Unsafe that take an object are intrinsics; those without call them.
        Unsafe u = UNSAFE;
        long s = base + from;
        long t = base + to;
        if (length >= 8) {
            // The last word is read first: where the target overlaps the source's end it is overwritten before its turn.
            long last = u.getLong(null, s + length - 8);
            if (length > 8) {
                u.putLong(null, t, u.getLong(null, s));
            }
            if (length > 16) {
                u.putLong(null, t + 8, u.getLong(null, s + 8));
            }
            if (length > 24) {
                u.putLong(null, t + 16, u.getLong(null, s + 16));
            }
            u.putLong(null, t + length - 8, last);
        } else if (length >= 4) {
            int last = u.getInt(null, s + length - 4);
            u.putInt(null, t, u.getInt(null, s));
            u.putInt(null, t + length - 4, last);
        } else {
            byte last = u.getByte(null, s + length - 1);
            byte middle = u.getByte(null, s + (length >> 1));
            u.putByte(null, t, u.getByte(null, s));
            u.putByte(null, t + (length >> 1), middle);
            u.putByte(null, t + length - 1, last);
        }
    }

    static void fill(int to, int value, int length, int limit, long base, LinearMemory memory) {
        if (length > LONGEST || Integer.compareUnsigned(to, limit) >= 0) {
            CompiledSupport.fill(to, value, length, memory);
            return;
        }
        Unsafe u = UNSAFE;
        long t = base + to;
        long word = (value & 0xFF) * ONE8;
        if (length >= 8) {
            if (length > 8) {
                u.putLong(null, t, word);
            }
            if (length > 16) {
                u.putLong(null, t + 8, word);
            }
            if (length > 24) {
                u.putLong(null, t + 16, word);
            }
            u.putLong(null, t + length - 8, word);
        } else if (length >= 4) {
            u.putInt(null, t, (int) word);
            u.putInt(null, t + length - 4, (int) word);
        } else {
            u.putByte(null, t, (byte) value);
            u.putByte(null, t + (length >> 1), (byte) value);
            u.putByte(null, t + length - 1, (byte) value);
        }
    }
}
