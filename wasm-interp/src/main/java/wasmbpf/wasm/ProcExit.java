package wasmbpf.wasm;

/**
 * The guest asked to end with a status. Not an error: it unwinds through guest and host frames alike, so no one may catch it
 * on the way. Stackless.
 */
public final class ProcExit extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    public ProcExit(int status) {
        super("exit " + status, null, false, false);
        this.status = status;
    }

    /** As the guest gave it; the host cuts it to what the system takes. */
    public int status() {
        return status;
    }
}
