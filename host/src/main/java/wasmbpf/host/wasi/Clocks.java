package wasmbpf.host.wasi;

import java.time.Instant;


/** {@code clock_*}. Clock numbers are Linux's own: 0 real time, 1 monotonic, 2 this process's CPU, 3 this thread's. */
final class Clocks {
    static final int REALTIME = 0;
    static final int MONOTONIC = 1;
    static final int THREAD_CPUTIME = 3;

    private final FileCalls files;
    private final Scratch scratch;

    Clocks(FileCalls files, Scratch scratch) {
        this.files = files;
        this.scratch = scratch;
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        int id = (int) args[0];
        if (id < REALTIME || id > THREAD_CPUTIME) {
            return WasiErrno.INVAL;
        }
        boolean resolution = function == WasiFunction.CLOCK_RES_GET;
        int out = (int) args[resolution ? 1 : 2];
        memory.offset(out, 8);
        memory.i64(out, resolution ? resolution(id) : now(id));
        return WasiErrno.SUCCESS;
    }

    /**
     * Nanoseconds on clock {@code id}; the two common clocks without a system call. System.nanoTime reads
     * CLOCK_MONOTONIC on Linux, so a guest can compare it with a program's bpf_ktime_get_ns.
     */
    long now(int id) {
        switch (id) {
            case REALTIME -> {
                Instant now = Instant.now();
                return now.getEpochSecond() * 1_000_000_000 + now.getNano();
            }
            case MONOTONIC -> {
                return System.nanoTime();
            }
            default -> {
                WasiException.check(files.clockGettime(id, scratch.address(Scratch.TIMES)));
                return timespec();
            }
        }
    }

    private long resolution(int id) {
        WasiException.check(files.clockGetres(id, scratch.address(Scratch.TIMES)));
        return timespec();
    }

    private long timespec() {
        return scratch.i64(Scratch.TIMES) * 1_000_000_000 + scratch.i64(Scratch.TIMES + 8);
    }
}
