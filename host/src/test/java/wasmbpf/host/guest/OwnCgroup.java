package wasmbpf.host.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup with this process in it. */
record OwnCgroup(String path) implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    static OwnCgroup make() throws IOException {
        Path directory = ROOT.resolve("wasmbpf-checks");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("cgroup.procs"), "" + Guest.PID);
        return new OwnCgroup(directory.toString());
    }

    @Override
    public void close() throws IOException {
        Files.writeString(ROOT.resolve("cgroup.procs"), "" + Guest.PID);
        Files.delete(Path.of(path));
    }
}
