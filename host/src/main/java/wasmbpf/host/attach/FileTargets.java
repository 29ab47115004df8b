package wasmbpf.host.attach;

import java.util.function.IntFunction;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;

/** Attaches to what a path or an open descriptor stands for: cgroups, network namespaces, devices, maps of sockets. */
final class FileTargets {
    private final LoadedObject object;
    private final Kernel kernel;
    private final Links links;

    FileTargets(LoadedObject object, Kernel kernel, Links links) {
        this.object = object;
        this.kernel = kernel;
        this.links = links;
    }

    private Link open(LoadedProgram program, String description, String path, IntFunction<Link> attach) {
        int fd = kernel.open(path, Linux.O_RDONLY, 0);
        if (fd < 0) {
            throw new AttachException(Links.operation(program, description), -fd, "cannot open " + path);
        }
        try {
            return attach.apply(fd);
        } finally {
            kernel.close(fd);
        }
    }

    /** The directory of a cgroup. */
    Link cgroup(LoadedProgram program, String path) {
        String description = "cgroup " + path;
        return open(program, description, path, fd -> cgroup(program, description, fd));
    }

    /** libbpf {@code bpf_program__attach_cgroup}. */
    Link cgroup(LoadedProgram program, String description, int fd) {
        return links.onDescriptor(program, description, fd, program.spec().expectedAttachType(), Links.multi(),
                "a cgroup is a directory of the cgroup2 file system: see grep cgroup2 /proc/self/mountinfo");
    }

    /** A file of a network namespace. */
    Link networkNamespace(LoadedProgram program, String path) {
        String description = "network namespace " + path;
        return open(program, description, path, fd -> networkNamespace(program, description, fd));
    }

    /** libbpf {@code bpf_program__attach_netns}. */
    Link networkNamespace(LoadedProgram program, String description, int fd) {
        return links.onDescriptor(program, description, fd, program.spec().expectedAttachType(), 0,
                "a network namespace is a file like /proc/self/ns/net or one of /run/netns");
    }

    /** An infrared receiver. */
    Link device(LoadedProgram program, String path) {
        String description = "device " + path;
        return open(program, description, path,
                fd -> links.onDescriptor(program, description, fd, program.spec().expectedAttachType(), 0, ""));
    }

    /** A SOCKMAP or SOCKHASH of the object, or one pinned at a path: libbpf {@code bpf_program__attach_sockmap}. */
    Link socketMap(LoadedProgram program, String target) {
        String description = "sockmap " + target;
        LoadedMap map = object.map(target);
        if (map != null) {
            return socketMap(program, description, map.fd());
        }
        if (!target.startsWith("/")) {
            throw new AttachException(Links.operation(program, description), Errno.ENOENT,
                    "the object has no map of that name, and it is no path");
        }
        int fd;
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, target);
            fd = kernel.bpf(BpfCommand.OBJ_GET, attr);
        }
        if (fd < 0) {
            throw new AttachException(Links.operation(program, description), -fd, "nothing is pinned there");
        }
        try {
            return socketMap(program, description, fd);
        } finally {
            kernel.close(fd);
        }
    }

    private Link socketMap(LoadedProgram program, String description, int fd) {
        return links.onDescriptor(program, description, fd, program.spec().expectedAttachType(), 0, "");
    }
}
