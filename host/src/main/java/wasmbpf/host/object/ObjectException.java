package wasmbpf.host.object;

/**
 * A BPF object that is well formed but means something that cannot be: a map without a type, a call to a function
 * that is not there, an extern no kernel provides. The message says what, where and what to do.
 */
public final class ObjectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ObjectException(String message) {
        super(message);
    }

    public ObjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
