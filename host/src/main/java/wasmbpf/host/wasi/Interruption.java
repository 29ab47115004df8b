package wasmbpf.host.wasi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one-way message "finish up" from the runtime to a guest: {@link #request} wakes whatever the guest waits in, and
 * that wait ends with EINTR, as a signal would end it for a native program. Any thread may request; waiting is the guest
 * thread's.
 */
public final class Interruption implements AutoCloseable {
    /** A guest that ignores EINTR and polls again is held this long each time, so that it does not spin. */
    public static final long REPEAT_NANOS = 10_000_000;

    private static final long FOREVER = Long.MAX_VALUE;
    private static final int EINTR = 4;

    private final FileCalls files;
    private final int wakeFd;
    private final MemorySegment memory = Arena.ofAuto().allocate(48, 8);
    /** The same memory. A segment's own accessors need method handles, which take 10 ms of every start to make. */
    private final ByteBuffer words = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private volatile boolean requested;
    private boolean delivered;

    public Interruption(FileCalls files) {
        this.files = files;
        long fd = files.eventfd();
        if (fd < 0) {
            throw new IllegalStateException("eventfd: errno " + -fd);
        }
        this.wakeFd = (int) fd;
        words.putLong(32, 1);
    }

    /** Asks the guest to finish; wakes it when it waits. Safe to call again. */
    public void request() {
        requested = true;
        files.write(wakeFd, memory.address() + 32, 8);
    }

    public boolean requested() {
        return requested;
    }

    /** Whether a wait of the guest was already ended by the request. */
    boolean delivered() {
        return delivered;
    }

    void markDelivered() {
        delivered = true;
    }

    /** Readable once requested: for a wait that watches other descriptors beside it. */
    int wakeFd() {
        return wakeFd;
    }

    /**
     * Waits until {@code fd} is ready for {@code events}, the time is over or the request came, whichever is first.
     *
     * @param fd negative = only sleep
     * @param timeoutNanos negative = for ever
     * @return &gt; 0 ready, 0 time over, -EINTR when requested (the first time at once, later ones after a short pause)
     */
    public int await(int fd, int events, long timeoutNanos) {
        if (requested && delivered) {
            pause();
            return -EINTR;
        }
        words.putInt(16, fd);
        words.putShort(20, (short) events);
        words.putInt(24, wakeFd);
        words.putShort(28, (short) FileCalls.POLLIN);
        int n = poll(memory.address() + 16, 2, timeoutNanos < 0 ? FOREVER : timeoutNanos);
        if (n <= 0) {
            return n;
        }
        if (words.getShort(22) != 0) {
            return 1;
        }
        delivered = true;
        return -EINTR;
    }

    private void pause() {
        words.putInt(16, -1);
        poll(memory.address() + 16, 1, REPEAT_NANOS);
    }

    /**
     * {@code ppoll} that outlasts the JVM's own signals.
     *
     * @param timeoutNanos {@code Long.MAX_VALUE} = for ever
     * @return as ppoll: ready descriptors, 0 when the time is over, or -errno
     */
    int poll(long pollfds, int count, long timeoutNanos) {
        long deadline = timeoutNanos == FOREVER ? 0 : saturatedAdd(System.nanoTime(), timeoutNanos);
        long left = timeoutNanos;
        while (true) {
            words.putLong(0, left / 1_000_000_000);
            words.putLong(8, left % 1_000_000_000);
            long n = files.ppoll(pollfds, count, timeoutNanos == FOREVER ? 0 : memory.address());
            if (n != -EINTR) {
                return (int) n;
            }
            if (timeoutNanos != FOREVER) {
                left = Math.max(0, deadline - System.nanoTime());
            }
        }
    }

    static long saturatedAdd(long now, long nanos) {
        long sum = now + nanos;
        return sum < now ? Long.MAX_VALUE : sum;
    }

    @Override
    public void close() {
        files.close(wakeFd);
    }
}
