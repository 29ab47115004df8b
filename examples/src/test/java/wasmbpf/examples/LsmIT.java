package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * examples/lsm on the running kernel: it protects the directory, or says that the kernel takes no such programs. Under
 * kernels that do, KernelsIT runs it.
 */
class LsmIT {
    private static final String MODULE = "examples/lsm/lsm.wasm";

    @TempDir
    Path folder;

    @Test
    @Tag("kernel")
    void deniesItsOwnNameAlone() throws Exception {
        Runner.assumeKernel();
        String name = "wasm-bpf-" + ProcessHandle.current().pid();
        Path own = Files.createDirectory(folder.resolve(name));
        Path longer = Files.createDirectory(folder.resolve(name + "-longer"));
        Path file = Files.createFile(Files.createDirectory(folder.resolve("files")).resolve(name));
        try (Runner runner = Runner.start(60, MODULE, name)) {
            if (!runner.printsOrEnds(line -> line.startsWith("Directories called " + name), 30)) {
                assertEquals(1, runner.exitStatus(30));
                assertTrue(runner.err().matches("(?s)wasm-bpf: load program \"(rmdir|rename)\": .*BPF_PROG_TYPE_LSM\nlsm: .*"), runner.err());
                System.out.println("LSM programs are refused here, which the module said; KernelsIT has it deny");
                return;
            }
            assertThrows(FileSystemException.class, () -> Files.delete(own));
            assertThrows(FileSystemException.class, () -> Files.move(own, folder.resolve("renamed")));
            Files.delete(longer);
            Files.delete(file);
            runner.awaitLine(line -> line.matches("denied: .*\\(" + ProcessHandle.current().pid() + "\\) of user 0 wanted to remove " + name), 30);
            runner.awaitLine(line -> line.matches("denied: .*\\(" + ProcessHandle.current().pid() + "\\) of user 0 wanted to rename " + name), 30);
            assertEquals(2, runner.out().stream().filter(line -> line.startsWith("denied: ")).count());
            runner.interrupt();
            assertEquals(0, runner.exitStatus(30), runner.err());
        }
        Files.delete(own);
    }

    @Test
    void refusesWhatIsNoName() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "a/b")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("lsm.wasm: a/b: not the name of a directory, without a path", runner.err().lines().findFirst().orElse(""));
        }
    }
}
