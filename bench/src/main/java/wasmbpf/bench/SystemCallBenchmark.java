package wasmbpf.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;

/**
 * What does a call into the kernel cost through {@link Kernel}? The baseline is {@code getppid}, which does nothing.
 * The look-ups are of one element of an array map, with an attr kept, borrowed, or allocated for each call.
 *
 * <p>2 shared x86-64 cores, kernel 6.18.44, JDK 25.0.3, 2026-11-25, thread CPU time of a million calls in a loop beside
 * the same loop in C (gcc -O2, glibc's syscall): getppid 136 ns (C 115), epoll_wait(0) 153 (C 99), look-up 685 kept,
 * 700 borrowed, 750 and 352 bytes allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SystemCallBenchmark {
    private Kernel kernel;
    private Arena arena;
    private MemorySegment memory;
    private EpollEvents events;
    private StructValue kept;
    private int epoll;
    private int map;

    @Setup(Level.Trial)
    public void open() {
        kernel = LinuxKernel.open();
        arena = Arena.ofShared();
        memory = arena.allocate(16, 8);
        events = new EpollEvents(4);
        epoll = SysException.check("epoll_create1", kernel.epollCreate());
        try (StructValue attr = MapCreate.STRUCT.allocate()) {
            attr.set(MapCreate.MAP_TYPE, BpfMapType.ARRAY.number()).set(MapCreate.KEY_SIZE, 4)
                    .set(MapCreate.VALUE_SIZE, 8).set(MapCreate.MAX_ENTRIES, 1);
            map = SysException.check("create map", kernel.bpf(BpfCommand.MAP_CREATE, attr));
        }
    }

    /** In the thread that measures, as an allocated attr belongs to its thread. */
    @Setup(Level.Iteration)
    public void allocate() {
        kept = MapElem.STRUCT.allocate();
    }

    @TearDown(Level.Iteration)
    public void free() {
        kept.close();
    }

    @TearDown(Level.Trial)
    public void close() {
        kernel.close(map);
        kernel.close(epoll);
        events.close();
        arena.close();
    }

    @Benchmark
    public long getppid() {
        return kernel.call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
    }

    @Benchmark
    public int epollWait() {
        return kernel.epollWait(epoll, events, 0);
    }

    private int lookup(StructValue attr) {
        attr.set(MapElem.MAP_FD, map).point(MapElem.KEY, memory.address(), 4)
                .point(MapElem.VALUE_OUT, memory.address() + 8, 8);
        return kernel.bpf(BpfCommand.MAP_LOOKUP_ELEM, attr);
    }

    @Benchmark
    public int lookupKept() {
        return lookup(kept);
    }

    @Benchmark
    public int lookupBorrowed() {
        try (StructValue attr = MapElem.STRUCT.borrow()) {
            return lookup(attr);
        }
    }

    @Benchmark
    public int lookupAllocated() {
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            return lookup(attr);
        }
    }
}
