package wasmbpf.host.wasi;

/**
 * What a guest's descriptor number stands for: a stream, file or directory of the host, or (a subclass in
 * {@code wasmbpf.host.abi}) a bpf map. Guest numbers live in the {@link FdTable}; only {@link #hostFd} is the kernel's.
 */
public class Descriptor {
    private final int hostFd;
    private final boolean owned;
    private final int fileType;
    private final String preopenName;
    private long rights;
    private long inheriting;
    private int flags;
    private boolean root;

    /**
     * @param hostFd the kernel's descriptor number
     * @param owned whether closing the guest's number closes the kernel's too
     * @param fileType a number of {@link FileType}
     * @param preopenName the path the guest knows a preopened directory by, null for anything else
     */
    Descriptor(int hostFd, boolean owned, int fileType, long rights, long inheriting, String preopenName) {
        this.hostFd = hostFd;
        this.owned = owned;
        this.fileType = fileType;
        this.rights = rights;
        this.inheriting = inheriting;
        this.preopenName = preopenName;
    }

    /** Something WASI's own functions do nothing with but close; the kernel's descriptor stays its owner's. */
    protected Descriptor(int hostFd) {
        this(hostFd, false, FileType.UNKNOWN, 0, 0, null);
    }

    /**
     * Something opened for the guest that is no file of WASI's: an iterator's output, a socket, a perf event, a map. It
     * reads, writes and polls as a stream; closing the guest's number closes it.
     */
    public static Descriptor stream(int hostFd) {
        return new Descriptor(hostFd, true, FileType.UNKNOWN, Rights.STREAM, 0, null);
    }

    /** Something that can be waited for and nothing else; the kernel's descriptor stays its owner's. */
    public static Descriptor waitable(int hostFd) {
        return new Descriptor(hostFd, false, FileType.UNKNOWN, Rights.POLL_FD_READWRITE, 0, null);
    }

    /** As {@link #Descriptor(int)}; {@code owned}: closing the guest's number closes the kernel's. */
    protected Descriptor(int hostFd, boolean owned) {
        this(hostFd, owned, FileType.UNKNOWN, 0, 0, null);
    }

    /** The kernel's descriptor number. */
    public final int hostFd() {
        return hostFd;
    }

    final boolean owned() {
        return owned;
    }

    final int fileType() {
        return fileType;
    }

    /** The guest's name of a preopened directory; null when this is not one. */
    public final String preopenName() {
        return preopenName;
    }

    /** Whether it is the host's root directory: no path leads out of it. */
    final boolean isRoot() {
        return root;
    }

    final void root(boolean value) {
        root = value;
    }

    final long rights() {
        return rights;
    }

    final long inheriting() {
        return inheriting;
    }

    /** Takes rights away; they never come back. */
    final void narrow(long base, long inherited) {
        rights &= base;
        inheriting &= inherited;
    }

    final int flags() {
        return flags;
    }

    final void flags(int newFlags) {
        flags = newFlags;
    }

    final boolean has(long right) {
        return (rights & right) == right;
    }
}
