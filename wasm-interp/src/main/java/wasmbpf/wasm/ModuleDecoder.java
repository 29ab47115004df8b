package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.HashSet;
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

    /** Table type flags and memory type flags. */
    private static final int HAS_MAX = 1;
    private static final int SHARED = 2;
    private static final int INDEX64 = 4;
    private static final int PAGE_SIZE = 8;

    /** What memory can be at most, in bytes as log2, by address type. */
    private static final int MEMORY32_LOG2 = 32;
    private static final int MEMORY64_LOG2 = 64;
    private static final int DEFAULT_PAGE_LOG2 = 16;

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
    private final ConstExprValidator constants;
    private boolean hasCode;
    /** Where the contents of the code section start. */
    int codeStart;

    ModuleDecoder(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.in = new WasmReader(name, bytes);
        this.typeReader = new TypeReader(in, types);
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
            case TYPE -> typeSection();
            case IMPORT -> importSection();
            case FUNCTION -> functionSection();
            case TABLE -> tableSection();
            case MEMORY -> memorySection();
            case TAG -> tagSection();
            case GLOBAL -> globalSection();
            case EXPORT -> exportSection();
            case START -> startSection();
            case ELEMENT -> elementSection();
            case DATA_COUNT -> {
                in.part("data count section");
                dataCount = in.index();
            }
            case CODE -> codeSection();
            default -> dataSection();
        }
    }

    private void customSection() {
        in.part("custom section");
        String sectionName = in.name();
        customSections.add(new CustomSection(sectionName, in.pos, in.remaining()));
        in.pos = in.end;
    }

    // Types

    private static final int REC = 0x4E;
    private static final int SUB = 0x50;
    private static final int SUB_FINAL = 0x4F;
    private static final int FUNC = 0x60;
    private static final int STRUCT = 0x5F;
    private static final int ARRAY = 0x5E;

    private void typeSection() {
        in.part("type section");
        int groups = in.count("type groups", Limits.TYPES);
        for (int g = 0; g < groups; g++) {
            int first = types.count();
            int size = 1;
            if (in.peek() == REC) {
                in.pos++;
                size = in.count("types in a group", Limits.TYPES);
            }
            if (size > Limits.TYPES - first) {
                throw in.invalid(in.pos, "more than " + Limits.TYPES + " types");
            }
            typeReader.limit(first + size);
            int at = in.pos;
            for (int i = 0; i < size; i++) {
                subType();
            }
            if (size > 0) {
                types.closeGroup(first);
                for (int i = first; i < first + size; i++) {
                    checkSupertype(i, at);
                }
            }
        }
    }

    private void subType() {
        int at = in.pos;
        int supertype = ModuleTypes.NO_SUPER;
        boolean isFinal = true;
        int b = in.u8();
        if (b == SUB || b == SUB_FINAL) {
            isFinal = b == SUB_FINAL;
            int supers = in.count("supertypes", Limits.TYPES);
            if (supers > 1) {
                throw in.invalid(at, "type " + types.count() + " has " + supers
                        + " supertypes; at most one is allowed");
            }
            if (supers == 1) {
                supertype = typeReader.typeIndex();
                if (supertype >= types.count()) {
                    throw in.invalid(at, "unknown type " + supertype + ": a supertype must come before its subtype");
                }
                if (types.depth(supertype) >= DefType.MAX_DEPTH) {
                    throw in.invalid(at, "more than " + DefType.MAX_DEPTH + " levels of supertypes");
                }
            }
            at = in.pos;
            b = in.u8();
        }
        switch (b) {
            case FUNC -> {
                int[] params = resultType("parameters", Limits.PARAMS);
                types.addFunc(params, resultType("results", Limits.RESULTS), supertype, isFinal);
            }
            case STRUCT -> {
                int count = in.count("fields", Limits.FIELDS);
                int[] fields = new int[count];
                for (int i = 0; i < count; i++) {
                    fields[i] = fieldType();
                }
                types.addStruct(fields, supertype, isFinal);
            }
            case ARRAY -> types.addArray(fieldType(), supertype, isFinal);
            default -> throw in.malformed(at, "malformed type form 0x" + Integer.toHexString(b));
        }
    }

    private int[] resultType(String what, int limit) {
        int count = in.count(what, limit);
        if (count == 0) {
            return ModuleTypes.EMPTY;
        }
        int[] codes = new int[count];
        for (int i = 0; i < count; i++) {
            codes[i] = typeReader.valType();
        }
        return codes;
    }

    private int fieldType() {
        int code = typeReader.storageType();
        return typeReader.mutability() ? code | TypeCode.MUTABLE : code;
    }

    /** Section 3.3.9: the supertype must not be final and must be matched by the structure. */
    private void checkSupertype(int index, int at) {
        int supertype = types.supertype(index);
        if (supertype == ModuleTypes.NO_SUPER) {
            return;
        }
        if (types.isFinal(supertype)) {
            throw in.invalid(at, "sub type " + index + " does not match super type " + supertype + ", which is final");
        }
        if (!types.structureMatches(index, supertype)) {
            throw in.invalid(at, "sub type " + index + " does not match super type " + supertype);
        }
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
        int flags = in.u8();
        if ((flags & ~(HAS_MAX | INDEX64)) != 0) {
            throw in.malformed(at, "malformed limits flags 0x" + Integer.toHexString(flags));
        }
        boolean table64 = (flags & INDEX64) != 0;
        boolean hasMax = (flags & HAS_MAX) != 0;
        long min = in.u64();
        long max = hasMax ? in.u64() : 0;
        checkLimits(at, "table size", min, hasMax, max, table64 ? -1 : 0xFFFFFFFFL);
        TableType type = new TableType(types.valType(code), min, hasMax, max, table64);
        if (tables.size() >= Limits.TABLES) {
            throw in.invalid(at, "more than " + Limits.TABLES + " tables");
        }
        tables.add(type);
        tableCodes.add(code);
        return type;
    }

    /** All numbers unsigned. */
    private void checkLimits(int at, String what, long min, boolean hasMax, long max, long bound) {
        long greatest = hasMax && Long.compareUnsigned(max, min) > 0 ? max : min;
        if (Long.compareUnsigned(greatest, bound) > 0) {
            throw in.invalid(at, what + " must be at most " + Long.toUnsignedString(bound) + ", found "
                    + Long.toUnsignedString(greatest));
        }
        if (hasMax && Long.compareUnsigned(min, max) > 0) {
            throw in.invalid(at, "size minimum must not be greater than maximum: " + Long.toUnsignedString(min) + ", "
                    + Long.toUnsignedString(max));
        }
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
        int flags = in.u8();
        if ((flags & ~(HAS_MAX | SHARED | INDEX64 | PAGE_SIZE)) != 0) {
            throw in.malformed(at, "malformed limits flags 0x" + Integer.toHexString(flags));
        }
        boolean memory64 = (flags & INDEX64) != 0;
        boolean shared = (flags & SHARED) != 0;
        boolean hasMax = (flags & HAS_MAX) != 0;
        long min = in.u64();
        long max = hasMax ? in.u64() : 0;
        int pageLog2 = DEFAULT_PAGE_LOG2;
        if ((flags & PAGE_SIZE) != 0) {
            int pageAt = in.pos;
            pageLog2 = in.index();
            if (pageLog2 >= 64) {
                throw in.malformed(pageAt, "invalid custom page size");
            }
            if (pageLog2 != 0 && pageLog2 != DEFAULT_PAGE_LOG2) {
                throw in.invalid(pageAt, "invalid custom page size: 2^" + pageLog2 + "; 1 and 65536 are allowed");
            }
        }
        int log2 = (memory64 ? MEMORY64_LOG2 : MEMORY32_LOG2) - pageLog2;
        // In pages of one byte the size itself must fit the address type: 2^32 - 1 and 2^64 - 1.
        long bound = pageLog2 == 0 ? memory64 ? -1 : 0xFFFFFFFFL : 1L << log2;
        checkLimits(at, "memory size in pages", min, hasMax, max, bound);
        if (shared && !hasMax) {
            throw in.invalid(at, "shared memory must have maximum");
        }
        if (memories.size() >= Limits.MEMORIES) {
            throw in.invalid(at, "more than " + Limits.MEMORIES + " memories");
        }
        MemoryType type = new MemoryType(min, hasMax, max, memory64, shared, pageLog2);
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

    private void exportSection() {
        in.part("export section");
        int count = in.count("exports", Limits.EXPORTS);
        HashSet<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = in.pos;
            String field = in.name();
            int kindAt = in.pos;
            int kind = in.u8();
            int indexAt = in.pos;
            int index = in.index();
            ExternKind externKind;
            switch (kind) {
                case 0 -> {
                    externKind = ExternKind.FUNC;
                    checkIndex(indexAt, "function", index, functionTypes.size());
                    declare(index);
                }
                case 1 -> {
                    externKind = ExternKind.TABLE;
                    checkIndex(indexAt, "table", index, tables.size());
                }
                case 2 -> {
                    externKind = ExternKind.MEMORY;
                    checkIndex(indexAt, "memory", index, memories.size());
                }
                case 3 -> {
                    externKind = ExternKind.GLOBAL;
                    checkIndex(indexAt, "global", index, globals.size());
                }
                case 4 -> {
                    externKind = ExternKind.TAG;
                    checkIndex(indexAt, "tag", index, tagTypes.size());
                }
                default -> throw in.malformed(kindAt, "malformed export kind " + kind);
            }
            if (!names.add(field)) {
                throw in.invalid(at, "duplicate export name " + WasmText.quote(field));
            }
            exports.add(new Export(field, externKind, index));
        }
    }

    private void checkIndex(int at, String what, int index, int count) {
        if (index >= count) {
            throw in.invalid(at, "unknown " + what + " " + index + "; there are " + count);
        }
    }

    private int functionIndex() {
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

    // Segments and code

    private static final int PASSIVE_OR_DECLARATIVE = 1;
    private static final int EXPLICIT_INDEX = 2;
    private static final int EXPRESSIONS = 4;

    private void elementSection() {
        in.part("element section");
        int count = in.count("element segments", Limits.SEGMENTS);
        for (int i = 0; i < count; i++) {
            elementSegment();
        }
    }

    private void elementSegment() {
        int at = in.pos;
        int flags = in.index();
        if (flags > 7) {
            throw in.malformed(at, "malformed elements segment kind " + flags);
        }
        boolean active = (flags & PASSIVE_OR_DECLARATIVE) == 0;
        SegmentMode mode = active ? SegmentMode.ACTIVE
                : (flags & EXPLICIT_INDEX) != 0 ? SegmentMode.DECLARATIVE : SegmentMode.PASSIVE;
        int table = 0;
        ConstExpr offset = null;
        if (active) {
            int tableAt = in.pos;
            table = (flags & EXPLICIT_INDEX) != 0 ? in.index() : 0;
            checkIndex(tableAt, "table", table, tables.size());
            offset = constants.read(tables.get(table).table64() ? TypeCode.I64 : TypeCode.I32);
        }
        boolean expressions = (flags & EXPRESSIONS) != 0;
        int code = expressions ? TypeCode.FUNCREF : TypeCode.REF | TypeCode.ABSTRACT | TypeCode.FUNC;
        if ((flags & (PASSIVE_OR_DECLARATIVE | EXPLICIT_INDEX)) != 0) {
            if (expressions) {
                code = typeReader.refType();
            } else {
                int kindAt = in.pos;
                int kind = in.u8();
                if (kind != 0) {
                    throw in.malformed(kindAt, "malformed element kind " + kind);
                }
            }
        }
        if (active && !types.isSubtype(code, tableCodes.get(table))) {
            throw in.invalid(at, "type mismatch: elements of type " + ModuleTypes.text(code) + " in table " + table
                    + " of " + ModuleTypes.text(tableCodes.get(table)));
        }
        int length = in.count("elements", Limits.ELEMENTS);
        int[] functions = null;
        List<ConstExpr> items = null;
        if (expressions) {
            items = new ArrayList<>(length);
            for (int k = 0; k < length; k++) {
                items.add(constants.read(code));
            }
        } else {
            functions = new int[length];
            for (int k = 0; k < length; k++) {
                functions[k] = functionIndex();
                declare(functions[k]);
            }
        }
        elements.add(new ElementSegment(mode, types.valType(code), table, offset, functions, items));
        elementCodes.add(code);
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

    private void dataSection() {
        in.part("data section");
        int at = in.pos;
        int count = in.count("data segments", Limits.SEGMENTS);
        if (dataCount >= 0 && dataCount != count) {
            throw in.malformed(at, "data count and data section have inconsistent lengths: " + dataCount + " and "
                    + count);
        }
        for (int i = 0; i < count; i++) {
            int segmentAt = in.pos;
            int flags = in.index();
            if (flags > 2) {
                throw in.malformed(segmentAt, "malformed data segment kind " + flags);
            }
            SegmentMode mode = flags == 1 ? SegmentMode.PASSIVE : SegmentMode.ACTIVE;
            int memory = 0;
            ConstExpr offset = null;
            if (mode == SegmentMode.ACTIVE) {
                memory = flags == 2 ? in.index() : 0;
                checkIndex(segmentAt, "memory", memory, memories.size());
                offset = constants.read(memories.get(memory).memory64() ? TypeCode.I64 : TypeCode.I32);
            }
            int length = in.index();
            if (length > in.remaining()) {
                throw in.malformed(segmentAt, "a data segment of " + Integer.toUnsignedString(length) + " bytes, "
                        + in.remaining() + " remain");
            }
            dataSegments.add(new DataSegment(mode, memory, offset, in.pos, length));
            in.pos += length;
        }
    }
}
