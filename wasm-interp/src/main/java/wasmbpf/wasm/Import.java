package wasmbpf.wasm;

/** Something the module wants from outside. */
public record Import(String module, String name, ExternType type) {
    /** Both names for a line of text: {@code module.name}, with what a terminal or a reader of lines would obey escaped. */
    public String label() {
        return WasmText.printable(module + '.' + name);
    }
}
