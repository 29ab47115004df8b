package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;

/**
 * A program attached to something. Closing detaches; a link closed twice is closed once. The object the program belongs
 * to closes its links before its programs, so a link need not be closed by whoever made it.
 */
public sealed interface Link extends AutoCloseable
        permits KernelLink, PerfLink, CompositeLink, Attachment {
    /** What is attached to what, for messages. */
    String description();

    /** Descriptors that keep it attached; empty where none does. */
    int[] fds();

    /**
     * Puts another program in the place of the attached one, at once.
     *
     * @throws AttachException EOPNOTSUPP where the kernel cannot
     */
    void update(LoadedProgram program);

    /**
     * Makes it outlive this process at a path of bpffs.
     *
     * @throws AttachException EOPNOTSUPP where the kernel cannot
     */
    void pin(String path);

    /** Whether it is attached as far as this process knows: until {@link #close}. */
    boolean isOpen();

    /** Detaches and gives the descriptors back. */
    @Override
    void close();
}
