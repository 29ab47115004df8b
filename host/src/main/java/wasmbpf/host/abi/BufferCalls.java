package wasmbpf.host.abi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.Interruption;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.Trap;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmFunction;

/**
 * Sets of ring and perf buffers, polled together: {@code ring_buffer__*} and {@code perf_buffer__*}. What a buffer is
 * added with:
 *
 * <pre>
 *  0 u32 size   4 s32 map   8 u32 pages a CPU (perf)   12 u32 callback   16 u32 context
 * 20 u32 room for an event   24 u32 its size   28 u32 what makes more room   32 u32 told beside an event, or 0
 * 36 u32 attributes of a perf event, or 0   40 u32 count of   44 u32 CPUs and   48 u32 keys, or 0: those from here on may lack
 * </pre>
 */
final class BufferCalls {
    private static final int OPTIONS = 36;
    private static final int RAW_OPTIONS = 52;
    static final FuncType CALLBACK =
            new FuncType(List.of(ValType.I32, ValType.I32, ValType.I32), List.of(ValType.I32));

    private static final int EPOLL_FD = 1;
    private static final int COUNT = 2;
    private static final int LOST = 3;
    private static final int DELIVERED = 4;
    private static final int RINGS = 5;
    private static final int CONSUMER_POSITION = 6;
    private static final int PRODUCER_POSITION = 7;
    private static final int SIZE = 8;
    /** Of the set's first buffer, a perf buffer: the descriptor of the ring whose index is given. */
    private static final int RING_FD = 9;
    /** Indexes from here downwards mean rings of the set's first buffer: -2 is ring 0. */
    private static final int FIRST_RING = -2;

    private final GuestContext context;
    private final SystemCalls system;
    private final HandleTable<BufferSet> sets = new HandleTable<>();
    private boolean interruptionSeen;

    BufferCalls(GuestContext context, SystemCalls system) {
        this.context = context;
        this.system = system;
    }

    /** Buffers polled together. Closed when no poll of it is on the stack any more. */
    private static final class BufferSet {
        final Poller poller;
        final List<EventBuffer> buffers = new ArrayList<>();
        final List<SetCallback> callbacks = new ArrayList<>();
        final Map<Integer, Descriptor> rings = new HashMap<>();
        Descriptor epoll;
        int polls;
        boolean closing;

        BufferSet(Poller poller) {
            this.poller = poller;
        }

        void close() {
            closing = true;
            for (SetCallback callback : callbacks) {
                callback.close();
            }
            if (polls == 0) {
                poller.close();
                buffers.forEach(EventBuffer::close);
            }
        }
    }

    int create() {
        BufferSet set = new BufferSet(new Poller(context.kernel));
        context.watch(set.poller);
        return (int) sets.add(set);
    }

    /** @return the buffer's index, from 0, or {@code -errno} */
    int add(Instance caller, int handle, int options) {
        BufferSet set = sets.get(handle);
        if (set == null) {
            return -Errno.EINVAL;
        }
        var memory = context.memory();
        memory.offset(options, OPTIONS);
        if (memory.i32(options) < OPTIONS) {
            return -Errno.EINVAL;
        }
        if (!(context.fds.get(memory.i32(options + 4)) instanceof GuestMap map)) {
            return -Errno.EBADF;
        }
        WasmFunction callback = function(caller, memory.i32(options + 12));
        WasmFunction grow = function(caller, memory.i32(options + 28));
        if (callback == null || grow == null) {
            return -Errno.EINVAL;
        }
        int data = memory.i32(options + 20);
        int size = memory.i32(options + 24);
        memory.offset(data, Integer.toUnsignedLong(size));
        int told = memory.i32(options + 32);
        if (told != 0) {
            memory.offset(told, SetCallback.TOLD);
        }
        EventBuffer buffer = memory.i32(options) >= RAW_OPTIONS && memory.i32(options + 36) != 0
                ? openRaw(map, options) : open(map, memory.i32(options + 8));
        try {
            SetCallback handler = new SetCallback(map.name(), buffer instanceof PerfBuffer perf ? perf : null, memory,
                    callback, grow, memory.i32(options + 16), data, size, told, context.messages);
            set.poller.add(buffer, handler);
            set.callbacks.add(handler);
        } catch (RuntimeException e) {
            buffer.close();
            throw e;
        }
        set.buffers.add(buffer);
        return set.buffers.size() - 1;
    }

    /** Perf events of the guest's own kind; on all online CPUs if it names none. */
    private EventBuffer openRaw(GuestMap map, int options) {
        var memory = context.memory();
        memory.offset(options, RAW_OPTIONS);
        RunningKernel running = RunningKernel.of(context.kernel);
        if (!map.is(BpfMapType.PERF_EVENT_ARRAY)) {
            throw new SysException("open events of map \"" + map.name() + "\"", Errno.EINVAL,
                    "it is no perf event array");
        }
        int count = memory.i32(options + 40);
        List<PerfBuffer.Place> places = new ArrayList<>();
        if (count > 0) {
            memory.offset(memory.i32(options + 44), 4L * count);
            memory.offset(memory.i32(options + 48), 4L * count);
            for (int i = 0; i < count; i++) {
                places.add(new PerfBuffer.Place(memory.i32(memory.i32(options + 44) + 4 * i),
                        memory.i32(memory.i32(options + 48) + 4 * i)));
            }
        } else {
            running.cpus().online(map.maxEntries()).forEach(cpu -> places.add(new PerfBuffer.Place(cpu, cpu)));
        }
        try (StructValue attr = PerfEventAttr.allocate()) {
            system.fill(attr, memory.i32(options + 36));
            return PerfBuffer.openRaw(context.kernel, map.name(), map.hostFd(), places, memory.i32(options + 8),
                    running.pageSize(), attr);
        }
    }

    private EventBuffer open(GuestMap map, int pages) {
        RunningKernel running = RunningKernel.of(context.kernel);
        if (map.is(BpfMapType.PERF_EVENT_ARRAY)) {
            return PerfBuffer.open(context.kernel, map.name(), map.hostFd(), running.cpus().online(map.maxEntries()),
                    pages, running.pageSize());
        }
        if (!map.is(BpfMapType.RINGBUF)) {
            throw new SysException("open events of map \"" + map.name() + "\"", Errno.EINVAL,
                    "it is neither a ring buffer nor a perf event array");
        }
        return RingBuffer.open(context.kernel, map.name(), map.hostFd(), Integer.toUnsignedLong(map.maxEntries()),
                running.pageSize());
    }

    /** The function a C function pointer means, or null: a bad pointer is the guest's argument error, no trap. */
    static WasmFunction function(Instance caller, int element) {
        try {
            WasmFunction function = caller.tableFunction(0, element);
            return function != null && function.type().equals(CALLBACK) ? function : null;
        } catch (Trap t) {
            return null;
        }
    }

    int poll(int handle, int timeoutMillis) {
        BufferSet set = sets.get(handle);
        if (set == null) {
            return -Errno.EINVAL;
        }
        int result;
        set.polls++;
        try {
            result = set.poller.poll(timeoutMillis, null);
        } finally {
            endPoll(set);
        }
        if (result == Poller.INTERRUPTED && context.interrupted()) {
            // Told once, a guest that polls on is held a little each time, so that it does not spin.
            if (interruptionSeen) {
                context.finishing(false);
                LockSupport.parkNanos(Interruption.REPEAT_NANOS);
            }
            interruptionSeen = true;
        }
        return result == GuestCallback.CLOSED ? 0 : result;
    }

    private static void endPoll(BufferSet set) {
        if (--set.polls == 0 && set.closing) {
            set.close();
        }
    }

    /**
     * Hands on what is there without waiting.
     *
     * @param which a buffer, -1 for all, or from -2 downwards a ring of the first, which is a perf buffer
     * @param limit 0 for none
     */
    int consume(int handle, int which, int limit) {
        BufferSet set = sets.get(handle);
        if (set == null || which >= set.buffers.size() || limit < 0) {
            return -Errno.EINVAL;
        }
        if (which <= FIRST_RING) {
            return consumeRing(set, FIRST_RING - which, limit);
        }
        int count = 0;
        set.polls++;
        try {
            context.kernel.refreshMapped();
            for (int i = which < 0 ? 0 : which; i < (which < 0 ? set.buffers.size() : which + 1); i++) {
                EventBuffer buffer = set.buffers.get(i);
                int most = limit == 0 ? buffer.capacityEvents() : limit - count;
                int drained = most <= 0 ? 0 : buffer.drain(set.callbacks.get(i), most);
                if (drained < 0) {
                    return drained == GuestCallback.CLOSED ? count : drained;
                }
                count += drained;
            }
        } finally {
            endPoll(set);
        }
        return count;
    }

    private int consumeRing(BufferSet set, int ring, int limit) {
        if (set.buffers.isEmpty() || !(set.buffers.getFirst() instanceof PerfBuffer perf) || ring >= perf.rings()) {
            return -Errno.EINVAL;
        }
        set.polls++;
        try {
            context.kernel.refreshMapped();
            int drained = perf.drainRing(ring, set.callbacks.getFirst(), limit == 0 ? perf.capacityEvents() : limit);
            return drained == GuestCallback.CLOSED ? 0 : drained;
        } finally {
            endPoll(set);
        }
    }

    /** The guest's number of one CPU's event, the same each time; it closes with the set. */
    private int ringFd(BufferSet set, int ring) {
        if (set.buffers.isEmpty() || !(set.buffers.getFirst() instanceof PerfBuffer perf) || ring < 0
                || ring >= perf.rings()) {
            return -Errno.EINVAL;
        }
        Descriptor shown = set.rings.computeIfAbsent(ring, each -> Descriptor.waitable(perf.readyFds()[each]));
        int fd = context.fds.numberOf(shown);
        fd = fd >= 0 ? fd : context.fds.addAboveStreams(shown);
        return fd < 0 ? -Errno.EMFILE : fd;
    }

    long get(int handle, int which, int property) {
        BufferSet set = sets.get(handle);
        if (set == null) {
            return -Errno.EINVAL;
        }
        switch (property) {
            case EPOLL_FD -> {
                if (set.epoll == null) {
                    set.epoll = Descriptor.waitable(set.poller.fd());
                }
                int fd = context.fds.numberOf(set.epoll);
                fd = fd >= 0 ? fd : context.fds.addAboveStreams(set.epoll);
                return fd < 0 ? -Errno.EMFILE : fd;
            }
            case COUNT -> {
                return set.buffers.size();
            }
            case RING_FD -> {
                return ringFd(set, which);
            }
            default -> { }
        }
        if (which < 0 || which >= set.buffers.size()) {
            return -Errno.EINVAL;
        }
        EventBuffer buffer = set.buffers.get(which);
        return switch (property) {
            case LOST -> buffer.lost();
            case DELIVERED -> buffer.delivered();
            case RINGS -> buffer instanceof PerfBuffer perf ? perf.rings() : 1;
            case CONSUMER_POSITION -> buffer instanceof RingBuffer ring ? ring.consumerPosition() : -Errno.EINVAL;
            case PRODUCER_POSITION -> buffer instanceof RingBuffer ring ? ring.producerPosition() : -Errno.EINVAL;
            case SIZE -> buffer instanceof RingBuffer ring ? ring.sizeBytes() : -Errno.EINVAL;
            default -> -Errno.EINVAL;
        };
    }

    int free(int handle) {
        BufferSet set = sets.remove(handle);
        if (set == null) {
            return -Errno.EINVAL;
        }
        close(set);
        return 0;
    }

    private void close(BufferSet set) {
        if (context.options.statistics()) {
            for (EventBuffer buffer : set.buffers) {
                context.messages.warn("map \"" + buffer.name() + "\": " + buffer.delivered() + " events delivered, "
                        + buffer.lost() + " lost");
            }
        }
        context.unwatch(set.poller);
        if (set.epoll != null) {
            context.fds.remove(set.epoll);
        }
        set.rings.values().forEach(context.fds::remove);
        set.close();
    }

    void close() {
        sets.open().forEach(this::close);
    }
}
