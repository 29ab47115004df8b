package wasmbpf.host.buffer;

import java.lang.foreign.MemorySegment;

import wasmbpf.sys.SysException;

/**
 * A buffer that a BPF program fills and this process drains. One thread at a time; closing it while that thread drains
 * is the owner's error to avoid.
 */
public sealed interface EventBuffer extends AutoCloseable permits RingBuffer, PerfBuffer {
    /** What it is, for messages: the map's name. */
    String name();

    /**
     * Hands on events in order until there are no more, {@code limit} were handed on, or the handler wants to stop.
     * Allocates nothing. An event counts as consumed even if the handler throws.
     *
     * @param limit most events to hand on, >= 1
     * @return how many were handed on (0 = nothing yet), or the handler's negative result
     * @throws SysException EBADMSG if the buffer holds what no kernel writes there
     * @throws IllegalStateException if the buffer is closed
     */
    int drain(EventHandler handler, int limit);

    /**
     * Most events that can lie in the buffer at one moment. Draining that many at a time hands on all that were there
     * at the start and still ends when events come faster than they are handled.
     */
    int capacityEvents();

    /** Events the kernel says it dropped because the buffer was full, so far; perf buffers only, else 0. */
    long lost();

    /** Events handed on so far. */
    long delivered();

    /** An event's memory as a segment, valid as long as the event is. */
    default MemorySegment view(long address, int sizeBytes) {
        return memory(address).asSlice(0, sizeBytes);
    }

    /** The memory from {@code address}, which lies in this buffer, to the end of its mapping. */
    MemorySegment memory(long address);

    /** Descriptors that are readable when there are events. */
    int[] readyFds();

    /** Until it is closed. */
    boolean isOpen();

    /** Unmaps and closes. */
    @Override
    void close();
}
