package wasmbpf.host.abi;

import java.io.PrintStream;

/** What the runtime says beside the guest: lines on standard error, prefixed; details only when asked for. */
public final class Messages {
    private final PrintStream out;
    private final boolean verbose;

    public Messages(PrintStream out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    public boolean verbose() {
        return verbose;
    }

    /** Something the user must know. */
    public void warn(String line) {
        out.println("wasm-bpf: " + line);
    }

    /** Something only {@code -v} shows. */
    public void detail(String line) {
        if (verbose) {
            out.println("wasm-bpf: " + line);
        }
    }
}
