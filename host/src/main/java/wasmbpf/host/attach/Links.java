package wasmbpf.host.attach;

import java.util.function.Consumer;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.ProgAttach;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;

/** Makes {@code bpf_link}s: libbpf {@code bpf_link_create}, {@code bpf_program_attach_fd}. */
final class Links {
    private final Kernel kernel;

    Links(Kernel kernel) {
        this.kernel = kernel;
    }

    static String operation(LoadedProgram program, String target) {
        return "attach program \"" + program.name() + "\"" + (target.isEmpty() ? "" : " to " + target);
    }

    /**
     * BPF_LINK_CREATE.
     *
     * @param target descriptor or interface, 0 for none
     * @param more   sets what is particular to the attach type
     * @return the link's descriptor or {@code -errno}
     */
    int create(LoadedProgram program, int target, int attachType, Consumer<StructValue> more) {
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program.fd());
            if (target != 0) {
                attr.set(LinkCreate.TARGET_FD, target);
            }
            attr.set(LinkCreate.ATTACH_TYPE, attachType);
            more.accept(attr);
            return kernel.bpf(BpfCommand.LINK_CREATE, attr);
        }
    }

    /** As {@link #create}, for an interface's index. */
    int createOnInterface(LoadedProgram program, int ifindex, int attachType, int flags) {
        return createOnInterface(program, ifindex, attachType, flags, plain());
    }

    int createOnInterface(LoadedProgram program, int ifindex, int attachType, int flags, Consumer<StructValue> more) {
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program.fd()).set(LinkCreate.TARGET_IFINDEX, ifindex)
                    .set(LinkCreate.ATTACH_TYPE, attachType);
            if (flags != 0) {
                attr.set(LinkCreate.FLAGS, flags);
            }
            more.accept(attr);
            return kernel.bpf(BpfCommand.LINK_CREATE, attr);
        }
    }

    static Consumer<StructValue> plain() {
        return attr -> { };
    }

    /** The link of that descriptor, or what to say of that {@code -errno}. */
    KernelLink of(LoadedProgram program, String description, int result, String advice) {
        if (result < 0) {
            throw new AttachException(operation(program, description), -result,
                    advice.isEmpty() ? PerfEvents.permission(-result) : advice);
        }
        return new KernelLink(kernel, description, Fd.of(kernel, result, "link of " + description));
    }

    /**
     * A link on a descriptor or, where the kernel has no such links, BPF_PROG_ATTACH.
     *
     * @param target stays the caller's
     */
    Link onDescriptor(LoadedProgram program, String description, int target, int attachType, int attachFlags,
                      String advice) {
        int result = create(program, target, attachType, plain());
        if (result != -Errno.EINVAL && result != -Errno.EOPNOTSUPP) {
            return of(program, description, result, advice);
        }
        Fd ownTarget = duplicate(program, target, description);
        Fd ownProgram = null;
        try {
            ownProgram = duplicate(program, program.fd(), description);
            int attached;
            try (StructValue attr = ProgAttach.STRUCT.allocate()) {
                attr.set(ProgAttach.TARGET_FD, target).set(ProgAttach.ATTACH_BPF_FD, program.fd())
                        .set(ProgAttach.ATTACH_TYPE, attachType);
                if (attachFlags != 0) {
                    attr.set(ProgAttach.ATTACH_FLAGS, attachFlags);
                }
                attached = kernel.bpf(BpfCommand.PROG_ATTACH, attr);
            }
            if (attached < 0) {
                // What the older command says counts: it got further, or the kernel refuses both alike.
                throw new AttachException(Links.operation(program, description), -attached, advice);
            }
            return new ProgAttachLink(kernel, description, attachType, ownTarget, ownProgram);
        } catch (RuntimeException e) {
            ownTarget.close();
            if (ownProgram != null) {
                ownProgram.close();
            }
            throw e;
        }
    }

    /** A descriptor of the link's own for what a descriptor of the caller's stands for. */
    Fd duplicate(LoadedProgram program, int fd, String description) {
        int copy = kernel.fcntl(fd, Linux.F_DUPFD_CLOEXEC, 3);
        if (copy < 0) {
            throw new AttachException(operation(program, description), -copy, "duplicating descriptor " + fd);
        }
        return Fd.of(kernel, copy, "descriptor of " + description);
    }

    static int multi() {
        return BpfFlags.BPF_F_ALLOW_MULTI;
    }
}
