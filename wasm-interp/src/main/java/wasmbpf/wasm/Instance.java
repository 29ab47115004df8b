package wasmbpf.wasm;

import java.util.List;
import java.util.Objects;

/**
 * A module brought to life: its functions, memories, tables, globals and tags, its own or imported. Used by one thread
 * at a time. The instance owns the memories it defines; {@link #close} gives them back at once.
 */
public final class Instance implements AutoCloseable {
    private final WasmModule module;
    private final InstanceOptions options;
    final GuestStack stack;
    /** By index; a slot is replaced when its function is compiled. */
    final WasmFunction[] functions;
    final WasmTable[] tables;
    final LinearMemory[] memories;
    final WasmGlobal[] globals;
    final WasmTag[] tags;
    /** Element segments; null once dropped. */
    final Object[][] elements;
    /** Which data segments are dropped. */
    final boolean[] droppedData;
    /** Memory 0, or an empty one: the fast paths of both tiers need no null check. */
    final LinearMemory memory0;
    private final CodeSpace code = new CodeSpace();
    private long[] numbers;
    /** Where {@link Activations} keeps what it knows of the functions. */
    private final long cells;
    private CallCache callCache;
    /** When it was made, by System.nanoTime, and what the tier's compilers have cost it since, by estimate. */
    final long born = System.nanoTime();
    long compilersNanos;
    private Lowering lowering;
    private volatile boolean interrupted;
    private boolean closed;
    /** Whether another instance has imported a function of this one, and so may run it on a stack of its own. */
    private boolean linked;
    private Object attachment;

    private Instance(WasmModule module, ImportLinker imports, InstanceOptions options) {
        this.module = module;
        this.options = options;
        this.stack = new GuestStack(options.stackBytes(), options.maxCallDepth(), options.profiler() != null);
        if (options.profiler() != null) {
            options.profiler().watch(stack);
        }
        this.functions = new WasmFunction[module.functionCount()];
        long cellBytes = (long) Activations.CELL_BYTES * functions.length;
        cells = RawMemory.allocate(this, cellBytes + 8);
        RawMemory.fill(cells, cellBytes, (byte) 0);
        this.tables = new WasmTable[module.tableCount()];
        this.memories = new LinearMemory[module.memoryCount()];
        this.globals = new WasmGlobal[module.globalCount()];
        this.tags = new WasmTag[module.tagCount()];
        this.elements = new Object[module.elements().size()][];
        this.droppedData = new boolean[module.dataSegments().size()];
        try {
            link(imports);
            define();
            memory0 = memories.length == 0 ? EmptyMemory.INSTANCE : memories[0];
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** Made once, on first need: a memory of no pages. */
    private static final class EmptyMemory {
        static final LinearMemory INSTANCE =
                new LinearMemory(new MemoryType(0, true, 0, false, false, 16), FileReservation.PROVIDER, 0);
    }

    /**
     * Links, initialises and starts a module.
     *
     * @throws LinkException if an import is missing or has another type
     * @throws Trap if a segment does not fit or the start function traps; side effects up to there stay, as imported
     *         memories and tables may already hold what was copied. What nobody else can reach is given back at once.
     *         OUT_OF_MEMORY too if the system refuses the memory for the guest's stack
     * @throws InvalidException if a function that runs is invalid: bodies are validated at their first call
     */
    public static Instance instantiate(WasmModule module, ImportLinker imports, InstanceOptions options) {
        Objects.requireNonNull(module);
        Instance instance = new Instance(module, imports, options);
        try {
            instance.initialise();
            if (module.start() >= 0) {
                instance.functions[module.start()].apply();
            }
        } catch (Throwable t) {
            if (!instance.mayBeReached()) {
                instance.close();
            }
            throw t;
        }
        return instance;
    }

    /** Whether the instance may have left a function of its own, which goes on to need its memory, with another one. */
    private boolean mayBeReached() {
        for (int i = 0; i < module.importedFunctionCount(); i++) {
            if (!(functions[i] instanceof HostBinding)) {
                return true;
            }
        }
        for (int i = 0; i < module.importedGlobalCount(); i++) {
            if (globals[i].type().mutable() && globals[i].type().type().isRef()) {
                return true;
            }
        }
        return module.importedTableCount() > 0;
    }

    private void link(ImportLinker imports) {
        int function = 0;
        int table = 0;
        int memory = 0;
        int global = 0;
        int tag = 0;
        for (Import wanted : module.imports()) {
            Extern given = imports.resolve(this, function, wanted);
            // By kind, not by pattern: the first pattern switch of a run spins a class, 4 ms.
            switch (wanted.type().kind()) {
                case FUNC -> functions[function++] = (WasmFunction) given;
                case TABLE -> tables[table++] = (WasmTable) given;
                case MEMORY -> memories[memory++] = (LinearMemory) given;
                case GLOBAL -> globals[global++] = (WasmGlobal) given;
                case TAG -> tags[tag] = ((WasmTag) given).of(module, tag++);
            }
        }
    }

    private void define() {
        for (int i = module.importedFunctionCount(); i < functions.length; i++) {
            DefType type = module.types().def(module.functionTypeIndex(i));
            functions[i] = options.profiler() == null ? new GuestFunction(this, type, i) : new ProfiledFunction(this, type, i);
        }
        for (int i = module.importedTagCount(); i < tags.length; i++) {
            tags[i] = new WasmTag(module.types().def(module.tagTypeIndex(i))).of(module, i);
        }
        for (int i = module.importedMemoryCount(); i < memories.length; i++) {
            memories[i] = new LinearMemory(module.memory(i), options.reservations(), options.maxMemoryBytes());
        }
        int imported = module.importedGlobalCount();
        GlobalType[] types = new GlobalType[globals.length - imported];
        for (int i = 0; i < types.length; i++) {
            types[i] = module.global(imported + i);
        }
        numbers = WasmGlobal.room(types);
        System.arraycopy(WasmGlobal.all(types, numbers), 0, globals, imported, types.length);
        ConstEvaluator constants = new ConstEvaluator(this);
        for (int i = imported; i < globals.length; i++) {
            constants.evaluate(module.globalInit(i));
            if (types[i - imported].type().isRef()) {
                globals[i].ref = constants.ref();
            } else {
                globals[i].put(constants.low(), constants.high());
            }
        }
        for (int i = module.importedTableCount(); i < tables.length; i++) {
            ConstExpr init = module.tableInit(i);
            tables[i] = new WasmTable(module.table(i), init == null ? null : constants.evaluate(init).ref(),
                    options.maxTableElements());
        }
        List<ElementSegment> segments = module.elements();
        for (int i = 0; i < elements.length; i++) {
            ElementSegment segment = segments.get(i);
            Object[] values = new Object[segment.length()];
            for (int j = 0; j < values.length; j++) {
                values[j] = segment.functions() != null ? functions[segment.functions()[j]]
                        : constants.evaluate(segment.expressions().get(j)).ref();
            }
            elements[i] = values;
        }
    }

    /** Copies active segments, in order, each as the bulk instruction it stands for. */
    private void initialise() {
        ConstEvaluator constants = new ConstEvaluator(this);
        List<ElementSegment> segments = module.elements();
        for (int i = 0; i < elements.length; i++) {
            ElementSegment segment = segments.get(i);
            if (segment.mode() == SegmentMode.ACTIVE) {
                WasmTable table = tables[segment.table()];
                long at = constants.evaluate(segment.offset()).index(table.type().table64());
                table.copy(at, elements[i], elements[i].length, 0, elements[i].length);
            }
            if (segment.mode() != SegmentMode.PASSIVE) {
                elements[i] = null;
            }
        }
        List<DataSegment> data = module.dataSegments();
        for (int i = 0; i < droppedData.length; i++) {
            DataSegment segment = data.get(i);
            if (segment.mode() == SegmentMode.ACTIVE) {
                LinearMemory memory = memories[segment.memory()];
                long at = constants.evaluate(segment.offset()).index(memory.type().memory64());
                memory.write(at, module.bytes(), segment.start(), segment.length());
                droppedData[i] = true;
            }
        }
    }

    public WasmModule module() {
        return module;
    }

    /** The module's name. */
    public String name() {
        return module.name();
    }

    public InstanceOptions options() {
        return options;
    }

    /** What is exported under a name, or null. */
    public Extern export(String name) {
        Export export = module.export(name);
        if (export == null) {
            return null;
        }
        return switch (export.kind()) {
            case FUNC -> functions[export.index()];
            case TABLE -> tables[export.index()];
            case MEMORY -> memories[export.index()];
            case GLOBAL -> globals[export.index()];
            case TAG -> tags[export.index()];
        };
    }

    /** The function exported under a name, or null. */
    public WasmFunction exportedFunction(String name) {
        return export(name) instanceof WasmFunction function ? function : null;
    }

    /** The memory with this index, imports first; null if there is none. */
    public LinearMemory memory(int index) {
        return index >= 0 && index < memories.length ? memories[index] : null;
    }

    /** The table with this index, imports first; null if there is none. */
    public WasmTable table(int index) {
        return index >= 0 && index < tables.length ? tables[index] : null;
    }

    /**
     * The function that a C function pointer means.
     *
     * @param element unsigned
     * @throws Trap UNDEFINED_ELEMENT if there is no such table or element, UNINITIALIZED_ELEMENT if it is null
     */
    public WasmFunction tableFunction(int tableIndex, int element) {
        WasmTable table = table(tableIndex);
        if (table == null || Integer.compareUnsigned(element, table.size) >= 0) {
            throw new Trap(Trap.Kind.UNDEFINED_ELEMENT, Trap.Kind.UNDEFINED_ELEMENT + " "
                    + Integer.toUnsignedString(element) + " of table " + tableIndex);
        }
        if (table.elements[element] instanceof WasmFunction function) {
            return function;
        }
        throw new Trap(Trap.Kind.UNINITIALIZED_ELEMENT, Trap.Kind.UNINITIALIZED_ELEMENT + " "
                + Integer.toUnsignedString(element) + " of table " + tableIndex);
    }

    /** What the host has attached, or null. */
    public Object attachment() {
        return attachment;
    }

    /** Something the host wants to find again in its functions. */
    public void setAttachment(Object attachment) {
        this.attachment = attachment;
    }

    /**
     * Makes running guest code trap with INTERRUPTED within some thousand calls or loop iterations, and every later
     * call, until {@link #clearInterrupt}. From any thread. A host function that waits is not woken by it.
     *
     * @throws IllegalStateException if the instance was not made {@link InstanceOptions#interruptible}
     */
    public void interrupt() {
        if (!options.interruptible()) {
            throw new IllegalStateException("the instance is not interruptible");
        }
        interrupted = true;
    }

    public void clearInterrupt() {
        interrupted = false;
    }

    /** Where {@link Activations} keeps what it knows of a function. */
    long cell(int function) {
        return cells + (long) Activations.CELL_BYTES * function;
    }

    GuestFunction ofCell(long cell) {
        return (GuestFunction) functions[(int) ((cell - cells) / Activations.CELL_BYTES)];
    }

    /** The cells of its own globals that are numbers; both tiers write places in it into their code. */
    long[] numbers() {
        return numbers;
    }

    CodeSpace code() {
        return code;
    }

    /** Of calls through table 0. */
    CallCache callCache() {
        CallCache cache = callCache;
        if (cache == null) {
            callCache = cache = CallCache.of(table(0));
        }
        return cache;
    }

    Lowering lowering() {
        Lowering lowering = this.lowering;
        if (lowering == null) {
            this.lowering = lowering = new Lowering(this);
        }
        return lowering;
    }

    /** By the name section, else by an export, else null. */
    String functionName(int function) {
        return module.functionName(function);
    }

    void checkInterrupt() {
        if (interrupted) {
            throw new Trap(Trap.Kind.INTERRUPTED);
        }
    }

    /** Notes that another instance uses what this one exports: a running guest must never lose its memory. */
    static void link(Extern extern) {
        switch (extern.externType().kind()) {
            case FUNC -> ((WasmFunction) extern).instance.linked = true;
            case MEMORY -> ((LinearMemory) extern).linked = true;
            case TABLE -> ((WasmTable) extern).linked = true;
            case GLOBAL, TAG -> {
            }
        }
    }

    /** Before a call from outside. */
    void checkOpen() {
        checkInterrupt();
        if (closed) {
            throw new IllegalStateException(module.name() + " is closed");
        }
    }

    /**
     * Gives the memories the instance defines back to the system. May be called in a host function: the guest then
     * traps at its next access. Calls from outside throw IllegalStateException then; other instances that have imported a
     * function of this one may go on to call it. Idempotent.
     *
     * @throws IllegalStateException if the guest is running on another thread
     */
    @Override
    public void close() {
        boolean taken = stack.take(this);
        try {
            close(taken);
        } finally {
            stack.giveBack(taken);
        }
    }

    /** @param idle whether no call of it is open */
    private void close(boolean idle) {
        if (closed) {
            return;
        }
        closed = true;
        if (options.profiler() != null) {
            options.profiler().forget(stack);
        }
        if (idle) {
            stack.close();
        }
        boolean runElsewhere = linked;
        for (WasmTable table : tables) {
            runElsewhere |= table != null && table.linked;
        }
        for (int i = module.importedMemoryCount(); i < memories.length; i++) {
            if (memories[i] != null) {
                memories[i].linked |= runElsewhere;
                memories[i].close();
            }
        }
    }
}
