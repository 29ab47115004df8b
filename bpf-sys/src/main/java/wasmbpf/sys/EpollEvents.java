package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of {@code struct epoll_event} that {@link Kernel#epollWait} fills. The struct is packed to 12 bytes on
 * x86-64 and has 16 elsewhere (include/uapi/linux/eventpoll.h, EPOLL_PACKED); the data lies at 4 or at 8.
 */
public final class EpollEvents implements AutoCloseable {
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");
    /** Bytes per event. */
    public static final int STRIDE = PACKED ? 12 : 16;
    /** Where the data lies in an event. */
    public static final int DATA_OFFSET = PACKED ? 4 : 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final ByteBuffer bytes;
    private final int capacity;
    private final long address;

    /** @param capacity most events one wait can give */
    public EpollEvents(int capacity) {
        this.segment = arena.allocate((long) capacity * STRIDE, 8);
        this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
        this.capacity = capacity;
        this.address = segment.address();
    }

    /** One event in memory of {@code arena}, for epoll_ctl. */
    static MemorySegment encode(Arena arena, int events, long data) {
        MemorySegment event = arena.allocate(STRIDE, 8);
        event.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(0, events).putLong(DATA_OFFSET, data);
        return event;
    }

    public int capacity() {
        return capacity;
    }

    public long address() {
        return address;
    }

    /** The events (EPOLLIN …) of the i-th entry of the last wait. */
    public int events(int i) {
        return bytes.getInt(i * STRIDE);
    }

    /** What was given to {@link Kernel#epollCtl} for the i-th entry of the last wait. */
    public long data(int i) {
        return bytes.getLong(i * STRIDE + DATA_OFFSET);
    }

    @Override
    public void close() {
        arena.close();
    }
}
