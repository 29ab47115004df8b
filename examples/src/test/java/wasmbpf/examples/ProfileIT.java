package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/profile on the running kernel, of a process that copies zeroes all the time. */
class ProfileIT {
    private static final String MODULE = "examples/profile/profile.wasm";

    private static List<String> run(String... options) throws Exception {
        Runner.assumeKernel();
        Process busy = new ProcessBuilder("dd", "if=/dev/zero", "of=/dev/null", "bs=1M").redirectErrorStream(true).start();
        String[] arguments = new String[options.length + 6];
        arguments[0] = "--dir";
        arguments[1] = "/";
        arguments[2] = MODULE;
        arguments[3] = "-p";
        arguments[4] = Long.toString(busy.pid());
        System.arraycopy(options, 0, arguments, 5, options.length);
        arguments[arguments.length - 1] = "3";
        try (Runner runner = Runner.start(120, arguments)) {
            assertEquals(0, runner.exitStatus(120), runner.err());
            return runner.out();
        } finally {
            busy.destroy();
            busy.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static long samples(List<String> folded) {
        return folded.stream().mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    @Test
    @Tag("kernel")
    void foldsStacksOfBothSides() throws Exception {
        List<String> lines = run("-f", "-F", "199");
        assertTrue(lines.stream().allMatch(line -> line.matches("dd(;\\S.*)? \\d+")), lines.toString());
        assertTrue(samples(lines) >= 20, lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches("dd;.*;ksys_read_\\[k];vfs_read_\\[k].* \\d+")), lines.toString());
        // The C library's symbols are read from its file; those of its inner functions may be stripped.
        assertTrue(lines.stream().anyMatch(line -> line.matches("dd;.*(read|write|libc\\.so\\.6\\+0x[0-9a-f]+|dd\\+0x[0-9a-f]+);.*")),
                lines.toString());
    }

    @Test
    @Tag("kernel")
    void keepsToOneSide() throws Exception {
        List<String> kernel = run("-f", "-K", "-F", "199");
        assertTrue(kernel.stream().anyMatch(line -> line.contains("_[k]")), kernel.toString());
        assertTrue(kernel.stream().allMatch(line -> line.matches("dd(;[^;]*_\\[k])* \\d+")), kernel.toString());
        List<String> user = run("-f", "-U", "-F", "199");
        assertTrue(samples(user) >= 20 && user.stream().noneMatch(line -> line.contains("_[k]")), user.toString());
    }

    @Test
    @Tag("kernel")
    void printsSamplesAsTheyCome() throws Exception {
        List<String> lines = run("--live", "-F", "199");
        long samples = lines.stream().filter(line -> line.matches("    dd \\(\\d+\\): 1")).count();
        assertTrue(samples >= 20, lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches("    [0-9a-f]{16} vfs_read \\[kernel]")), lines.toString());
    }

    @Test
    void refusesNothing() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "-U", "-K")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("profile.wasm: -U and -K together leave nothing", runner.err().lines().findFirst().orElse(""));
        }
    }
}
