package wasmbpf.sys.replay;

/** The loader made another call than the trace has at this place. The message shows both: it is the diagnosis. */
public final class ReplayMismatch extends TraceException {
    private static final long serialVersionUID = 1;

    public ReplayMismatch(String message) {
        super(message);
    }
}
