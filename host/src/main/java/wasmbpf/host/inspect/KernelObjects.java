package wasmbpf.host.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.LinkDetach;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/**
 * Programs, maps and links that are in the kernel, whoever put them there: by id, by pin, or all. Needs CAP_SYS_ADMIN
 * (CAP_BPF for pinned ones). What goes away while it is listed is left out.
 */
public final class KernelObjects {
    /** What can be listed: which commands do it. */
    public enum Kind {
        PROGRAM("program", BpfCommand.PROG_GET_NEXT_ID, BpfCommand.PROG_GET_FD_BY_ID, GetId.PROG_ID, "prog_id"),
        MAP("map", BpfCommand.MAP_GET_NEXT_ID, BpfCommand.MAP_GET_FD_BY_ID, GetId.MAP_ID, "map_id"),
        LINK("link", BpfCommand.LINK_GET_NEXT_ID, BpfCommand.LINK_GET_FD_BY_ID, GetId.LINK_ID, "link_id");

        private final String word;
        private final BpfCommand next;
        private final BpfCommand open;
        private final StructField idField;
        private final String fdinfoKey;

        Kind(String word, BpfCommand next, BpfCommand open, StructField idField, String fdinfoKey) {
            this.word = word;
            this.next = next;
            this.open = open;
            this.idField = idField;
            this.fdinfoKey = fdinfoKey;
        }

        /** For messages: {@code program}. */
        public String word() {
            return word;
        }

        /** The line of {@code /proc/PID/fdinfo/FD} that has its id. */
        String fdinfoKey() {
            return fdinfoKey;
        }
    }

    private final Kernel kernel;

    public KernelObjects(Kernel kernel) {
        this.kernel = kernel;
    }

    public Kernel kernel() {
        return kernel;
    }

    /** Every id of that kind, rising. @throws SysException EPERM without CAP_SYS_ADMIN */
    public List<Integer> ids(Kind kind) {
        List<Integer> ids = new ArrayList<>();
        try (StructValue attr = GetId.STRUCT.allocate()) {
            while (true) {
                attr.set(GetId.START_ID, ids.isEmpty() ? 0 : ids.getLast());
                int result = kernel.bpf(kind.next, attr);
                if (result == -Errno.ENOENT) {
                    return ids;
                }
                if (result < 0) {
                    throw new SysException("list " + kind.word + "s", -result, -result == Errno.EPERM
                            ? "needs CAP_SYS_ADMIN: run as root" : "");
                }
                ids.add(attr.getInt(GetId.NEXT_ID));
            }
        }
    }

    /** The object of that id, to be closed; null if there is none. */
    public Fd open(Kind kind, int id) {
        try (StructValue attr = GetId.STRUCT.allocate()) {
            attr.set(kind.idField, id);
            int result = kernel.bpf(kind.open, attr);
            if (result == -Errno.ENOENT) {
                return null;
            }
            if (result < 0) {
                throw new SysException("open " + kind.word + " " + Integer.toUnsignedString(id), -result,
                        -result == Errno.EPERM ? "needs CAP_SYS_ADMIN: run as root" : "");
            }
            return Fd.of(kernel, result, kind.word + " " + id);
        }
    }

    /** The object pinned there, to be closed. @throws SysException if there is none, or it is of another kind */
    public Fd openPinned(Kind kind, String path) {
        Fd fd;
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path);
            fd = Fd.of(kernel, SysException.check("open " + path, kernel.bpf(BpfCommand.OBJ_GET, attr)), path);
        }
        if (!fdinfo(fd).containsKey(kind.fdinfoKey)) {
            fd.close();
            throw new SysException("open " + path + ", which is no " + kind.word, Errno.EINVAL);
        }
        return fd;
    }

    /** Pins an object of any kind at a path of bpffs. */
    public void pin(Fd fd, String path) {
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path).set(ObjPin.BPF_FD, fd.number());
            int result = kernel.bpf(BpfCommand.OBJ_PIN, attr);
            if (result < 0) {
                throw new SysException("pin at " + path, -result, switch (-result) {
                    case Errno.EPERM, Errno.EINVAL -> "the folder has to be in a BPF file system: mount -t bpf bpf /sys/fs/bpf";
                    case Errno.EEXIST -> "something is there already";
                    default -> "";
                });
            }
        }
    }

    /** Detaches a link for all who hold it: BPF_LINK_DETACH. */
    public void detach(Fd link) {
        try (StructValue attr = LinkDetach.STRUCT.allocate()) {
            attr.set(LinkDetach.LINK_FD, link.number());
            int result = kernel.bpf(BpfCommand.LINK_DETACH, attr);
            if (result < 0) {
                throw new SysException("detach link", -result, -result == Errno.EOPNOTSUPP
                        ? "the kernel detaches links of this type only when their last holder goes" : "");
            }
        }
    }

    /** Fills one of {@link wasmbpf.sys.InfoStructs}. */
    void info(Fd fd, StructValue info) {
        try (StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd.number()).point(ObjInfo.INFO, info);
            SysException.check("describe " + fd, kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
        }
    }

    /** What {@code /proc/self/fdinfo} says of a descriptor, which for some facts is the only place; empty if nothing. */
    static Map<String, String> fdinfo(Fd fd) {
        return fdinfo(Path.of("/proc/self/fdinfo/" + fd.number()));
    }

    static Map<String, String> fdinfo(Path file) {
        Map<String, String> lines = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    lines.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // Closed meanwhile, or not ours to see.
        }
        return lines;
    }
}
