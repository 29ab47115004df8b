package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/runqlat on the running kernel. */
class RunqlatIT {
    private static final Pattern ROW = Pattern.compile(" +(\\d+) -> (\\d+) +: (\\d+) +\\|[* ]{40}\\|");

    @Test
    @Tag("kernel")
    void printsThreeHistogramsAndEnds() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, "examples/runqlat/runqlat.wasm", "1", "3")) {
            assertEquals(0, runner.exitStatus(40), runner.err());
            List<String> out = runner.out();
            assertEquals("Tracing run queue latency... Hit Ctrl-C to end.", out.getFirst());
            assertEquals(3, out.stream().filter(line -> line.contains("usecs") && line.contains("distribution")).count());
            long total = 0;
            for (String line : out) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    total += Long.parseLong(row.group(3));
                }
            }
            assertTrue(total > 0, "no wake-up in three seconds: " + out);
        }
    }

    @Test
    @Tag("kernel")
    void printsWhatItHasAtCtrlC() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(90, "examples/runqlat/runqlat.wasm")) {
            runner.awaitLine(line -> line.startsWith("Tracing run queue latency"), 60);
            Runner.shell("for i in 1 2 3 4 5; do sleep 0.1; done");
            runner.interrupt();
            assertEquals(0, runner.exitStatus(40), runner.err());
            assertEquals(1, runner.out().stream().filter(line -> line.contains("usecs") && line.contains("distribution")).count(),
                    () -> String.join("\n", runner.out()));
        }
    }

    @Test
    void refusesWhatIsNoNumber() throws Exception {
        try (Runner runner = Runner.start(30, "examples/runqlat/runqlat.wasm", "soon")) {
            assertEquals(2, runner.exitStatus(30));
            assertEquals("runqlat: soon: not a positive number of seconds", runner.err());
        }
    }
}
