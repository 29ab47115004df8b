package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import wasmbpf.host.load.KeepingKernel;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.ObjectLoader;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;
import wasmbpf.sys.replay.FaultKernel;

/**
 * Every way to attach, to pin, to read and to detach, with every call failing in turn: nothing stays, and the error
 * names what was tried and the program.
 */
class AttachFaultTest {
    private static final int[] ERRNOS = {Errno.EPERM, Errno.EINVAL, Errno.ENOMEM, Errno.EMFILE, Errno.EOPNOTSUPP,
        Errno.ENOENT, Errno.EEXIST, Errno.EBUSY, Errno.EINTR};
    private static final String LIBJVM = System.getProperty("java.home") + "/lib/server/libjvm.so";
    private static final OracleFiles PLAIN = OracleFiles.plain()
            .put("/sys/kernel/tracing/available_filter_functions", "tcp_connect\ntcp_sendmsg\n")
            .put("/sys/kernel/tracing/events/syscalls/sys_enter_getppid/id", "311\n")
            .put("/sys/bus/event_source/devices/kprobe/format/retprobe", "config:0\n")
            .put("/sys/bus/event_source/devices/uprobe/type", "9\n")
            .put("/sys/bus/event_source/devices/uprobe/format/retprobe", "config:0\n");
    /** A kernel without perf probes: they are made in tracefs, where each has a number. */
    private static final KernelFiles OLD = path -> path.endsWith("probe/type") ? null
            : path.contains("/events/") && path.contains("probes/libbpf_")
                    ? "777\n".getBytes(StandardCharsets.US_ASCII) : PLAIN.read(path);

    /** Goes to one kernel or another: loading is not what fails here. */
    private static final class Switch implements Kernel {
        private Kernel to;

        @Override
        public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            return to.call(call, attr, a, b, c, d, e, f);
        }
    }

    /** One way to attach; the link is closed by the test. */
    private interface Way {
        Link attach(Attacher attacher, LoadedObject object, LoadedProgram program);
    }

    private static Arguments way(String name, String file, String program, KernelFiles files, Way way) {
        return Arguments.of(name, file, program, files, way);
    }

    private static Arguments target(String file, String program, String target) {
        return way(program + (target == null ? "" : " on " + target), file, program, PLAIN,
                (attacher, object, loaded) -> attacher.attach(loaded, target));
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                target("probes", "on_kprobe", null), target("probes", "on_kretprobe", null),
                target("probes", "on_ksyscall", null), target("probes", "on_multi", null),
                target("probes", "on_one", null), target("probes", "on_session", null),
                target("probes", "on_fentry", null), target("probes", "on_fexit", null),
                target("probes", "on_lsm", null), target("probes", "on_tp_btf", null),
                target("probes", "on_uprobe", null), target("probes", "on_xdp", "eth0"),
                target("probes", "on_xdp", "eth0:skb"), target("probes", "on_tc", "eth0"),
                target("probes", "on_tc", "eth0:egress"), target("probes", "on_netkit", "nk0"),
                target("probes", "on_cgroup", "/sys/fs/cgroup/x"),
                target("probes", "on_lsm_cgroup", "/sys/fs/cgroup/x"),
                target("network", "on_netfilter", "ipv4:local_in"),
                target("network", "on_sk_lookup", "/proc/self/ns/net"),
                target("network", "on_flow_dissector", "/proc/self/ns/net"),
                target("network", "on_sockops", "/sys/fs/cgroup/x"),
                target("sockets", "on_message", "sockets"),
                target("attach", "on_tracepoint", null), target("attach", "on_raw_tp", null),
                target("attach", "on_perf_event", "-1"), target("attach", "on_perf_event", "77"),
                target("attach", "on_usdt", LIBJVM + ":hotspot:gc__begin"),
                way("kprobe in tracefs", "probes", "on_kprobe", OLD, (attacher, object, program) -> attacher.attach(program)),
                way("uprobe in tracefs", "probes", "on_uprobe", OLD, (attacher, object, program) -> attacher.attach(program)),
                way("tc filter", "probes", "on_tc", PLAIN, (attacher, object, program) -> attacher.attachTc(program, 3, true)),
                way("socket filter", "network", "on_socket", PLAIN,
                        (attacher, object, program) -> attacher.attachSocket(program, program.fd())),
                way("freplace", "probes", "on_fentry", PLAIN,
                        (attacher, object, program) -> attacher.attachFreplace(program, program.fd(), 4)),
                way("link updated", "probes", "on_fentry", PLAIN, (attacher, object, program) -> {
                    Link link = attacher.attach(program);
                    return orClose(link, () -> link.update(program));
                }),
                way("iterator read", "iterators", "each_map", PLAIN, (attacher, object, program) -> {
                    KernelLink link = (KernelLink) attacher.attach(program);
                    return orClose(link, () -> attacher.openIterator(link).close());
                }),
                way("struct_ops map", "ops", "", PLAIN,
                        (attacher, object, program) -> attacher.attachStructOps(object.map("unlinked"))),
                way("struct_ops link", "ops", "", PLAIN,
                        (attacher, object, program) -> attacher.attachStructOps(object.map("linked"))));
    }

    private static Link orClose(Link link, Runnable use) {
        try {
            use.run();
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void nothingStaysWhicheverCallFails(String name, String file, String programName, KernelFiles files, Way way) {
        List<String> openBefore = Fd.open();
        KeepingKernel keeping = new KeepingKernel();
        Switch kernel = new Switch();
        kernel.to = keeping;
        ObjectSpec spec = ObjectReader.read(file + ".bpf.o", OnThisKernel.bytes(file));
        if (!programName.isEmpty()) {
            spec.programs().forEach(program -> program.autoload(program.name().equals(programName)));
        }
        RunningKernel running = new RunningKernel(kernel, files);
        try (LoadedObject object = new ObjectLoader(kernel, running, LoadOptions.DEFAULT).load(spec)) {
            LoadedProgram program = programName.isEmpty() ? null : object.program(programName);
            Map<Integer, String> open = Map.copyOf(keeping.openDescriptors());
            int failures = 0;
            for (int errno : ERRNOS) {
                for (int n = 1; ; n++) {
                    FaultKernel faulty = FaultKernel.atCall(keeping, n, errno);
                    kernel.to = faulty;
                    int before = keeping.calls().size();
                    String where = name + ": call " + n + " with " + Errno.name(errno);
                    try {
                        way.attach(new Attacher(object), object, program).close();
                    } catch (AttachException | SysException e) {
                        failures++;
                        // What is attached already goes by what it is attached to.
                        assertTrue(e.getMessage().matches("(detach|remove|update|open) .*")
                                        || e.getMessage().startsWith("attach program \"" + programName + "\"")
                                        || e.getMessage().startsWith("attach map \""),
                                () -> where + ": " + e.getMessage());
                    }
                    kernel.to = keeping;
                    int failing = Math.min(before + n, keeping.calls().size()) - 1;
                    assertEquals(open, keeping.openDescriptors(), () -> where + ", by " + keeping.calls().get(failing).call());
                    if (errno == Errno.ENOENT) {
                        // Said of what is being taken back: then it is gone already.
                        keeping.kept().clear();
                    }
                    assertEquals(Set.of(), keeping.kept(), () -> where + ", by " + keeping.calls().get(failing).call());
                    if (faulty.calls() < n) {
                        break;
                    }
                }
            }
            assertTrue(failures > 0, "no failure was an error");
        }
        assertEquals(Map.of(), keeping.openDescriptors());
        assertEquals(openBefore, Fd.open());
    }

    @Test
    void pinsOfALoadThatFailsAreTakenBack() {
        for (int errno : new int[] {Errno.EPERM, Errno.EEXIST, Errno.ENOSPC}) {
            for (int n = 1; ; n++) {
                KeepingKernel keeping = new KeepingKernel();
                FaultKernel faulty = FaultKernel.atCall(keeping, n, errno);
                ObjectSpec spec = ObjectReader.read("commands.bpf.o", OnThisKernel.bytes("commands"));
                spec.map("commands").pinning(MapSpec.Pinning.BY_NAME);
                spec.map("first").pinning(MapSpec.Pinning.BY_NAME);
                String where = "call " + n + " with " + Errno.name(errno);
                try (LoadedObject object = new ObjectLoader(faulty, new RunningKernel(faulty, PLAIN),
                        LoadOptions.DEFAULT).load(spec)) {
                    assertEquals(Set.of("pin /sys/fs/bpf/commands", "pin /sys/fs/bpf/first"), keeping.kept(), where);
                } catch (LoadException | SysException e) {
                    assertEquals(Set.of(), keeping.kept(), where);
                }
                assertEquals(Map.of(), keeping.openDescriptors(), where);
                if (faulty.calls() < n) {
                    break;
                }
            }
        }
    }

    /** A pin that was made is the caller's to remove; one that was refused is not there. */
    @Test
    void aLinkIsPinnedOpenedAndDetachedOrSaysWhatFailed() {
        String path = "/sys/fs/bpf/link";
        ObjectSpec spec = ObjectReader.read("probes.bpf.o", OnThisKernel.bytes("probes"));
        spec.programs().forEach(program -> program.autoload(program.name().equals("on_fentry")));
        for (int errno : ERRNOS) {
            int calls = 0;
            for (int n = 1; n <= calls + 1; n++) {
                KeepingKernel keeping = new PinKernel();
                Switch kernel = new Switch();
                kernel.to = keeping;
                String where = "call " + n + " with " + Errno.name(errno);
                int step = 0;
                try (LoadedObject object = new ObjectLoader(kernel, new RunningKernel(kernel, PLAIN),
                        LoadOptions.DEFAULT).load(spec)) {
                    Attacher attacher = new Attacher(object);
                    Link link = attacher.attach(object.program("on_fentry"));
                    FaultKernel faulty = FaultKernel.atCall(keeping, n, errno);
                    kernel.to = faulty;
                    try {
                        link.pin(path);
                        step = 1;
                        KernelLink again = attacher.openPinned(path);
                        step = 2;
                        again.detach();
                        step = 3;
                        again.close();
                        link.close();
                    } catch (AttachException e) {
                        assertEquals(errno, e.errno(), where);
                        String begin = List.of("pin link of fentry ", "open link pinned at " + path,
                                "detach pin " + path).get(step);
                        assertTrue(e.getMessage().startsWith(begin), () -> where + ": " + e.getMessage());
                        assertEquals(n, step + 1, where);
                    }
                    calls = faulty.calls();
                }
                assertEquals(step == 0 ? Set.of() : Set.of("pin " + path), keeping.kept(), where);
                assertEquals(Map.of(), keeping.openDescriptors(), where);
            }
            assertTrue(calls >= 3, "only " + calls + " calls");
        }
    }

    /** Gives a descriptor for what is pinned. */
    private static final class PinKernel extends KeepingKernel {
        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            return command == BpfCommand.OBJ_GET ? null : super.answer(command, attr);
        }
    }
}
