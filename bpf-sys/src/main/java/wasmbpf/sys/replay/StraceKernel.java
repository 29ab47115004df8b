package wasmbpf.sys.replay;

import java.io.PrintStream;
import java.util.concurrent.locks.ReentrantLock;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * Prints a line for each call on its way to another kernel, as strace does:
 * <pre>
 * bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name="rb") = 7&lt;map "rb"&gt;
 * bpf(PROG_LOAD, prog_type=KPROBE, …) = -EPERM (operation not permitted)
 * </pre>
 * May be used from several threads; a line is printed when its call ends.
 */
public final class StraceKernel implements Kernel {
    private static final Payloads PAYLOADS = new Payloads.Shortened(16);

    private final Kernel kernel;
    private final PrintStream out;
    private final boolean times;
    private final Handles handles = new Handles(Handles.Naming.NUMBER);
    private final ReentrantLock lock = new ReentrantLock();

    public StraceKernel(Kernel kernel, PrintStream out) {
        this(kernel, out, false);
    }

    /** @param times append how long each call took, in microseconds: {@code <12.3 us>} */
    public StraceKernel(Kernel kernel, PrintStream out, boolean times) {
        this.kernel = kernel;
        this.out = out;
        this.times = times;
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        CallText text;
        lock.lock();
        try {
            text = CallText.of(handles, PAYLOADS, call, attr, a, b, c, d, e, f);
            handles.noteEnd(call, a);
        } finally {
            lock.unlock();
        }
        long start = times ? System.nanoTime() : 0;
        long result = kernel.call(call, attr, a, b, c, d, e, f);
        long nanos = times ? System.nanoTime() - start : 0;
        lock.lock();
        try {
            boolean descriptor = Handles.makesDescriptor(call, a, b);
            handles.note(call, attr, a, b, c, d, result, (int) result);
            StringBuilder line = new StringBuilder(text.text()).append(" = ")
                    .append(answer(call, descriptor, result));
            outputs(line, text, call, (int) a, result);
            if (times) {
                line.append(" <").append(nanos / 1000).append('.').append(nanos / 100 % 10).append(" us>");
            }
            out.println(line);
        } finally {
            lock.unlock();
        }
        return result;
    }

    private String answer(SystemCall call, boolean descriptor, long result) {
        if (result < 0 && result >= -4095) {
            return "-" + Errno.name((int) -result) + " (" + Errno.text((int) -result) + ")";
        }
        if (call == SystemCall.MMAP) {
            return "0x" + Long.toHexString(result);
        }
        return descriptor ? handles.fdText((int) result) : Long.toString(result);
    }

    /** What the kernel wrote, behind an arrow, without what is zero; buffers as far as they were filled. */
    private void outputs(StringBuilder line, CallText text, SystemCall call, int epollFd, long result) {
        if (result < 0 && call != SystemCall.BPF) {
            return;
        }
        boolean bytes = Signature.of(call).result().equals("bytes");
        String separator = " -> ";
        for (Slot slot : text.slots()) {
            String shown = switch (slot.kind) {
                case EPOLL -> result > 0 ? EpollText.ready(handles, epollFd, slot.address, (int) result) : "";
                case NUMBER, TEXT, BYTES, DESCRIPTORS -> result < 0 && slot.kind == Slot.Kind.BYTES ? ""
                        : slot.shown(bytes ? result : Long.MAX_VALUE, PAYLOADS);
            };
            if (!shown.isEmpty()) {
                line.append(separator).append(slot.name).append('=').append(shown);
                separator = ", ";
            }
        }
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
