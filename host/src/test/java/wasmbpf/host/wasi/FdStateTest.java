package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FdStateTest {
    private static final int OUT = WasiFixture.OUT;

    @TempDir
    Path dir;

    private WasiFixture f;

    @BeforeEach
    void open() {
        f = WasiFixture.with(dir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    private void write(int fd, String text) {
        assertEquals(0, f.call("fd_write", fd, f.iovec(f.text(text), text.length()), 1, OUT));
    }

    @Test
    void fdstatHasTypeFlagsAndRights() {
        assertEquals(0, f.open("a", 1, Rights.FILE, 1));
        int fd = f.i32(OUT);
        assertEquals(0, f.call("fd_fdstat_get", fd, 0x200));
        assertEquals(FileType.REGULAR_FILE, f.i32(0x200) & 0xff);
        assertEquals(1, f.i32(0x200) >>> 16, "append");
        assertEquals(Rights.FILE, f.i64(0x208));
        assertEquals(0, f.call("fd_fdstat_get", 3, 0x200));
        assertEquals(FileType.DIRECTORY, f.i32(0x200) & 0xff);
        assertEquals(Rights.DIRECTORY, f.i64(0x208));
        assertEquals(Rights.DIRECTORY | Rights.FILE, f.i64(0x210));
        assertEquals(WasiErrno.FAULT, f.call("fd_fdstat_get", 3, WasiFixture.MEMORY_SIZE - 23));
        assertEquals(WasiErrno.BADF, f.call("fd_fdstat_get", 77, 0x200));
    }

    @Test
    void appendCanBeSwitchedOnAndOff() throws Exception {
        int fd = f.create("a");
        write(fd, "0123456789");
        f.call("fd_seek", fd, 0, 0, OUT);
        assertEquals(0, f.call("fd_fdstat_set_flags", fd, 1));
        write(fd, "x");
        assertEquals(0, f.call("fd_fdstat_set_flags", fd, 0));
        f.call("fd_seek", fd, 0, 0, OUT);
        write(fd, "y");
        assertEquals("y123456789x", Files.readString(dir.resolve("a")));
        assertEquals(WasiErrno.INVAL, f.call("fd_fdstat_set_flags", fd, 32));
        assertEquals(WasiErrno.NOTSUP, f.call("fd_fdstat_set_flags", fd, 16));
    }

    @Test
    void rightsCanOnlyBeGivenUp() {
        int fd = f.create("a");
        assertEquals(0, f.call("fd_fdstat_set_rights", fd, Rights.FD_READ | Rights.FD_SEEK, 0));
        assertEquals(WasiErrno.BADF, f.call("fd_write", fd, f.iovec(0x5000, 1), 1, OUT));
        assertEquals(WasiErrno.NOTCAPABLE, f.call("fd_fdstat_set_rights", fd, Rights.FD_WRITE, 0));
        assertEquals(WasiErrno.NOTCAPABLE, f.call("fd_filestat_set_size", fd, 0));
    }

    @Test
    void filestatIsThatOfTheFile() throws Exception {
        int fd = f.create("a");
        write(fd, "0123456789");
        assertEquals(0, f.call("fd_filestat_get", fd, 0x200));
        Path file = dir.resolve("a");
        assertEquals((long) (Integer) Files.getAttribute(file, "unix:nlink"), f.i64(0x218));
        assertEquals((Long) Files.getAttribute(file, "unix:ino"), f.i64(0x208));
        assertEquals(FileType.REGULAR_FILE, f.i64(0x210));
        assertEquals(10, f.i64(0x220));
        assertEquals(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS), f.i64(0x230));
        assertNotEquals(0, f.i64(0x200), "device");
        assertTrue(Math.abs(f.i64(0x238) / 1_000_000 - System.currentTimeMillis()) < 60_000, "change time");
    }

    @Test
    void sizeAndTimesCanBeSet() throws Exception {
        int fd = f.create("a");
        assertEquals(0, f.call("fd_filestat_set_size", fd, 1234));
        assertEquals(1234, Files.size(dir.resolve("a")));
        assertEquals(WasiErrno.INVAL, f.call("fd_filestat_set_size", fd, -1));
        assertEquals(0, f.call("fd_filestat_set_times", fd, 0, 1_500_000_000_123_456_789L, 4));
        assertEquals(1_500_000_000_123_456_789L, Files.getLastModifiedTime(dir.resolve("a")).to(TimeUnit.NANOSECONDS));
        assertEquals(0, f.call("fd_filestat_set_times", fd, 0, 0, 8));
        assertTrue(Math.abs(Files.getLastModifiedTime(dir.resolve("a")).toMillis() - System.currentTimeMillis()) < 60_000);
        assertEquals(WasiErrno.INVAL, f.call("fd_filestat_set_times", fd, 0, 0, 12));
        assertEquals(WasiErrno.INVAL, f.call("fd_filestat_set_times", fd, 0, 0, 16));
    }

    @Test
    void syncAdviceAndAllocationReachTheKernel() throws Exception {
        int fd = f.create("a");
        assertEquals(0, f.call("fd_sync", fd));
        assertEquals(0, f.call("fd_datasync", fd));
        for (int advice = 0; advice <= 5; advice++) {
            assertEquals(0, f.call("fd_advise", fd, 0, 100, advice));
        }
        assertEquals(WasiErrno.INVAL, f.call("fd_advise", fd, 0, 100, 6));
        int errno = f.call("fd_allocate", fd, 0, 4096);
        assertTrue(errno == 0 || errno == WasiErrno.NOTSUP, "errno " + errno);
        assertEquals(errno == 0 ? 4096 : 0, Files.size(dir.resolve("a")));
    }

    @Test
    void aClosedNumberIsBadAndIsGivenAgain() {
        int fd = f.create("a");
        assertEquals(0, f.call("fd_close", fd));
        assertEquals(WasiErrno.BADF, f.call("fd_close", fd));
        assertEquals(WasiErrno.BADF, f.call("fd_tell", fd, OUT));
        // 0 to 2 are free in this fixture, so the lowest number comes first.
        assertEquals(fd, f.create("b"));
    }

    @Test
    void renumberMovesADescriptorOverAnother() throws Exception {
        int a = f.create("a");
        int b = f.create("b");
        assertEquals(0, f.call("fd_renumber", a, b));
        write(b, "to a");
        assertEquals("to a", Files.readString(dir.resolve("a")));
        assertEquals(WasiErrno.BADF, f.call("fd_fdstat_get", a, 0x200));
        assertEquals(WasiErrno.BADF, f.call("fd_renumber", b, 99));
        assertEquals(0, f.call("fd_renumber", b, b));
        write(b, "!");
    }
}
