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
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CandidateIndex;
import wasmbpf.core.CoreRelocator;
import wasmbpf.core.InsnBuffer;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;

/**
 * What do the CO-RE relocations of one object (examples/bootstrap) cost against a kernel's BTF, with the
 * BTF's name index already there and without? The baseline copies the instructions.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoreReloBenchmark {
    private final byte[] kernelBytes = BenchData.vmlinuxBtf();
    private final Btf kernel = BtfReader.read("vmlinux", kernelBytes);
    private final ObjectSpec object = ObjectReader.read("bootstrap.bpf.o", BenchData.example("bootstrap/bootstrap.bpf.o"));

    @Benchmark
    public int baselineCopy() {
        int insns = 0;
        for (ProgramSpec program : object.programs()) {
            insns += program.code().copy().count();
        }
        return insns;
    }

    @Benchmark
    public int relocate() {
        return relocate(new CandidateIndex(java.util.List.of(kernel)));
    }

    @Benchmark
    public int readBtfAndRelocate() {
        return relocate(new CandidateIndex(java.util.List.of(BtfReader.read("vmlinux", kernelBytes))));
    }

    private int relocate(CandidateIndex targets) {
        CoreRelocator relocator = new CoreRelocator(object.btf(), targets);
        int lines = 0;
        for (ProgramSpec program : object.programs()) {
            InsnBuffer code = program.code().copy();
            lines += relocator.relocate(program.name(), code, program.coreRelocations()).lines().size();
        }
        return lines;
    }
}
