package wasmbpf.wasm;

/** What can be wrong with a module or its run; the one exception family that leaves this engine. */
public abstract sealed class WasmException extends RuntimeException
        permits MalformedException, InvalidException, LinkException, Trap, GuestException {
    private static final long serialVersionUID = 1;

    WasmException(String message) {
        super(message);
    }

    /** Without a Java stack trace: for what guest code causes, at its own pace. */
    WasmException(String message, Throwable cause, boolean withStackTrace) {
        super(message, cause, false, withStackTrace);
    }
}
