package wasmbpf.host.cli;

/** The command line cannot be understood; ends with {@link ExitStatus#USAGE}. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message, null, false, false);
    }
}
