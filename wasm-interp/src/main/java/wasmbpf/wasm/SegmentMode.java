package wasmbpf.wasm;

/** What happens to a segment at instantiation: copied, kept for later, or (elements only) dropped at once. */
public enum SegmentMode {
    ACTIVE, PASSIVE, DECLARATIVE
}
