package wasmbpf.wasm;

/**
 * A value type, comparable across modules: equal types are {@code equals}, defined types being compared by structure
 * (see {@link DefType}). The packed {@link #I8} and {@link #I16} appear in fields only.
 */
public final class ValType {
    public static final ValType I32 = new ValType(TypeCode.I32, "i32");
    public static final ValType I64 = new ValType(TypeCode.I64, "i64");
    public static final ValType F32 = new ValType(TypeCode.F32, "f32");
    public static final ValType F64 = new ValType(TypeCode.F64, "f64");
    public static final ValType V128 = new ValType(TypeCode.V128, "v128");
    public static final ValType I8 = new ValType(TypeCode.I8, "i8");
    public static final ValType I16 = new ValType(TypeCode.I16, "i16");
    public static final ValType FUNCREF = new ValType(true, HeapType.FUNC);
    public static final ValType EXTERNREF = new ValType(true, HeapType.EXTERN);
    public static final ValType ANYREF = new ValType(true, HeapType.ANY);
    public static final ValType EQREF = new ValType(true, HeapType.EQ);
    public static final ValType I31REF = new ValType(true, HeapType.I31);
    public static final ValType STRUCTREF = new ValType(true, HeapType.STRUCT);
    public static final ValType ARRAYREF = new ValType(true, HeapType.ARRAY);
    public static final ValType EXNREF = new ValType(true, HeapType.EXN);
    public static final ValType NULLREF = new ValType(true, HeapType.NONE);
    public static final ValType NULLFUNCREF = new ValType(true, HeapType.NOFUNC);
    public static final ValType NULLEXTERNREF = new ValType(true, HeapType.NOEXTERN);
    public static final ValType NULLEXNREF = new ValType(true, HeapType.NOEXN);

    private final int code;
    private final String name;
    private final HeapType heap;

    private ValType(int code, String name) {
        this.code = code;
        this.name = name;
        this.heap = null;
    }

    private ValType(boolean nullable, HeapType heap) {
        int heapCode = heap.def() != null ? 0 : TypeCode.ABSTRACT | heap.code();
        this.code = TypeCode.ref(nullable, heapCode);
        this.name = null;
        this.heap = heap;
    }

    /** A reference type. */
    public static ValType ref(boolean nullable, HeapType heap) {
        return new ValType(nullable, heap);
    }

    /** The type with this {@link TypeCode}, which must not be a reference to a defined type. */
    static ValType of(int code) {
        return switch (code) {
            case TypeCode.I32 -> I32;
            case TypeCode.I64 -> I64;
            case TypeCode.F32 -> F32;
            case TypeCode.F64 -> F64;
            case TypeCode.V128 -> V128;
            case TypeCode.I8 -> I8;
            case TypeCode.I16 -> I16;
            case TypeCode.FUNCREF -> FUNCREF;
            case TypeCode.EXTERNREF -> EXTERNREF;
            default -> {
                if ((code & (TypeCode.REF | TypeCode.ABSTRACT)) != (TypeCode.REF | TypeCode.ABSTRACT)) {
                    throw new IllegalArgumentException("no value type: " + code);
                }
                yield new ValType(TypeCode.isNullable(code),
                        HeapType.abstractType(TypeCode.heap(code) & ~TypeCode.ABSTRACT));
            }
        };
    }

    /** The {@link TypeCode}; for a reference to a defined type without its index, as that is the module's. */
    public int code() {
        return code;
    }

    public boolean isRef() {
        return heap != null;
    }

    /** Whether null is a value of it; false for numbers and vectors. */
    public boolean isNullable() {
        return TypeCode.isNullable(code);
    }

    /** Whether a local or table of this type has a default value: zero or null. */
    public boolean isDefaultable() {
        return heap == null || isNullable();
    }

    /** What the reference points at; null for numbers and vectors. */
    public HeapType heap() {
        return heap;
    }

    /** i32 for the packed i8 and i16, else this. */
    public ValType unpacked() {
        return this == I8 || this == I16 ? I32 : this;
    }

    public boolean isSubtypeOf(ValType other) {
        if (heap == null || other.heap == null) {
            return this == other;
        }
        return (!isNullable() || other.isNullable()) && heap.isSubtypeOf(other.heap);
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof ValType other && code == other.code && heap != null && heap.equals(other.heap);
    }

    @Override
    public int hashCode() {
        return heap != null ? 31 * code + heap.hashCode() : code;
    }

    @Override
    public String toString() {
        if (heap == null) {
            return name;
        }
        return heap.def() == null && isNullable() ? shorthand() : (isNullable() ? "(ref null " : "(ref ") + heap + ")";
    }

    private String shorthand() {
        return switch (heap.code()) {
            case TypeCode.NONE -> "nullref";
            case TypeCode.NO_FUNC -> "nullfuncref";
            case TypeCode.NO_EXTERN -> "nullexternref";
            case TypeCode.NO_EXN -> "nullexnref";
            default -> heap + "ref";
        };
    }
}
