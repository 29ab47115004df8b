package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a module (binary format, section 5.5) and validates everything but the function bodies, whose place alone is
 * noted: a body is read when it is first needed.
 */
final class ModuleDecoder {
    private static final int MAGIC = 0x6D736100;
    private static final int VERSION = 1;

    private static final int CUSTOM = 0;
    private static final int TYPE = 1;
    private static final int IMPORT = 2;
    private static final int FUNCTION = 3;
    private static final int TABLE = 4;
    private static final int MEMORY = 5;
    private static final int GLOBAL = 6;
    private static final int EXPORT = 7;
    private static final int START = 8;
    private static final int ELEMENT = 9;
    private static final int CODE = 10;
    private static final int DATA = 11;
    private static final int DATA_COUNT = 12;
    private static final int TAG = 13;

    final String name;
    final byte[] bytes;
    final ModuleTypes types = new ModuleTypes();
    final List<Import> imports = new ArrayList<>();
    final IntList functionTypes = new IntList();
    int importedFunctions;
    int[] bodies = {};
    final List<TableType> tables = new ArrayList<>();
    final IntList tableCodes = new IntList();
    int importedTables;
    final List<ConstExpr> tableInits = new ArrayList<>();
    final List<MemoryType> memories = new ArrayList<>();
    int importedMemories;
    final List<GlobalType> globals = new ArrayList<>();
    final IntList globalCodes = new IntList();
    int importedGlobals;
    final List<ConstExpr> globalInits = new ArrayList<>();
    final IntList tagTypes = new IntList();
    int importedTags;
    final List<Export> exports = new ArrayList<>();
    int start = -1;
    final List<ElementSegment> elements = new ArrayList<>();
    final IntList elementCodes = new IntList();
    final List<DataSegment> dataSegments = new ArrayList<>();
    final List<CustomSection> customSections = new ArrayList<>();
    /** -1 without a data count section. */
    int dataCount = -1;
    /** Functions that ref.func may name in bodies: those that occur outside of them. A bit each. */
    long[] declared = {};

    private final WasmReader in;
    private final TypeReader typeReader;
    private final LimitsReader limitsReader;
    private final ConstExprValidator constants;
    private boolean hasCode;
    /** Where the contents of the code section start. */
    int codeStart;

    ModuleDecoder(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.in = new WasmReader(name, bytes);
        this.typeReader = new TypeReader(in, types);
        this.limitsReader = new LimitsReader(in);
        this.constants = new ConstExprValidator(this, in, typeReader);
    }

    WasmModule decode() {
        in.part("header");
        if (bytes.length < 4 || in.fixed32() != MAGIC) {
            throw in.malformed(0, "magic header not detected: this is not a WebAssembly module");
        }
        int version = in.fixed32();
        if (version != VERSION) {
            throw in.malformed(4, version == 0x1000D ? "this is a WebAssembly component, not a core module"
                    : "unknown binary version 0x" + Integer.toHexString(version));
        }
        int last = 0;
        while (!in.atEnd()) {
            in.part("module");
            int at = in.pos;
            int id = in.u8();
            int size = in.index();
            if (size > in.remaining()) {
                throw in.malformed(at, "section " + id + " of " + Integer.toUnsignedString(size) + " bytes, "
                        + in.remaining() + " remain");
            }
            if (id != CUSTOM) {
                int order = order(id);
                if (order == 0) {
                    throw in.malformed(at, "malformed section id " + id);
                }
                if (order <= last) {
                    throw in.malformed(at, "unexpected content after last section: section " + id
                            + " is out of order or comes twice");
                }
                last = order;
            }
            int sectionEnd = in.pos + size;
            in.end = sectionEnd;
            section(id);
            if (in.pos != sectionEnd) {
                throw in.malformed(in.pos, "section size mismatch: " + in.remaining() + " bytes are left over");
            }
            in.end = bytes.length;
        }
        in.part("module");
        if (!hasCode && functionTypes.size() > importedFunctions) {
            throw in.malformed(in.pos, "function and code section have inconsistent lengths");
        }
        if (dataCount > 0 && dataSegments.isEmpty()) {
            throw in.malformed(in.pos, "data count and data section have inconsistent lengths");
        }
        return new WasmModule(this);
    }

    /** The place of a section among the others, from 1; 0 for an unknown one. */
    private static int order(int id) {
        return switch (id) {
            case TYPE, IMPORT, FUNCTION, TABLE, MEMORY -> id;
            case TAG -> 6;
            case GLOBAL, EXPORT, START, ELEMENT -> id + 1;
            case DATA_COUNT -> 11;
            case CODE, DATA -> id + 2;
            default -> 0;
        };
    }

    private void section(int id) {
        switch (id) {
            case CUSTOM -> customSection();
            case TYPE -> new TypeSection(in, types, typeReader).read();
            case IMPORT -> importSection();
            case FUNCTION -> functionSection();
            case TABLE -> tableSection();
            case MEMORY -> memorySection();
            case TAG -> tagSection();
            case GLOBAL -> globalSection();
            case EXPORT -> new ExportSection(this, in).read();
            case START -> startSection();
            case ELEMENT -> new ElementSection(this, in, typeReader, constants).read();
            case DATA_COUNT -> {
                in.part("data count section");
                dataCount = in.index();
            }
            case CODE -> codeSection();
            default -> new DataSection(this, in, constants).read();
        }
    }

    private void customSection() {
        in.part("custom section");
        String sectionName = in.name();
        customSections.add(new CustomSection(sectionName, in.pos, in.remaining()));
        in.pos = in.end;
    }

    // Imports and declarations

    private void importSection() {
        in.part("import section");
        int count = in.count("imports", Limits.IMPORTS);
        for (int i = 0; i < count; i++) {
            String module = in.name();
            String field = in.name();
            imports.add(new Import(module, field, externType()));
        }
        importedFunctions = functionTypes.size();
        importedTables = tables.size();
        importedMemories = memories.size();
        importedGlobals = globals.size();
        importedTags = tagTypes.size();
    }

    private ExternType externType() {
        int at = in.pos;
        int kind = in.u8();
        switch (kind) {
            case 0 -> {
                int type = typeReader.funcTypeIndex();
                functionTypes.add(type);
                return new ExternType.Func(types.def(type));
            }
            case 1 -> {
                return addTable(typeReader.refType());
            }
            case 2 -> {
                return addMemory();
            }
            case 3 -> {
                return addGlobal();
            }
            case 4 -> {
                return new ExternType.Tag(types.def(addTag()));
            }
            default -> throw in.malformed(at, "malformed import kind " + kind);
        }
    }

    private void functionSection() {
        in.part("function section");
        int count = in.count("functions", Limits.FUNCTIONS);
        if (count > Limits.FUNCTIONS - importedFunctions) {
            throw in.invalid(in.pos, "more than " + Limits.FUNCTIONS + " functions");
        }
        for (int i = 0; i < count; i++) {
            functionTypes.add(typeReader.funcTypeIndex());
        }
    }

    private void tableSection() {
        in.part("table section");
        int count = in.count("tables", Limits.TABLES);
        for (int i = 0; i < count; i++) {
            boolean hasInit = in.peek() == 0x40;
            if (hasInit) {
                in.pos++;
                int at = in.pos;
                int reserved = in.u8();
                if (reserved != 0) {
                    throw in.malformed(at, "zero byte expected");
                }
            }
            int at = in.pos;
            int code = typeReader.refType();
            addTable(code);
            if (hasInit) {
                tableInits.add(constants.read(code));
            } else {
                if (!TypeCode.isNullable(code)) {
                    throw in.invalid(at, "type mismatch: a table of " + ModuleTypes.text(code)
                            + " needs an initial value");
                }
                tableInits.add(null);
            }
        }
    }

    private TableType addTable(int code) {
        int at = in.pos;
        TableType type = limitsReader.table(types.valType(code));
        if (tables.size() >= Limits.TABLES) {
            throw in.invalid(at, "more than " + Limits.TABLES + " tables");
        }
        tables.add(type);
        tableCodes.add(code);
        return type;
    }

    private void memorySection() {
        in.part("memory section");
        int count = in.count("memories", Limits.MEMORIES);
        for (int i = 0; i < count; i++) {
            addMemory();
        }
    }

    private MemoryType addMemory() {
        int at = in.pos;
        MemoryType type = limitsReader.memory();
        if (memories.size() >= Limits.MEMORIES) {
            throw in.invalid(at, "more than " + Limits.MEMORIES + " memories");
        }
        memories.add(type);
        return type;
    }

    private void tagSection() {
        in.part("tag section");
        int count = in.count("tags", Limits.TAGS);
        for (int i = 0; i < count; i++) {
            addTag();
        }
    }

    private int addTag() {
        int at = in.pos;
        if (in.u8() != 0) {
            throw in.malformed(at, "malformed tag attribute");
        }
        int type = typeReader.funcTypeIndex();
        if (types.results(type).length != 0) {
            throw in.invalid(at, "non-empty tag result type");
        }
        tagTypes.add(type);
        return type;
    }

    private void globalSection() {
        in.part("global section");
        int count = in.count("globals", Limits.GLOBALS);
        for (int i = 0; i < count; i++) {
            int code = typeReader.valType();
            boolean mutable = typeReader.mutability();
            // The expression sees the globals before this one only.
            globalInits.add(constants.read(code));
            addGlobal(code, mutable);
        }
    }

    private GlobalType addGlobal() {
        int code = typeReader.valType();
        return addGlobal(code, typeReader.mutability());
    }

    private GlobalType addGlobal(int code, boolean mutable) {
        GlobalType type = new GlobalType(types.valType(code), mutable);
        globals.add(type);
        globalCodes.add(code);
        return type;
    }

    void checkIndex(int at, String what, int index, int count) {
        if (index >= count) {
            throw in.invalid(at, "unknown " + what + " " + index + "; there are " + count);
        }
    }

    int functionIndex() {
        int at = in.pos;
        int index = in.index();
        checkIndex(at, "function", index, functionTypes.size());
        return index;
    }

    /** Notes that {@code ref.func} may name this function in bodies. */
    void declare(int function) {
        if (declared.length == 0) {
            declared = new long[(functionTypes.size() + 63) >>> 6];
        }
        declared[function >>> 6] |= 1L << function;
    }

    private void startSection() {
        in.part("start section");
        int at = in.pos;
        start = functionIndex();
        int type = functionTypes.get(start);
        if (types.params(type).length != 0 || types.results(type).length != 0) {
            throw in.invalid(at, "start function " + start + " must have type () -> ()");
        }
    }

    private void codeSection() {
        in.part("code section");
        hasCode = true;
        codeStart = in.pos;
        int at = in.pos;
        int count = in.count("function bodies", Limits.FUNCTIONS);
        if (count != functionTypes.size() - importedFunctions) {
            throw in.malformed(at, "function and code section have inconsistent lengths: "
                    + (functionTypes.size() - importedFunctions) + " and " + count);
        }
        int[] places = new int[2 * count];
        for (int i = 0; i < count; i++) {
            int bodyAt = in.pos;
            int size = in.index();
            if (size > in.remaining()) {
                throw in.malformed(bodyAt, "a function body of " + Integer.toUnsignedString(size) + " bytes, "
                        + in.remaining() + " remain");
            }
            if (size > Limits.FUNCTION_BYTES) {
                throw in.invalid(bodyAt, "a function body of " + size + " bytes; at most " + Limits.FUNCTION_BYTES
                        + " are allowed");
            }
            places[2 * i] = in.pos;
            in.pos += size;
            places[2 * i + 1] = in.pos;
        }
        bodies = places;
    }
}
