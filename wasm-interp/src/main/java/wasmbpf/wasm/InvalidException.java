package wasmbpf.wasm;

/** The module is well formed but breaks a rule of validation, or a limit of this engine. */
public final class InvalidException extends WasmException {
    private static final long serialVersionUID = 1;

    private final long offset;

    InvalidException(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    /** Where in the module's bytes. */
    public long offset() {
        return offset;
    }
}
