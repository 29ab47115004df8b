package wasmbpf.host.attach;

import wasmbpf.sys.Errno;

/** A program could not be attached: which, to what, the errno, and what to do. Nothing of the attempt is left. */
public final class AttachException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final int errno;

    /**
     * @param operation {@code attach program "handle_exec" to tracepoint sched/sched_process_exec}
     * @param errno     positive
     * @param detail    what to do or what was found; empty if nothing is known
     */
    public AttachException(String operation, int errno, String detail) {
        this(operation, errno, detail, null);
    }

    public AttachException(String operation, int errno, String detail, Throwable cause) {
        super(operation + ": " + Errno.name(errno) + " (" + Errno.text(errno) + ")"
                + (detail.isEmpty() ? "" : "; " + detail), cause);
        this.operation = operation;
        this.errno = errno;
    }

    public String operation() {
        return operation;
    }

    /** Positive. EOPNOTSUPP: this kind of program needs a target. EINVAL: the target makes no sense for it. */
    public int errno() {
        return errno;
    }
}
