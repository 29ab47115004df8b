package wasmbpf.host.cli;

import java.nio.charset.StandardCharsets;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * A kernel that grants everything and does nothing: each BPF object and perf event is an eventfd, each ring buffer a piece
 * of plain memory with one record in it. All else goes to the real kernel.
 */
final class TrainingKernel implements Kernel {
    /** Enough for the poll loop to be seen, and for one record to be handed on. */
    private static final int WAITS = 4;
    private static final int RECORD_BYTES = 168;

    private final Kernel real;
    private Runnable end = () -> { };
    private int waits;

    TrainingKernel(Kernel real) {
        this.real = real;
    }

    /** Of the running kernel, but that tracepoints are numbered where only root may read their numbers. */
    static KernelFiles files() {
        return path -> path.endsWith("/id") ? "1".getBytes(StandardCharsets.US_ASCII) : KernelFiles.RUNNING.read(path);
    }

    /** What to do when enough has been seen. */
    void endsBy(Runnable action) {
        end = action;
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        return switch (call) {
            case BPF -> bpf((int) a);
            case PERF_EVENT_OPEN -> real.eventfd(1);
            case IOCTL -> 0;
            case MMAP -> (int) e >= 0 ? ring(b) : real.call(call, attr, a, b, c, d, e, f);
            case EPOLL_PWAIT -> {
                if (++waits == WAITS) {
                    end.run();
                }
                yield real.call(call, attr, a, b, c, d, e, f);
            }
            default -> real.call(call, attr, a, b, c, d, e, f);
        };
    }

    private long bpf(int command) {
        if (command == BpfCommand.TOKEN_CREATE.number()) {
            return -Errno.EOPNOTSUPP;
        }
        boolean makesOne = command == BpfCommand.MAP_CREATE.number() || command == BpfCommand.PROG_LOAD.number()
                || command == BpfCommand.BTF_LOAD.number() || command == BpfCommand.LINK_CREATE.number()
                || command == BpfCommand.RAW_TRACEPOINT_OPEN.number();
        return makesOne ? real.eventfd(1) : 0;
    }

    /** The producer's pages: its position, then the data; a consumer's page is the same with nothing produced. */
    private long ring(long length) {
        MappedRegion memory = MappedRegion.map(real, "training ring", length, Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
        if (length > 2 * 4096) {
            memory.setIntRelease(4096, RECORD_BYTES);
            memory.setLongRelease(0, RECORD_BYTES + 8);
        }
        return memory.address();
    }
}
