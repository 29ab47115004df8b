package wasmbpf.bench;

import java.util.List;
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
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CandidateIndex;
import wasmbpf.core.CoreRelocator;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;

/**
 * What does CO-RE of one object (examples/bootstrap) cost the first time in a fresh JVM, which is the time a user waits
 * for? Each fork measures one call, classes loaded and code interpreted. The baseline only reads the kernel's BTF.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(20)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class CoreReloColdBenchmark {
    private final byte[] kernelBytes = BenchData.vmlinuxBtf();
    private final byte[] objectBytes = BenchData.example("bootstrap/bootstrap.bpf.o");

    @Benchmark
    public Btf baselineReadBtf() {
        return BtfReader.read("vmlinux", kernelBytes);
    }

    @Benchmark
    public int readBtfAndObjectAndRelocate() {
        CandidateIndex targets = new CandidateIndex(List.of(BtfReader.read("vmlinux", kernelBytes)));
        ObjectSpec object = ObjectReader.read("bootstrap.bpf.o", objectBytes);
        CoreRelocator relocator = new CoreRelocator(object.btf(), targets);
        int lines = 0;
        for (ProgramSpec program : object.programs()) {
            lines += relocator.relocate(program.name(), program.code(), program.coreRelocations()).lines().size();
        }
        return lines;
    }
}
