package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/uprobe on the running kernel. */
class UprobeIT {
    private static final String MODULE = "examples/uprobe/uprobe.wasm";

    @Test
    @Tag("kernel")
    void countsCallsOfMallocInOneProcess() throws Exception {
        Runner.assumeKernel();
        // The shell waits until it is watched; expanding braces calls malloc for every word.
        Process shell = new ProcessBuilder("bash", "-c", "read go; : {1..1000}; read end").start();
        try (Runner runner = Runner.start(60, MODULE, "-p", Long.toString(shell.pid()), "3")) {
            runner.awaitLine(line -> line.startsWith("Counting malloc of libc.so.6"), 30);
            shell.outputWriter().append("go\n").flush();
            assertEquals(0, runner.exitStatus(30), runner.err());
            String head = runner.awaitLine(line -> line.startsWith("bash(" + shell.pid() + "): "), 1);
            long returned = Long.parseLong(head.split(" ")[1]);
            assertTrue(returned >= 1000 && head.endsWith(" returned, 0 of them NULL"), head);
            long called = 0;
            for (String line : runner.out()) {
                if (line.matches(" +\\d+ \\.\\. \\d+ +\\d+")) {
                    called += Long.parseLong(line.strip().split(" +")[3]);
                }
            }
            assertEquals(returned, called, () -> String.join("\n", runner.out()));
            assertEquals(1, runner.out().stream().filter(line -> line.contains("returned")).count());
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    @Tag("kernel")
    void saysWhichFunctionThereIsNot() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(30, MODULE, "-f", "no_such_function")) {
            assertEquals(1, runner.exitStatus(30));
            assertTrue(runner.err().endsWith("uprobe: no_such_function in libc.so.6: No such file or directory"), runner.err());
        }
    }
}
