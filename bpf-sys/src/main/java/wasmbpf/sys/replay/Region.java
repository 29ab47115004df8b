package wasmbpf.sys.replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SystemCall;

/**
 * A mapping as the loader sees it. The kernel changes mapped memory without a call, so a trace says at each wait what
 * changed since the last one, and for what the loader drains (ring and perf buffers) a recorder hands out a copy that
 * changes only then: what the loader saw is then exactly what the trace has.
 *
 * <pre>
 * ring buffer, producer side      perf buffer
 * | page | data | data again |    | page: data_head 1024, data_tail 1032 | data |
 * </pre>
 */
final class Region {
    /** Positions in struct perf_event_mmap_page, include/uapi/linux/perf_event.h. */
    private static final int DATA_TAIL = 1032;
    private static final int FIRST_PAGE = 4096;
    private static final int GRAIN = 64;
    /** Larger mappings are memory, not messages. */
    private static final long MOST_TRACKED = 256L << 20;

    enum Kind {
        /** Memory between processes or of the guest: not looked into. */
        UNTRACKED,
        /** A map's values, a ring buffer's consumer page: the loader writes where the kernel must see it at once. */
        DIRECT,
        /** The side of a user ring buffer that the kernel writes. */
        COPY,
        RING,
        PERF
    }

    final int symbol;
    final long sizeBytes;
    final Kind kind;
    /** The address the loader has. */
    final long address;
    /** The address the kernel gave; the same for DIRECT. */
    final long kernelAddress;
    private final Arena arena;
    /** What the trace says the memory holds by now. */
    private final MemorySegment known;

    private Region(int symbol, long sizeBytes, Kind kind, long address, long kernelAddress, Arena arena,
                   MemorySegment known) {
        this.symbol = symbol;
        this.sizeBytes = sizeBytes;
        this.kind = kind;
        this.address = address;
        this.kernelAddress = kernelAddress;
        this.arena = arena;
        this.known = known;
    }

    /** What kind a mapping of this descriptor is. */
    static Kind kind(Handles.Descriptor of, long protection, long sizeBytes) {
        if (of == null || sizeBytes > MOST_TRACKED || (protection & Linux.PROT_READ) == 0) {
            return Kind.UNTRACKED;
        }
        if (of.origin == SystemCall.PERF_EVENT_OPEN) {
            return Kind.PERF;
        }
        boolean writable = (protection & Linux.PROT_WRITE) != 0;
        // An arena's pages come into being when touched, a file's may be missing: neither is for looking into.
        if (of.mapType == null || of.mapType == BpfMapType.ARENA) {
            return Kind.UNTRACKED;
        }
        if (writable) {
            return Kind.DIRECT;
        }
        return of.mapType == BpfMapType.RINGBUF ? Kind.RING : of.mapType == BpfMapType.USER_RINGBUF ? Kind.COPY
                : Kind.DIRECT;
    }

    /** A mapping the kernel made, as a recorder hands it on. */
    static Region recorded(int symbol, Kind kind, long kernelAddress, long sizeBytes) {
        if (kind == Kind.UNTRACKED) {
            return new Region(symbol, sizeBytes, kind, kernelAddress, kernelAddress, null, null);
        }
        Arena arena = Arena.ofShared();
        MemorySegment known = arena.allocate(sizeBytes, FIRST_PAGE);
        long address = kind == Kind.DIRECT ? kernelAddress : known.address();
        return new Region(symbol, sizeBytes, kind, address, kernelAddress, arena, known);
    }

    /** A mapping that a replay makes up. */
    static Region replayed(int symbol, Kind kind, long sizeBytes) {
        Arena arena = Arena.ofShared();
        MemorySegment known = arena.allocate(sizeBytes, FIRST_PAGE);
        return new Region(symbol, sizeBytes, kind, known.address(), known.address(), arena, known);
    }

    void close() {
        if (arena != null) {
            arena.close();
        }
    }

    /** A ring's positions fill one page, and its data, a power of two of pages, follows twice. */
    private long ringPage() {
        return Long.lowestOneBit(sizeBytes);
    }

    private long ringHalf() {
        return (sizeBytes - ringPage()) / 2;
    }

    /** Hands the loader's own writes to the kernel: how far it has read a perf buffer. */
    void push() {
        if (kind == Kind.PERF) {
            long tail = known.get(ValueLayout.JAVA_LONG, DATA_TAIL);
            VarHandle.releaseFence();
            kernel().set(ValueLayout.JAVA_LONG, DATA_TAIL, tail);
        }
    }

    /** Takes over what the kernel changed and adds it to {@code outputs}, a {@code mem#N+OFFSET} each. */
    void pull(List<SyscallTrace.Output> outputs) {
        if (kind == Kind.UNTRACKED) {
            return;
        }
        MemorySegment kernel = kernel();
        long end = kind == Kind.RING ? ringPage() + ringHalf() : sizeBytes;
        long first = Math.min(FIRST_PAGE, end);
        pull(kernel, 0, first, outputs);
        // Positions first: data before them is complete, data after them is not looked at. Pairs with the kernel's
        // smp_store_release of producer_pos (kernel/bpf/ringbuf.c) and of data_head (kernel/events/ring_buffer.c).
        VarHandle.acquireFence();
        pull(kernel, first, end, outputs);
    }

    private void pull(MemorySegment kernel, long from, long end, List<SyscallTrace.Output> outputs) {
        long at = from;
        while (at < end) {
            long same = MemorySegment.mismatch(kernel, at, end, known, at, end);
            if (same < 0) {
                return;
            }
            long start = Math.max(from, (at + same) & -8L);
            if (kind == Kind.PERF && start == DATA_TAIL) {
                at = DATA_TAIL + 8;
                continue;
            }
            long stop = start;
            while (stop < end && MemorySegment.mismatch(kernel, stop, Math.min(end, stop + GRAIN), known, stop,
                    Math.min(end, stop + GRAIN)) >= 0) {
                stop = Math.min(end, stop + GRAIN);
            }
            if (kind == Kind.PERF && start < DATA_TAIL && stop > DATA_TAIL) {
                stop = DATA_TAIL;
            }
            byte[] changed = kernel.asSlice(start, stop - start).toArray(ValueLayout.JAVA_BYTE);
            apply(start, changed);
            outputs.add(new SyscallTrace.Output("mem#" + symbol + "+" + start, DataText.hex(changed)));
            at = stop;
        }
    }

    /** How many bytes a trace may say changed at {@code offset}. */
    long roomAt(long offset) {
        long end = kind == Kind.RING && offset >= ringPage() ? ringPage() + ringHalf() : sizeBytes;
        return Math.max(0, end - offset);
    }

    /** Writes bytes as the kernel did; in a ring also where its data appears a second time. */
    void apply(long offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, known, ValueLayout.JAVA_BYTE, offset, bytes.length);
        if (kind == Kind.RING && offset >= ringPage()) {
            MemorySegment.copy(bytes, 0, known, ValueLayout.JAVA_BYTE, offset + ringHalf(), bytes.length);
        }
    }

    private MemorySegment kernel() {
        return RawMemory.at(kernelAddress, sizeBytes);
    }
}
