package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/tutorial.md as written, in an empty folder: its files are made, its commands run one after the other in one shell, and
 * what each prints is compared with what the text shows.
 */
class TutorialIT {
    private static final Pattern FILE = Pattern.compile("`([A-Za-z.]+)`[:,].*");

    @TempDir
    private Path folder;

    private record Command(String text, List<String> shown) {}

    @Test
    @Tag("kernel")
    void everyCommandPrintsWhatTheTextShows() throws Exception {
        Runner.assumeKernel();
        for (String tool : List.of("clang-19", "llvm-strip-19", "make")) {
            Assumptions.assumeTrue(onPath(tool), tool + " is not installed (examples/install-tools): the tutorial is not run");
        }
        Path work = Files.createDirectory(folder.resolve("work"));
        List<Command> commands = new ArrayList<>();
        StringBuilder script = new StringBuilder();
        read(Path.of(System.getProperty("project.root"), "docs/tutorial.md"), commands, script);
        assertTrue(commands.size() > 15, commands.toString());

        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path launcher = Files.writeString(bin.resolve("wasm-bpf"), "#!/bin/sh\nexec '"
                + Path.of(System.getProperty("java.home"), "bin", "java") + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar '"
                + System.getProperty("runner.jar") + "' \"$@\"\n");
        assertTrue(launcher.toFile().setExecutable(true));
        ProcessBuilder builder = new ProcessBuilder("timeout", "-k", "10", "400", "bash", "-c", script.toString())
                .directory(work.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        builder.environment().merge("PATH", "", (path, none) -> bin + File.pathSeparator + path);
        Process shell = builder.start();
        assertTrue(shell.waitFor(420, TimeUnit.SECONDS));

        String[] printed = Files.readString(folder.resolve("out")).split("(?m)^@@@\\n", -1);
        assertEquals(commands.size() + 1, printed.length, String.join("", printed));
        for (int i = 0; i < commands.size(); i++) {
            String shown = String.join("\n", commands.get(i).shown());
            assertEquals(plain(shown), plain(printed[i + 1]), "$ " + commands.get(i).text());
        }
    }

    /** Without what differs from run to run (addresses, a process at the line's beginning) and from clang to clang. */
    private static String plain(String text) {
        return text.strip().replaceAll("0x[0-9a-f]+|(?m)^\\d+(?= )|\\d+(?= (bytes|instructions))", "N");
    }

    /** Files become here-documents of the script, in the order of the text. */
    private static void read(Path tutorial, List<Command> commands, StringBuilder script) throws IOException {
        String file = null;
        String fence = null;
        for (String line : Files.readAllLines(tutorial, StandardCharsets.UTF_8)) {
            var named = FILE.matcher(line);
            if (fence == null && named.matches()) {
                file = named.group(1);
            } else if (fence == null && line.startsWith("```")) {
                fence = line.substring(3);
                if (!fence.equals("console")) {
                    script.append("cat > ").append(file).append(" <<'END OF FILE'\n");
                }
            } else if (line.equals("```")) {
                script.append(fence.equals("console") ? "" : "END OF FILE\n");
                fence = null;
            } else if (fence != null && !fence.equals("console")) {
                script.append(line).append('\n');
            } else if (fence != null && line.startsWith("$ ")) {
                commands.add(new Command(line.substring(2), new ArrayList<>()));
                script.append("echo @@@\n").append(line.substring(2)).append('\n');
            } else if (fence != null) {
                commands.getLast().shown().add(line);
            }
        }
    }

    private static boolean onPath(String program) {
        for (String dir : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(dir, program))) {
                return true;
            }
        }
        return false;
    }
}
