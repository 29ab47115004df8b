package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/mapinmap on the running kernel, for user ids that nobody else has. */
class MapinmapIT {
    private static final String MODULE = "examples/mapinmap/mapinmap.wasm";
    private static final int WRITER = 1_900_000_001;
    private static final int IDLE = 1_900_000_002;

    @Test
    @Tag("kernel")
    void countsEachWriteOnceAndByUser() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(90, MODULE, "-i", "1", Integer.toString(WRITER), Integer.toString(IDLE))) {
            runner.awaitLine(line -> line.startsWith("Counting writes"), 60);
            // Across intervals, so that maps are taken out while they are written.
            List<String> said = Runner.shell("for i in 1 2 3 4 5; do setpriv --reuid " + WRITER
                    + " --clear-groups dd if=/dev/zero of=/dev/null bs=5000 count=2000 status=none || exit; sleep 0.3; done; echo done");
            assertEquals(List.of("done"), said);
            runner.interrupt();
            assertEquals(0, runner.exitStatus(30), runner.err());
            assertEquals(10_000, sum(runner, "user " + WRITER + ": (\\d+) writes, \\d+ bytes"));
            assertEquals(50_000_000, sum(runner, "user " + WRITER + ": \\d+ writes, (\\d+) bytes"));
            assertEquals(10_000, sum(runner, " +4096 \\.\\. 8191 +(\\d+)"));
            assertEquals(0, sum(runner, "user " + IDLE + ": (\\d+) writes, 0 bytes"));
            assertTrue(runner.out().contains("user " + IDLE + ": 0 writes, 0 bytes"));
        }
    }

    private static long sum(Runner runner, String line) {
        return runner.out().stream().filter(each -> each.matches(line)).mapToLong(each -> Long.parseLong(each.replaceFirst(line, "$1"))).sum();
    }

    @Test
    void refusesWhatIsNoUser() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "root")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("mapinmap.wasm: root: not a user id (a number)", runner.err().lines().findFirst().orElse(""));
        }
    }
}
