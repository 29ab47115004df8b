package wasmbpf.host.attach;

import wasmbpf.host.load.Closing;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * A program on a perf event: a {@code bpf_link} on it where the kernel has those (5.15), else PERF_EVENT_IOC_SET_BPF.
 * libbpf {@code struct bpf_link_perf}.
 */
public final class PerfLink implements Link {
    private final Kernel kernel;
    private final String description;
    private final Fd event;
    private final KernelLink link;
    private final AutoCloseable probe;

    /**
     * @param event owned by this link; null if the caller's perf event was used
     * @param link  on the event, or null
     * @param probe the tracefs probe behind the event, removed after it, or null
     */
    PerfLink(Kernel kernel, String description, Fd event, KernelLink link, AutoCloseable probe) {
        this.kernel = kernel;
        this.description = description;
        this.event = event;
        this.link = link;
        this.probe = probe;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int[] fds() {
        return link == null ? new int[] {event.number()} : link.fds();
    }

    @Override
    public void update(LoadedProgram program) {
        throw new AttachException("update link of " + description, Errno.EOPNOTSUPP, "perf events keep their program");
    }

    @Override
    public void pin(String path) {
        if (link == null) {
            throw new AttachException("pin link of " + description + " at " + path, Errno.EOPNOTSUPP,
                    "this kernel has no links on perf events (5.15 has)");
        }
        link.pin(path);
    }

    @Override
    public boolean isOpen() {
        return event != null ? event.isOpen() : link.isOpen();
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        Closing closing = new Closing();
        if (event != null) {
            // As libbpf: off first, so that no event comes while the program goes.
            kernel.ioctl(event.number(), Linux.PERF_EVENT_IOC_DISABLE, 0);
        }
        closing.close(link);
        closing.close(event);
        closing.close(probe);
        closing.rethrow();
    }

    @Override
    public String toString() {
        return description;
    }
}
