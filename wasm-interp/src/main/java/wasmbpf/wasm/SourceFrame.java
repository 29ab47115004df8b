package wasmbpf.wasm;

/**
 * A call as source code has it, by a module's debug information.
 *
 * @param function the name with its namespaces and classes, or null if unknown
 * @param file as the compiler names it, joined with its directory; null if unknown
 * @param line from 1; 0 if unknown
 * @param column from 1; 0 if unknown
 * @param inlined whether the compiler has inlined the call into the next frame
 */
public record SourceFrame(String function, String file, int line, int column, boolean inlined) {
    /** {@code file:line:column}, without what is unknown; control characters escaped. */
    String place() {
        return file == null ? "" : WasmText.printable(file) + (line == 0 ? "" : ":" + line + (column == 0 ? "" : ":" + column));
    }
}
