package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A cgroup2 group of the test's own, wherever cgroup2 is mounted. Closing it removes it. */
record Cgroup(Path mount, Path path) implements AutoCloseable {
    /** Skips the test, with the reason, where there is no cgroup2 or no group can be made. */
    static Cgroup make() throws IOException {
        Path mount = null;
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(" - cgroup2 ")) {
                mount = Path.of(line.split(" ")[4]);
            }
        }
        Assumptions.assumeTrue(mount != null, "cgroup2 is mounted nowhere");
        Path path = mount.resolve("wasm-bpf-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            Assumptions.abort("no cgroup can be made: " + e);
        }
        return new Cgroup(mount, path);
    }

    /** Runs a command in the group, to its end. */
    void run(String command) throws IOException, InterruptedException {
        List<String> said = Runner.shell("echo $$ > " + path + "/cgroup.procs && " + command + " && echo done");
        if (!said.contains("done")) {
            fail("not run: " + said);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // A process that ended may still be in it for a moment.
        for (int i = 0; i < 50; i++) {
            try {
                Files.delete(path);
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        Files.delete(path);
    }
}
