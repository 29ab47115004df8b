package wasmbpf.wasm;

/**
 * A global variable. A number lies in a cell of 16 bytes outside the heap, at an address that both tiers write into their code;
 * a reference lies in a field. One thread at a time.
 */
public final class WasmGlobal implements Extern {
    private static final int CELL_BYTES = 16;

    private final GlobalType type;
    /** What the cell lives as long as; globals of one instance share it. Null for a reference. */
    private final Object cells;
    /** The absolute address of the cell; 0 for a reference. */
    final long address;
    /** The value, if it is a reference. */
    Object ref;

    /**
     * @param value in the form {@link WasmFunction#apply} describes
     * @throws IllegalArgumentException if the value is not of the type
     */
    public WasmGlobal(GlobalType type, Object value) {
        this(type, type.type().isRef() ? null : new Object(), 0);
        assign(value);
    }

    private WasmGlobal(GlobalType type, Object cells, long address) {
        this.type = type;
        this.cells = cells;
        this.address = cells != null && address == 0 ? RawMemory.allocate(cells, CELL_BYTES) : address;
    }

    /** Globals of one instance, in one allocation; references are null, numbers not yet set. */
    static WasmGlobal[] allocate(GlobalType[] types) {
        WasmGlobal[] globals = new WasmGlobal[types.length];
        Object cells = new Object();
        long address = types.length == 0 ? 0 : RawMemory.allocate(cells, (long) CELL_BYTES * types.length);
        for (int i = 0; i < types.length; i++) {
            boolean ref = types[i].type().isRef();
            globals[i] = new WasmGlobal(types[i], ref ? null : cells, ref ? 0 : address + (long) CELL_BYTES * i);
        }
        return globals;
    }

    public GlobalType type() {
        return type;
    }

    @Override
    public ExternType externType() {
        return type;
    }

    /** The value in the form {@link WasmFunction#apply} describes. */
    public Object get() {
        return cells == null ? ref : Values.number(type.type(), low(), RawMemory.getLong(address + 8));
    }

    /** The bits of a number: i32 and f32 sign-extended. */
    public long low() {
        return RawMemory.getLong(address);
    }

    /**
     * @throws IllegalStateException if the global is constant
     * @throws IllegalArgumentException if the value is not of the type
     */
    public void set(Object value) {
        if (!type.mutable()) {
            throw new IllegalStateException("the global is constant");
        }
        assign(value);
    }

    private void assign(Object value) {
        if (cells == null) {
            ref = Values.checkRef(type.type(), value);
        } else {
            put(Values.low(type.type(), value), value instanceof V128 v ? v.high() : 0);
        }
    }

    void put(long low, long high) {
        RawMemory.putLong(address, low);
        RawMemory.putLong(address + 8, high);
    }
}
