package wasmbpf.wasm;

/** The bytes are not a WebAssembly module: they do not follow the binary format. */
public final class MalformedException extends WasmException {
    private static final long serialVersionUID = 1;

    private final long offset;

    MalformedException(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    /** Where in the module's bytes. */
    public long offset() {
        return offset;
    }
}
