package wasmbpf.bench.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that measures, and what it printed. */
record Child(int status, String out, String err) {
    private static final int PATIENCE_MINUTES = 30;

    static Child run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("table", ".out");
        Path err = Files.createTempFile("table", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new Engine.Failure("no end after " + PATIENCE_MINUTES + " minutes");
            }
            return new Child(process.exitValue(), text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** The first group of a pattern in the output of a process that ended well. */
    String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(out);
        if (status != 0 || !matcher.find()) {
            String said = (err.isBlank() ? out : err).strip();
            throw new Engine.Failure("status " + status + ": " + said.lines().findFirst().orElse("no output"));
        }
        return matcher.group(1);
    }
}
