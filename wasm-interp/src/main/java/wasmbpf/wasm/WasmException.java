package wasmbpf.wasm;

/** What can be wrong with a module or its run; the one exception family that leaves this engine. */
public abstract class WasmException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WasmException(String message) {
        super(message);
    }
}
