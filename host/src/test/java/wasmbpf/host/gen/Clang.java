package wasmbpf.host.gen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian's clang-19 as a judge of what we print; where it is not installed the test that asks is skipped and says so. */
final class Clang {
    private Clang() {}

    /** Runs {@code clang-19 --target=wasm32-wasi} with the arguments; what it printed, on either stream. */
    static String wasm(String... arguments) throws IOException, InterruptedException {
        Assumptions.assumeTrue(installed("clang-19"), "clang-19 is not installed (examples/install-tools): generated C is not compiled here");
        List<String> command = new ArrayList<>(List.of("clang-19", "--target=wasm32-wasi"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs a compiler; what it printed, on either stream. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("clang", ".out");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command.getFirst() + " ran for more than two minutes");
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    static boolean installed(String program) {
        for (String dir : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(dir, program))) {
                return true;
            }
        }
        return false;
    }
}
