package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;

/** A struct_ops map registered without a link (section {@code .struct_ops}): its entry is deleted to unregister. */
public final class StructOpsLink implements Link {
    private final String description;
    private final Runnable unregister;
    private boolean closed;

    StructOpsLink(String description, Runnable unregister) {
        this.description = description;
        this.unregister = unregister;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int[] fds() {
        return new int[0];
    }

    @Override
    public void update(LoadedProgram program) {
        throw new AttachException("update " + description, Errno.EOPNOTSUPP, "struct_ops are updated as a whole");
    }

    @Override
    public void pin(String path) {
        throw new AttachException("pin " + description + " at " + path, Errno.EOPNOTSUPP,
                "declare it in SEC(\".struct_ops.link\")");
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

    @Override
    public String toString() {
        return description;
    }
}
