package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;

/** Reads the element section: what tables are filled with (section 5.5.12). */
final class ElementSection {
    private static final int PASSIVE_OR_DECLARATIVE = 1;
    private static final int EXPLICIT_INDEX = 2;
    private static final int EXPRESSIONS = 4;

    private final ModuleDecoder module;
    private final WasmReader in;
    private final TypeReader typeReader;
    private final ConstExprValidator constants;

    ElementSection(ModuleDecoder module, WasmReader in, TypeReader typeReader, ConstExprValidator constants) {
        this.module = module;
        this.in = in;
        this.typeReader = typeReader;
        this.constants = constants;
    }

    /** Reads it all into the module's elements. */
    void read() {
        in.part("element section");
        int count = in.count("element segments", Limits.SEGMENTS);
        for (int i = 0; i < count; i++) {
            segment();
        }
    }

    private void segment() {
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
            module.checkIndex(tableAt, "table", table, module.tables.size());
            offset = constants.read(module.tables.get(table).table64() ? TypeCode.I64 : TypeCode.I32);
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
        if (active && !module.types.isSubtype(code, module.tableCodes.get(table))) {
            throw in.invalid(at, "type mismatch: elements of type " + ModuleTypes.text(code) + " in table " + table
                    + " of " + ModuleTypes.text(module.tableCodes.get(table)));
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
                functions[k] = module.functionIndex();
                module.declare(functions[k]);
            }
        }
        module.elements.add(new ElementSegment(mode, module.types.valType(code), table, offset, functions, items));
        module.elementCodes.add(code);
    }
}
