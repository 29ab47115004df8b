package wasmbpf.bench;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.annotations.Param;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.WasmModule;

/**
 * What does it cost to decode a module, to instantiate it, and to validate all its functions? (A run validates only the functions that it
 * calls, each at its first call.) The baseline copies the bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModuleDecodeBenchmark {
    /** Of examples/ when it has a folder; large.wasm has 2 MB, see its source. */
    @Param({"bootstrap/bootstrap.wasm", "runqlat/runqlat.wasm", "large.wasm"})
    public String module;

    private byte[] bytes;

    @org.openjdk.jmh.annotations.Setup
    public void read() {
        bytes = module.contains("/") ? BenchData.example(module) : Workload.resource(module);
    }

    @Benchmark
    public byte[] baselineCopy() {
        return bytes.clone();
    }

    @Benchmark
    public WasmModule decode() {
        return WasmModule.decode(module, bytes);
    }

    @Benchmark
    public void decodeAndInstantiate() {
        Instance.instantiate(WasmModule.decode(module, bytes), Workload.unusedWasi(), InstanceOptions.DEFAULT).close();
    }

    @Benchmark
    public WasmModule decodeAndValidate() {
        WasmModule decoded = WasmModule.decode(module, bytes);
        decoded.validate();
        return decoded;
    }
}
