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
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfReader;

/**
 * What does it cost to make the BTF of a kernel (126,572 types, 5.5 MB) ready, and to find a type in it by name? The
 * baseline copies the bytes, which is the least that any reader does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BtfIndexBenchmark {
    private final byte[] bytes = BenchData.vmlinuxBtf();
    private final Btf btf = BtfReader.read("vmlinux", bytes);

    @Benchmark
    public byte[] baselineCopy() {
        return bytes.clone();
    }

    @Benchmark
    public Btf index() {
        return BtfReader.read("vmlinux", bytes);
    }

    @Benchmark
    public int indexAndFirstLookUp() {
        return BtfReader.read("vmlinux", bytes).find(BtfKind.STRUCT, "task_struct");
    }

    @Benchmark
    public int lookUp() {
        return btf.find(BtfKind.STRUCT, "task_struct");
    }
}
