package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/execve on the running kernel. */
class ExecveIT {
    @Test
    @Tag("kernel")
    void printsCommandLinesAndFailures() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, "examples/execve/execve.wasm")) {
            runner.awaitLine(line -> line.startsWith("PID"), 30);
            String pid = Runner.shell("/bin/true marked 'a b' \"it's\" '' & echo $!; wait").getFirst();
            String line = runner.awaitLine(each -> each.startsWith(pid + " "), 30);
            assertTrue(line.matches(pid + " +0 +sh +0  /bin/true marked 'a b' 'it'\\\\''s' ''"), line);

            // 40 arguments are more than the event's 32, and 200 bytes more than it has for one.
            String many = Runner.shell("/bin/true $(seq 1 39) & echo $!; wait").getFirst();
            line = runner.awaitLine(each -> each.startsWith(many + " "), 30);
            assertTrue(line.endsWith(" 30 31 ..."), line);
            String large = Runner.shell("/bin/true $(printf %0200d 0) last & echo $!; wait").getFirst();
            line = runner.awaitLine(each -> each.startsWith(large + " "), 30);
            assertTrue(line.endsWith(" /bin/true " + "0".repeat(127) + " last"), line);

            Runner.shell("env -i PATH=/no/such/folder /usr/bin/env no-such-program; true");
            line = runner.awaitLine(each -> each.endsWith("  no-such-program"), 30);
            assertTrue(line.matches("\\d+ +0 +env +-2  no-such-program"), line);
            assertEquals("", runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void endsByItselfAtCtrlC() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, "examples/execve/execve.wasm")) {
            runner.awaitLine(line -> line.startsWith("PID"), 30);
            runner.interrupt();
            assertEquals(0, runner.exitStatus(30), runner.err());
            assertTrue(runner.out().getFirst().startsWith("PID"), runner.err());
        }
    }

    @Test
    void knowsNoArguments() throws Exception {
        try (Runner runner = Runner.start(30, "examples/execve/execve.wasm", "--all")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("execve.wasm: unrecognized option '--all'", runner.err().lines().findFirst().orElse(""));
        }
    }
}
