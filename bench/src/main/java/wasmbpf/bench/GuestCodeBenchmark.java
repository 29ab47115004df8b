package wasmbpf.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.JvmTier;

/**
 * How fast does each tier run guest code, once warm? Each workload asks for one thing, see its source. The
 * baseline is a native build of the same C, {@code clang -O2}, measured outside.
 *
 * <p>2026-11-25, JDK 25.0.3, 2 shared cores of an x86-64 machine under load, CPU ms: MIX 560, FIB 260, SIEVE 255,
 * MATMUL 465, SHA256 1010, INDIRECT 470.
 *
 * <p>The compiled tier, 2026-11-26, same machine, best of five runs in one JVM beside {@code clang-19 -O2} in the same minute,
 * CPU ms: MIX (10 M rounds) 39 (native 14.5), FIB (35) 19 (20.7), SHA256 (16 MiB) 65 (47), SIEVE (5) 23 (7.6), MATMUL (2) 32
 * (21), INDIRECT (10 M rounds) 35 (32): geometric mean of the ratios 1.6. snprintf, 300,000 lines: 101 (56).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class GuestCodeBenchmark {
    @Param
    public Workload workload;
    @Param({"interpreter", "auto"})
    public String tier;

    private Instance instance;

    @Setup(Level.Trial)
    public void instantiate() {
        instance = workload.instantiate(
                InstanceOptions.DEFAULT.withTier(tier.equals("auto") ? JvmTier.whenHot() : null));
    }

    @TearDown(Level.Trial)
    public void close() {
        instance.close();
    }

    @Benchmark
    public long warm() {
        return workload.run(instance);
    }
}
