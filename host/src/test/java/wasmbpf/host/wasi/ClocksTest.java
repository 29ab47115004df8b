package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClocksTest {
    private final WasiFixture f = WasiFixture.plain(List.of("x"), List.of());

    private long time(int clock) {
        assertEquals(0, f.call("clock_time_get", clock, 1, 0x100));
        return f.i64(0x100);
    }

    @Test
    void realTimeIsTheWallClockInNanoseconds() {
        long before = System.currentTimeMillis();
        long millis = time(0) / 1_000_000;
        assertTrue(millis >= before && millis <= System.currentTimeMillis(), millis + " after " + before);
    }

    @Test
    void monotonicTimeIsWhatTheKernelCallsSo() throws Exception {
        // The first number of /proc/uptime counts from the same moment as CLOCK_BOOTTIME; a machine that never slept
        // agrees with CLOCK_MONOTONIC, one that did is ahead of it.
        String uptime = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/uptime"));
        long first = time(1);
        long second = time(1);
        assertTrue(second >= first);
        assertTrue(first / 1e9 <= Double.parseDouble(uptime.split(" ")[0]) + 5, first + " against " + uptime);
    }

    @Test
    void cpuClocksCountWorkNotWaiting() throws Exception {
        long process = time(2);
        long thread = time(3);
        Thread.sleep(30);
        long slept = time(3) - thread;
        assertTrue(process > 0 && thread > 0);
        assertTrue(slept < 25_000_000, "asleep for 30 ms, used " + slept);
    }

    @Test
    void everyClockHasAResolution() {
        for (int clock = 0; clock <= 3; clock++) {
            assertEquals(0, f.call("clock_res_get", clock, 0x100));
            assertTrue(f.i64(0x100) > 0 && f.i64(0x100) <= 1_000_000_000, "clock " + clock);
        }
    }

    @Test
    void unknownClocksAndBadPointersAreRefused() {
        assertEquals(WasiErrno.INVAL, f.call("clock_time_get", 4, 0, 0x100));
        assertEquals(WasiErrno.INVAL, f.call("clock_res_get", -1, 0x100));
        assertEquals(WasiErrno.FAULT, f.call("clock_time_get", 0, 0, WasiFixture.MEMORY_SIZE - 7));
    }
}
