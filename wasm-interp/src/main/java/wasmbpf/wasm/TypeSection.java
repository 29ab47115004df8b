package wasmbpf.wasm;

/** Reads the type section: groups of types that may refer to each other, with their supertypes (sections 5.3.8 and 5.5.4). */
final class TypeSection {
    private static final int REC = 0x4E;
    private static final int SUB = 0x50;
    private static final int SUB_FINAL = 0x4F;
    private static final int FUNC = 0x60;
    private static final int STRUCT = 0x5F;
    private static final int ARRAY = 0x5E;

    private final WasmReader in;
    private final ModuleTypes types;
    private final TypeReader typeReader;

    TypeSection(WasmReader in, ModuleTypes types, TypeReader typeReader) {
        this.in = in;
        this.types = types;
        this.typeReader = typeReader;
    }

    /** Reads it all into the module's types. */
    void read() {
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
}
