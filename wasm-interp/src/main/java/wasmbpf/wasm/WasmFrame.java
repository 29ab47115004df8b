package wasmbpf.wasm;

/**
 * One call of a guest, as stack traces show it.
 *
 * @param module the module's name
 * @param function the function's index
 * @param functionName its name by the name section, else by an export, else null
 * @param offset where the instruction starts, in bytes from the start of the module; -1 if not known (host functions)
 */
public record WasmFrame(String module, int function, String functionName, int offset) {
    @Override
    public String toString() {
        String name = functionName == null ? "function " + function : WasmText.shortened(RustNames.readable(functionName));
        String place = WasmText.printable(module) + (offset < 0 ? "" : "+0x" + Integer.toHexString(offset));
        return name + " (" + place + ")";
    }
}
