package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;

/** A struct_ops map registered without a link (section {@code .struct_ops}): its entry is deleted to unregister. */
public final class StructOpsLink extends Attachment {
    private final Runnable unregister;
    private boolean closed;

    StructOpsLink(String description, Runnable unregister) {
        super(description, "declare it in SEC(\".struct_ops.link\")");
        this.unregister = unregister;
    }

    @Override
    public void update(LoadedProgram program) {
        throw new AttachException("update " + description, Errno.EOPNOTSUPP, "struct_ops are updated as a whole");
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Removal.run(unregister);
        }
    }
}
