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
 * How fast does each tier run guest code, once warm? Each workload asks for one thing, see its source. {@code bench/table}
 * puts the same beside a native build and beside other engines.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class GuestCodeBenchmark {
    @Param({"mix", "fib", "sha256", "sieve", "matmul", "indirect", "snprintf", "simd", "bulk"})
    public String workload;
    @Param({"interpreter", "auto"})
    public String tier;

    private Workload guest;
    private Instance instance;

    @Setup(Level.Trial)
    public void instantiate() {
        guest = Workload.named(workload);
        instance = guest.instantiate(
                InstanceOptions.DEFAULT.withTier(tier.equals("auto") ? JvmTier.whenHot() : null));
    }

    @TearDown(Level.Trial)
    public void close() {
        instance.close();
    }

    @Benchmark
    public long warm() {
        return guest.run(instance);
    }
}
