package wasmbpf.wasm;

import java.util.Arrays;

/** A table of references. Elements are Java objects in the form {@link WasmFunction#apply} describes. One thread at a time. */
public final class WasmTable implements Extern {
    /** Far above what any module needs, far below what would exhaust the heap by one instruction. */
    static final int MAX_ELEMENTS = 10_000_000;

    private final TableType type;
    private final int max;
    /** At least {@link #size} long; both tiers read it. */
    Object[] elements;
    int size;
    /** Whether several instances use it, and so may run each other's functions. */
    boolean linked;
    /** Of the first instance of which this is table 0, once that has called through it; else null. */
    CallCache callCache;

    /**
     * @param first what the elements start as
     * @throws IllegalArgumentException if that is not of the element type
     * @throws Trap OUT_OF_MEMORY if there are more than 10 million
     */
    public WasmTable(TableType type, Object first) {
        this(type, first, MAX_ELEMENTS);
    }

    /**
     * @param first what the elements start as
     * @param maxElements the embedder's limit
     * @throws IllegalArgumentException if {@code first} is not of the element type
     * @throws Trap OUT_OF_MEMORY if there are more
     */
    public WasmTable(TableType type, Object first, int maxElements) {
        if (Long.compareUnsigned(type.min(), maxElements) > 0) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: a table of " + Long.toUnsignedString(type.min())
                    + " elements, at most " + maxElements + " are allowed");
        }
        this.type = type;
        this.max = type.hasMax() && Long.compareUnsigned(type.max(), maxElements) < 0 ? (int) type.max() : maxElements;
        this.size = (int) type.min();
        this.elements = new Object[size];
        if (size > 0 && Values.checkRef(type.element(), first) != null) {
            Arrays.fill(elements, first);
        }
    }

    public TableType type() {
        return type;
    }

    @Override
    public ExternType externType() {
        return new TableType(type.element(), size, type.hasMax(), type.max(), type.table64());
    }

    public int size() {
        return size;
    }

    /** @throws Trap TABLE_OUT_OF_BOUNDS */
    public Object get(long index) {
        if (Long.compareUnsigned(index, size) >= 0) {
            throw outOfBounds(index);
        }
        return elements[(int) index];
    }

    /**
     * @throws Trap TABLE_OUT_OF_BOUNDS
     * @throws IllegalArgumentException if the value is not of the element type
     */
    public void set(long index, Object value) {
        store(index, Values.checkRef(type.element(), value));
    }

    /** {@link #set} for values that validation has typed. */
    void store(long index, Object value) {
        if (Long.compareUnsigned(index, size) >= 0) {
            throw outOfBounds(index);
        }
        elements[(int) index] = value;
        if (callCache != null) {
            callCache.forget((int) index);
        }
    }

    private Trap outOfBounds(long index) {
        return new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, Trap.Kind.TABLE_OUT_OF_BOUNDS + ": element "
                + Long.toUnsignedString(index) + " of " + size);
    }

    /**
     * Adds elements and returns the size before, or -1 if there is no room.
     *
     * @throws IllegalArgumentException if the value is not of the element type
     */
    public long grow(long count, Object value) {
        return add(count, Values.checkRef(type.element(), value));
    }

    /** {@link #grow} for values that validation has typed. */
    long add(long count, Object value) {
        if (Long.compareUnsigned(count, max - size) > 0) {
            return -1;
        }
        int before = size;
        int after = size + (int) count;
        if (after > elements.length) {
            try {
                elements = Arrays.copyOf(elements, (int) Math.max(after, Math.min(max, elements.length * 3L / 2)));
            } catch (OutOfMemoryError e) {
                return -1;
            }
        }
        Arrays.fill(elements, before, after, value);
        size = after;
        return before;
    }

    /** Checks a range of a bulk instruction. */
    void checkRange(long index, long count) {
        if (Long.compareUnsigned(count, size) > 0 || Long.compareUnsigned(index, size - count) > 0) {
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, Trap.Kind.TABLE_OUT_OF_BOUNDS + ": "
                    + Long.toUnsignedString(count) + " elements at " + Long.toUnsignedString(index) + " of " + size);
        }
    }

    void fill(long index, Object value, long count) {
        checkRange(index, count);
        Arrays.fill(elements, (int) index, (int) (index + count), value);
        forgetCalls();
    }

    /** {@code table.copy} and {@code table.init}: from an array with the given number of live elements. */
    void copy(long to, Object[] source, int sourceSize, long from, long count) {
        if (Long.compareUnsigned(count, sourceSize) > 0 || Long.compareUnsigned(from, sourceSize - count) > 0) {
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, Trap.Kind.TABLE_OUT_OF_BOUNDS + ": "
                    + Long.toUnsignedString(count) + " elements from " + Long.toUnsignedString(from) + " of "
                    + sourceSize);
        }
        checkRange(to, count);
        System.arraycopy(source, (int) from, elements, (int) to, (int) count);
        forgetCalls();
    }

    private void forgetCalls() {
        if (callCache != null) {
            callCache.forget();
        }
    }
}
