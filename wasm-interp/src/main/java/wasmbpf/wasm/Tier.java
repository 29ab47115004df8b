package wasmbpf.wasm;

/** The compiled tier as the rest of the engine sees it; see the package description. */
public interface Tier {
}
