package wasmbpf.wasm;

/** An import is missing or has another type than the module wants. */
public final class LinkException extends WasmException {
    private static final long serialVersionUID = 1;

    LinkException(String message) {
        super(message);
    }
}
