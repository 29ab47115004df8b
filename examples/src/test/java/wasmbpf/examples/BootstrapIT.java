package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** examples/bootstrap, and its user space in other languages, on the running kernel: the same lines from each. */
class BootstrapIT {
    private static final String MODULE = "examples/bootstrap/bootstrap.wasm";
    private static final List<String> MODULES = List.of(MODULE, "examples/bootstrap-rs/bootstrap-rs.wasm",
            "examples/bootstrap-cpp/bootstrap-cpp.wasm", "examples/emscripten/bootstrap.wasm",
            "examples/emscripten/bootstrap-cpp.wasm");
    private static final Pattern EXEC = Pattern.compile("\\d\\d:\\d\\d:\\d\\d EXEC  (\\S+) +(\\d+) +(\\d+) +(\\S+)");
    private static final Pattern EXIT = Pattern.compile("\\d\\d:\\d\\d:\\d\\d EXIT  (\\S+) +(\\d+) +(\\d+) +\\[(\\d+)\\](?: \\((\\d+)ms\\))?");

    @ParameterizedTest
    @FieldSource("MODULES")
    void printsItsUsageWithoutTouchingTheKernel(String module) throws Exception {
        String name = module.substring(module.lastIndexOf('/') + 1, module.lastIndexOf('.'));
        try (Runner runner = Runner.start(30, module, "-h")) {
            assertEquals(0, runner.exitStatus(30));
            assertEquals("usage: " + name + " [-d MS]", runner.out().getFirst());
            assertEquals("", runner.err());
        }
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void refusesWhatIsNoNumber(String module) throws Exception {
        String name = module.substring(module.lastIndexOf('/') + 1, module.lastIndexOf('.'));
        try (Runner runner = Runner.start(30, module, "-d", "1x")) {
            assertEquals(2, runner.exitStatus(30));
            assertEquals(name + ": -d 1x: not a number of milliseconds", runner.err());
        }
    }

    /** Not by its number, which is WASI's and in no one's manual. */
    @ParameterizedTest
    @FieldSource("MODULES")
    void saysAnErrorInWords(String module) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(System.getProperty("project.root"), module));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("attach: error") || text.contains("poll: error"), module);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    @Tag("kernel")
    void losesNoneOfManyShortProcesses(String module) throws Exception {
        Runner.assumeKernel();
        int processes = module.equals(MODULE) ? 1000 : 100;
        try (Runner runner = Runner.start(90, module)) {
            runner.awaitLine(line -> line.startsWith("TIME"), 30);
            // Each child is an exec of sh that ends with a status of its own; the script prints "pid status" for each.
            List<String> children = Runner.shell("""
                    echo $$
                    i=0
                    while [ $i -lt PROCESSES ]; do
                      /bin/sh -c "exit $((i % 7))" &
                      pid=$!
                      wait $pid
                      echo $pid $?
                      i=$((i + 1))
                    done
                    /bin/true end-of-list
                    """.replace("PROCESSES", Integer.toString(processes)));
            String parent = children.getFirst();
            String last = children.getLast().split(" ")[0];
            runner.awaitLine(line -> line.contains("EXIT") && line.contains(" " + last + " "), 30);

            Map<String, Matcher> execs = new HashMap<>();
            Map<String, Matcher> exits = new HashMap<>();
            for (String line : runner.out()) {
                Matcher exec = EXEC.matcher(line);
                Matcher exit = EXIT.matcher(line);
                if (exec.matches()) {
                    execs.put(exec.group(2), exec);
                } else if (exit.matches()) {
                    exits.put(exit.group(2), exit);
                }
            }
            assertEquals(processes + 1, children.size());
            for (String child : children.subList(1, children.size())) {
                String pid = child.split(" ")[0];
                String status = child.split(" ")[1];
                Matcher exec = execs.get(pid);
                Matcher exit = exits.get(pid);
                assertTrue(exec != null, "no EXEC line of process " + pid);
                assertTrue(exit != null, "no EXIT line of process " + pid);
                assertEquals(List.of("sh", parent, "/bin/sh"), List.of(exec.group(1), exec.group(3), exec.group(4)), pid);
                assertEquals(List.of("sh", parent, status), List.of(exit.group(1), exit.group(3), exit.group(4)), pid);
                assertTrue(exit.group(5) != null && Integer.parseInt(exit.group(5)) < 60_000, "duration of " + pid);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    @Tag("kernel")
    void withADurationPrintsOnlyProcessesThatLivedAsLong(String module) throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, module, "-d", "100")) {
            runner.awaitLine(line -> line.startsWith("TIME"), 30);
            List<String> pids = Runner.shell("""
                    for i in 1 2 3 4 5; do /bin/true & echo $!; wait $!; done
                    sleep 0.3 & echo $!; wait $!
                    """);
            String slow = pids.getLast();
            String line = runner.awaitLine(l -> l.contains("EXIT  sleep") && l.contains(" " + slow + " "), 30);
            Matcher exit = EXIT.matcher(line);
            assertTrue(exit.matches() && Integer.parseInt(exit.group(5)) >= 300, line);
            for (String printed : runner.out()) {
                assertTrue(!printed.contains("EXEC "), printed);
                Matcher other = EXIT.matcher(printed);
                if (other.matches()) {
                    assertTrue(Integer.parseInt(other.group(5)) >= 100, printed);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    @Tag("kernel")
    void endsByItselfAtCtrlC(String module) throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, module)) {
            runner.awaitLine(line -> line.startsWith("TIME"), 30);
            runner.interrupt();
            assertEquals(0, runner.exitStatus(30), runner.err());
            assertTrue(runner.out().getFirst().startsWith("TIME"));
            assertEquals("", runner.err());
        }
    }
}
