package wasmbpf.wasm;

/** A struct of the GC proposal: numbers in {@code slots} (a vector takes two), references in {@code refs}. */
public final class WasmStruct {
    private final DefType type;
    final long[] slots;
    final Object[] refs;

    WasmStruct(DefType type, long[] slots, Object[] refs) {
        this.type = type;
        this.slots = slots;
        this.refs = refs;
    }

    public DefType type() {
        return type;
    }
}
