package wasmbpf.wasm;

import java.util.Arrays;

/**
 * The slots between locals and operands that hold constants from the start of a call: what a loop uses again and again
 * is not loaded again and again. The first of them is 0. How many there are must be known before the first instruction,
 * so a function in whose bytes the opcode of a loop occurs gets {@link #MOST}, any other none.
 */
final class ConstantSlots {
    private static final int MOST = 16;

    private final long[] values = new long[MOST];
    private int reserved;
    private int first;
    private int count;

    void forFunction(byte[] bytes, int start, int end) {
        reserved = 0;
        for (int i = start; i < end; i++) {
            if (bytes[i] == OpBytes.LOOP) {
                reserved = MOST;
                return;
            }
        }
    }

    /** From the next {@link #begin} on there is a 0 at least. */
    void reserveZero() {
        reserved = Math.max(reserved, 1);
    }

    /** Starts anew; returns the slot after them. */
    int begin(int slot) {
        first = slot;
        count = Math.min(reserved, 1);
        return slot + reserved;
    }

    /** The slot that holds a number, if there is one already; else -1. */
    int find(long value) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                return first + i;
            }
        }
        return -1;
    }

    /** The slot that holds a number from now on, -1 if all are in use. */
    int slot(long value) {
        int slot = find(value);
        if (slot < 0 && count < reserved) {
            values[count] = value;
            slot = first + count++;
        }
        return slot;
    }

    long[] toArray() {
        return Arrays.copyOf(values, count);
    }
}
