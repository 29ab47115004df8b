package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.replay.RecordingKernel;
import wasmbpf.sys.replay.ReplayKernel;

/**
 * The objects of examples/bootstrap and examples/runqlat, loaded and attached against what kernel 6.18.44 answered:
 * src/test/resources/trace, where vmlinux.btf.gz is that kernel's BTF. Needs no kernel and no privilege. To record anew, after an object was rebuilt: run with
 * {@code -Drecord=NAME} as root, on a new kernel after {@code gzip -9n < /sys/kernel/btf/vmlinux > vmlinux.btf.gz}.
 */
class ExamplesReplayTest {
    private static final OracleFiles ORACLE = OracleFiles.plain()
            .put("/sys/kernel/tracing/events/sched/sched_process_exec/id", "365\n")
            .put("/sys/kernel/tracing/events/sched/sched_process_exit/id", "369\n");

    /** The types of the kernel that answered: tp_btf programs name types by their ids in it. */
    private static final KernelFiles FILES = path -> path.equals("/sys/kernel/btf/vmlinux") ? kernelBtf() : ORACLE.read(path);

    private static byte[] kernelBtf() {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of("src", "test", "resources", "trace", "vmlinux.btf.gz")))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"bootstrap, 2", "runqlat, 3"})
    void loaderAndAttacherMakeTheRecordedCalls(String name, int links) throws IOException {
        List<String> before = Fd.open();
        Path trace = Path.of("src", "test", "resources", "trace", name + ".trace");
        if (name.equals(System.getProperty("record"))) {
            try (RecordingKernel kernel = RecordingKernel.to(trace, OnThisKernel.require(), "ExamplesReplayTest " + name)) {
                assertEquals(links, loadAndAttach(kernel, name));
            }
        }
        ReplayKernel kernel = ReplayKernel.of(trace);
        assertEquals(links, loadAndAttach(kernel, name));
        kernel.assertFinished();
        assertEquals(before, Fd.open());
    }

    private static int loadAndAttach(Kernel kernel, String name) throws IOException {
        Path object = Path.of(System.getProperty("project.root"), "examples", name, name + ".bpf.o");
        RunningKernel running = new RunningKernel(kernel, FILES);
        try (LoadedObject loaded = new ObjectLoader(kernel, running, LoadOptions.DEFAULT)
                .load(ObjectReader.read(name + ".bpf.o", Files.readAllBytes(object), ReadOptions.DEFAULT))) {
            return new Attacher(loaded).attachAll().size();
        }
    }
}
