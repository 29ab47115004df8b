package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttrs.ProgAttach;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/**
 * A program attached by BPF_PROG_ATTACH, which leaves no link object: sockmaps, and cgroups and network namespaces of
 * kernels before 5.7. It is taken back by BPF_PROG_DETACH, so a killed process leaves it attached.
 */
public final class ProgAttachLink extends Attachment {
    private final Kernel kernel;
    private final int attachType;
    private final Fd target;
    private final Fd program;

    /** @param target descriptor it was attached to, {@code program} of the program; both are this link's own */
    ProgAttachLink(Kernel kernel, String description, int attachType, Fd target, Fd program) {
        super(description, "it is attached without a link");
        this.kernel = kernel;
        this.attachType = attachType;
        this.target = target;
        this.program = program;
    }

    @Override
    public void update(LoadedProgram other) {
        throw new AttachException("update " + description, Errno.EOPNOTSUPP, "it is attached without a link");
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() {
        if (!target.isOpen()) {
            return;
        }
        try {
            Removal.run(this::detach);
        } finally {
            target.close();
            program.close();
        }
    }

    private void detach() {
        int result;
        try (StructValue attr = ProgAttach.STRUCT.allocate()) {
            attr.set(ProgAttach.TARGET_FD, target.number()).set(ProgAttach.ATTACH_BPF_FD, program.number())
                    .set(ProgAttach.ATTACH_TYPE, attachType);
            result = kernel.bpf(BpfCommand.PROG_DETACH, attr);
        }
        // ENOENT: someone else took it off already, which is what closing wants.
        if (result < 0 && result != -Errno.ENOENT) {
            throw new AttachException("detach " + description, -result, "");
        }
    }
}
