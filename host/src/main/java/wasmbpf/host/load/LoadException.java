package wasmbpf.host.load;

import wasmbpf.sys.Errno;

/**
 * Loading an object ended in an error: what was tried, on which map or program, the errno, and what to do. Nothing of
 * the object is left in the kernel.
 */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final int errno;
    private final transient VerifierLog verifierLog;
    private final boolean missingPrivilege;

    LoadException(String operation, int errno, String detail, VerifierLog verifierLog, boolean missingPrivilege,
                  Throwable cause) {
        super(operation + ": " + (errno == 0 ? "" : Errno.name(errno)) + detail, cause);
        this.operation = operation;
        this.errno = errno;
        this.verifierLog = verifierLog;
        this.missingPrivilege = missingPrivilege;
    }

    /** @param detail begins with {@code ": "} or {@code "; "}, or is empty */
    static LoadException of(String operation, int errno, String detail) {
        return new LoadException(operation, errno, detail, null, false, null);
    }

    /** What was tried, with the name of the map or program: {@code load program "handle_exec"}. */
    public String operation() {
        return operation;
    }

    /** Positive; {@link Errno#EINVAL} where the kernel was not asked. */
    public int errno() {
        return errno;
    }

    /** What the verifier said of a program it refused, or null. */
    public VerifierLog verifierLog() {
        return verifierLog;
    }

    /** Whether the cause is a privilege this process lacks, which a test of its capabilities confirmed. */
    public boolean missingPrivilege() {
        return missingPrivilege;
    }
}
