package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.buffer.EventHandler;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SystemCall;
import wasmbpf.sys.replay.RecordingKernel;
import wasmbpf.sys.replay.ReplayKernel;
import wasmbpf.sys.replay.ReplayMismatch;
import wasmbpf.sys.replay.SyscallTrace;

/**
 * A whole run, from the object to the events, on what a kernel answered once: load, attach, map operations, ring and perf
 * buffer. Needs no kernel and no privilege. {@code -Drecord=abi} runs it on this kernel instead and writes the trace anew
 * (as root; the kernel must be that of {@link OracleFiles}).
 */
class RecordedRunTest {
    private static final String NAME = "abi";
    private static final Path TRACE = Path.of("src/test/resources/trace/" + NAME + ".trace");

    /** What the run shows; the same on the kernel and in the replay. */
    private static final String EXPECTED = """
            hash 1 -> 2a00000000000000, then none
            ring 8: 8 8 bytes, the first 1 2
            ring 40: 40 40 bytes, the first 3 4
            ring 500: 500 500 bytes, the first 5 6
            perf: 12 12 44 44 500 500
            """;

    private static int littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static String run(Kernel kernel) throws IOException {
        byte[] elf;
        try (InputStream in = RecordedRunTest.class.getResourceAsStream("/abi/abi.bpf.o")) {
            elf = in.readAllBytes();
        }
        StringBuilder shown = new StringBuilder();
        RunningKernel running = new RunningKernel(kernel, OracleFiles.plain());
        try (LoadedObject object = new ObjectLoader(kernel, running, LoadOptions.DEFAULT)
                .load(ObjectReader.read("abi.bpf.o", elf, ReadOptions.DEFAULT))) {
            LoadedMap hash = object.map("hash");
            byte[] one = {1, 0, 0, 0};
            hash.update(one, new byte[] {42, 0, 0, 0, 0, 0, 0, 0});
            shown.append("hash ").append(littleEndian(one)).append(" -> ")
                    .append(HexFormat.of().formatHex(hash.lookup(one)));
            hash.delete(one);
            shown.append(", then ").append(hash.lookup(one) == null ? "none\n" : "still there\n");

            new Attacher(object).attach(object.program("on_getppid"));
            PerfBuffer perf = object.keep(PerfBuffer.open(kernel, "events", object.map("events").fd(),
                    running.cpus().online(), 8, 4096));
            RingBuffer ring = object.keep(RingBuffer.open(kernel, "rb", object.map("rb").fd(), 65536, 4096));
            try (Poller poller = Poller.of(kernel, ring); Poller perfPoller = Poller.of(kernel, perf)) {
                for (int size : new int[] {8, 40, 500}) {
                    byte[] config = object.map("abi.data").lookup(new byte[4]);
                    ByteBuffer.wrap(config).order(ByteOrder.LITTLE_ENDIAN).putInt(0, kernel.getpid()).putInt(4, size);
                    object.map("abi.data").update(new byte[4], config);
                    fire(kernel);
                    fire(kernel);
                    StringBuilder lengths = new StringBuilder();
                    StringBuilder firsts = new StringBuilder();
                    EventHandler handler = (address, length) -> {
                        lengths.append(' ').append(length);
                        firsts.append(' ').append(ring.memory(address).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
                        return 0;
                    };
                    for (int seen = 0; seen < 2;) {
                        int drained = poller.poll(5000, handler);
                        assertTrue(drained > 0, "no event");
                        seen += drained;
                    }
                    shown.append("ring ").append(size).append(':').append(lengths).append(" bytes, the first")
                            .append(firsts).append('\n');
                }
                StringBuilder lengths = new StringBuilder();
                for (int seen = 0; seen < 6;) {
                    int drained = perfPoller.poll(5000, (address, length) -> {
                        lengths.append(' ').append(length);
                        return 0;
                    });
                    assertTrue(drained > 0, "no event");
                    seen += drained;
                }
                shown.append("perf:").append(lengths).append('\n');
            }
        }
        return shown.toString();
    }

    private static void fire(Kernel kernel) {
        kernel.call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void runsOnWhatTheKernelAnsweredOnce() throws IOException {
        List<String> before = Fd.open();
        if (NAME.equals(System.getProperty("record"))) {
            Files.createDirectories(TRACE.getParent());
            try (Kernel kernel = RecordingKernel.to(TRACE, LinuxKernel.open(), "RecordedRunTest " + NAME)) {
                assertEquals(EXPECTED, run(kernel));
            }
        }
        try (ReplayKernel kernel = ReplayKernel.of(TRACE)) {
            assertEquals(EXPECTED, run(kernel));
            kernel.assertFinished();
        } catch (ReplayMismatch e) {
            throw new AssertionError("the loader makes other calls than it did; if it is meant to, record them anew as "
                    + "root: mvn -pl host -am test -Dtest=RecordedRunTest -Drecord=" + NAME
                    + " -Dsurefire.failIfNoSpecifiedTests=false", e);
        }
        assertEquals(before, Fd.open());
    }

    /** The check can fail: with one call less in the trace, the next call is named. */
    @Test
    void aCallThatTheTraceLacksIsNamed() throws IOException {
        Assumptions.assumeTrue(System.getProperty("record") == null, "recording");
        SyscallTrace trace = SyscallTrace.read(TRACE);
        List<SyscallTrace.Call> calls = new java.util.ArrayList<>(trace.calls());
        calls.removeIf(call -> call.request().startsWith("bpf(PROG_LOAD") && call.request().contains("\"xdp_pass\""));
        assertEquals(trace.calls().size() - 1, calls.size());
        List<String> before = Fd.open();
        try (ReplayKernel kernel = new ReplayKernel(new SyscallTrace(trace.header(), calls))) {
            String message = assertThrows(ReplayMismatch.class, () -> run(kernel)).getMessage();
            assertTrue(message.contains("loader made bpf(PROG_LOAD, prog_type=XDP, "), message);
        }
        assertEquals(before, Fd.open());
    }
}
