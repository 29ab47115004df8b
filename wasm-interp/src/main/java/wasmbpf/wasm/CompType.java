package wasmbpf.wasm;

/** The structure of a defined type. */
public sealed interface CompType permits FuncType, StructType, ArrayType {
}
