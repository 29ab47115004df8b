package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

/**
 * The rules of validation for prefixed instructions whose stack signature is not fixed: garbage collection (section
 * 3.4.9), bulk memory and tables, wide arithmetic.
 */
final class ExtendedRules {
    private static final int I31REF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.I31;
    private static final int ARRAYREF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.ARRAY;
    private static final int[] TWO_I64 = {TypeCode.I64, TypeCode.I64};

    private final FuncValidator at;

    ExtendedRules(FuncValidator at) {
        this.at = at;
    }

    /** Applies the rule of the instruction, whose opcode is read and immediates are not. */
    void apply(int code) {
        if (code >= MISC) {
            bulk(code);
        } else {
            garbageCollected(code);
        }
    }

    private void bulk(int code) {
        switch (code) {
            case MEMORY_INIT -> {
                at.a = at.dataSegment();
                at.b = at.in.index();
                int address = at.addressType(at.b);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.I32);
                at.pop(address);
            }
            case DATA_DROP -> at.a = at.dataSegment();
            case MEMORY_COPY -> {
                at.a = at.in.index();
                at.b = at.in.index();
                popCopy(at.addressType(at.a), at.addressType(at.b));
            }
            case MEMORY_FILL -> {
                at.a = at.in.index();
                int address = at.addressType(at.a);
                at.pop(address);
                at.pop(TypeCode.I32);
                at.pop(address);
            }
            case TABLE_INIT -> {
                at.a = at.elementSegment();
                at.b = at.in.index();
                int address = at.tableAddressType(at.b);
                checkElements(at.module.elementCode(at.a), at.module.tableCode(at.b));
                at.pop(TypeCode.I32);
                at.pop(TypeCode.I32);
                at.pop(address);
            }
            case ELEM_DROP -> at.a = at.elementSegment();
            case TABLE_COPY -> {
                at.a = at.in.index();
                at.b = at.in.index();
                int to = at.tableAddressType(at.a);
                int from = at.tableAddressType(at.b);
                checkElements(at.module.tableCode(at.b), at.module.tableCode(at.a));
                popCopy(to, from);
            }
            case TABLE_GROW -> {
                at.a = at.in.index();
                at.result = at.tableAddressType(at.a);
                at.pop(at.result);
                at.pop(at.module.tableCode(at.a));
            }
            case TABLE_SIZE -> {
                at.a = at.in.index();
                at.result = at.tableAddressType(at.a);
            }
            case TABLE_FILL -> {
                at.a = at.in.index();
                int address = at.tableAddressType(at.a);
                at.pop(address);
                at.pop(at.module.tableCode(at.a));
                at.pop(address);
            }
            default -> {
                // Wide arithmetic: 128-bit numbers as two i64.
                at.pop(TypeCode.I64);
                at.pop(TypeCode.I64);
                if (code == I64_ADD128 || code == I64_SUB128) {
                    at.pop(TypeCode.I64);
                    at.pop(TypeCode.I64);
                }
                at.results = TWO_I64;
            }
        }
    }

    /** The length of a copy has the smaller of the two address types. */
    private void popCopy(int to, int from) {
        at.pop(to == TypeCode.I64 ? from : to);
        at.pop(from);
        at.pop(to);
    }

    private void checkElements(int from, int to) {
        if (!at.types.isSubtype(from, to)) {
            throw at.invalid("type mismatch: " + at.mnemonic() + " expects elements of " + ModuleTypes.text(to)
                    + ", found " + ModuleTypes.text(from));
        }
    }

    private void garbageCollected(int code) {
        switch (code) {
            case STRUCT_NEW -> {
                int[] fields = structFields();
                for (int i = fields.length - 1; i >= 0; i--) {
                    at.pop(TypeCode.unpacked(fields[i]));
                }
                at.result = TypeCode.ref(false, at.a);
            }
            case STRUCT_NEW_DEFAULT -> {
                for (int field : structFields()) {
                    checkDefaultable(field);
                }
                at.result = TypeCode.ref(false, at.a);
            }
            case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
                int field = structField();
                checkPacked(field, code != STRUCT_GET);
                at.pop(TypeCode.ref(true, at.a));
                at.result = TypeCode.unpacked(field);
            }
            case STRUCT_SET -> {
                int field = structField();
                checkMutable(field);
                at.pop(TypeCode.unpacked(field));
                at.pop(TypeCode.ref(true, at.a));
            }
            case ARRAY_NEW -> {
                int element = arrayElement();
                at.pop(TypeCode.I32);
                at.pop(TypeCode.unpacked(element));
                at.result = TypeCode.ref(false, at.a);
            }
            case ARRAY_NEW_DEFAULT -> {
                checkDefaultable(arrayElement());
                at.pop(TypeCode.I32);
                at.result = TypeCode.ref(false, at.a);
            }
            case ARRAY_NEW_FIXED -> {
                int element = TypeCode.unpacked(arrayElement());
                at.b = at.in.index();
                if (at.b > Limits.FIXED_ELEMENTS) {
                    throw at.invalid("array.new_fixed of " + Integer.toUnsignedString(at.b) + " elements; at most "
                            + Limits.FIXED_ELEMENTS + " are allowed");
                }
                for (int i = 0; i < at.b; i++) {
                    at.pop(element);
                }
                at.result = TypeCode.ref(false, at.a);
            }
            case ARRAY_NEW_DATA -> {
                checkNumeric(arrayElement());
                at.b = at.dataSegment();
                at.pop(TypeCode.I32);
                at.pop(TypeCode.I32);
                at.result = TypeCode.ref(false, at.a);
            }
            case ARRAY_NEW_ELEM -> {
                int element = arrayElement();
                at.b = at.elementSegment();
                checkElements(at.module.elementCode(at.b), element & ~TypeCode.MUTABLE);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.I32);
                at.result = TypeCode.ref(false, at.a);
            }
            case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
                int element = arrayElement();
                checkPacked(element, code != ARRAY_GET);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.ref(true, at.a));
                at.result = TypeCode.unpacked(element);
            }
            case ARRAY_SET -> {
                int element = arrayElement();
                checkMutable(element);
                at.pop(TypeCode.unpacked(element));
                at.pop(TypeCode.I32);
                at.pop(TypeCode.ref(true, at.a));
            }
            case ARRAY_LEN -> {
                at.pop(ARRAYREF);
                at.result = TypeCode.I32;
            }
            default -> arraysAndCasts(code);
        }
    }

    private void arraysAndCasts(int code) {
        switch (code) {
            case ARRAY_FILL -> {
                int element = arrayElement();
                checkMutable(element);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.unpacked(element));
                at.pop(TypeCode.I32);
                at.pop(TypeCode.ref(true, at.a));
            }
            case ARRAY_COPY -> {
                int to = arrayElement();
                int target = at.a;
                int from = arrayElement() & ~TypeCode.MUTABLE;
                at.b = at.a;
                at.a = target;
                checkMutable(to);
                checkElements(from, to & ~TypeCode.MUTABLE);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.I32);
                at.pop(TypeCode.ref(true, at.b));
                at.pop(TypeCode.I32);
                at.pop(TypeCode.ref(true, at.a));
            }
            case ARRAY_INIT_DATA -> {
                int element = arrayElement();
                at.b = at.dataSegment();
                checkMutable(element);
                checkNumeric(element);
                popArrayInit();
            }
            case ARRAY_INIT_ELEM -> {
                int element = arrayElement();
                at.b = at.elementSegment();
                checkMutable(element);
                checkElements(at.module.elementCode(at.b), element & ~TypeCode.MUTABLE);
                popArrayInit();
            }
            case REF_TEST, REF_TEST_NULL -> {
                at.a = TypeCode.ref(code == REF_TEST_NULL, at.typeReader.heapType());
                popSameHierarchy(at.a);
                at.result = TypeCode.I32;
            }
            case REF_CAST, REF_CAST_NULL -> {
                at.a = TypeCode.ref(code == REF_CAST_NULL, at.typeReader.heapType());
                popSameHierarchy(at.a);
                at.result = at.a;
            }
            case BR_ON_CAST, BR_ON_CAST_FAIL -> branchOnCast(code == BR_ON_CAST_FAIL);
            case ANY_CONVERT_EXTERN -> convert(TypeCode.EXTERN, TypeCode.ANY);
            case EXTERN_CONVERT_ANY -> convert(TypeCode.ANY, TypeCode.EXTERN);
            case REF_I31 -> {
                at.pop(TypeCode.I32);
                at.result = TypeCode.REF | TypeCode.ABSTRACT | TypeCode.I31;
            }
            default -> {
                // i31.get_s, i31.get_u
                at.pop(I31REF);
                at.result = TypeCode.I32;
            }
        }
    }

    private void popArrayInit() {
        at.pop(TypeCode.I32);
        at.pop(TypeCode.I32);
        at.pop(TypeCode.I32);
        at.pop(TypeCode.ref(true, at.a));
    }

    private void popSameHierarchy(int target) {
        at.operandType = at.pop(TypeCode.ref(true, TypeCode.ABSTRACT | at.types.top(TypeCode.heap(target))));
    }

    private void branchOnCast(boolean onFailure) {
        int flags = at.in.u8();
        if (flags > 3) {
            throw at.in.malformed(at.offset, "malformed cast flags 0x" + Integer.toHexString(flags));
        }
        at.a = at.label();
        at.b = TypeCode.ref((flags & 1) != 0, at.typeReader.heapType());
        at.c = TypeCode.ref((flags & 2) != 0, at.typeReader.heapType());
        if (!at.types.isSubtype(at.c, at.b)) {
            throw at.invalid("type mismatch: " + at.mnemonic() + " casts " + ModuleTypes.text(at.b) + " to "
                    + ModuleTypes.text(at.c) + ", which is not a subtype");
        }
        // What is left of the source type when the cast fails: null is gone if the target takes it.
        int rest = TypeCode.isNullable(at.c) ? at.b & ~TypeCode.NULLABLE : at.b;
        at.pop(at.b);
        at.carryRest(onFailure ? rest : at.c);
        at.result = onFailure ? at.c : rest;
    }

    private void convert(int from, int to) {
        int operand = at.pop(TypeCode.ref(true, TypeCode.ABSTRACT | from));
        at.result = TypeCode.ref(TypeCode.isNullable(operand), TypeCode.ABSTRACT | to);
    }

    /** Reads a struct type into {@code a}. */
    private int[] structFields() {
        at.a = at.typeReader.typeIndex();
        if (!at.types.isStruct(at.a)) {
            throw at.invalid(at.mnemonic() + " expects a struct type, type " + at.a + " is none");
        }
        return at.types.fields(at.a);
    }

    /** Reads a struct type into {@code a}, a field index into {@code b}. */
    private int structField() {
        int[] fields = structFields();
        at.b = at.in.index();
        at.checkIndex("field", at.b, fields.length);
        return fields[at.b];
    }

    /** Reads an array type into {@code a}. */
    private int arrayElement() {
        at.a = at.typeReader.typeIndex();
        if (!at.types.isArray(at.a)) {
            throw at.invalid(at.mnemonic() + " expects an array type, type " + at.a + " is none");
        }
        return at.types.fields(at.a)[0];
    }

    private void checkMutable(int field) {
        if ((field & TypeCode.MUTABLE) == 0) {
            throw at.invalid(at.mnemonic() + " expects a mutable field or array: type " + at.a + " is immutable");
        }
    }

    private void checkDefaultable(int field) {
        if (!TypeCode.isDefaultable(TypeCode.unpacked(field))) {
            throw at.invalid(at.mnemonic() + " expects fields with a default value, type " + at.a + " has one of "
                    + ModuleTypes.text(TypeCode.unpacked(field)));
        }
    }

    private void checkPacked(int field, boolean wanted) {
        int storage = field & ~TypeCode.MUTABLE;
        if ((storage == TypeCode.I8 || storage == TypeCode.I16) != wanted) {
            throw at.invalid(at.mnemonic()
                    + (wanted ? " expects a packed field" : " expects a field that is not packed") + ", found "
                    + ModuleTypes.text(storage));
        }
    }

    private void checkNumeric(int field) {
        if (TypeCode.isRef(field)) {
            throw at.invalid(at.mnemonic() + " expects an array of numbers or vectors, type " + at.a
                    + " holds references");
        }
    }
}
