package wasmbpf.wasm;

/**
 * A struct of the GC proposal: its fields that are numbers in {@code slots} (a vector takes two), those that are references in
 * {@code refs}, each in their order; {@link FieldLayout} finds one.
 */
public final class WasmStruct {
    private static final long[] NO_NUMBERS = {};
    private static final Object[] NO_REFERENCES = {};

    private final DefType type;
    final long[] slots;
    final Object[] refs;

    private WasmStruct(DefType type, long[] slots, Object[] refs) {
        this.type = type;
        this.slots = slots;
        this.refs = refs;
    }

    static WasmStruct of(DefType type, int numbers, int references) {
        return new WasmStruct(type, numbers == 0 ? NO_NUMBERS : new long[numbers],
                references == 0 ? NO_REFERENCES : new Object[references]);
    }

    public DefType type() {
        return type;
    }
}
