package wasmbpf.wasm;

/**
 * Reference values are Java objects: null, {@link WasmFunction}, {@link WasmStruct}, {@link WasmArray}, {@link I31},
 * {@link GuestException} for exnref, and any object at all for externref. {@code any.convert_extern} and
 * {@code extern.convert_any} leave the object as it is: a host object is then an any that is no eq.
 */
final class References {
    private References() {
    }

    /** Whether the value belongs to the type; the dynamic check of casts, tables and calls from the host. */
    static boolean isInstance(ValType type, Object value) {
        return value == null ? type.isNullable() : isInstance(type.heap(), value);
    }

    /** The same for a value that is not null. */
    static boolean isInstance(HeapType heap, Object value) {
        DefType def = heap.def();
        if (def != null) {
            return typeOf(value) instanceof DefType type && type.isSubtypeOf(def);
        }
        return switch (heap.code()) {
            case TypeCode.FUNC -> value instanceof WasmFunction;
            case TypeCode.EXN -> value instanceof GuestException;
            case TypeCode.EXTERN, TypeCode.ANY -> true;
            case TypeCode.EQ -> value instanceof I31 || value instanceof WasmStruct || value instanceof WasmArray;
            case TypeCode.I31 -> value instanceof I31;
            case TypeCode.STRUCT -> value instanceof WasmStruct;
            case TypeCode.ARRAY -> value instanceof WasmArray;
            default -> false;
        };
    }

    /** The trap of a cast to a type, given as a {@link TypeCode} of the function's module. */
    static Trap castFailure(GuestFunction f, int type, Object value) {
        return new Trap(Trap.Kind.CAST_FAILURE, Trap.Kind.CAST_FAILURE + ": " + ModuleTypes.text(type) + " wanted, given "
                + described(f.instance.module().types(), value));
    }

    /** What a reference refers to, with type indices as the module numbers them. */
    private static String described(ModuleTypes types, Object value) {
        String kind = switch (value) {
            case null -> "null";
            case I31 i31 -> i31.toString();
            case WasmFunction _ -> "a function";
            case WasmStruct _ -> "a struct";
            case WasmArray _ -> "an array";
            case GuestException _ -> "an exception";
            default -> "a reference of the host";
        };
        DefType type = typeOf(value);
        if (type == null) {
            return kind;
        }
        for (int i = 0; i < types.count(); i++) {
            if (types.def(i) == type) {
                return kind + " of type " + i;
            }
        }
        return kind + " of a type that the module does not have";
    }

    private static DefType typeOf(Object value) {
        return switch (value) {
            case WasmFunction function -> function.defType();
            case WasmStruct struct -> struct.type();
            case WasmArray array -> array.type();
            case null, default -> null;
        };
    }

    /** {@code ref.eq}. */
    static boolean same(Object a, Object b) {
        return a == b || a instanceof I31 i && i.equals(b);
    }
}
