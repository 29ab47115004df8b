package wasmbpf.host.attach;

import java.util.function.ToIntFunction;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;

/**
 * A program put on an interface by netlink: a classifier of the clsact queueing discipline, or XDP of kernels before
 * 5.9. It is no kernel object: a killed process leaves it attached.
 */
public final class NetlinkLink extends Attachment {
    private final ToIntFunction<LoadedProgram> replace;
    private final Runnable detach;
    private boolean closed;

    /** @param replace puts another program in the same place, at once; its result is 0 or errno */
    NetlinkLink(String description, ToIntFunction<LoadedProgram> replace, Runnable detach) {
        super(description, "what netlink attaches is no kernel object");
        this.replace = replace;
        this.detach = detach;
    }

    @Override
    public void update(LoadedProgram program) {
        int error = closed ? Errno.ENOENT : replace.applyAsInt(program);
        if (error != 0) {
            throw new AttachException("update " + description, error, "");
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Removal.run(detach);
        }
    }
}
