package wasmbpf.wasm;

/** The structure of a defined type. */
public sealed interface CompType permits FuncType, StructType, ArrayType {
    /** The abstract heap type that all such types belong to, as in {@link TypeCode}: FUNC, STRUCT or ARRAY. */
    int kindCode();
}
