package wasmbpf.host.abi;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import wasmbpf.host.buffer.UserRingBuffer;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;

/** User ring buffers: the guest fills a record in its own memory, which is copied when it commits it. */
final class UserRingCalls {
    private final GuestContext context;
    private final HandleTable<Ring> rings = new HandleTable<>();

    UserRingCalls(GuestContext context) {
        this.context = context;
    }

    private static final class Ring {
        final UserRingBuffer buffer;
        final Map<Long, MemorySegment> reserved = new HashMap<>();
        long records;

        Ring(UserRingBuffer buffer) {
            this.buffer = buffer;
        }
    }

    int create(int fd) {
        if (!(context.fds.get(fd) instanceof GuestMap map)) {
            return -Errno.EBADF;
        }
        if (!map.is(BpfMapType.USER_RINGBUF)) {
            return -Errno.EINVAL;
        }
        return (int) rings.add(new Ring(UserRingBuffer.open(context.kernel, map.name(), map.hostFd(),
                Integer.toUnsignedLong(map.maxEntries()), RunningKernel.of(context.kernel).pageSize())));
    }

    /** @return a number for the record, from 1, or {@code -errno}: ENOSPC when the ring stays full */
    long reserve(int handle, int size, int timeoutMillis) {
        Ring ring = rings.get(handle);
        if (ring == null) {
            return -Errno.EINVAL;
        }
        if (size < 0) {
            return -Errno.E2BIG;
        }
        MemorySegment record = timeoutMillis == 0 ? ring.buffer.reserve(size)
                : ring.buffer.reserve(size, timeoutMillis);
        if (record == null) {
            return -Errno.ENOSPC;
        }
        ring.reserved.put(++ring.records, record);
        return ring.records;
    }

    int commit(int handle, long number, int data, boolean discard) {
        Ring ring = rings.get(handle);
        MemorySegment record = ring == null ? null : ring.reserved.get(number);
        if (record == null) {
            return -Errno.EINVAL;
        }
        if (discard) {
            ring.buffer.discard(record);
        } else {
            byte[] bytes = context.memory().bytes(data, (int) record.byteSize());
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, record, 0, bytes.length);
            ring.buffer.submit(record);
        }
        ring.reserved.remove(number);
        return 0;
    }

    int free(int handle) {
        Ring ring = rings.remove(handle);
        if (ring == null) {
            return -Errno.EINVAL;
        }
        ring.buffer.close();
        return 0;
    }

    void close() {
        rings.open().forEach(ring -> ring.buffer.close());
    }
}
