package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import wasmbpf.host.attach.AttachException;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.Link;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.SysException;
import wasmbpf.sys.replay.FaultKernel;

/** Whichever call fails, nothing stays open, and the error says what was tried and on what. */
class FaultTest {
    private static final KernelFiles FILES = OracleFiles.plain()
            .put("/sys/kernel/tracing/events/syscalls/sys_enter_getppid/id", "311\n")
            .put("/sys/bus/event_source/devices/uprobe/type", "9\n")
            .put("/sys/bus/event_source/devices/uprobe/format/retprobe", "config:0\n");

    /** What may be said without naming a map, a program or a buffer. */
    private static final List<String> GENERAL = List.of("load BPF programs: ", "epoll_create: ", "eventfd: ",
            "wait for ", "find the next BTF: ");

    /** Load, attach, buffers, poll, close. */
    private static void wholeLife(Kernel kernel, String name, KernelFiles files) {
        ObjectSpec spec = ObjectReader.read(name + ".bpf.o", OnThisKernel.bytes(name));
        RunningKernel running = new RunningKernel(kernel, files);
        try (LoadedObject object = new ObjectLoader(kernel, running, LoadOptions.DEFAULT).load(spec)) {
            Attacher attacher = new Attacher(object);
            List<Link> links = attacher.attachAll();
            LoadedMap rings = object.map("rb");
            if (rings != null) {
                RingBuffer ring = object.keep(RingBuffer.open(kernel, "rb", rings.fd(), rings.maxEntries(), 4096));
                PerfBuffer perf = object.keep(PerfBuffer.open(kernel, "pe", object.map("pe").fd(),
                        running.cpus().online(), 2, 4096));
                Poller poller = object.keep(new Poller(kernel));
                poller.add(ring);
                poller.add(perf);
                poller.poll(0, (address, size) -> 0);
                poller.poll(1, (address, size) -> 0);
            }
            if (!links.isEmpty()) {
                links.getFirst().close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "attach", "ops", "network"})
    void leavesNothingOpenWhicheverCallFails(String name) {
        List<String> before = Fd.open();
        Set<String> messages = new TreeSet<>();
        for (int errno : new int[] {Errno.EPERM, Errno.EINVAL, Errno.ENOMEM, Errno.EMFILE, Errno.EAGAIN, Errno.E2BIG,
            Errno.ENOSPC, Errno.EEXIST, Errno.ENOENT, Errno.EINTR}) {
            for (int n = 1; ; n++) {
                StandInKernel standIn = new StandInKernel();
                FaultKernel faulty = FaultKernel.atCall(standIn, n, errno);
                String where = "call " + n + " with " + Errno.name(errno);
                try {
                    wholeLife(faulty, name, FILES);
                } catch (LoadException | AttachException | SysException e) {
                    messages.add(e.getMessage());
                    assertTrue(e.getMessage().contains("\"") || GENERAL.stream().anyMatch(e.getMessage()::startsWith),
                            () -> where + ": " + e.getMessage());
                }
                int failing = n;
                assertEquals(Map.of(), standIn.openDescriptors(), () -> where + ", which was "
                        + standIn.calls().get(Math.min(failing, standIn.calls().size()) - 1).call());
                assertEquals(0, standIn.mappedAreas(), where);
                assertEquals(before, Fd.open(), where);
                if (faulty.calls() < n) {
                    break;
                }
            }
        }
        assertTrue(messages.size() >= 10, messages::toString);
    }

    @Test
    @Tag("kernel")
    @Timeout(300)
    void leavesNothingOpenInTheRunningKernel() {
        Kernel kernel = OnThisKernel.require();
        List<String> before = Fd.open();
        for (int errno : new int[] {Errno.EPERM, Errno.EINVAL}) {
            for (int n = 1; ; n++) {
                FaultKernel faulty = FaultKernel.atCall(kernel, n, errno);
                try {
                    wholeLife(faulty, "events", KernelFiles.RUNNING);
                } catch (LoadException | SysException | AttachException e) {
                    // Which is said is tested above.
                }
                assertEquals(before, Fd.open(), "call " + n);
                if (faulty.calls() < n) {
                    break;
                }
            }
        }
    }
}
