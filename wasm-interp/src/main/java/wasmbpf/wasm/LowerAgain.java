package wasmbpf.wasm;

/** Thrown when something is missing that must be known from the start; the function is then lowered again. */
final class LowerAgain extends RuntimeException {
    private static final long serialVersionUID = 1;

    LowerAgain() {
        super(null, null, false, false);
    }
}
