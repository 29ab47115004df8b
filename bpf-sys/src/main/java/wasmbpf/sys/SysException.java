package wasmbpf.sys;

/** A system call that ended in an error where there is no going on. The message names what was tried and the errno. */
public class SysException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final int errno;

    /**
     * @param operation what was tried, in the words of the one who tried it: {@code create map "rb"}
     * @param errno positive
     */
    public SysException(String operation, int errno) {
        this(operation, errno, "");
    }

    /** @param advice what to do about it; empty if nothing is known */
    public SysException(String operation, int errno, String advice) {
        super(operation + ": " + Errno.name(errno) + " (" + Errno.text(errno) + ")"
                + (advice.isEmpty() ? "" : "; " + advice));
        this.operation = operation;
        this.errno = errno;
    }

    public String operation() {
        return operation;
    }

    /** Positive, {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** {@code result} if it is no error. */
    public static int check(String operation, int result) {
        if (result < 0) {
            throw new SysException(operation, -result);
        }
        return result;
    }

    /** {@code result} if it is no error: -1 to -4095 are, as the kernel's IS_ERR_VALUE has it. */
    public static long check(String operation, long result) {
        if (result < 0 && result >= -4095) {
            throw new SysException(operation, (int) -result);
        }
        return result;
    }
}
