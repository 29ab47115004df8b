package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Registers struct_ops maps, which the kernel calls through: see {@link Attacher#attachStructOps}. */
final class StructOps {
    private final Kernel kernel;

    StructOps(Kernel kernel) {
        this.kernel = kernel;
    }

    Link attach(LoadedMap map) {
        String description = "struct_ops " + map.name();
        String operation = "attach " + map;
        if (map.structOpsValue() == null) {
            throw new AttachException(operation, Errno.EINVAL, "it is no struct_ops map");
        }
        boolean linked = (map.flags() & BpfFlags.BPF_F_LINK) != 0;
        register(map, operation, linked);
        if (!linked) {
            return new StructOpsLink(description, () -> {
                try {
                    map.delete(new byte[4]);
                } catch (SysException e) {
                    throw new AttachException("detach " + description, e.errno(), "", e);
                }
            });
        }
        int result;
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.MAP_FD, map.fd()).set(LinkCreate.ATTACH_TYPE, BpfAttachType.STRUCT_OPS.number());
            result = kernel.bpf(BpfCommand.LINK_CREATE, attr);
        }
        if (result < 0) {
            throw new AttachException(operation, -result, "");
        }
        return new KernelLink(kernel, description, Fd.of(kernel, result, "link of " + description));
    }

    void update(KernelLink link, LoadedMap map) {
        String operation = "update link of " + link.description() + " with " + map;
        if (map.structOpsValue() == null || (map.flags() & BpfFlags.BPF_F_LINK) == 0) {
            throw new AttachException(operation, Errno.EINVAL, "declare it in SEC(\".struct_ops.link\")");
        }
        register(map, operation, true);
        link.update(map, operation);
    }

    private void register(LoadedMap map, String operation, boolean linked) {
        int result;
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, map.fd()).point(MapElem.KEY, new int[] {0})
                    .point(MapElem.VALUE, map.structOpsValue());
            result = kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr);
        }
        // With a link, EBUSY says it was set before, by an earlier link that is gone.
        if (result < 0 && !(linked && result == -Errno.EBUSY)) {
            throw new AttachException(operation, -result,
                    result == -Errno.EEXIST ? "one of that name is registered" : "");
        }
    }
}
