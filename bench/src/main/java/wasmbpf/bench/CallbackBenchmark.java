package wasmbpf.bench;

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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.LinearMemory;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmFunction;

/**
 * What does an event cost: a record of 168 bytes copied into the guest and the guest's callback called, which reads 20
 * of them? The baseline copies the record only.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallbackBenchmark {
    private static final int CALLS = 1000;

    @Param({"interpreter", "auto"})
    public String tier;

    private final byte[] record = new byte[168];
    private Instance instance;
    private LinearMemory memory;
    private WasmFunction handle;
    private WasmFunction callHost;
    private int address;

    @Setup(Level.Trial)
    public void instantiate() {
        HostFunction host = HostFunction.of("env", "host", new FuncType(List.of(ValType.I32, ValType.I32),
                List.of(ValType.I32)), List.of("a", "b"), (caller, args) -> args[0] ^ args[1]);
        instance = Workload.instantiate("callback", new ImportLinker().add(host),
                InstanceOptions.DEFAULT.withTier(tier.equals("auto") ? JvmTier.whenHot() : null));
        memory = instance.memory(0);
        handle = instance.exportedFunction("handle");
        callHost = instance.exportedFunction("call_host");
        address = (int) instance.exportedFunction("record").invoke()[0];
    }

    @TearDown(Level.Trial)
    public void close() {
        instance.close();
    }

    @Benchmark
    public void baselineCopy() {
        memory.write(address, record);
    }

    @Benchmark
    public int call() {
        return handle.callI32(0, address, record.length);
    }

    @Benchmark
    public int copyAndCall() {
        memory.write(address, record);
        return handle.callI32(0, address, record.length);
    }

    /** Per call of a host function from the guest. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long callHost() {
        return callHost.invoke(CALLS)[0];
    }
}
