package wasmbpf.host.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/**
 * The reading side of a BPF_MAP_TYPE_PERF_EVENT_ARRAY: one perf event and one ring for each online CPU, libbpf
 * {@code struct perf_buffer}.
 *
 * <pre>
 * page 0   struct perf_event_mmap_page: u64 data_head at 1024 (the kernel's), u64 data_tail at 1032 (ours)
 * then     2^n pages of records, which wrap
 *
 * record   u32 type, u16 misc, u16 size (all of it), then
 *          SAMPLE (9)  u32 size, bytes             LOST (2)  u64 id, u64 lost
 * </pre>
 *
 * A sample's size is the kernel's: {@code round_up(n + 4, 8) - 4} for n bytes given, the tail zeroed. Order is kept per
 * CPU only.
 */
public final class PerfBuffer implements EventBuffer {
    /** Pages for each CPU when nobody says otherwise: 256 KiB of 4 KiB pages, as the wasm-bpf runtimes have. */
    public static final int DEFAULT_PAGES = 64;

    private static final long DATA_HEAD = 1024;
    private static final long DATA_TAIL = 1032;
    private static final int HEADER_BYTES = 8;

    private final String name;
    private final List<CpuRing> rings;
    private final boolean raw;
    private final int capacityEvents;
    private final Arena scratchArena = Arena.ofShared();
    private int nextRing;
    private int cpu;
    private boolean draining;
    private boolean closed;

    private PerfBuffer(String name, List<CpuRing> rings, boolean raw, int capacityEvents) {
        this.name = name;
        this.rings = rings;
        this.raw = raw;
        this.capacityEvents = capacityEvents;
    }

    /** One CPU's event, ring, and what was read of it. */
    private static final class CpuRing implements AutoCloseable {
        final int cpu;
        final Fd fd;
        final Kernel kernel;
        MappedRegion region;
        long tail;
        long lost;
        long delivered;
        MemorySegment scratch = MemorySegment.NULL;

        CpuRing(Kernel kernel, int cpu, Fd fd) {
            this.kernel = kernel;
            this.cpu = cpu;
            this.fd = fd;
        }

        @Override
        public void close() {
            try {
                if (region != null) {
                    region.close();
                }
            } finally {
                kernel.ioctl(fd.number(), Linux.PERF_EVENT_IOC_DISABLE, 0);
                fd.close();
            }
        }
    }

    /**
     * Opens a perf event on each CPU and puts it in the map.
     *
     * @param mapFd descriptor of the perf event array; stays the caller's
     * @param cpus  the online CPUs, those from the map's max_entries on left out
     * @param pages for each CPU, a power of two
     * @throws SysException naming the CPU, with all that was opened closed again
     */
    public static PerfBuffer open(Kernel kernel, String name, int mapFd, List<Integer> cpus, int pages,
                                  int pageBytes) {
        try (StructValue attr = PerfEventAttr.allocate()) {
            attr.set(PerfEventAttr.TYPE, Linux.PERF_TYPE_SOFTWARE)
                    .set(PerfEventAttr.CONFIG, Linux.PERF_COUNT_SW_BPF_OUTPUT)
                    .set(PerfEventAttr.SAMPLE_TYPE, Linux.PERF_SAMPLE_RAW)
                    .set(PerfEventAttr.SAMPLE_PERIOD, 1)
                    .set(PerfEventAttr.WAKEUP_EVENTS, 1);
            List<Place> places = cpus.stream().map(cpu -> new Place(cpu, cpu)).toList();
            return open(kernel, name, mapFd, places, pages, pageBytes, attr, false);
        }
    }

    /** A CPU, and the element of the map that its event is put in. */
    public record Place(int cpu, int key) {
    }

    /**
     * Opens perf events of the caller's kind, whose records are handed on whole, header and all, of whatever type they
     * are: libbpf {@code perf_buffer__new_raw}. A handler's positive result ends the reading of that CPU's ring for now.
     *
     * @param attr the events' {@code struct perf_event_attr}; stays the caller's
     * @throws SysException as {@link #open}
     */
    public static PerfBuffer openRaw(Kernel kernel, String name, int mapFd, List<Place> places, int pages,
                                     int pageBytes, StructValue attr) {
        return open(kernel, name, mapFd, places, pages, pageBytes, attr, true);
    }

    private static PerfBuffer open(Kernel kernel, String name, int mapFd, List<Place> places, int pages,
                                   int pageBytes, StructValue attr, boolean raw) {
        if (pages <= 0 || Integer.bitCount(pages) != 1) {
            throw new SysException("open perf buffer \"" + name + "\" of " + pages + " pages a CPU", Errno.EINVAL);
        }
        List<CpuRing> rings = new ArrayList<>();
        try {
            for (Place place : places) {
                rings.add(openCpu(kernel, name, mapFd, place, pages, pageBytes, attr));
            }
        } catch (RuntimeException e) {
            rings.forEach(CpuRing::close);
            throw e;
        }
        long bytes = (long) pages * pageBytes * places.size();
        return new PerfBuffer(name, rings, raw, (int) Math.min(Integer.MAX_VALUE, bytes / 16));
    }

    private static CpuRing openCpu(Kernel kernel, String name, int mapFd, Place place, int pages, int pageBytes,
                                   StructValue event) {
        int cpu = place.cpu();
        String what = "perf buffer \"" + name + "\" on CPU " + cpu;
        int number = SysException.check("open " + what,
                kernel.perfEventOpen(event, -1, cpu, -1, Linux.PERF_FLAG_FD_CLOEXEC));
        CpuRing ring = new CpuRing(kernel, cpu, Fd.of(kernel, number, what));
        try {
            ring.region = MappedRegion.map(kernel, what, (1L + pages) * pageBytes,
                    Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, number, 0);
            SysException.check("enable " + what, kernel.ioctl(number, Linux.PERF_EVENT_IOC_ENABLE, 0));
            try (StructValue attr = MapElem.STRUCT.allocate()) {
                attr.set(MapElem.MAP_FD, mapFd).point(MapElem.KEY, new int[] {place.key()})
                        .point(MapElem.VALUE, new int[] {number});
                SysException.check("put " + what + " in its map", kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));
            }
            return ring;
        } catch (RuntimeException e) {
            ring.close();
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
     * <p>Takes the CPUs in turn, beginning with another each time it stops early, so that a busy one cannot keep the
     * others waiting. A handler that drains the same buffer gets nothing.
     */
    @Override
    public int drain(EventHandler handler, int limit) {
        if (closed) {
            throw new IllegalStateException("perf buffer \"" + name + "\" is closed");
        }
        if (draining) {
            return 0;
        }
        draining = true;
        try {
            int count = 0;
            int first = nextRing;
            for (int i = 0; i < rings.size(); i++) {
                int which = (first + i) % rings.size();
                int drained = drain(rings.get(which), handler, limit - count);
                if (drained < 0) {
                    nextRing = which;
                    return drained;
                }
                count += drained;
                if (count >= limit) {
                    nextRing = (which + 1) % rings.size();
                    return count;
                }
            }
            return count;
        } finally {
            draining = false;
        }
    }

    private int drain(CpuRing ring, EventHandler handler, int limit) {
        MappedRegion region = ring.region;
        long pageBytes = region.sizeBytes() - dataBytes(region);
        long dataBytes = region.sizeBytes() - pageBytes;
        long mask = dataBytes - 1;
        // Pairs with the store of data_head in perf_output_put_handle: the records below it are there.
        long head = region.getLongAcquire(DATA_HEAD);
        long tail = ring.tail;
        int count = 0;
        int answer = 0;
        while (tail != head && count < limit && answer == 0) {
            long offset = tail & mask;
            long header = region.getLong(pageBytes + offset);
            int type = (int) header;
            int size = (int) (header >>> 48);
            if (size < HEADER_BYTES || size > head - tail || (size & 7) != 0) {
                throw corrupt(ring, tail, type, size);
            }
            long record = region.address() + pageBytes + offset;
            if (offset + size > dataBytes) {
                record = unwrapped(ring, pageBytes, offset, size, dataBytes);
            }
            try {
                if (raw) {
                    ring.delivered++;
                    count++;
                    cpu = ring.cpu;
                    answer = handler.onEvent(record, size);
                    continue;
                }
                switch (type) {
                    case Linux.PERF_RECORD_SAMPLE -> {
                        int length = size < 12 ? -1 : region.getInt(pageBytes + (offset + 8 & mask));
                        if (length < 0 || length > size - 12) {
                            throw corrupt(ring, tail, type, size);
                        }
                        ring.delivered++;
                        count++;
                        cpu = ring.cpu;
                        answer = Math.min(0, handler.onEvent(record + 12, length));
                    }
                    case Linux.PERF_RECORD_LOST -> {
                        if (size < 24) {
                            throw corrupt(ring, tail, type, size);
                        }
                        long lost = region.getLong(pageBytes + (offset + 16 & mask));
                        ring.lost += lost;
                        handler.onLost(ring.cpu, lost);
                    }
                    default -> throw corrupt(ring, tail, type, size);
                }
            } finally {
                tail += size;
                ring.tail = tail;
                // After each record, so that its space is free at once; pairs with the load of data_tail in
                // __perf_output_begin. libbpf releases once per drain.
                region.setLongRelease(DATA_TAIL, tail);
            }
        }
        return answer < 0 ? answer : count;
    }

    /** The CPU of the event being handed on. */
    public int cpu() {
        return cpu;
    }

    /**
     * As {@link #drain(EventHandler, int)}, of one ring.
     *
     * @param ring from 0, below {@link #rings}
     */
    public int drainRing(int ring, EventHandler handler, int limit) {
        if (closed) {
            throw new IllegalStateException("perf buffer \"" + name + "\" is closed");
        }
        if (draining) {
            return 0;
        }
        draining = true;
        try {
            return drain(rings.get(ring), handler, limit);
        } finally {
            draining = false;
        }
    }

    /** CPUs that have a ring. */
    public int rings() {
        return rings.size();
    }

    /** Bytes of records: the largest power of two below the mapping's size, which is one page more. */
    private static long dataBytes(MappedRegion region) {
        return Long.highestOneBit(region.sizeBytes() - 1);
    }

    private SysException corrupt(CpuRing ring, long tail, int type, int size) {
        return new SysException("read perf buffer \"" + name + "\" on CPU " + ring.cpu + ": record at " + tail
                + " has type " + type + ", " + size + " bytes", Errno.EBADMSG);
    }

    /** Copies a record that goes around the end into one piece. */
    private long unwrapped(CpuRing ring, long pageBytes, long offset, int size, long dataBytes) {
        if (ring.scratch.byteSize() < size) {
            ring.scratch = scratchArena.allocate(Math.max(4096, Integer.highestOneBit(size) * 2L), 8);
        }
        MemorySegment data = ring.region.segment();
        long first = dataBytes - offset;
        MemorySegment.copy(data, pageBytes + offset, ring.scratch, 0, first);
        MemorySegment.copy(data, pageBytes, ring.scratch, first, size - first);
        return ring.scratch.address();
    }

    @Override
    public int capacityEvents() {
        return capacityEvents;
    }

    @Override
    public long lost() {
        long sum = 0;
        for (CpuRing ring : rings) {
            sum += ring.lost;
        }
        return sum;
    }

    @Override
    public long delivered() {
        long sum = 0;
        for (CpuRing ring : rings) {
            sum += ring.delivered;
        }
        return sum;
    }

    @Override
    public MemorySegment memory(long address) {
        for (CpuRing ring : rings) {
            for (MemorySegment each : List.of(ring.scratch, ring.region.segment())) {
                long offset = address - each.address();
                if (offset >= 0 && offset < each.byteSize()) {
                    return each.asSlice(offset);
                }
            }
        }
        throw new IllegalArgumentException("address does not lie in perf buffer \"" + name + "\"");
    }

    @Override
    public int[] readyFds() {
        int[] fds = new int[rings.size()];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = rings.get(i).fd.number();
        }
        return fds;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        RuntimeException first = null;
        for (CpuRing ring : rings) {
            try {
                ring.close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        scratchArena.close();
        if (first != null) {
            throw first;
        }
    }
}
