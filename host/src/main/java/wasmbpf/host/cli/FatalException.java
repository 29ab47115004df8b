package wasmbpf.host.cli;

/** The run cannot begin or go on; the message is one line for the user. */
final class FatalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    FatalException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** What to exit with. */
    int status() {
        return status;
    }
}
