package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/** A filter set on a socket by SO_ATTACH_BPF, or the choice among sockets of a port by SO_ATTACH_REUSEPORT_EBPF. */
public final class SocketLink extends Attachment {
    private static final int SO_DETACH_REUSEPORT_BPF = 68;

    private final Kernel kernel;
    private final Fd socket;
    private final boolean reuseport;

    /** @param socket a descriptor of the socket that is this link's own */
    SocketLink(Kernel kernel, String description, Fd socket, boolean reuseport) {
        super(description, "a socket's filter lives as long as the socket");
        this.kernel = kernel;
        this.socket = socket;
        this.reuseport = reuseport;
    }

    @Override
    public void update(LoadedProgram program) {
        int result = kernel.setsockopt(socket.number(), Linux.SOL_SOCKET,
                reuseport ? Linux.SO_ATTACH_REUSEPORT_EBPF : Linux.SO_ATTACH_BPF, program.fd());
        if (result < 0) {
            throw new AttachException("update " + description, -result, "");
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        if (socket.isOpen()) {
            try {
                Removal.run(this::detach);
            } finally {
                socket.close();
            }
        }
    }

    private void detach() {
        int result = kernel.setsockopt(socket.number(), Linux.SOL_SOCKET,
                reuseport ? SO_DETACH_REUSEPORT_BPF : Linux.SO_DETACH_BPF, 0);
        // ENOENT: someone else took it off.
        if (result < 0 && result != -Errno.ENOENT) {
            throw new AttachException("detach " + description, -result, "");
        }
    }
}
