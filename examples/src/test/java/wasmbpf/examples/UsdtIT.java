package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/usdt on the running kernel, on the JVM that runs this test. */
class UsdtIT {
    private static final String MODULE = "examples/usdt/usdt.wasm";

    @Test
    @Tag("kernel")
    void printsThreadsOfThisJvm() throws Exception {
        Runner.assumeKernel();
        Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        Assumptions.assumeTrue(Files.exists(library), "no " + library);
        Assumptions.assumeTrue(new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1).contains("thread__start\0"),
                library + " is built without its static probes");
        long pid = ProcessHandle.current().pid();
        try (Runner runner = Runner.start(60, MODULE, library.toString(), Long.toString(pid))) {
            runner.awaitLine(line -> line.startsWith("PID"), 30);
            for (int i = 0; i < 20; i++) {
                Thread thread = new Thread(() -> { }, "usdt-test-" + i);
                thread.setDaemon(i % 2 == 1);
                thread.start();
                thread.join();
            }
            runner.awaitLine(line -> line.endsWith("ends   daemon  usdt-test-19"), 30);
            for (int i = 0; i < 20; i++) {
                String daemon = i % 2 == 1 ? "daemon" : "";
                String name = "usdt-test-" + i;
                String starts = runner.awaitLine(line -> line.contains(" starts ") && line.endsWith(" " + name), 1);
                String ends = runner.awaitLine(line -> line.contains(" ends ") && line.endsWith(" " + name), 1);
                assertTrue(starts.matches(pid + " +\\d+ +\\d+ +starts +" + daemon + " *" + name), starts);
                assertEquals(starts.replace("starts", "ends  "), ends);
            }
            assertEquals("", runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void saysThatAFileHasNoSuchProbe() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(30, MODULE, "/bin/true", "1")) {
            assertEquals(1, runner.exitStatus(30));
            assertTrue(runner.err().contains("usdt: /bin/true, process 1: "), runner.err());
        }
    }
}
