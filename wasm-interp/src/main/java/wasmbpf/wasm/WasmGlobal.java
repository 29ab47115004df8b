package wasmbpf.wasm;

/**
 * A global variable. A number lies in an array, so that HotSpot sees that no store to a memory changes it; both tiers write the
 * place into their code. A reference lies in a field. One thread at a time.
 */
public final class WasmGlobal implements Extern {
    private final GlobalType type;
    /** Where the number is, from {@link #cell} on: one long, or two of a vector. Null for a reference. */
    final long[] numbers;
    final int cell;
    /** The value, if it is a reference. */
    Object ref;

    /**
     * @param value in the form {@link WasmFunction#apply} describes
     * @throws IllegalArgumentException if the value is not of the type
     */
    public WasmGlobal(GlobalType type, Object value) {
        this(type, new long[cells(type)], 0);
        assign(value);
    }

    private WasmGlobal(GlobalType type, long[] numbers, int cell) {
        this.type = type;
        this.numbers = type.type().isRef() ? null : numbers;
        this.cell = cell;
    }

    /** Room for the numbers of globals. */
    static long[] room(GlobalType[] types) {
        int cells = 0;
        for (GlobalType type : types) {
            cells += cells(type);
        }
        return new long[cells];
    }

    /** Globals of one instance; references are null, numbers not yet set. @param numbers {@link #room} for them */
    static WasmGlobal[] all(GlobalType[] types, long[] numbers) {
        WasmGlobal[] globals = new WasmGlobal[types.length];
        int cell = 0;
        for (int i = 0; i < types.length; i++) {
            globals[i] = new WasmGlobal(types[i], numbers, cell);
            cell += cells(types[i]);
        }
        return globals;
    }

    private static int cells(GlobalType type) {
        return type.type().isRef() ? 0 : type.type() == ValType.V128 ? 2 : 1;
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
        return numbers == null ? ref : Values.number(type.type(), low(), high());
    }

    /** The bits of a number: i32 and f32 sign-extended. */
    public long low() {
        return numbers[cell];
    }

    /** The upper half of a vector; 0 of another number. */
    long high() {
        return type.type() == ValType.V128 ? numbers[cell + 1] : 0;
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
        if (numbers == null) {
            ref = Values.checkRef(type.type(), value);
        } else {
            put(Values.low(type.type(), value), value instanceof V128 v ? v.high() : 0);
        }
    }

    /** @param high of a vector, else not looked at */
    void put(long low, long high) {
        numbers[cell] = low;
        if (type.type() == ValType.V128) {
            numbers[cell + 1] = high;
        }
    }
}
