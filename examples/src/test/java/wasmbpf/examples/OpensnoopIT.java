package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/opensnoop on the running kernel. */
class OpensnoopIT {
    private static final String MODULE = "examples/opensnoop/opensnoop.wasm";

    @Test
    void refusesWhatIsNoProcessId() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "-p", "x")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertTrue(runner.err().startsWith("opensnoop.wasm: -p x: not a process id"), runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void printsWhatAProcessOfThatNameOpens() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(60, MODULE, "-n", "cat", "-e", "-t")) {
            assertEquals(List.of("TIME", "UID", "PID", "COMM", "FD", "ERR", "FLAGS", "PATH"),
                    List.of(runner.awaitLine(line -> line.startsWith("TIME"), 30).split(" +")));
            Runner.shell("head -c0 /etc/hosts; cat /etc/passwd /no/such/file; true");
            String opened = runner.awaitLine(line -> line.endsWith(" /etc/passwd"), 30);
            assertTrue(opened.matches("\\d\\d:\\d\\d:\\d\\d 0 +\\d+ +cat +3 +0 [0-9a-f]{8} /etc/passwd"), opened);
            String failed = runner.awaitLine(line -> line.endsWith(" /no/such/file"), 30);
            assertTrue(failed.matches("\\d\\d:\\d\\d:\\d\\d 0 +\\d+ +cat +-1 +2 [0-9a-f]{8} /no/such/file"), failed);
            assertTrue(runner.out().stream().noneMatch(line -> line.endsWith("/etc/hosts")), "a file that head opened");
        }
    }

    @Test
    @Tag("kernel")
    void printsFailuresOfOneProcessAlone() throws Exception {
        Runner.assumeKernel();
        Process shell = new ProcessBuilder("sh", "-c", "read go; exec cat /etc/passwd /no/such/file").start();
        try (Runner runner = Runner.start(60, MODULE, "-x", "-p", Long.toString(shell.pid()))) {
            runner.awaitLine(line -> line.startsWith("PID"), 30);
            Runner.shell("cat /no/such/other; true");
            shell.outputWriter().append("go\n").flush();
            runner.awaitLine(line -> line.endsWith(" /no/such/file"), 30);
            for (String line : runner.out().subList(1, runner.out().size())) {
                assertTrue(line.matches(shell.pid() + " +cat +-1 +\\d+ .*"), line);
            }
        } finally {
            shell.destroyForcibly();
        }
    }
}
