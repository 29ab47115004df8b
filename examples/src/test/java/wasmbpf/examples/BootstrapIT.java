package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/bootstrap on the running kernel. */
class BootstrapIT {
    private static final String MODULE = "examples/bootstrap/bootstrap.wasm";
    private static final Pattern EXEC = Pattern.compile("\\d\\d:\\d\\d:\\d\\d EXEC  (\\S+) +(\\d+) +(\\d+) +(\\S+)");
    private static final Pattern EXIT = Pattern.compile("\\d\\d:\\d\\d:\\d\\d EXIT  (\\S+) +(\\d+) +(\\d+) +\\[(\\d+)\\](?: \\((\\d+)ms\\))?");

    @Test
    void printsItsUsageWithoutTouchingTheKernel() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "-h")) {
            assertEquals(0, runner.exitStatus(30));
            assertEquals("usage: bootstrap [-d MS]", runner.out().getFirst());
            assertEquals("", runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void losesNoneOfAThousandShortProcesses() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(90, MODULE)) {
            runner.awaitLine(line -> line.startsWith("TIME"), 30);
            // Each child is an exec of sh that ends with a status of its own; the script prints "pid status" for each.
            List<String> children = Runner.shell("""
                    echo $$
                    i=0
                    while [ $i -lt 1000 ]; do
                      /bin/sh -c "exit $((i % 7))" &
                      pid=$!
                      wait $pid
                      echo $pid $?
                      i=$((i + 1))
                    done
                    /bin/true end-of-list
                    """);
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
            assertEquals(1001, children.size());
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

    @Test
    @Tag("kernel")
    void withADurationPrintsOnlyProcessesThatLivedAsLong() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, MODULE, "-d", "100")) {
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

    @Test
    @Tag("kernel")
    void endsByItselfAtCtrlC() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(4, MODULE)) {
            assertEquals(0, runner.exitStatus(30), runner.err());
            assertTrue(runner.out().getFirst().startsWith("TIME"));
            assertEquals("", runner.err());
        }
    }
}
