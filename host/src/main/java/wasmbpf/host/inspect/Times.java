package wasmbpf.host.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

import wasmbpf.sys.Kernel;
import wasmbpf.sys.SystemCall;

/** The kernel's times since it started, as times of day. */
final class Times {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_BOOTTIME = 7;
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ");

    private Times() {
    }

    /** Nanoseconds since 1970 at which the kernel's clock of boot time was 0. */
    static long boot(Kernel kernel) {
        return now(kernel, CLOCK_REALTIME) - now(kernel, CLOCK_BOOTTIME);
    }

    private static long now(Kernel kernel, int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            kernel.call(SystemCall.CLOCK_GETTIME, null, clock, time.address(), 0, 0, 0, 0);
            return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8);
        }
    }

    /** Seconds since 1970, rounded down. */
    static long loaded(long bootTime, long sinceBoot) {
        return Math.floorDiv(bootTime + sinceBoot, 1_000_000_000L);
    }

    /** {@code 2026-11-26T07:00:29+0000}, in the time zone of this process. */
    static String text(long seconds) {
        return FORMAT.format(Instant.ofEpochSecond(seconds).atZone(ZoneId.systemDefault()));
    }
}
