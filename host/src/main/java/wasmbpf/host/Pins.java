package wasmbpf.host;

import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Names in bpffs. */
final class Pins {
    private Pins() {
    }

    static void pin(Kernel kernel, String what, int fd, String path) {
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path).set(ObjPin.BPF_FD, fd);
            int result = kernel.bpf(BpfCommand.OBJ_PIN, attr);
            if (result < 0) {
                int slash = path.lastIndexOf('/');
                String directory = slash <= 0 ? "/" : path.substring(0, slash);
                throw new SysException("pin " + what + " at " + path, -result,
                        kernel.fileSystemType(directory) == Linux.BPF_FS_MAGIC ? "" : directory
                                + " is not in a BPF file system: mount -t bpf bpf /sys/fs/bpf");
            }
        }
    }

    static void makeDirectory(Kernel kernel, String path) {
        int result = kernel.mkdir(path, 0700);
        if (result != -Errno.EEXIST) {
            SysException.check("make " + path, result);
        }
    }

    /** @return whether something was there */
    static boolean unpin(Kernel kernel, String path) {
        int result = kernel.unlink(path);
        if (result == -Errno.ENOENT) {
            return false;
        }
        SysException.check("unpin " + path, result);
        return true;
    }
}
