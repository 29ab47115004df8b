package wasmbpf.host.wasi;

/** Ends a WASI function with an error number; made often and caught in one place, so it carries no stack trace. */
final class WasiException extends RuntimeException {
    private final int errno;

    WasiException(int errno) {
        super(null, null, false, false);
        this.errno = errno;
    }

    /** A number of {@link WasiErrno}. */
    int errno() {
        return errno;
    }

    /** {@code result} when the kernel call succeeded (>= 0), otherwise throws its error as WASI names it. */
    static long check(long result) {
        if (result < 0) {
            throw new WasiException(WasiErrno.fromLinux((int) -result));
        }
        return result;
    }
}
