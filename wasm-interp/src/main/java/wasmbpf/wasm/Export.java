package wasmbpf.wasm;

/** Something the module gives: {@code index} is in the index space of {@code kind}. */
public record Export(String name, ExternKind kind, int index) {
    /** The name for a line of text, with what a terminal or a reader of lines would obey escaped. */
    public String label() {
        return WasmText.printable(name);
    }
}
