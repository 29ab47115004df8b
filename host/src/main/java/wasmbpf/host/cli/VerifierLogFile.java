package wasmbpf.host.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.FileProblem;
import wasmbpf.host.load.VerifierLog;

/** Where {@code --verifier-log} puts each program's log. */
final class VerifierLogFile implements Consumer<VerifierLog> {
    private final String name;
    private final OutputStream out;
    private final Messages messages;
    private boolean failed;

    private VerifierLogFile(String name, OutputStream out, Messages messages) {
        this.name = name;
        this.out = out;
        this.messages = messages;
    }

    /**
     * @param name {@code -} for standard error
     * @param messages where it is said, once, that a log could not be written
     */
    static VerifierLogFile open(String name, Messages messages) throws IOException {
        return new VerifierLogFile(name, name.equals("-") ? System.err : new FileOutputStream(name), messages);
    }

    @Override
    public void accept(VerifierLog log) {
        String text = "-- verifier log of program \"" + log.program() + "\" --\n" + log.text() + "-- end --\n";
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                messages.warn("--verifier-log " + FileProblem.writing(name, e));
            }
        }
    }
}
