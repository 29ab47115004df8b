package wasmbpf.wasm;

/** What a reference may point at: an abstract heap type or a defined type. Equal types are {@code equals}. */
public final class HeapType {
    public static final HeapType FUNC = new HeapType(TypeCode.FUNC, "func");
    public static final HeapType EXTERN = new HeapType(TypeCode.EXTERN, "extern");
    public static final HeapType ANY = new HeapType(TypeCode.ANY, "any");
    public static final HeapType EQ = new HeapType(TypeCode.EQ, "eq");
    public static final HeapType I31 = new HeapType(TypeCode.I31, "i31");
    public static final HeapType STRUCT = new HeapType(TypeCode.STRUCT, "struct");
    public static final HeapType ARRAY = new HeapType(TypeCode.ARRAY, "array");
    public static final HeapType EXN = new HeapType(TypeCode.EXN, "exn");
    public static final HeapType NONE = new HeapType(TypeCode.NONE, "none");
    public static final HeapType NOFUNC = new HeapType(TypeCode.NO_FUNC, "nofunc");
    public static final HeapType NOEXTERN = new HeapType(TypeCode.NO_EXTERN, "noextern");
    public static final HeapType NOEXN = new HeapType(TypeCode.NO_EXN, "noexn");

    private final int code;
    private final String name;
    private final DefType def;

    private HeapType(int code, String name) {
        this.code = code;
        this.name = name;
        this.def = null;
    }

    HeapType(DefType def) {
        this.code = 0;
        this.name = null;
        this.def = def;
    }

    /** The abstract heap type with this byte in the binary format. */
    static HeapType abstractType(int code) {
        return switch (code) {
            case TypeCode.FUNC -> FUNC;
            case TypeCode.EXTERN -> EXTERN;
            case TypeCode.ANY -> ANY;
            case TypeCode.EQ -> EQ;
            case TypeCode.I31 -> I31;
            case TypeCode.STRUCT -> STRUCT;
            case TypeCode.ARRAY -> ARRAY;
            case TypeCode.EXN -> EXN;
            case TypeCode.NONE -> NONE;
            case TypeCode.NO_FUNC -> NOFUNC;
            case TypeCode.NO_EXTERN -> NOEXTERN;
            case TypeCode.NO_EXN -> NOEXN;
            default -> throw new IllegalArgumentException("no abstract heap type: " + code);
        };
    }

    /** The byte of an abstract heap type (see {@link TypeCode}); 0 for a defined type. */
    public int code() {
        return code;
    }

    /** The defined type, or null for an abstract heap type. */
    public DefType def() {
        return def;
    }

    public boolean isSubtypeOf(HeapType other) {
        if (this == other || def != null && def == other.def) {
            return true;
        }
        if (other.def != null) {
            return def != null ? def.isSubtypeOf(other.def) : isBottomOf(code, other.def.kindCode());
        }
        return isAbstractSubtype(def != null ? def.kindCode() : code, other.code);
    }

    /** Whether a value of abstract type {@code sub} is one of {@code sup}; both as bytes of the binary format. */
    static boolean isAbstractSubtype(int sub, int sup) {
        if (sub == sup) {
            return true;
        }
        return switch (sup) {
            case TypeCode.ANY -> sub == TypeCode.EQ || sub == TypeCode.I31 || sub == TypeCode.STRUCT
                    || sub == TypeCode.ARRAY || sub == TypeCode.NONE;
            case TypeCode.EQ -> sub == TypeCode.I31 || sub == TypeCode.STRUCT || sub == TypeCode.ARRAY
                    || sub == TypeCode.NONE;
            default -> isBottomOf(sub, sup);
        };
    }

    /** Whether {@code sub} is the bottom type of the hierarchy in which the abstract type {@code sup} lies. */
    static boolean isBottomOf(int sub, int sup) {
        return switch (sub) {
            case TypeCode.NONE -> sup == TypeCode.I31 || sup == TypeCode.STRUCT || sup == TypeCode.ARRAY
                    || sup == TypeCode.EQ || sup == TypeCode.ANY;
            case TypeCode.NO_FUNC -> sup == TypeCode.FUNC;
            case TypeCode.NO_EXTERN -> sup == TypeCode.EXTERN;
            case TypeCode.NO_EXN -> sup == TypeCode.EXN;
            default -> false;
        };
    }

    /** The top of the hierarchy of an abstract type: any, func, extern or exn. */
    static int top(int code) {
        return switch (code) {
            case TypeCode.FUNC, TypeCode.NO_FUNC -> TypeCode.FUNC;
            case TypeCode.EXTERN, TypeCode.NO_EXTERN -> TypeCode.EXTERN;
            case TypeCode.EXN, TypeCode.NO_EXN -> TypeCode.EXN;
            default -> TypeCode.ANY;
        };
    }

    @Override
    public boolean equals(Object o) {
        return this == o || def != null && o instanceof HeapType other && def == other.def;
    }

    @Override
    public int hashCode() {
        return def != null ? System.identityHashCode(def) : code;
    }

    @Override
    public String toString() {
        return def != null ? def.toString() : name;
    }
}
