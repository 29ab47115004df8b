package wasmbpf.wasm;

/**
 * Value types as {@code int}s, the form in which decoder, validator and lowering handle them.
 *
 * <pre>
 * i32 i64 f32 f64 v128 i8 i16    the byte of the binary format, 0x7F downwards
 * references                     REF | NULLABLE? | heap
 *   heap, abstract               ABSTRACT | the byte of the binary format (0x70 func ...)
 *   heap, concrete               a type index, always the smallest index of an equal type in that module
 * unknown (dead code)            BOTTOM;  a reference to something unknown: REF | ABSTRACT
 * </pre>
 *
 * Within a module, equal types are equal ints. Across modules, use {@link ValType}.
 */
public final class TypeCode {
    public static final int BOTTOM = 0;
    public static final int I32 = 0x7F;
    public static final int I64 = 0x7E;
    public static final int F32 = 0x7D;
    public static final int F64 = 0x7C;
    public static final int V128 = 0x7B;
    /** Packed, in fields only. */
    public static final int I8 = 0x78;
    public static final int I16 = 0x77;

    public static final int NO_EXN = 0x74;
    public static final int NO_FUNC = 0x73;
    public static final int NO_EXTERN = 0x72;
    public static final int NONE = 0x71;
    public static final int FUNC = 0x70;
    public static final int EXTERN = 0x6F;
    public static final int ANY = 0x6E;
    public static final int EQ = 0x6D;
    public static final int I31 = 0x6C;
    public static final int STRUCT = 0x6B;
    public static final int ARRAY = 0x6A;
    public static final int EXN = 0x69;

    public static final int REF = 1 << 28;
    public static final int NULLABLE = 1 << 27;
    public static final int ABSTRACT = 1 << 24;
    /** Marks a mutable field in the field lists of {@link ModuleTypes}; never part of a value type. */
    public static final int MUTABLE = 1 << 26;

    public static final int REF_BOTTOM = REF | ABSTRACT;
    public static final int FUNCREF = REF | NULLABLE | ABSTRACT | FUNC;
    public static final int EXTERNREF = REF | NULLABLE | ABSTRACT | EXTERN;
    public static final int EXNREF = REF | NULLABLE | ABSTRACT | EXN;

    private static final int HEAP_MASK = (1 << 25) - 1;

    private TypeCode() {
    }

    public static boolean isRef(int code) {
        return (code & REF) != 0;
    }

    public static boolean isNullable(int code) {
        return (code & NULLABLE) != 0;
    }

    /** True for a reference to a type of the type section. */
    public static boolean isConcrete(int code) {
        return (code & (REF | ABSTRACT)) == REF;
    }

    /** The heap type of a reference: {@code ABSTRACT | byte} or a type index. */
    public static int heap(int code) {
        return code & HEAP_MASK;
    }

    /** A reference type from its heap type, as {@link #heap} gives it. */
    public static int ref(boolean nullable, int heap) {
        return nullable ? REF | NULLABLE | heap : REF | heap;
    }

    /** Whether a local, field or table of this type starts as zero or null without being told. */
    public static boolean isDefaultable(int code) {
        return (code & (REF | NULLABLE)) != REF;
    }

    /** i32 for the packed i8 and i16, without the field's mutability; other types unchanged. */
    public static int unpacked(int field) {
        int code = field & ~MUTABLE;
        return code == I8 || code == I16 ? I32 : code;
    }
}
