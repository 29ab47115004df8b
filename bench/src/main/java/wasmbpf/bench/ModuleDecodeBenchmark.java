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
import wasmbpf.wasm.WasmModule;

/**
 * What does it cost to decode a module, and to validate all its functions? (A run validates only the functions that it
 * calls, each at its first call.) The baseline copies the bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModuleDecodeBenchmark {
    @Param({"bootstrap/bootstrap.wasm", "runqlat/runqlat.wasm"})
    public String module;

    private byte[] bytes;

    @org.openjdk.jmh.annotations.Setup
    public void read() {
        bytes = BenchData.example(module);
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
    public WasmModule decodeAndValidate() {
        WasmModule decoded = WasmModule.decode(module, bytes);
        decoded.validate();
        return decoded;
    }
}
