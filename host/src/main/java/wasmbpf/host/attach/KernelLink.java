package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttrs.LinkDetach;
import wasmbpf.sys.BpfAttrs.LinkUpdate;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/** A link the kernel keeps as an object of its own, or a raw tracepoint: closing the last descriptor detaches. */
public final class KernelLink implements Link {
    private final Kernel kernel;
    private final String description;
    private final Fd fd;

    KernelLink(Kernel kernel, String description, Fd fd) {
        this.kernel = kernel;
        this.description = description;
        this.fd = fd;
    }

    @Override
    public String description() {
        return description;
    }

    /** The link's descriptor. */
    public int fd() {
        return fd.number();
    }

    @Override
    public int[] fds() {
        return new int[] {fd.number()};
    }

    @Override
    public void update(LoadedProgram program) {
        try (StructValue attr = LinkUpdate.STRUCT.allocate()) {
            attr.set(LinkUpdate.LINK_FD, fd()).set(LinkUpdate.NEW_PROG_FD, program.fd());
            check("update link of " + description, kernel.bpf(BpfCommand.LINK_UPDATE, attr));
        }
    }

    void update(LoadedMap map, String operation) {
        try (StructValue attr = LinkUpdate.STRUCT.allocate()) {
            attr.set(LinkUpdate.LINK_FD, fd()).set(LinkUpdate.NEW_MAP_FD, map.fd());
            check(operation, kernel.bpf(BpfCommand.LINK_UPDATE, attr));
        }
    }

    @Override
    public void pin(String path) {
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path).set(ObjPin.BPF_FD, fd());
            check("pin link of " + description + " at " + path, kernel.bpf(BpfCommand.OBJ_PIN, attr));
        }
    }

    private static void check(String operation, int result) {
        if (result < 0) {
            throw new AttachException(operation, -result, -result == Errno.EINVAL ? "not for this kind of link" : "");
        }
    }

    /** Detaches at once, though descriptors are open and it may be pinned: BPF_LINK_DETACH. */
    public void detach() {
        try (StructValue attr = LinkDetach.STRUCT.allocate()) {
            attr.set(LinkDetach.LINK_FD, fd());
            check("detach " + description, kernel.bpf(BpfCommand.LINK_DETACH, attr));
        }
    }

    @Override
    public boolean isOpen() {
        return fd.isOpen();
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
