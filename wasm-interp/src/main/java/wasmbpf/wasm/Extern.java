package wasmbpf.wasm;

/** What one instance gives and another, or the host, takes. */
public sealed interface Extern permits WasmFunction, LinearMemory, WasmTable, WasmGlobal, WasmTag {
    /** Its type now: limits of memories and tables count from their present size. */
    ExternType externType();
}
