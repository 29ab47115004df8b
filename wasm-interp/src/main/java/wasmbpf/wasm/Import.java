package wasmbpf.wasm;

/** Something the module wants from outside. */
public record Import(String module, String name, ExternType type) {
}
