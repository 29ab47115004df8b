package wasmbpf.wasm;

import java.util.Arrays;

/**
 * An array of the GC proposal. Numbers lie packed in {@code bytes}, little endian, {@code 1 << sizeLog2} bytes each;
 * references in {@code refs}. The unused one is null.
 */
public final class WasmArray {
    private final DefType type;
    final int length;
    final int sizeLog2;
    final byte[] bytes;
    final Object[] refs;

    WasmArray(DefType type, int length, int sizeLog2, byte[] bytes, Object[] refs) {
        this.type = type;
        this.length = length;
        this.sizeLog2 = sizeLog2;
        this.bytes = bytes;
        this.refs = refs;
    }

    public DefType type() {
        return type;
    }

    public int length() {
        return length;
    }

    /** Stores one value in a range that has been checked. */
    void fill(int from, int count, long low, long high, Object ref) {
        if (refs != null) {
            Arrays.fill(refs, from, from + count, ref);
            return;
        }
        int size = 1 << sizeLog2;
        for (int i = 0; i < count * size; i++) {
            int at = i & size - 1;
            bytes[(from << sizeLog2) + i] = (byte) (at < 8 ? low >>> 8 * at : high >>> 8 * (at - 8));
        }
    }

    /** Eight bytes or fewer of an element, zero-extended; {@code half} 1 is the upper half of a vector. */
    long get(int index, int half) {
        int size = Math.min(8, 1 << sizeLog2);
        int at = (index << sizeLog2) + 8 * half;
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[at + i] & 0xFFL) << 8 * i;
        }
        return value;
    }
}
