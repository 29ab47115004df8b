package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.Link;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.replay.RecordingKernel;
import wasmbpf.sys.replay.ReplayKernel;

/**
 * Loads objects against what kernel 6.18.44 answered when they were loaded there: src/test/resources/load/*.trace. To
 * record anew: run with {@code -Drecord=NAME} as root.
 */
class ReplayTest {
    private static final Path TRACES = Path.of("src", "test", "resources", "load");

    /** Files of the machine that are asked for; the same when recording and when replaying. */
    private static final KernelFiles FILES = OracleFiles.plain()
            .put("/sys/kernel/tracing/events/syscalls/sys_enter_getppid/id", "179\n");

    @ParameterizedTest
    @ValueSource(strings = {"events", "network", "refused"})
    void loaderMakesTheRecordedCalls(String name) throws IOException {
        List<String> before = Fd.open();
        Path trace = TRACES.resolve(name + ".trace");
        if (name.equals(System.getProperty("record"))) {
            try (RecordingKernel kernel = RecordingKernel.to(trace, OnThisKernel.require(), "ReplayTest " + name)) {
                life(kernel, name);
            }
        }
        ReplayKernel kernel = ReplayKernel.of(trace);
        life(kernel, name);
        kernel.assertFinished();
        assertEquals(before, Fd.open());
    }

    private static void life(Kernel kernel, String name) {
        ObjectSpec spec = ObjectReader.read(name + ".bpf.o", OnThisKernel.bytes(name));
        RunningKernel running = new RunningKernel(kernel, FILES);
        if (name.equals("refused")) {
            refusals(kernel, running, spec);
            return;
        }
        try (LoadedObject object = new ObjectLoader(kernel, running, LoadOptions.DEFAULT).load(spec)) {
            Attacher attacher = new Attacher(object);
            for (Link link : attacher.attachAll()) {
                link.close();
            }
            if (name.equals("events")) {
                RingBuffer ring = object.keep(RingBuffer.open(kernel, "rb", object.map("rb").fd(), 4096, 4096));
                PerfBuffer perf = object.keep(PerfBuffer.open(kernel, "pe", object.map("pe").fd(),
                        running.cpus().online(), 2, 4096));
                Poller poller = object.keep(new Poller(kernel));
                poller.add(ring);
                poller.add(perf);
                assertEquals(0, poller.poll(1, (address, size) -> 0));
                object.map("counts").update(new byte[] {1, 0, 0, 0}, new byte[] {2, 0, 0, 0, 0, 0, 0, 0});
                assertEquals(2, object.map("counts").lookup(new byte[] {1, 0, 0, 0})[0]);
            }
        }
    }

    /** What the verifier said that day, word for word. */
    private static void refusals(Kernel kernel, RunningKernel running, ObjectSpec spec) {
        List<String> messages = new ArrayList<>();
        for (String program : List.of("reads_anywhere", "wrong_helper")) {
            spec.programs().forEach(each -> each.autoload(each.name().equals(program)));
            try {
                new ObjectLoader(kernel, running, LoadOptions.DEFAULT).load(spec).close();
            } catch (LoadException e) {
                messages.add(e.getMessage());
            }
        }
        assertEquals(List.of(
                "load program \"reads_anywhere\": EACCES: \"return *(int *)0x100;\" (refused.bpf.c:24): "
                        + "R1 invalid mem access 'scalar' (7 more log lines; --verifier-log FILE|- prints all)",
                "load program \"wrong_helper\": EINVAL: \"return bpf_skb_load_bytes(ctx, 0, ctx, 1);\" "
                        + "(refused.bpf.c:30): this kernel has no helper bpf_skb_load_bytes for programs of type "
                        + "BPF_PROG_TYPE_RAW_TRACEPOINT (program of this type cannot use helper "
                        + "bpf_skb_load_bytes#26) (8 more log lines; --verifier-log FILE|- prints all)"), messages);
    }
}
