package wasmbpf.wasm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A global variable. A number lies in a cell of 16 bytes outside the heap, at an address that both tiers write into their code;
 * a reference lies in a field. One thread at a time.
 */
public final class WasmGlobal implements Extern {
    private static final int CELL_BYTES = 16;

    private final GlobalType type;
    /** Keeps the cell alive: every instance that uses the global refers to it. */
    private final MemorySegment cell;
    /** The absolute address of the cell; 0 for a reference. */
    final long address;
    /** The value, if it is a reference. */
    Object ref;

    /**
     * @param value in the form {@link WasmFunction#apply} describes
     * @throws IllegalArgumentException if the value is not of the type
     */
    public WasmGlobal(GlobalType type, Object value) {
        this(type, type.type().isRef() ? null : Arena.ofAuto().allocate(CELL_BYTES, CELL_BYTES));
        assign(value);
    }

    private WasmGlobal(GlobalType type, MemorySegment cell) {
        this.type = type;
        this.cell = cell;
        this.address = cell == null ? 0 : cell.address();
    }

    /** Globals of one instance, in one allocation; all zero or null. */
    static WasmGlobal[] allocate(GlobalType[] types) {
        WasmGlobal[] globals = new WasmGlobal[types.length];
        MemorySegment cells = types.length == 0 ? null
                : Arena.ofAuto().allocate((long) CELL_BYTES * types.length, CELL_BYTES);
        for (int i = 0; i < types.length; i++) {
            globals[i] = new WasmGlobal(types[i], types[i].type().isRef() ? null
                    : cells.asSlice((long) CELL_BYTES * i, CELL_BYTES));
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
        return cell == null ? ref : Values.number(type.type(), low(), RawMemory.getLong(address + 8));
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
        if (cell == null) {
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
