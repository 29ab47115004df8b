package wasmbpf.wasm;

import java.util.List;

/**
 * How the parameters and results of a function type lie in a frame: one slot of eight bytes each, two for a vector. An
 * i32 or f32 fills its slot sign-extended; a reference lies at the same slot number in the parallel array of
 * references.
 */
final class Layout {
    final ValType[] params;
    final ValType[] results;
    final int paramSlots;
    final int resultSlots;
    private final boolean refs;
    private final boolean vectors;
    /** Whether the type is that of an event callback, {@code (i32, i32, i32) -> (i32)}. */
    final boolean callback;

    private Layout(FuncType type) {
        params = type.params().toArray(new ValType[0]);
        results = type.results().toArray(new ValType[0]);
        paramSlots = slots(type.params());
        resultSlots = slots(type.results());
        refs = hasRef(params) || hasRef(results);
        // A vector has two slots, everything else one.
        vectors = paramSlots + resultSlots > params.length + results.length;
        callback = params.length == 3 && results.length == 1 && params[0] == ValType.I32 && params[1] == ValType.I32
                && params[2] == ValType.I32 && results[0] == ValType.I32;
    }

    /** Prefer {@link DefType#layout}, which keeps it. */
    static Layout of(FuncType type) {
        return new Layout(type);
    }

    static int slots(ValType type) {
        return type == ValType.V128 ? 2 : 1;
    }

    static int slots(List<ValType> types) {
        int slots = 0;
        for (ValType type : types) {
            slots += slots(type);
        }
        return slots;
    }

    private static boolean hasRef(ValType[] types) {
        for (ValType type : types) {
            if (type.isRef()) {
                return true;
            }
        }
        return false;
    }

    boolean hasRefs() {
        return refs;
    }

    boolean hasVectors() {
        return vectors;
    }
}
