package wasmbpf.bench;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import wasmbpf.host.buffer.EventHandler;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.LinearMemory;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmFunction;

/**
 * What does a record of a ring buffer cost: handed on in place, and copied into a guest whose callback is called, as a
 * poll does it? The ring is an image laid out by hand, 900 records of 64 bytes, so no kernel and no wake-up is in it; the
 * baseline reads the header of each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.foreign=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.foreign.abi=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.foreign.abi.x64=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingDrainBenchmark {
    private static final int PAGE = 4096;
    private static final int RING = 1 << 16;
    private static final int RECORDS = 900;
    private static final int SIZE = 64;

    /** Gives plain memory where a ring's pages are asked for. */
    private static final class Image implements Kernel {
        private final Kernel real = LinuxKernel.open();
        private MappedRegion consumer;
        private MappedRegion producer;

        @Override
        public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            if (call != SystemCall.MMAP) {
                return 0;
            }
            MappedRegion memory = MappedRegion.map(real, "ring image", b, Linux.PROT_READ | Linux.PROT_WRITE,
                    Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
            if (consumer == null) {
                consumer = memory;
            } else {
                producer = memory;
            }
            return memory.address();
        }
    }

    private final Image image = new Image();
    private RingBuffer ring;
    private Instance instance;
    private LinearMemory memory;
    private WasmFunction callback;
    private int data;
    private long sum;
    private EventHandler count;
    private EventHandler call;

    @Setup(Level.Trial)
    public void layOut() {
        ring = RingBuffer.open(image, "rb", 3, RING, PAGE);
        long position = 0;
        for (int i = 0; i < RECORDS; i++) {
            image.producer.segment().set(ValueLayout.JAVA_INT, PAGE + position, SIZE);
            position += SIZE + 8;
        }
        image.producer.segment().set(ValueLayout.JAVA_LONG, 0, position);
        HostFunction host = HostFunction.of("env", "host", new FuncType(List.of(ValType.I32, ValType.I32), List.of(ValType.I32)),
                List.of("a", "b"), (caller, args) -> args[0] ^ args[1]);
        instance = Workload.instantiate("callback", new ImportLinker().add(host), InstanceOptions.DEFAULT);
        memory = instance.memory(0);
        callback = instance.exportedFunction("handle");
        data = (int) instance.exportedFunction("record").invoke()[0];
        count = (address, size) -> {
            sum += size;
            return 0;
        };
        call = (address, size) -> {
            memory.writeFrom(data, address, size);
            return callback.callI32(0, data, size) < Integer.MIN_VALUE + 1 ? -1 : 0;
        };
    }

    @TearDown(Level.Trial)
    public void close() {
        instance.close();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long baselineHeaders() {
        long total = 0;
        for (int i = 0; i < RECORDS; i++) {
            total += image.producer.getIntAcquire(PAGE + (long) i * (SIZE + 8));
        }
        return total;
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int drain() {
        image.consumer.setLongRelease(0, 0);
        return ring.drain(count, RECORDS);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int drainIntoGuest() {
        image.consumer.setLongRelease(0, 0);
        return ring.drain(call, RECORDS);
    }
}
