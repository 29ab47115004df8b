package wasmbpf.wasm;

/** Where the fields of structs and the elements of arrays lie; of fields as {@link ModuleTypes#fields} gives them. */
public final class FieldLayout {
    private FieldLayout() {
    }

    /** Where a field lies among a struct's numbers, or among its references. */
    public static int slot(int[] fields, int field) {
        return slots(fields, field, TypeCode.isRef(fields[field]));
    }

    /** Slots of the first fields: of those that are references, or of the others. */
    public static int slots(int[] fields, int count, boolean refs) {
        int slots = 0;
        for (int i = 0; i < count; i++) {
            if (TypeCode.isRef(fields[i]) == refs) {
                slots += isVector(fields[i]) ? 2 : 1;
            }
        }
        return slots;
    }

    public static boolean isVector(int field) {
        return TypeCode.unpacked(field) == TypeCode.V128;
    }

    /** Of an array's element in bytes; -1 for references. */
    public static int elementSizeLog2(int field) {
        return switch (field & ~TypeCode.MUTABLE) {
            case TypeCode.I8 -> 0;
            case TypeCode.I16 -> 1;
            case TypeCode.I32, TypeCode.F32 -> 2;
            case TypeCode.V128 -> 4;
            default -> TypeCode.isRef(field) ? -1 : 3;
        };
    }
}
