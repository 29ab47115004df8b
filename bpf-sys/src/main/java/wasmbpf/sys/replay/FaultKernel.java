package wasmbpf.sys.replay;

import java.util.concurrent.atomic.AtomicInteger;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * Lets one call fail on its way to another kernel: to show that a loader that fails half-way leaves nothing behind.
 * Run it with n = 1, 2, … until {@link #calls} stays below n.
 *
 * <p>A close or munmap chosen to fail is made all the same, as the kernel's close ends the descriptor whatever it
 * answers.
 */
public final class FaultKernel implements Kernel {
    /** Chooses calls. */
    @FunctionalInterface
    public interface Choice {
        /** @param command of bpf(2), or null for other calls and for commands without a name */
        boolean test(SystemCall call, BpfCommand command);
    }

    private final Kernel kernel;
    private final Choice choice;
    private final int failing;
    private final int errno;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param choice which calls count
     * @param failing the number, from 1, of the one that fails
     * @param errno positive
     */
    public FaultKernel(Kernel kernel, Choice choice, int failing, int errno) {
        this.kernel = kernel;
        this.choice = choice;
        this.failing = failing;
        this.errno = errno;
    }

    /** Lets call {@code n}, from 1, of all calls fail. */
    public static FaultKernel atCall(Kernel kernel, int n, int errno) {
        return new FaultKernel(kernel, (call, command) -> true, n, errno);
    }

    /** Lets the n-th use, from 1, of one command of bpf(2) fail. */
    public static FaultKernel atCommand(Kernel kernel, BpfCommand command, int n, int errno) {
        return new FaultKernel(kernel, (call, made) -> made == command, n, errno);
    }

    /** How many calls counted so far. */
    public int calls() {
        return calls.get();
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        BpfCommand command = call == SystemCall.BPF ? BpfCommand.of((int) a) : null;
        if (!choice.test(call, command) || calls.incrementAndGet() != failing) {
            return kernel.call(call, attr, a, b, c, d, e, f);
        }
        if (call == SystemCall.CLOSE || call == SystemCall.MUNMAP) {
            kernel.call(call, attr, a, b, c, d, e, f);
        }
        return -errno;
    }

    @Override
    public void refreshMapped() {
        kernel.refreshMapped();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
