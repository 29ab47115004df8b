package wasmbpf.host.buffer;

import java.lang.foreign.MemorySegment;

import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.SysException;

/**
 * The writing side of a BPF_MAP_TYPE_USER_RINGBUF, which programs read with {@code bpf_user_ringbuf_drain}: libbpf
 * {@code struct user_ring_buffer}. The pages of {@link RingBuffer} with roles turned: the consumer page is the
 * kernel's, the producer page and the data are ours.
 *
 * <pre>{@code
 * MemorySegment record = ring.reserve(16);
 * if (record != null) {                        // null: full
 *     record.set(ValueLayout.JAVA_LONG, 0, 42);
 *     ring.submit(record);
 * }
 * }</pre>
 *
 * <p>Records may be reserved before earlier ones are submitted; the program sees them in the order of their
 * reservation, and none behind one that is still open. One thread at a time.
 */
public final class UserRingBuffer implements AutoCloseable {
    private final Kernel kernel;
    private final String name;
    private final long size;
    private final long pageBytes;
    private final MappedRegion consumer;
    private final MappedRegion producer;
    private final Fd epoll;
    private final EpollEvents ready = new EpollEvents(1);
    private boolean closed;

    private UserRingBuffer(Kernel kernel, String name, long size, long pageBytes, MappedRegion consumer,
                           MappedRegion producer, Fd epoll) {
        this.kernel = kernel;
        this.name = name;
        this.size = size;
        this.pageBytes = pageBytes;
        this.consumer = consumer;
        this.producer = producer;
        this.epoll = epoll;
    }

    /**
     * Maps a user ring buffer.
     *
     * @param mapFd     its descriptor, which stays the caller's
     * @param sizeBytes the map's max_entries: a power of two
     * @throws SysException if the kernel refuses the mapping
     */
    public static UserRingBuffer open(Kernel kernel, String name, int mapFd, long sizeBytes, int pageBytes) {
        String what = "user ring buffer \"" + name + "\"";
        if (sizeBytes <= 0 || Long.bitCount(sizeBytes) != 1) {
            throw new SysException("map " + what + " of " + sizeBytes + " bytes", Errno.EINVAL);
        }
        MappedRegion consumer = MappedRegion.map(kernel, what + " consumer page", pageBytes, Linux.PROT_READ,
                Linux.MAP_SHARED, mapFd, 0);
        MappedRegion producer = null;
        Fd epoll = null;
        try {
            producer = MappedRegion.map(kernel, what + " data", pageBytes + 2 * sizeBytes,
                    Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, mapFd, pageBytes);
            epoll = Fd.of(kernel, SysException.check("epoll_create for " + what, kernel.epollCreate()), what);
            SysException.check("wait for " + what,
                    kernel.epollCtl(epoll.number(), Linux.EPOLL_CTL_ADD, mapFd, Linux.EPOLLOUT, 0));
            return new UserRingBuffer(kernel, name, sizeBytes, pageBytes, consumer, producer, epoll);
        } catch (RuntimeException e) {
            consumer.close();
            if (producer != null) {
                producer.close();
            }
            if (epoll != null) {
                epoll.close();
            }
            throw e;
        }
    }

    public String name() {
        return name;
    }

    /**
     * Room for a record, to be filled and given to {@link #submit} or {@link #discard}; null while the ring is full.
     *
     * @throws SysException E2BIG if no record of that size fits in the ring
     */
    public MemorySegment reserve(int sizeBytes) {
        long total = sizeBytes + RingBuffer.HEADER_BYTES + 7L & ~7L;
        if (sizeBytes < 0 || (sizeBytes & RingBuffer.DISCARD) != 0 || total > size) {
            throw new SysException("reserve " + sizeBytes + " bytes in user ring buffer \"" + name + "\" of " + size,
                    Errno.E2BIG);
        }
        // Pairs with smp_store_release(&rb->consumer_pos) in __bpf_user_ringbuf_sample_release: what it read is free.
        long consumed = consumer.getLongAcquire(0);
        long produced = producer.getLongAcquire(0);
        if (size - (produced - consumed) < total) {
            return null;
        }
        long header = pageBytes + (produced & size - 1);
        producer.setIntRelease(header, sizeBytes | RingBuffer.BUSY);
        producer.setIntRelease(header + 4, 0);
        // Pairs with smp_load_acquire(&rb->producer_pos) in __bpf_user_ringbuf_peek: the header is there, and busy.
        producer.setLongRelease(0, produced + total);
        return producer.segment().asSlice(header + RingBuffer.HEADER_BYTES, sizeBytes);
    }

    /**
     * As {@link #reserve(int)}, waiting for a program to drain the ring while it is full.
     *
     * @param timeoutMillis negative waits for ever
     * @return null if the time is over
     */
    public MemorySegment reserve(int sizeBytes, int timeoutMillis) {
        long deadline = System.nanoTime() + Math.max(0, timeoutMillis) * 1_000_000L;
        while (true) {
            MemorySegment record = reserve(sizeBytes);
            if (record != null) {
                return record;
            }
            long left = deadline - System.nanoTime();
            if (timeoutMillis >= 0 && left <= 0) {
                return null;
            }
            int found = kernel.epollWait(epoll.number(), ready,
                    timeoutMillis < 0 ? -1 : (int) ((left + 999_999) / 1_000_000));
            if (found < 0 && found != -Errno.EINTR) {
                throw new SysException("wait for user ring buffer \"" + name + "\"", -found);
            }
            if (found == 0 && timeoutMillis >= 0) {
                // Drained in the last moment perhaps: libbpf looks once more too.
                return reserve(sizeBytes);
            }
        }
    }

    /** Gives a reserved record to the program. */
    public void submit(MemorySegment record) {
        commit(record, 0);
    }

    /** Takes a reserved record back: the program passes over it. */
    public void discard(MemorySegment record) {
        commit(record, RingBuffer.DISCARD);
    }

    private void commit(MemorySegment record, int flag) {
        long header = record.address() - producer.address() - RingBuffer.HEADER_BYTES;
        if (header < pageBytes || header >= pageBytes + size
                || producer.getInt(header) != ((int) record.byteSize() | RingBuffer.BUSY)) {
            throw new IllegalArgumentException("not a reserved record of user ring buffer \"" + name + "\"");
        }
        // As libbpf's atomic exchange: the record's bytes are there before BUSY is gone.
        producer.getAndSetInt(header, (int) record.byteSize() | flag);
    }

    /** Sends a copy of those bytes; whether there was room. */
    public boolean send(byte[] bytes) {
        MemorySegment record = reserve(bytes.length);
        if (record == null) {
            return false;
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, record, 0, bytes.length);
        submit(record);
        return true;
    }

    /** Until it is closed. */
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ready.close();
        try {
            epoll.close();
        } finally {
            try {
                producer.close();
            } finally {
                consumer.close();
            }
        }
    }
}
