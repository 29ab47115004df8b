package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;

/** A classifier on the clsact queueing discipline of an interface, set by netlink: libbpf {@code bpf_tc_attach}. */
public final class TcFilter implements Link {
    private final String description;
    private final Runnable detach;
    private boolean closed;

    TcFilter(String description, Runnable detach) {
        this.description = description;
        this.detach = detach;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int[] fds() {
        return new int[0];
    }

    @Override
    public void update(LoadedProgram program) {
        throw new AttachException("update " + description, Errno.EOPNOTSUPP, "detach and attach again");
    }

    @Override
    public void pin(String path) {
        throw new AttachException("pin " + description + " at " + path, Errno.EOPNOTSUPP,
                "a tc filter is no kernel object; it outlives the process by itself");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            detach.run();
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
