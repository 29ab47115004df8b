package wasmbpf.wasm;

/** Something the module gives: {@code index} is in the index space of {@code kind}. */
public record Export(String name, ExternKind kind, int index) {
}
