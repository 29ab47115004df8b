package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.host.object.KernelFacts;
import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.BtfInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** A kernel module's BTF; the descriptor is what programs that use the module's types are loaded with. */
final class KernelModule implements KernelFacts.Module, AutoCloseable {
    private final String name;
    private final Btf btf;
    private final Fd fd;

    private KernelModule(String name, Btf btf, Fd fd) {
        this.name = name;
        this.btf = btf;
        this.fd = fd;
    }

    /**
     * All modules that have BTF, by rising id: libbpf {@code load_module_btfs}. A module that goes while it is looked
     * at is left out. Kernels that cannot say (before 5.11), and processes that may not ask, have none.
     */
    static List<KernelModule> all(Kernel kernel, Btf vmlinux) {
        List<KernelModule> modules = new ArrayList<>();
        try {
            int id = 0;
            while (true) {
                int next = next(kernel, id);
                if (next < 0) {
                    return modules;
                }
                id = next;
                KernelModule module = open(kernel, id, vmlinux);
                if (module != null) {
                    modules.add(module);
                }
            }
        } catch (RuntimeException e) {
            modules.forEach(KernelModule::close);
            throw e;
        }
    }

    /** The next id, or -1 at the end. */
    private static int next(Kernel kernel, int id) {
        try (StructValue attr = GetId.STRUCT.allocate()) {
            attr.set(GetId.START_ID, id);
            int result = kernel.bpf(BpfCommand.BTF_GET_NEXT_ID, attr);
            // ENOENT: the last one. EINVAL: the command is not known. EPERM: needs CAP_SYS_ADMIN.
            if (result == -Errno.ENOENT || result == -Errno.EINVAL || result == -Errno.EPERM) {
                return -1;
            }
            SysException.check("find the next BTF", result);
            return attr.getInt(GetId.NEXT_ID);
        }
    }

    private static KernelModule open(Kernel kernel, int id, Btf vmlinux) {
        int number;
        try (StructValue attr = GetId.STRUCT.allocate()) {
            attr.set(GetId.BTF_ID, id);
            number = kernel.bpf(BpfCommand.BTF_GET_FD_BY_ID, attr);
        }
        if (number == -Errno.ENOENT) {
            return null;
        }
        Fd fd = Fd.of(kernel, SysException.check("open BTF " + id, number), "BTF " + id);
        try (StructValue info = BtfInfo.STRUCT.allocate(); Arena arena = Arena.ofConfined()) {
            var name = arena.allocate(64);
            info.point(BtfInfo.NAME, name);
            int result = describe(kernel, fd, info);
            // Before 5.11 (5329722057d4 "bpf: Assign ID to vmlinux BTF and return extra info for BTF in
            // GET_OBJ_INFO") there was no name to ask for, and all that is listed belongs to programs.
            if (result == -Errno.E2BIG) {
                fd.close();
                return null;
            }
            SysException.check("read BTF " + id, result);
            // Also in the list: BTF of programs (not the kernel's) and vmlinux itself.
            if (info.getInt(BtfInfo.KERNEL_BTF) == 0 || name.getString(0).equals("vmlinux")) {
                fd.close();
                return null;
            }
            String text = name.getString(0);
            int size = info.getInt(BtfInfo.BTF_SIZE);
            var blob = arena.allocate(size, 8);
            info.clear().point(BtfInfo.BTF, blob);
            SysException.check("read BTF " + id, describe(kernel, fd, info));
            byte[] bytes = new byte[size];
            blob.asByteBuffer().get(bytes);
            return new KernelModule(text, BtfReader.readSplit("/sys/kernel/btf/" + text, bytes, vmlinux), fd);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static int describe(Kernel kernel, Fd fd, StructValue info) {
        try (StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd.number()).point(ObjInfo.INFO, info);
            return kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Btf btf() {
        return btf;
    }

    int fd() {
        return fd.number();
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "module \"" + name + "\"";
    }
}
