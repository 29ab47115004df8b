package wasmbpf.wasm.dwarf;

/**
 * A place in a source file.
 *
 * @param file as the compiler names it, joined with its directory
 * @param line from 1; 0 if the compiler knows none
 * @param column from 1; 0 if unknown
 */
public record SourceLine(String file, int line, int column) {
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line + (column == 0 ? "" : ":" + column));
    }
}
