package wasmbpf.host.attach;

import wasmbpf.sys.Errno;

/**
 * Takes back what the kernel would keep after this process: a probe in tracefs, a filter, an attachment without link.
 * Each step is tried twice: what stopped it, a shortage of descriptors or memory, may be over, and nobody else will.
 */
final class Removal {
    private Removal() {
    }

    /** @throws AttachException if it failed both times, unless it is gone by now */
    static void run(Runnable step) {
        try {
            step.run();
        } catch (AttachException first) {
            try {
                step.run();
            } catch (AttachException second) {
                if (second.errno() != Errno.ENOENT) {
                    throw first;
                }
            }
        }
    }
}
