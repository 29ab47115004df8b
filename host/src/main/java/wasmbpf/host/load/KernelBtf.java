package wasmbpf.host.load;

import java.lang.foreign.Arena;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.InfoStructs.BtfInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** BTF that the kernel holds, of programs and maps that are loaded. */
public final class KernelBtf {
    private KernelBtf() {
    }

    /**
     * The types of that id.
     *
     * @throws SysException if there is none, or this process may not see it
     */
    public static Btf byId(Kernel kernel, int id) {
        String operation = "read BTF " + id;
        int fd;
        try (StructValue attr = GetId.STRUCT.allocate()) {
            attr.set(GetId.BTF_ID, id);
            fd = SysException.check(operation, kernel.bpf(BpfCommand.BTF_GET_FD_BY_ID, attr));
        }
        try (Arena arena = Arena.ofConfined(); StructValue info = BtfInfo.STRUCT.allocate()) {
            describe(kernel, operation, fd, info);
            var blob = arena.allocate(info.get(BtfInfo.BTF_SIZE), 8);
            info.clear().point(BtfInfo.BTF, blob);
            describe(kernel, operation, fd, info);
            byte[] bytes = new byte[(int) blob.byteSize()];
            blob.asByteBuffer().get(bytes);
            return BtfReader.read("BTF " + id, bytes);
        } finally {
            kernel.close(fd);
        }
    }

    private static void describe(Kernel kernel, String operation, int fd, StructValue info) {
        try (StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd).point(ObjInfo.INFO, info);
            SysException.check(operation, kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
        }
    }
}
