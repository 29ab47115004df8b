package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.wasm.ProcExit;

@Timeout(30)
class FdIoTest {
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

    private int write(int fd, String text) {
        return f.call("fd_write", fd, f.iovec(f.text(text), text.length()), 1, OUT);
    }

    @Test
    void severalPiecesAreWrittenInOrderAndReadBack() throws Exception {
        int fd = f.create("a");
        int hello = f.text("hello ");
        int world = f.text("world\n");
        int iovs = f.iovec(hello, 6);
        f.iovec(world, 0);
        f.iovec(world, 6);
        assertEquals(0, f.call("fd_write", fd, iovs, 3, OUT));
        assertEquals(12, f.i32(OUT));
        assertEquals("hello world\n", Files.readString(dir.resolve("a")));
        assertEquals(0, f.call("fd_seek", fd, 3, 0, OUT));
        assertEquals(3, f.i64(OUT));
        int into = f.iovec(0x5000, 4);
        f.iovec(0x6000, 100);
        assertEquals(0, f.call("fd_read", fd, into, 2, OUT));
        assertEquals(9, f.i32(OUT));
        assertEquals("lo w", f.string(0x5000, 4));
        assertEquals("orld\n", f.string(0x6000, 5));
        assertEquals(0, f.call("fd_read", fd, into, 2, OUT));
        assertEquals(0, f.i32(OUT), "at the end");
    }

    @Test
    void positionedFormsLeaveThePositionAlone() throws Exception {
        int fd = f.create("a");
        write(fd, "0123456789");
        assertEquals(0, f.call("fd_pwrite", fd, f.iovec(f.text("ab"), 2), 1, 4, OUT));
        assertEquals(2, f.i32(OUT));
        assertEquals(0, f.call("fd_pread", fd, f.iovec(0x5000, 4), 1, 3, OUT));
        assertEquals("3ab6", f.string(0x5000, 4));
        assertEquals(0, f.call("fd_tell", fd, OUT));
        assertEquals(10, f.i64(OUT));
        assertEquals(WasiErrno.INVAL, f.call("fd_pread", fd, f.iovec(0x5000, 4), 1, -1, OUT));
    }

    @Test
    void seekKnowsAllThreeOriginsAndNoFourth() {
        int fd = f.create("a");
        write(fd, "0123456789");
        assertEquals(0, f.call("fd_seek", fd, -4, 2, OUT));
        assertEquals(6, f.i64(OUT));
        assertEquals(0, f.call("fd_seek", fd, -1, 1, OUT));
        assertEquals(5, f.i64(OUT));
        assertEquals(WasiErrno.INVAL, f.call("fd_seek", fd, 0, 3, OUT));
        assertEquals(WasiErrno.INVAL, f.call("fd_seek", fd, -1, 0, OUT));
    }

    @Test
    void badPointersAreFaultsBeforeAnyByteMoves() throws Exception {
        int fd = f.create("a");
        int good = f.text("good");
        int iovs = f.iovec(good, 4);
        f.iovec(WasiFixture.MEMORY_SIZE - 2, 3);
        assertEquals(WasiErrno.FAULT, f.call("fd_write", fd, iovs, 2, OUT));
        assertEquals(WasiErrno.FAULT, f.call("fd_write", fd, iovs, 1, WasiFixture.MEMORY_SIZE - 3));
        assertEquals(WasiErrno.FAULT, f.call("fd_write", fd, WasiFixture.MEMORY_SIZE - 4, 1, OUT));
        assertEquals(WasiErrno.FAULT, f.call("fd_write", fd, iovs, 0x7fffffff, OUT));
        assertEquals(WasiErrno.FAULT, f.call("fd_write", fd, iovs, -1, OUT));
        assertEquals(WasiErrno.FAULT, f.call("fd_read", fd, f.iovec(-8, 16), 1, OUT));
        assertEquals(0, Files.size(dir.resolve("a")));
    }

    @Test
    void noDescriptorIsBadfAndADirectoryIsNoFile() {
        int iov = f.iovec(0x5000, 4);
        assertEquals(WasiErrno.BADF, f.call("fd_write", 99, iov, 1, OUT));
        assertEquals(WasiErrno.BADF, f.call("fd_read", -1, iov, 1, OUT));
        assertEquals(WasiErrno.ISDIR, f.call("fd_read", 3, iov, 1, OUT));
        assertEquals(0, f.open("a", 1, Rights.FILE & ~Rights.FD_WRITE, 0));
        assertEquals(WasiErrno.BADF, f.call("fd_write", f.i32(OUT), iov, 1, OUT));
    }

    @Test
    void moreThanTheKernelTakesAtOnceIsWrittenAll() throws Exception {
        int fd = f.create("a");
        int text = f.text("abcdefgh");
        int iovs = f.iovec(text, 8);
        for (int i = 1; i < 1500; i++) {
            f.iovec(text, i % 9);
        }
        assertEquals(0, f.call("fd_write", fd, iovs, 1500, OUT));
        int expected = 8;
        for (int i = 1; i < 1500; i++) {
            expected += i % 9;
        }
        assertEquals(expected, f.i32(OUT));
        assertEquals(expected, Files.size(dir.resolve("a")));
    }

    /** A non-blocking pipe that is full: the write waits for the reader instead of losing the rest. */
    @Test
    void aFullPipeLosesNothing() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            f.files.setStatusFlags(pipe.writeEnd(), FileCalls.O_WRONLY | FileCalls.O_NONBLOCK);
            int fd = pipe.asStream(f, pipe.writeEnd());
            byte[] pattern = new byte[100_000];
            for (int i = 0; i < pattern.length; i++) {
                pattern[i] = (byte) (i * 31 >> 3);
            }
            f.memory.write(0x2000, pattern);
            CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> pipe.readAll(300_000));
            for (int round = 0; round < 3; round++) {
                assertEquals(0, f.call("fd_write", fd, f.iovec(0x2000, pattern.length), 1, OUT));
                assertEquals(pattern.length, f.i32(OUT));
            }
            byte[] read = reader.get(20, TimeUnit.SECONDS);
            for (int round = 0; round < 3; round++) {
                assertArrayEquals(pattern, java.util.Arrays.copyOfRange(read, round * 100_000, (round + 1) * 100_000));
            }
        }
    }

    @Test
    void aGuestThatAskedNotToBlockIsTold() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            f.files.setStatusFlags(pipe.writeEnd(), FileCalls.O_WRONLY | FileCalls.O_NONBLOCK);
            int fd = pipe.asStream(f, pipe.writeEnd());
            assertEquals(0, f.call("fd_fdstat_set_flags", fd, 4));
            int written = 0;
            int errno;
            do {
                errno = f.call("fd_write", fd, f.iovec(0x2000, 30_000), 1, OUT);
                written += errno == 0 ? f.i32(OUT) : 0;
            } while (errno == 0 && written < 10_000_000);
            assertEquals(WasiErrno.AGAIN, errno);
            assertTrue(written >= 32768, "written were " + written);
        }
    }

    @Test
    void outputNobodyReadsEndsTheGuestAsSigpipeWould() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int fd = pipe.asStream(f, pipe.writeEnd());
            f.files.close(pipe.takeReadEnd());
            ProcExit exit = assertThrows(ProcExit.class, () -> write(fd, "hello"));
            assertEquals(141, exit.status());
        }
    }

    @Test
    void waitingForInputEndsWhenTheGuestIsAskedToFinish() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int fd = pipe.asStream(f, pipe.readEnd());
            Thread later = new Thread(() -> {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    return;
                }
                f.interruption.request();
            });
            later.start();
            assertEquals(WasiErrno.INTR, f.call("fd_read", fd, f.iovec(0x5000, 4), 1, OUT));
            later.join();
        }
    }

    @Test
    void whatIsInAPipeIsReadWithoutWaitingForMore() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int in = pipe.asStream(f, pipe.readEnd());
            int out = pipe.asStream(f, pipe.writeEnd());
            write(out, "abc");
            assertEquals(0, f.call("fd_read", in, f.iovec(0x5000, 100), 1, OUT));
            assertEquals(3, f.i32(OUT));
            assertEquals(WasiErrno.SPIPE, f.call("fd_seek", in, 0, 0, OUT));
            assertEquals(WasiErrno.SPIPE, f.call("fd_tell", in, OUT));
        }
    }
}
