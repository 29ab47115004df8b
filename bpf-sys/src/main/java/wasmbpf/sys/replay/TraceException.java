package wasmbpf.sys.replay;

/** A trace that is not what its format says; the message names the line. */
public class TraceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TraceException(String message) {
        super(message);
    }

    public TraceException(String message, Throwable cause) {
        super(message, cause);
    }
}
