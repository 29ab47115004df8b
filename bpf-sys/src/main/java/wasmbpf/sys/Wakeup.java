package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Ends an {@link Kernel#epollWait} on purpose: an eventfd that is added to the epoll set. {@link #wake} may be called
 * from any thread, a signal handler's included; the waiting thread sees {@link #fd} ready and calls {@link #clear}.
 */
public final class Wakeup implements AutoCloseable {
    private final Kernel kernel;
    private final Fd fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment one = arena.allocate(8, 8);
    private final MemorySegment count = arena.allocate(8, 8);

    /** @throws SysException if no descriptor can be had */
    public Wakeup(Kernel kernel) {
        this.kernel = kernel;
        this.fd = Fd.of(kernel, SysException.check("eventfd", kernel.eventfd(0)), "wake-up event");
        one.asByteBuffer().order(ByteOrder.nativeOrder()).putLong(0, 1);
    }

    public int fd() {
        return fd.number();
    }

    /** Makes {@link #fd} readable until cleared; further calls before that change nothing. */
    public void wake() {
        kernel.write(fd.number(), one);
    }

    /** Takes back all wake-ups so far and says whether there were any. */
    public boolean clear() {
        return kernel.read(fd.number(), count) == 8;
    }

    @Override
    public void close() {
        fd.close();
        arena.close();
    }
}
