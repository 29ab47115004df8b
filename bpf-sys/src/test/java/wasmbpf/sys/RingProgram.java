package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A loader in miniature for tests: a ring buffer or a perf buffer, a socket filter that writes one 8-byte record to it
 * each time it is run by BPF_PROG_TEST_RUN, an epoll set and a drain loop. Everything through one {@link Kernel}.
 */
public final class RingProgram implements AutoCloseable {
    private static final int RING_BYTES = 4096;

    private final Kernel kernel;
    private final boolean perf;
    private final List<Fd> fds = new ArrayList<>();
    private final List<MappedRegion> regions = new ArrayList<>();
    private final EpollEvents events = new EpollEvents(8);
    private final Fd program;
    private final Fd epoll;
    private int records;

    public RingProgram(Kernel kernel, boolean perf) {
        this.kernel = kernel;
        this.perf = perf;
        epoll = own(kernel.epollCreate(), "epoll");
        Fd map = perf ? openPerf() : openRing();
        program = own(load(map), "program");
    }

    private Fd own(int result, String what) {
        Fd fd = Fd.of(kernel, SysException.check(what, result), what);
        fds.add(fd);
        return fd;
    }

    private Fd map(BpfMapType type, int keySize, int valueSize, int entries) {
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, type.number()).set(BpfAttrs.MapCreate.KEY_SIZE, keySize)
                    .set(BpfAttrs.MapCreate.VALUE_SIZE, valueSize).set(BpfAttrs.MapCreate.MAX_ENTRIES, entries)
                    .set(BpfAttrs.MapCreate.MAP_NAME, "rb");
            return own(kernel.bpf(BpfCommand.MAP_CREATE, attr), "map");
        }
    }

    private Fd openRing() {
        Fd map = map(BpfMapType.RINGBUF, 0, 0, RING_BYTES);
        regions.add(MappedRegion.map(kernel, "consumer", 4096, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED,
                map.number(), 0));
        regions.add(MappedRegion.map(kernel, "producer", 4096 + 2 * RING_BYTES, Linux.PROT_READ, Linux.MAP_SHARED,
                map.number(), 4096));
        // The data is the descriptor's number on purpose: a replay has to give back this run's, not that run's.
        SysException.check("epoll_ctl", kernel.epollCtl(epoll.number(), Linux.EPOLL_CTL_ADD, map.number(),
                Linux.EPOLLIN, map.number()));
        return map;
    }

    private Fd openPerf() {
        int cpus = Runtime.getRuntime().availableProcessors();
        Fd map = map(BpfMapType.PERF_EVENT_ARRAY, 4, 4, cpus);
        for (int cpu = 0; cpu < cpus; cpu++) {
            Fd event;
            try (StructValue attr = PerfEventAttr.allocate()) {
                attr.set(PerfEventAttr.TYPE, Linux.PERF_TYPE_SOFTWARE)
                        .set(PerfEventAttr.CONFIG, Linux.PERF_COUNT_SW_BPF_OUTPUT)
                        .set(PerfEventAttr.SAMPLE_TYPE, Linux.PERF_SAMPLE_RAW).set(PerfEventAttr.SAMPLE_PERIOD, 1)
                        .set(PerfEventAttr.WAKEUP_EVENTS, 1);
                event = own(kernel.perfEventOpen(attr, -1, cpu, -1, Linux.PERF_FLAG_FD_CLOEXEC), "perf event");
            }
            regions.add(MappedRegion.map(kernel, "perf " + cpu, 4096 + 4096, Linux.PROT_READ | Linux.PROT_WRITE,
                    Linux.MAP_SHARED, event.number(), 0));
            SysException.check("enable", kernel.ioctl(event.number(), Linux.PERF_EVENT_IOC_ENABLE, 0));
            try (StructValue attr = BpfAttrs.MapElem.STRUCT.allocate()) {
                attr.set(BpfAttrs.MapElem.MAP_FD, map.number()).point(BpfAttrs.MapElem.KEY, new int[] {cpu})
                        .point(BpfAttrs.MapElem.VALUE, new int[] {event.number()});
                SysException.check("update", kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));
            }
            SysException.check("epoll_ctl", kernel.epollCtl(epoll.number(), Linux.EPOLL_CTL_ADD, event.number(),
                    Linux.EPOLLIN, cpu));
        }
        return map;
    }

    private static ByteBuffer insn(ByteBuffer code, int opcode, int dst, int src, int offset, int imm) {
        return code.put((byte) opcode).put((byte) (src << 4 | dst)).putShort((short) offset).putInt(imm);
    }

    private int load(Fd map) {
        ByteBuffer code = ByteBuffer.allocate(16 * 8).order(ByteOrder.LITTLE_ENDIAN);
        insn(code, 0xb7, 7, 0, 0, 0x1234);                        // r7 = 0x1234
        insn(code, 0x7b, 10, 7, -8, 0);                           // *(u64 *)(r10 - 8) = r7
        if (perf) {                                               // perf_event_output(ctx, map, CURRENT_CPU, data, 8)
            insn(code, 0x18, 2, BpfFlags.BPF_PSEUDO_MAP_FD, 0, map.number());
            insn(code, 0, 0, 0, 0, 0);
            insn(code, 0x18, 3, 0, 0, -1);
            insn(code, 0, 0, 0, 0, 0);
            insn(code, 0xbf, 4, 10, 0, 0);
            insn(code, 0x07, 4, 0, 0, -8);
            insn(code, 0xb7, 5, 0, 0, 8);
            insn(code, 0x85, 0, 0, 0, BpfHelper.id("perf_event_output"));
        } else {                                                  // ringbuf_output(map, data, 8, 0)
            insn(code, 0x18, 1, BpfFlags.BPF_PSEUDO_MAP_FD, 0, map.number());
            insn(code, 0, 0, 0, 0, 0);
            insn(code, 0xbf, 2, 10, 0, 0);
            insn(code, 0x07, 2, 0, 0, -8);
            insn(code, 0xb7, 3, 0, 0, 8);
            insn(code, 0xb7, 4, 0, 0, 0);
            insn(code, 0x85, 0, 0, 0, BpfHelper.id("ringbuf_output"));
        }
        insn(code, 0xb7, 0, 0, 0, 0);
        insn(code, 0x95, 0, 0, 0, 0);
        byte[] bytes = new byte[code.position()];
        code.flip().get(bytes);
        try (StructValue attr = BpfAttrs.ProgLoad.STRUCT.allocate(); Arena arena = Arena.ofConfined()) {
            attr.set(BpfAttrs.ProgLoad.PROG_TYPE, BpfProgType.SOCKET_FILTER.number())
                    .point(BpfAttrs.ProgLoad.INSNS, bytes).point(BpfAttrs.ProgLoad.LICENSE, "GPL")
                    .set(BpfAttrs.ProgLoad.PROG_NAME, "send").set(BpfAttrs.ProgLoad.LOG_LEVEL, 1)
                    .point(BpfAttrs.ProgLoad.LOG_BUF, arena.allocate(65536));
            int result = kernel.bpf(BpfCommand.PROG_LOAD, attr);
            if (result < 0) {
                MemorySegment log = MemorySegment.ofAddress(attr.get(BpfAttrs.ProgLoad.LOG_BUF)).reinterpret(65536);
                throw new SysException("load\n" + log.getString(0), -result);
            }
            return result;
        }
    }

    /** Runs the program, so that one record is written. */
    public void fire() {
        try (StructValue attr = BpfAttrs.TestRun.STRUCT.allocate()) {
            attr.set(BpfAttrs.TestRun.PROG_FD, program.number()).point(BpfAttrs.TestRun.DATA_IN, new byte[64]);
            SysException.check("test run", kernel.bpf(BpfCommand.PROG_TEST_RUN, attr));
        }
    }

    /** Waits once and drains: how many events the wait gave, then the records. */
    public String drain(int timeoutMillis) {
        int ready = kernel.epollWait(epoll.number(), events, timeoutMillis);
        StringBuilder seen = new StringBuilder("ready " + ready + ":");
        if (ready > 0 && !perf && events.data(0) != fds.get(1).number()) {
            throw new IllegalStateException("epoll data " + events.data(0));
        }
        if (perf) {
            for (MappedRegion region : regions) {
                drainPerf(region, seen);
            }
        } else {
            drainRing(regions.get(0), regions.get(1), seen);
        }
        return seen.toString();
    }

    /** Drains a ring buffer without waiting; how many records were seen so far. */
    public int look() {
        kernel.refreshMapped();
        drainRing(regions.get(0), regions.get(1), new StringBuilder());
        return records;
    }

    private void drainRing(MappedRegion consumer, MappedRegion producer, StringBuilder seen) {
        long position = consumer.getLongAcquire(0);
        while (position < producer.getLongAcquire(0)) {
            long at = 4096 + (position & RING_BYTES - 1);
            int header = producer.getIntAcquire(at);
            if (header < 0) {
                return;
            }
            seen.append(' ').append(Long.toHexString(producer.getLong(at + 8)));
            records++;
            position += (header & 0x3fff_ffff) + 8 + 7 & -8;
            consumer.setLongRelease(0, position);
        }
    }

    private void drainPerf(MappedRegion region, StringBuilder seen) {
        long tail = region.getLong(1032);
        long head = region.getLongAcquire(1024);
        while (tail < head) {
            long at = 4096 + (tail & 4095);
            if (region.getInt(at) == Linux.PERF_RECORD_SAMPLE) {
                long record = 0;
                for (int i = 7; i >= 0; i--) {
                    // Behind header and size; any of its bytes may be at the start of the buffer again.
                    record = record << 8
                            | region.segment().get(ValueLayout.JAVA_BYTE, 4096 + (tail + 12 + i & 4095)) & 0xff;
                }
                seen.append(' ').append(Long.toHexString(record));
                records++;
            }
            tail += region.getInt(at + 4) >>> 16;
            region.setLongRelease(1032, tail);
        }
    }

    /** Records seen so far. */
    public int records() {
        return records;
    }

    @Override
    public void close() {
        regions.forEach(MappedRegion::close);
        events.close();
        for (int i = fds.size() - 1; i >= 0; i--) {
            fds.get(i).close();
        }
    }
}
