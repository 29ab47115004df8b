package wasmbpf.wasm;

/** A custom section: its contents are a range of the module's bytes. */
public record CustomSection(String name, int start, int length) {
}
