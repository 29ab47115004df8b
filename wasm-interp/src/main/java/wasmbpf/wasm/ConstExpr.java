package wasmbpf.wasm;

/** A validated constant expression: a range of the module's bytes that ends with its {@code end}. */
public record ConstExpr(int offset, int length) {
}
