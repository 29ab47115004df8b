package wasmbpf.host.wasi;


import wasmbpf.wasm.ProcExit;

/** {@code proc_exit}, {@code proc_raise}, {@code sched_yield} and {@code random_get}. */
final class ProcessCalls {
    /** Linux's numbers for WASI's signals (typenames.witx, {@code signal}: 0 none, 1 hup, 2 int … 30 sys). */
    private static final byte[] LINUX_SIGNAL = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    };
    private static final int EINTR = 4;
    /** The most getrandom gives at once for certain is 32 MiB - 1; a signal may cut anything above 256 bytes short. */
    private static final long CHUNK = 1 << 20;

    private final FileCalls files;

    ProcessCalls(FileCalls files) {
        this.files = files;
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        return switch (function) {
            case PROC_EXIT -> throw new ProcExit((int) args[0]);
            case PROC_RAISE -> raise((int) args[0]);
            case SCHED_YIELD -> {
                files.schedYield();
                yield WasiErrno.SUCCESS;
            }
            case RANDOM_GET -> random(memory, (int) args[0], Integer.toUnsignedLong((int) args[1]));
            default -> throw new IllegalStateException(function.wasmName);
        };
    }

    /** No guest can have a handler, so a signal does what it does by default: nothing, or ends the guest with 128 + n. */
    private static int raise(int signal) {
        if (signal < 0 || signal >= LINUX_SIGNAL.length) {
            return WasiErrno.INVAL;
        }
        int linux = LINUX_SIGNAL[signal];
        return switch (linux) {
            case 0, 17, 18, 23, 28 -> WasiErrno.SUCCESS; // none, CHLD, CONT, URG, WINCH
            case 19, 20, 21, 22 -> WasiErrno.NOTSUP; // STOP, TSTP, TTIN, TTOU: would stop the runtime itself
            default -> throw new ProcExit(128 + linux);
        };
    }

    private int random(GuestMemory memory, int buffer, long length) {
        long address = memory.address(buffer, length);
        long done = 0;
        while (done < length) {
            long n = files.getrandom(address + done, Math.min(CHUNK, length - done));
            if (n != -EINTR) {
                done += WasiException.check(n);
            }
        }
        return WasiErrno.SUCCESS;
    }
}
