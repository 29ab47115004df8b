package wasmbpf.host.abi;

/**
 * The runtime ends the guest at this call, since going on could only mislead: the process lacks a privilege. Unwinds like
 * {@link wasmbpf.wasm.ProcExit}.
 */
public final class GuestEnded extends RuntimeException {
    private static final long serialVersionUID = 1;

    GuestEnded(Throwable cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
