package wasmbpf.host.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.FileProblem;
import wasmbpf.wasm.Profiler;

/** Where {@code --profile} puts what the profiler has counted. */
final class ProfileFile {
    private static final Duration PERIOD = Duration.ofMillis(1);

    private final String name;
    private final Writer out;
    private final Profiler profiler;

    private ProfileFile(String name, Writer out, Profiler profiler) {
        this.name = name;
        this.out = out;
        this.profiler = profiler;
    }

    /** Starts a profiler, once it is sure that the file can be written. Null gives null. */
    static ProfileFile open(String name) {
        if (name == null) {
            return null;
        }
        try {
            BufferedWriter out = Files.newBufferedWriter(Path.of(name));
            return new ProfileFile(name, out, Profiler.start(PERIOD));
        } catch (IOException | InvalidPathException e) {
            throw new FatalException(ExitStatus.OURS, "--profile " + FileProblem.writing(name, e), e);
        }
    }

    Profiler profiler() {
        return profiler;
    }

    /** At the end of the run, even if the guest is still running. */
    void write(Messages messages) {
        profiler.close();
        try (out) {
            profiler.writeFolded(out);
        } catch (IOException e) {
            messages.warn("--profile " + FileProblem.writing(name, e));
        }
    }
}
