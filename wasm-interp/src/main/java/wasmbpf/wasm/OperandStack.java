package wasmbpf.wasm;

import java.util.Arrays;

/**
 * The operand stack while a function is lowered. Every entry has a slot of its own in the frame; but a value that came
 * from a local or a constant is not moved there until something needs it there. Entries are counted from the bottom,
 * like the heights of {@link FuncValidator}.
 */
final class OperandStack {
    /** The value is in the entry's own slot. */
    static final byte TEMP = 0;
    /** The value is still in local slot {@code value}, which nobody has written since. */
    static final byte LOCAL = 1;
    /** The value is the constant {@code value}. */
    static final byte CONST = 2;

    private byte[] kinds = new byte[64];
    private int[] types = new int[64];
    private long[] values = new long[64];
    /** slots[i] is the own slot of entry i; slots[height] is the next free one. */
    private int[] slots = new int[65];
    private int height;
    private int maxSlots;
    /** Per local slot: how many entries are still LOCAL there. */
    private int[] lazy = {};
    /** Entries below this height are not LOCAL. */
    private int settled;

    /** How many slots a value takes. */
    static int slots(int type) {
        return type == TypeCode.V128 ? 2 : 1;
    }

    /** Whether a value is a number that fits a slot. */
    static boolean isPlain(int type) {
        return type != TypeCode.V128 && !TypeCode.isRef(type);
    }

    void begin(int localSlots) {
        height = 0;
        settled = 0;
        slots[0] = localSlots;
        maxSlots = localSlots;
        if (lazy.length < localSlots) {
            lazy = new int[Math.max(localSlots, 2 * lazy.length)];
        } else {
            Arrays.fill(lazy, 0, localSlots, 0);
        }
    }

    int height() {
        return height;
    }

    /** Most slots in use so far, locals included. */
    int maxSlots() {
        return maxSlots;
    }

    void needSlots(int slots) {
        maxSlots = Math.max(maxSlots, slots);
    }

    byte kind(int entry) {
        return kinds[entry];
    }

    int type(int entry) {
        return types[entry];
    }

    long value(int entry) {
        return values[entry];
    }

    /** The entry's own slot; for the height itself the next free slot. */
    int slot(int entry) {
        return slots[entry];
    }

    boolean isConst(int entry) {
        return kinds[entry] == CONST;
    }

    /** The same value as another type. */
    void retype(int entry, int type) {
        types[entry] = type;
    }

    private void push(byte kind, int type, long value) {
        int entry = height;
        if (entry + 1 == slots.length - 1) {
            int size = 2 * kinds.length;
            kinds = Arrays.copyOf(kinds, size);
            types = Arrays.copyOf(types, size);
            values = Arrays.copyOf(values, size);
            slots = Arrays.copyOf(slots, size + 1);
        }
        kinds[entry] = kind;
        types[entry] = type;
        values[entry] = value;
        int next = slots[entry] + slots(type);
        slots[entry + 1] = next;
        height = entry + 1;
        if (next > maxSlots) {
            maxSlots = next;
        }
    }

    void pushTemp(int type) {
        push(TEMP, type, 0);
    }

    void pushLocal(int type, int slot) {
        push(LOCAL, type, slot);
        lazy[slot]++;
    }

    void pushConst(int type, long value) {
        push(CONST, type, value);
    }

    /** The value is now in the entry's own slot. */
    void settle(int entry) {
        if (kinds[entry] == LOCAL) {
            lazy[(int) values[entry]]--;
        }
        kinds[entry] = TEMP;
    }

    void popTo(int newHeight) {
        while (height > newHeight) {
            height--;
            if (kinds[height] == LOCAL) {
                lazy[(int) values[height]]--;
            }
        }
        settled = Math.min(settled, height);
    }

    /** Goes to a height where the next entry has this slot. */
    void resetTo(int newHeight, int slot) {
        popTo(newHeight);
        slots[newHeight] = slot;
        needSlots(slot);
    }

    int lazyCount(int localSlot) {
        return lazy[localSlot];
    }

    int settled() {
        return settled;
    }

    void setSettled(int entries) {
        settled = Math.max(settled, entries);
    }
}
