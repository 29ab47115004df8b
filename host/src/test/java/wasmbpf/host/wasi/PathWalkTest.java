package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A tree with a secret beside it: no path a guest can write gets there. */
class PathWalkTest {
    private static Path top;
    private static Path inside;

    @BeforeAll
    @BeforeContainer
    static void makeTree() throws Exception {
        top = Files.createTempDirectory("wasi-walk").toRealPath();
        inside = Files.createDirectories(top.resolve("inside"));
        Files.writeString(top.resolve("secret"), "secret");
        Files.createDirectories(inside.resolve("a/b"));
        Files.writeString(inside.resolve("a/file"), "in");
        Files.createSymbolicLink(inside.resolve("abs"), top.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("absdir"), top);
        Files.createSymbolicLink(inside.resolve("out"), Path.of("../secret"));
        Files.createSymbolicLink(inside.resolve("a/b/out"), Path.of("../../../secret"));
        Files.createSymbolicLink(inside.resolve("updir"), Path.of(".."));
        Files.createSymbolicLink(inside.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(inside.resolve("loop1"), Path.of("a/../loop2"));
        Files.createSymbolicLink(inside.resolve("loop2"), Path.of("loop1/x"));
        Files.createSymbolicLink(inside.resolve("good"), Path.of("a/b/../file"));
        Files.createSymbolicLink(inside.resolve("root"), Path.of("a/b/../.."));
    }

    @AfterAll
    @AfterContainer
    static void removeTree() throws Exception {
        try (var paths = Files.walk(top)) {
            for (Path p : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "../secret, 63", "a/../../secret, 63", "a/b/../../../secret, 63", "/etc/passwd, 63", "/, 63", "abs, 63",
        "absdir/secret, 63", "out, 63", "a/b/out, 63", "updir, 63", "updir/secret, 63", "loop, 32", "loop1, 32",
        "loop/x, 32", "root/../secret, 63", ".., 63", "a/.., 0", "good, 0", "root/good, 0", "root/root/root/a/file, 0",
        "a/b/../file, 0", "'', 44", "good/, 54", "a/file/.., 54", "missing/../a/file, 44",
    })
    void leadsNowhereElse(String path, int errno) {
        try (WasiFixture f = WasiFixture.with(inside)) {
            assertEquals(errno, f.open(path, 0, Rights.FD_READ, 0));
        }
    }

    @Test
    void aNulOrAnEndlessPathIsRefused() {
        try (WasiFixture f = WasiFixture.with(inside)) {
            assertEquals(WasiErrno.INVAL, f.open("a/file\0x", 0, Rights.FD_READ, 0));
            assertEquals(WasiErrno.NAMETOOLONG, f.open("./".repeat(2049), 0, Rights.FD_READ, 0));
            assertEquals(0, f.open("./".repeat(2000) + "good", 0, Rights.FD_READ, 0));
            assertEquals(WasiErrno.NAMETOOLONG, f.open("x".repeat(300), 0, Rights.FD_READ, 0));
        }
    }

    @Test
    void everyWalkGivesItsDescriptorsBack() throws Exception {
        try (WasiFixture f = WasiFixture.with(inside)) {
            int before = openDescriptors();
            for (String path : List.of("a/b/../../../secret", "a/b/out", "root/root/missing", "loop1", "a/b/x/y")) {
                for (int i = 0; i < 50; i++) {
                    f.open(path, 0, Rights.FD_READ, 0);
                }
            }
            assertTrue(openDescriptors() - before < 20, "250 failed walks kept " + (openDescriptors() - before));
        }
    }

    private static int openDescriptors() throws Exception {
        try (var fds = Files.list(Path.of("/proc/self/fd"))) {
            return (int) fds.count();
        }
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> component = Arbitraries.of("a", "b", "..", ".", "file", "out", "updir", "root", "good", "abs",
                "absdir", "loop1", "inside", "secret", "", "new");
        return component.list().ofMinSize(1).ofMaxSize(8).map(parts -> String.join("/", parts));
    }

    /** Whatever the path: what is opened is the same file the host finds beneath the directory, never the secret. */
    @Property(tries = 500)
    void staysInside(@ForAll("paths") String path) throws Exception {
        try (WasiFixture f = WasiFixture.with(inside)) {
            if (f.open(path, 0, Rights.FD_READ | Rights.FD_FILESTAT_GET, 0) == 0) {
                int fd = f.i32(WasiFixture.OUT);
                assertEquals(0, f.call("fd_filestat_get", fd, 0x200));
                Path real = inside.resolve(path).toRealPath();
                assertTrue(real.startsWith(inside), path + " gave " + real);
                assertEquals((Long) Files.getAttribute(real, "unix:ino"), f.i64(0x208), path);
            }
        }
    }
}
