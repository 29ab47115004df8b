package wasmbpf.host.buffer;

/** Takes one event. */
@FunctionalInterface
public interface EventHandler {
    /**
     * One event, in the memory the kernel wrote it to: valid until this returns, copy to keep.
     *
     * @param address   absolute address of its first byte, aligned to 8 in ring buffers, to 4 in perf buffers
     * @param sizeBytes its length
     * @return negative to stop: the event counts as consumed, and whoever drains returns this number
     */
    int onEvent(long address, int sizeBytes);

    /**
     * Events that the kernel dropped because a perf buffer was full, told in their place among the others.
     *
     * @param cpu   whose ring was full
     * @param count how many
     */
    default void onLost(int cpu, long count) {}
}
