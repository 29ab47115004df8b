package wasmbpf.wasm;

import java.util.List;

/**
 * A decoded module. Everything outside function bodies is validated; bodies are when {@link #validate} is called or,
 * one by one, when {@link FuncValidator} drives their translation at the first call. Immutable, usable from any
 * thread. Index spaces begin with the imports, as in the specification.
 */
public final class WasmModule {
    private final String name;
    private final byte[] bytes;
    private final ModuleTypes types;
    private final List<Import> imports;
    private final int[] functionTypes;
    private final int importedFunctions;
    /** Offset and end of each defined function's body (locals and code), two ints each. */
    private final int[] bodies;
    private final int codeStart;
    private final List<TableType> tables;
    private final int importedTables;
    private final List<ConstExpr> tableInits;
    private final List<MemoryType> memories;
    private final int importedMemories;
    private final List<GlobalType> globals;
    private final int importedGlobals;
    private final List<ConstExpr> globalInits;
    private final int[] tagTypes;
    private final int importedTags;
    private final List<Export> exports;
    private final int start;
    private final List<ElementSegment> elements;
    private final List<DataSegment> dataSegments;
    private final List<CustomSection> customSections;
    private final int[] tableCodes;
    private final int[] globalCodes;
    private final int[] elementCodes;
    private final boolean hasDataCount;
    private final long[] declared;
    private volatile NameSection names;

    WasmModule(ModuleDecoder d) {
        name = d.name;
        bytes = d.bytes;
        types = d.types;
        imports = List.copyOf(d.imports);
        functionTypes = d.functionTypes.toArray();
        importedFunctions = d.importedFunctions;
        bodies = d.bodies;
        codeStart = d.codeStart;
        tables = List.copyOf(d.tables);
        importedTables = d.importedTables;
        tableInits = d.tableInits;
        memories = List.copyOf(d.memories);
        importedMemories = d.importedMemories;
        globals = List.copyOf(d.globals);
        importedGlobals = d.importedGlobals;
        globalInits = d.globalInits;
        tagTypes = d.tagTypes.toArray();
        importedTags = d.importedTags;
        exports = List.copyOf(d.exports);
        start = d.start;
        elements = List.copyOf(d.elements);
        dataSegments = List.copyOf(d.dataSegments);
        customSections = List.copyOf(d.customSections);
        tableCodes = d.tableCodes.toArray();
        globalCodes = d.globalCodes.toArray();
        elementCodes = d.elementCodes.toArray();
        hasDataCount = d.dataCount >= 0;
        declared = d.declared;
    }

    /**
     * Decodes a module. Keeps {@code bytes}: the caller must not change them afterwards.
     *
     * @param name how messages call it, usually the file name
     * @throws MalformedException if the bytes do not follow the binary format
     * @throws InvalidException if something outside the function bodies breaks a rule of validation
     */
    public static WasmModule decode(String name, byte[] bytes) {
        return new ModuleDecoder(name, bytes).decode();
    }

    public String name() {
        return name;
    }

    /** The module's bytes themselves: never write to them. */
    public byte[] bytes() {
        return bytes;
    }

    public ModuleTypes types() {
        return types;
    }

    public List<Import> imports() {
        return imports;
    }

    /** Imported and defined functions. */
    public int functionCount() {
        return functionTypes.length;
    }

    public int importedFunctionCount() {
        return importedFunctions;
    }

    /** The type index of a function. */
    public int functionTypeIndex(int function) {
        return functionTypes[function];
    }

    public FuncType functionType(int function) {
        return types.def(functionTypes[function]).func();
    }

    /** Where the body (locals, then code) of a defined function starts in {@link #bytes}. */
    public int bodyStart(int function) {
        return bodies[2 * (function - importedFunctions)];
    }

    /** Where it ends, exclusive. */
    public int bodyEnd(int function) {
        return bodies[2 * (function - importedFunctions) + 1];
    }

    public int tableCount() {
        return tables.size();
    }

    public int importedTableCount() {
        return importedTables;
    }

    public TableType table(int index) {
        return tables.get(index);
    }

    /** The expression that gives the first elements of a defined table, or null for null references. */
    public ConstExpr tableInit(int index) {
        return tableInits.get(index - importedTables);
    }

    public int memoryCount() {
        return memories.size();
    }

    public int importedMemoryCount() {
        return importedMemories;
    }

    public MemoryType memory(int index) {
        return memories.get(index);
    }

    public int globalCount() {
        return globals.size();
    }

    public int importedGlobalCount() {
        return importedGlobals;
    }

    public GlobalType global(int index) {
        return globals.get(index);
    }

    /** The expression that gives the first value of a defined global. */
    public ConstExpr globalInit(int index) {
        return globalInits.get(index - importedGlobals);
    }

    public int tagCount() {
        return tagTypes.length;
    }

    public int importedTagCount() {
        return importedTags;
    }

    /** The type index of an exception tag. */
    public int tagTypeIndex(int tag) {
        return tagTypes[tag];
    }

    public List<Export> exports() {
        return exports;
    }

    /** The export of this name, or null. */
    public Export export(String name) {
        for (Export export : exports) {
            if (export.name().equals(name)) {
                return export;
            }
        }
        return null;
    }

    /** The start function's index, or -1. */
    public int start() {
        return start;
    }

    public List<ElementSegment> elements() {
        return elements;
    }

    public List<DataSegment> dataSegments() {
        return dataSegments;
    }

    /** The element type of a table as a {@link TypeCode}. */
    public int tableCode(int table) {
        return tableCodes[table];
    }

    /** The type of a global as a {@link TypeCode}. */
    public int globalCode(int global) {
        return globalCodes[global];
    }

    /** The type of an element segment as a {@link TypeCode}. */
    public int elementCode(int segment) {
        return elementCodes[segment];
    }

    boolean hasDataCount() {
        return hasDataCount;
    }

    /** Whether ref.func may name the function in bodies: it occurs outside of them (section 3.5, C.refs). */
    boolean isDeclared(int function) {
        return declared.length > 0 && (declared[function >>> 6] & 1L << function) != 0;
    }

    public List<CustomSection> customSections() {
        return customSections;
    }

    /** The name that the name section gives a function, else one it is exported or imported by, else null. */
    public String functionName(int function) {
        NameSection section = names;
        if (section == null) {
            // Read on first use: a run that meets no error never needs it. Two threads may both read it.
            names = section = new NameSection(this, false);
        }
        return section.function(function);
    }

    /** The same for a tag; read anew each time. */
    String tagName(int tag) {
        return new NameSection(this, true).tag(tag);
    }

    /** As messages show a function: {@code 12 "main"}, or {@code 12} if it has no name. */
    String functionLabel(int function) {
        String functionName = functionName(function);
        return functionName == null ? Integer.toString(function) : function + " " + WasmText.quote(functionName);
    }

    /**
     * What source code instructions come from, by the module's DWARF: for each the calls it lies in, innermost first; an empty
     * list where nothing is known. Reads the debug information anew each time.
     *
     * @param offsets of instructions in {@link #bytes}
     */
    public List<List<SourceFrame>> sources(int... offsets) {
        return DebugLines.of(this).sources(offsets);
    }

    /** What addresses in debug information count from. */
    int codeStart() {
        return codeStart;
    }

    /** Validates every function body; throws {@link InvalidException} or {@link MalformedException}. */
    public void validate() {
        FuncValidator validator = new FuncValidator(this);
        for (int f = importedFunctions; f < functionTypes.length; f++) {
            validator.validate(f, OpSink.NONE);
        }
    }
}
