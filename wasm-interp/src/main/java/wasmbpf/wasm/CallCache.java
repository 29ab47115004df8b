package wasmbpf.wasm;

/**
 * Which function of its own instance {@code call_indirect} through table 0 has lately meant: so the dispatch loop calls it as it calls
 * any other, without a look at the table or at types. {@link Activations} enters what it has found and checked; the table forgets
 * elements that are written.
 *
 * <pre>
 *   slot (element modulo 256):  type index &lt;&lt; 32 | element      the function's cell, see Activations
 * </pre>
 *
 * Outside the heap, for as long as this object.
 */
final class CallCache {
    private static final int SLOTS = 256;
    /** Of a slot's number, in its address. */
    static final int SLOT_SHIFT = 4;
    static final int SLOT_MASK = SLOTS - 1;
    static final int CELL = 8;
    /** No element of a table that has so few. */
    private static final long EMPTY = -1;

    private final long address;
    private boolean used;

    private CallCache() {
        address = RawMemory.allocate(this, (long) SLOTS << SLOT_SHIFT);
        clear();
    }

    /** Never has anything: for an instance without a table, and for all but the first that use one. */
    private static final class None {
        static final CallCache INSTANCE = new CallCache();
    }

    /** The cache for an instance of which this is table 0, or null. */
    static CallCache of(WasmTable table) {
        if (table == null || table.callCache != null || table.type().table64()) {
            return None.INSTANCE;
        }
        return table.callCache = new CallCache();
    }

    long address() {
        return address;
    }

    /**
     * @param element below the table's size
     * @param type by which it was called, and which it has
     */
    void put(int element, int type, long cell) {
        if (this == None.INSTANCE) {
            return;
        }
        long slot = slot(element);
        RawMemory.putLong(slot, (long) type << 32 | element);
        RawMemory.putLong(slot + CELL, cell);
        used = true;
    }

    /** An element is something else now. */
    void forget(int element) {
        RawMemory.putLong(slot(element), EMPTY);
    }

    /** Many are. */
    void forget() {
        if (used) {
            clear();
            used = false;
        }
    }

    private long slot(int element) {
        return address + ((element & SLOT_MASK) << SLOT_SHIFT);
    }

    private void clear() {
        RawMemory.fill(address, (long) SLOTS << SLOT_SHIFT, (byte) EMPTY);
    }
}
