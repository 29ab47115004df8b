package wasmbpf.wasm.compile;

/**
 * An object of the instance that generated code needs: it becomes a static final field, which HotSpot takes as a constant.
 *
 * @param index in the index space of the kind; for TYPE a canonical type index
 */
public record Constant(Kind kind, int index) {
    /** What it is: see {@code JvmTier}, which fills it in. */
    public enum Kind {
        MEMORY, FUNCTION, GLOBAL, NUMBERS, TABLE, TAG, TYPE, INSTANCE
    }

    // Written out, as what javac generates for records sets up method handles: some 7 ms at the first use of a run.

    @Override
    public boolean equals(Object o) {
        return o instanceof Constant other && kind == other.kind && index == other.index;
    }

    @Override
    public int hashCode() {
        return kind.ordinal() + 31 * index;
    }
}
