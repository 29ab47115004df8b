package wasmbpf.wasm;

/**
 * An array of the GC proposal. Which field is in use follows from the element type: packed and small numbers share
 * {@code bytes} in little-endian order, references have {@code refs}.
 */
public final class WasmArray {
    private final DefType type;
    final int length;
    final byte[] bytes;
    final Object[] refs;

    WasmArray(DefType type, int length, byte[] bytes, Object[] refs) {
        this.type = type;
        this.length = length;
        this.bytes = bytes;
        this.refs = refs;
    }

    public DefType type() {
        return type;
    }

    public int length() {
        return length;
    }
}
