package wasmbpf.host.buffer;

import java.lang.foreign.MemorySegment;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.SysException;

/**
 * The reading side of a BPF_MAP_TYPE_RINGBUF: libbpf {@code struct ring}, kernel/bpf/ringbuf.c.
 *
 * <pre>
 * map offset 0          consumer page   u64 consumer_pos          ours to write
 *            page       producer page   u64 producer_pos          read only from here on
 *            2 * page   data, size bytes, and the same data once more: a record never wraps
 *
 * record     u32 length | BUSY 1<<31 | DISCARD 1<<30, u32 page offset, bytes, padding to 8
 * </pre>
 *
 * Positions count bytes since the start and never wrap in practice (64 bits).
 */
public final class RingBuffer implements EventBuffer {
    static final int BUSY = 1 << 31;
    static final int DISCARD = 1 << 30;
    static final int HEADER_BYTES = 8;

    private final String name;
    private final int mapFd;
    private final long mask;
    private final long pageBytes;
    private final MappedRegion consumer;
    private final MappedRegion producer;
    private final long dataAddress;
    private long delivered;
    private boolean draining;
    private long nextPosition;
    private boolean closed;

    private RingBuffer(String name, int mapFd, long sizeBytes, long pageBytes, MappedRegion consumer,
                       MappedRegion producer) {
        this.name = name;
        this.mapFd = mapFd;
        this.mask = sizeBytes - 1;
        this.pageBytes = pageBytes;
        this.consumer = consumer;
        this.producer = producer;
        this.dataAddress = producer.address() + pageBytes;
    }

    /**
     * Maps a ring buffer.
     *
     * @param mapFd     its descriptor, which stays the caller's and must stay open as long as this is
     * @param sizeBytes the map's max_entries: a power of two
     * @throws SysException if the kernel refuses the mapping
     */
    public static RingBuffer open(Kernel kernel, String name, int mapFd, long sizeBytes, int pageBytes) {
        if (sizeBytes <= 0 || Long.bitCount(sizeBytes) != 1) {
            throw new SysException("map ring buffer \"" + name + "\" of " + sizeBytes + " bytes", Errno.EINVAL);
        }
        MappedRegion consumer = MappedRegion.map(kernel, "ring buffer \"" + name + "\" consumer page", pageBytes,
                Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, mapFd, 0);
        try {
            MappedRegion producer = MappedRegion.map(kernel, "ring buffer \"" + name + "\" data",
                    pageBytes + 2 * sizeBytes, Linux.PROT_READ, Linux.MAP_SHARED, mapFd, pageBytes);
            return new RingBuffer(name, mapFd, sizeBytes, pageBytes, consumer, producer);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Stops early at a record still being written, as libbpf's {@code ringbuf_process_ring} does. Discarded records
     * are passed over and count neither as handed on nor against {@code limit}. A handler may drain the same buffer: it
     * gets the records behind its own, and their space is given back when its own is.
     */
    @Override
    public int drain(EventHandler handler, int limit) {
        MappedRegion ring = producer;
        long mask = this.mask;
        long page = pageBytes;
        boolean outermost = !draining;
        int count = 0;
        long discarded = 0;
        // Only this side writes consumer_pos, so this load orders nothing; libbpf acquires here too.
        long position = outermost ? consumer.getLongAcquire(0) : nextPosition;
        while (true) {
            // Pairs with smp_store_release(&rb->producer_pos) in __bpf_ringbuf_reserve: headers below it are there.
            long end = ring.getLongAcquire(0);
            if (position == end) {
                return count;
            }
            do {
                long offset = position & mask;
                // Pairs with xchg(&hdr->len) in bpf_ringbuf_commit: once BUSY is gone, the record's bytes are there.
                int header = ring.getIntAcquire(page + offset);
                if (header < 0) {
                    // Still being written. Its commit wakes us, as our consumer_pos is its position.
                    return count;
                }
                int length = header & ~DISCARD;
                long next = position + (length + HEADER_BYTES + 7L & ~7L);
                if (next > end || next - position > mask + 1) {
                    throw new SysException("read ring buffer \"" + name + "\": record at " + position + " has "
                            + length + " bytes, " + (end - position) + " were produced", Errno.EBADMSG);
                }
                if ((header & DISCARD) != 0) {
                    discarded += next - position;
                    position = next;
                    if (outermost) {
                        consumer.setLongRelease(0, position);
                    }
                    // A program that discards for ever must not keep us here for ever.
                    if (discarded > mask) {
                        return count;
                    }
                    continue;
                }
                nextPosition = next;
                draining = true;
                int answer;
                try {
                    answer = handler.onEvent(dataAddress + offset + HEADER_BYTES, length);
                } finally {
                    delivered++;
                    position = nextPosition;
                    if (outermost) {
                        draining = false;
                        // After each record, not once per batch: the space is free at once, and the kernel wakes us
                        // only if a committed record is the one at consumer_pos. Release: the record is read before
                        // the kernel may write over it (pairs with smp_load_acquire(&rb->consumer_pos) in reserve).
                        consumer.setLongRelease(0, position);
                    }
                }
                if (answer < 0) {
                    return answer;
                }
                if (++count >= limit) {
                    return count;
                }
            } while (position < end);
        }
    }

    @Override
    public int capacityEvents() {
        return (int) Math.min(Integer.MAX_VALUE, (mask + 1) / HEADER_BYTES);
    }

    /** Bytes produced and not yet consumed, records still being written included. */
    public long pendingBytes() {
        return producerPosition() - consumerPosition();
    }

    /** Bytes consumed since the buffer was made. */
    public long consumerPosition() {
        return consumer.getLongAcquire(0);
    }

    /** Bytes reserved since the buffer was made, whether or not their records are written. */
    public long producerPosition() {
        return producer.getLongAcquire(0);
    }

    /** Bytes it has room for. */
    public long sizeBytes() {
        return mask + 1;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public long delivered() {
        return delivered;
    }

    @Override
    public MemorySegment memory(long address) {
        return producer.segment().asSlice(address - producer.address());
    }

    @Override
    public int[] readyFds() {
        return new int[] {mapFd};
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                producer.close();
            } finally {
                consumer.close();
            }
        }
    }
}
