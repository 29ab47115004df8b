package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code wasi_unstable} has at other places than preview 1; offsets and numbers are those of wasi_unstable.witx. */
@Timeout(30)
class SnapshotTest {
    private static final int OUT = WasiFixture.OUT;
    private static final int STAT = 0x200;

    @TempDir
    Path dir;

    private WasiFixture f;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(dir.resolve("a"), "0123456789");
        Files.createLink(dir.resolve("b"), dir.resolve("a"));
        f = WasiFixture.with(dir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    private int call(String name, long... args) {
        return f.call(Snapshot.UNSTABLE, name, args);
    }

    @Test
    void everyFunctionIsThereWithItsType() {
        for (WasiFunction function : WasiFunction.values()) {
            assertNotNull(f.wasi.resolve("wasi_unstable", function.wasmName, function.type()), function.wasmName);
            assertTrue(Wasi.provides("wasi_unstable", function.wasmName, function.type()), function.wasmName);
        }
        assertNull(f.wasi.resolve("wasi_snapshot_preview2", "fd_close", WasiFunction.FD_CLOSE.type()));
    }

    @Test
    void aSeekIsFromTheCurrentPositionTheEndOrTheStart() {
        int fd = f.create("a");
        long[][] positions = {{4, 2, 4}, {3, 0, 7}, {-2, 1, 8}, {0, 2, 0}};
        for (long[] p : positions) {
            assertEquals(0, call("fd_seek", fd, p[0], p[1], OUT));
            assertEquals(p[2], f.i64(OUT));
        }
        assertEquals(WasiErrno.INVAL, call("fd_seek", fd, 0, 3, OUT));
        assertEquals(WasiErrno.INVAL, call("fd_seek", fd, 0, -1, OUT));
        assertEquals(0, call("fd_seek", fd, 5, 2, OUT));
        assertEquals(0, call("fd_tell", fd, OUT));
        assertEquals(5, f.i64(OUT));
    }

    @Test
    void aFilestatHasLinksOf32BitsAnd56Bytes() throws Exception {
        int fd = f.create("a");
        Path file = dir.resolve("a");
        String name = "a";
        for (int at : new int[] {STAT, WasiFixture.MEMORY_SIZE - 56}) {
            for (boolean byPath : new boolean[] {false, true}) {
                f.memory.fill(STAT, 72, (byte) -1);
                assertEquals(0, byPath ? call("path_filestat_get", 3, 1, f.text(name), name.length(), at)
                        : call("fd_filestat_get", fd, at));
                assertEquals((Long) Files.getAttribute(file, "unix:ino"), f.i64(at + 8));
                assertEquals(FileType.REGULAR_FILE, f.i32(at + 16) & 0xff);
                assertEquals(2, f.i32(at + 20), "links");
                assertEquals(10, f.i64(at + 24), "size");
                assertEquals(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS), f.i64(at + 40));
                assertEquals(-1, f.i64(STAT + 56), "what lies behind");
            }
        }
        assertEquals(WasiErrno.FAULT, call("fd_filestat_get", fd, WasiFixture.MEMORY_SIZE - 55));
    }

    @Test
    void aSubscriptionHas56BytesAndAnIdentifierBeforeItsClock() {
        int in = 0x400;
        int events = 0x800;
        f.memory.fill(in, 112, (byte) 0);
        f.memory.putLong(in, 77);
        f.memory.putLong(in + 16, 123);
        f.memory.putInt(in + 24, Clocks.MONOTONIC);
        f.memory.putLong(in + 32, 30_000_000);
        f.memory.putLong(in + 56, 78);
        f.memory.putInt(in + 56 + 24, Clocks.MONOTONIC);
        f.memory.putLong(in + 56 + 32, TimeUnit.HOURS.toNanos(1));
        long start = System.nanoTime();
        assertEquals(0, call("poll_oneoff", in, events, 2, OUT));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 29 && millis < 10_000, millis + " ms");
        assertEquals(1, f.i32(OUT));
        assertEquals(77, f.i64(events));
        int fd = f.create("a");
        f.memory.putByte(in + 56 + 8, (byte) 1);
        f.memory.putInt(in + 56 + 16, fd);
        assertEquals(0, call("poll_oneoff", in + 56, events, 1, OUT));
        assertEquals(78, f.i64(events));
        assertEquals(0, f.i32(events + 8) & 0xffff);
    }

    @Test
    void bothVersionsShareTheDescriptors() {
        int fd = f.create("a");
        assertEquals(0, call("fd_seek", fd, 0, 1, OUT));
        f.memory.write(0x5000, "x".getBytes(StandardCharsets.UTF_8));
        assertEquals(0, f.call("fd_write", fd, f.iovec(0x5000, 1), 1, OUT));
        assertEquals(0, call("fd_close", fd));
        assertEquals(WasiErrno.BADF, f.call("fd_close", fd));
    }
}
