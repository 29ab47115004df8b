package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/java on the running kernel: the loader as a library, and what {@code prog list} shows of it. */
class JavaIT {
    private static final String SOURCE = "examples/java/Execs.java";
    private static final String OBJECT = "examples/bootstrap/bootstrap.bpf.o";

    @Test
    void isAProgramOfAboutTwentyLines() throws Exception {
        List<String> lines = Files.readAllLines(Path.of(System.getProperty("project.root"), SOURCE));
        assertTrue(lines.stream().filter(line -> !line.isBlank()).count() <= 24, lines.size() + " lines");
    }

    @Test
    @Tag("kernel")
    void printsWhatIsStartedAndIsListedWhileItRuns() throws Exception {
        Runner.assumeKernel();
        String program;
        try (Runner java = Runner.startSource(90, SOURCE, OBJECT)) {
            java.awaitLine(line -> line.equals("    PID    PPID FILE"), 60);
            List<String> children = Runner.shell("/bin/true & echo $!; wait $!; sh -c 'exec /bin/true marked'; echo $$");
            String pid = children.getFirst();
            String parent = children.getLast();
            String line = java.awaitLine(each -> each.strip().startsWith(pid + " "), 30);
            assertEquals("%7s %7s /bin/true".formatted(pid, parent), line);
            String mine;
            try (Runner list = Runner.start(60, "prog", "list", "-o", "jsonl")) {
                assertEquals(0, list.exitStatus(60), list.err());
                List<String> rows = list.out().stream().filter(row -> row.contains("\"comm\":\"java\"")
                        && row.contains("\"pid\":" + java.pid() + ",") && row.contains("\"name\":\"handle_exec\"")).toList();
                assertEquals(1, rows.size(), () -> String.join("\n", list.out()));
                mine = rows.getFirst();
                assertTrue(mine.contains("\"type\":\"tracepoint\""), mine);
            }
            program = mine.substring(mine.indexOf(':') + 1, mine.indexOf(','));
            try (Runner dump = Runner.start(60, "prog", "dump", "xlated", "id", program)) {
                assertEquals(0, dump.exitStatus(60), dump.err());
                assertTrue(dump.out().getFirst().startsWith("int handle_exec("), dump.out().getFirst());
            }
            assertEquals("", java.err());
        }
        try (Runner gone = Runner.start(60, "prog", "show", "id", program)) {
            assertEquals(1, gone.exitStatus(60));
            assertEquals("wasm-bpf: no program with id " + program, gone.err());
        }
    }
}
