package wasmbpf.wasm;

/** A guest function's code in another form than the interpreter's. */
abstract class CompiledCode {
    /**
     * Runs one call, by the rules of {@link WasmFunction#enter}: arguments at {@code frame} (for the code of a loop:
     * the whole frame), results back at the same place, a tail call as the result.
     */
    abstract WasmFunction enter(GuestStack stack, long frame, int depth);
}
