package wasmbpf.wasm;

/** A vector value outside the engine: lane 0 is in the low bits of {@code low}. */
public record V128(long low, long high) {
    public static final V128 ZERO = new V128(0, 0);
}
