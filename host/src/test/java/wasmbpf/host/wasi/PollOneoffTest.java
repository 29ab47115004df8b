package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PollOneoffTest {
    private static final int IN = 0x400;
    private static final int EVENTS = 0x800;
    private static final int COUNT = 0x100;

    @TempDir
    Path dir;

    private WasiFixture f;
    private int subscriptions;

    @BeforeEach
    void open() {
        f = WasiFixture.with(dir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    private void clock(long userdata, int id, long timeout, int flags) {
        int at = IN + 48 * subscriptions++;
        f.memory.fill(at, 48, (byte) 0);
        f.memory.putLong(at, userdata);
        f.memory.putInt(at + 16, id);
        f.memory.putLong(at + 24, timeout);
        f.memory.putShort(at + 40, (short) flags);
    }

    private void fd(long userdata, int type, int fd) {
        int at = IN + 48 * subscriptions++;
        f.memory.fill(at, 48, (byte) 0);
        f.memory.putLong(at, userdata);
        f.memory.putByte(at + 8, (byte) type);
        f.memory.putInt(at + 16, fd);
    }

    private int poll() {
        int n = subscriptions;
        subscriptions = 0;
        return f.call("poll_oneoff", IN, EVENTS, n, COUNT);
    }

    private void event(int index, long userdata, int error, int type) {
        int at = EVENTS + 32 * index;
        assertEquals(userdata, f.i64(at));
        assertEquals(error, f.i32(at + 8) & 0xffff);
        assertEquals(type, f.i32(at + 8) >>> 16 & 0xff);
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void aRelativeSleepTakesItsTime() {
        long start = System.nanoTime();
        clock(0x1122334455667788L, 0, 50_000_000, 0);
        assertEquals(0, poll());
        assertTrue(millisSince(start) >= 50, "slept " + millisSince(start) + " ms");
        assertEquals(1, f.i32(COUNT));
        event(0, 0x1122334455667788L, 0, 0);
    }

    @Test
    void anAbsoluteSleepEndsAtItsTime() {
        long start = System.nanoTime();
        clock(1, 1, System.nanoTime() + 40_000_000, 1);
        assertEquals(0, poll());
        assertTrue(millisSince(start) >= 40 && millisSince(start) < 10_000);
        start = System.nanoTime();
        clock(2, 0, System.currentTimeMillis() * 1_000_000 - 1, 1);
        assertEquals(0, poll());
        assertTrue(millisSince(start) < 10_000, "a time in the past is over");
        event(0, 2, 0, 0);
    }

    @Test
    void theFirstToComeIsReportedAlone() {
        clock(1, 1, 20_000_000, 0);
        clock(2, 1, 60_000_000_000L, 0);
        clock(3, 1, -1, 0);
        assertEquals(0, poll());
        assertEquals(1, f.i32(COUNT));
        event(0, 1, 0, 0);
    }

    @Test
    void descriptorsAreReportedWhenReadyWithTheBytesThere() {
        try (Pipe pipe = Pipe.open()) {
            int in = pipe.asStream(f, pipe.readEnd());
            int out = pipe.asStream(f, pipe.writeEnd());
            fd(1, 1, in);
            clock(2, 1, 20_000_000, 0);
            assertEquals(0, poll());
            assertEquals(1, f.i32(COUNT));
            event(0, 2, 0, 0);
            f.call("fd_write", out, f.iovec(0x5000, 5), 1, 0x200);
            fd(1, 1, in);
            fd(3, 2, out);
            clock(2, 1, 60_000_000_000L, 0);
            assertEquals(0, poll());
            assertEquals(2, f.i32(COUNT));
            event(0, 1, 0, 1);
            assertEquals(5, f.i64(EVENTS + 16));
            event(1, 3, 0, 2);
        }
    }

    @Test
    void filesNeverBlockAndBadDescriptorsAreEventsWithAnError() {
        int file = f.create("a");
        fd(1, 1, file);
        fd(2, 2, 99);
        assertEquals(0, poll());
        assertEquals(2, f.i32(COUNT));
        event(0, 1, 0, 1);
        event(1, 2, WasiErrno.BADF, 2);
    }

    @Test
    void aHungUpPipeSaysSo() {
        try (Pipe pipe = Pipe.open()) {
            int out = pipe.asStream(f, pipe.writeEnd());
            f.files.close(pipe.takeReadEnd());
            fd(1, 2, out);
            assertEquals(0, poll());
            event(0, 1, 0, 2);
            assertEquals(1, f.i64(EVENTS + 24), "hang-up");
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertEquals(WasiErrno.INVAL, f.call("poll_oneoff", IN, EVENTS, 0, COUNT));
        assertEquals(WasiErrno.INVAL, f.call("poll_oneoff", IN, EVENTS, -1, COUNT));
        assertEquals(WasiErrno.FAULT, f.call("poll_oneoff", WasiFixture.MEMORY_SIZE - 47, EVENTS, 1, COUNT));
        assertEquals(WasiErrno.FAULT, f.call("poll_oneoff", IN, WasiFixture.MEMORY_SIZE - 31, 1, COUNT));
        fd(1, 7, 0);
        assertEquals(WasiErrno.INVAL, poll());
        clock(1, 3, 1, 0);
        clock(2, 9, 1, 0);
        assertEquals(0, poll());
        event(0, 1, WasiErrno.NOTSUP, 0);
        event(1, 2, WasiErrno.INVAL, 0);
    }

    /** The sleep under way wakes; the next one sleeps, so that a guest that does not listen does not spin. */
    @Test
    void aRequestToFinishWakesOneSleep() throws Exception {
        Thread later = new Thread(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
            f.interruption.request();
        });
        long start = System.nanoTime();
        later.start();
        clock(1, 0, 20_000_000_000L, 0);
        clock(2, 0, 30_000_000_000L, 0);
        assertEquals(0, poll());
        assertTrue(millisSince(start) < 15_000);
        assertEquals(1, f.i32(COUNT));
        event(0, 1, 0, 0);
        later.join();
        start = System.nanoTime();
        clock(1, 0, 50_000_000, 0);
        assertEquals(0, poll());
        assertTrue(millisSince(start) >= 50);
    }

    @Test
    void aRequestToFinishEndsAWaitForDescriptorsWithEintr() {
        try (Pipe pipe = Pipe.open()) {
            fd(1, 1, pipe.asStream(f, pipe.readEnd()));
            f.interruption.request();
            assertEquals(WasiErrno.INTR, poll());
        }
    }
}
