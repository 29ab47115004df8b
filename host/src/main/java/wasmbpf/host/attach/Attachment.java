package wasmbpf.host.attach;

import wasmbpf.sys.Errno;

/**
 * What is attached without a link object in the kernel: no descriptor keeps it, and there is nothing to pin. Most stay
 * attached when the process is killed; {@link Removal} takes them back.
 */
abstract sealed class Attachment implements Link permits ProgAttachLink, SocketLink, NetlinkLink, StructOpsLink {
    final String description;
    private final String whyNoPin;

    Attachment(String description, String whyNoPin) {
        this.description = description;
        this.whyNoPin = whyNoPin;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final int[] fds() {
        return new int[0];
    }

    @Override
    public final void pin(String path) {
        throw new AttachException("pin " + description + " at " + path, Errno.EOPNOTSUPP, whyNoPin);
    }

    @Override
    public final String toString() {
        return description;
    }
}
