package wasmbpf.host.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Consumer;
import wasmbpf.host.load.VerifierLog;

/** Where {@code --verifier-log} puts each program's log. */
final class VerifierLogFile implements Consumer<VerifierLog> {
    private final PrintStream out;

    private VerifierLogFile(PrintStream out) {
        this.out = out;
    }

    /** @param name {@code -} for standard error */
    static VerifierLogFile open(String name) throws IOException {
        return new VerifierLogFile(name.equals("-") ? System.err : new PrintStream(new FileOutputStream(name), true));
    }

    @Override
    public void accept(VerifierLog log) {
        out.println("-- verifier log of program \"" + log.program() + "\" --");
        out.print(log.text());
        out.println("-- end --");
        out.flush();
    }
}
