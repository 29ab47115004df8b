package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import wasmbpf.host.load.KernelFeatures;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.ObjectLoader;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.load.StandInKernel;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.OracleJson;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.ProgAttach;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfAttrs.RawTracepointOpen;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Linux;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** The calls that each way to attach makes, on kernels that have and have not what it would like. */
class AttachTest {
    private static final int KPROBE_TYPE = 8;
    private static final int UPROBE_TYPE = 9;

    /** Answers by command, and keeps what is written to files. */
    private static class Kernel extends StandInKernel {
        final Map<BpfCommand, Integer> answers = new HashMap<>();
        final Map<SystemCall, Long> others = new HashMap<>();
        final List<String> written = new ArrayList<>();

        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            Integer fixed = answers.get(command);
            return fixed != null ? fixed : super.answer(command, attr);
        }

        @Override
        protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            if (call == SystemCall.WRITE) {
                written.add(openDescriptors().get((int) a) + " < "
                        + new String(at(b, c).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
            }
            return others.get(call);
        }
    }

    private final Kernel kernel = new Kernel();
    private final OracleFiles files = OracleFiles.plain()
            .put("/sys/bus/event_source/devices/kprobe/type", KPROBE_TYPE + "\n")
            .put("/sys/bus/event_source/devices/kprobe/format/retprobe", "config:0\n")
            .put("/sys/bus/event_source/devices/uprobe/type", UPROBE_TYPE + "\n")
            .put("/sys/bus/event_source/devices/uprobe/format/retprobe", "config:0\n");
    private final List<String> openBefore = Fd.open();

    /** Loads that program alone, attaches it, and gives the calls that took. */
    private List<StandInKernel.Call> attach(String name, String target) {
        try (LoadedObject object = load(name)) {
            int before = kernel.calls().size();
            new Attacher(object).attach(object.program(name), target);
            List<StandInKernel.Call> made = List.copyOf(kernel.calls().subList(before, kernel.calls().size()));
            object.close();
            assertEquals(Map.of(), kernel.openDescriptors());
            assertEquals(openBefore, Fd.open());
            return made;
        }
    }

    private LoadedObject load(String name) {
        ObjectSpec spec = ObjectReader.read("probes.bpf.o", OnThisKernel.bytes("probes"));
        spec.programs().forEach(program -> program.autoload(program.name().equals(name)));
        return new ObjectLoader(kernel, new RunningKernel(kernel, files), LoadOptions.DEFAULT).load(spec);
    }

    private static StandInKernel.Call only(List<StandInKernel.Call> calls, SystemCall call) {
        List<StandInKernel.Call> found = calls.stream().filter(each -> each.call() == call).toList();
        assertEquals(1, found.size(), () -> call + " among " + names(calls));
        return found.getFirst();
    }

    private static StandInKernel.Call only(List<StandInKernel.Call> calls, BpfCommand command) {
        List<StandInKernel.Call> found = calls.stream().filter(each -> each.command() == command).toList();
        assertEquals(1, found.size(), () -> command + " among " + names(calls));
        return found.getFirst();
    }

    private static String names(List<StandInKernel.Call> calls) {
        return calls.stream().map(each -> each.command() == null ? each.call().name() : each.command().name())
                .collect(Collectors.joining(" "));
    }

    // ---- kprobes ----

    @Test
    void kprobeIsAPerfEventWithALink() {
        List<StandInKernel.Call> calls = attach("on_kprobe", null);
        assertEquals("PERF_EVENT_OPEN LINK_CREATE IOCTL", names(calls));
        StandInKernel.Call event = calls.get(0);
        assertEquals(KPROBE_TYPE, event.number(PerfEventAttr.TYPE));
        assertEquals("do_unlinkat", event.pointedText(PerfEventAttr.KPROBE_FUNC));
        assertEquals(0x10, event.number(PerfEventAttr.PROBE_OFFSET));
        assertEquals(0, event.number(PerfEventAttr.CONFIG));
        // pid -1 on CPU 0, no group, close-on-exec.
        assertArrayEquals(new long[] {-1, 0, -1, 8}, Arrays.copyOfRange(event.arguments(), 1, 5));
        assertEquals(event.result(), calls.get(1).number(LinkCreate.TARGET_FD));
        assertEquals(41, calls.get(1).number(LinkCreate.ATTACH_TYPE));
        assertEquals(Linux.PERF_EVENT_IOC_ENABLE, calls.get(2).arguments()[1]);
    }

    @Test
    void returnProbeSetsTheKernelsBit() {
        files.put("/sys/bus/event_source/devices/kprobe/format/retprobe", "config:5\n");
        assertEquals(1 << 5, only(attach("on_kretprobe", null), SystemCall.PERF_EVENT_OPEN).number(PerfEventAttr.CONFIG));
        AttachException e = assertThrows(AttachException.class, () -> attach("on_kretprobe", "do_unlinkat+4"));
        assertEquals(Errno.EINVAL, e.errno());
    }

    @Test
    void perfEventWithoutLinksGetsItsProgramByIoctl() {
        kernel.answers.put(BpfCommand.LINK_CREATE, -Errno.EINVAL);
        List<StandInKernel.Call> calls = attach("on_kprobe", null);
        List<Long> requests = calls.stream().filter(each -> each.call() == SystemCall.IOCTL)
                .map(each -> each.arguments()[1]).toList();
        assertEquals(List.of(Linux.PERF_EVENT_IOC_SET_BPF, Linux.PERF_EVENT_IOC_ENABLE), requests);
    }

    @Test
    void kprobeOfAnOldKernelIsMadeInTracefsAndRemovedAgain() {
        files.without("/sys/bus/event_source/devices/kprobe/type");
        OracleFiles plain = files;
        RunningKernel running = new RunningKernel(kernel, path -> path.contains("/events/kprobes/libbpf_4242_")
                ? "777\n".getBytes(StandardCharsets.US_ASCII) : plain.read(path));
        ObjectSpec spec = ObjectReader.read("probes.bpf.o", OnThisKernel.bytes("probes"));
        spec.programs().forEach(program -> program.autoload(program.name().equals("on_kprobe")));
        try (LoadedObject object = new ObjectLoader(kernel, running, LoadOptions.DEFAULT).load(spec)) {
            int before = kernel.calls().size();
            Link link = new Attacher(object).attach(object.program("on_kprobe"));
            List<StandInKernel.Call> calls = kernel.calls().subList(before, kernel.calls().size());
            assertEquals(777, only(calls, SystemCall.PERF_EVENT_OPEN).number(PerfEventAttr.CONFIG));
            assertEquals(2, only(calls, SystemCall.PERF_EVENT_OPEN).number(PerfEventAttr.TYPE));
            assertTrue(kernel.written.getFirst().matches("/sys/kernel/tracing/kprobe_events < "
                    + "p:kprobes/libbpf_4242_\\d+_do_unlinkat_0x10 do_unlinkat\\+0x10"), kernel.written::toString);
            link.close();
            assertTrue(kernel.written.getLast().matches("/sys/kernel/tracing/kprobe_events < "
                    + "-:kprobes/libbpf_4242_\\d+_do_unlinkat_0x10"), kernel.written::toString);
        }
        assertEquals(Map.of(), kernel.openDescriptors());
    }

    @Test
    void probeWrittenToTracefsIsRemovedWhenItsEventCannotBeOpened() {
        files.without("/sys/bus/event_source/devices/kprobe/type");
        AttachException e = assertThrows(AttachException.class, () -> attach("on_kprobe", null));
        assertEquals(Errno.ENOENT, e.errno());
        assertEquals(2, kernel.written.size(), kernel.written::toString);
        assertTrue(kernel.written.getLast().contains("< -:kprobes/"), kernel.written::toString);
    }

    @Test
    void systemCallIsProbedByTheNameOfItsWrapper() {
        String prefix = KernelFeatures.syscallPrefix();
        List<StandInKernel.Call> calls = attach("on_ksyscall", null);
        StandInKernel.Call last = calls.stream().filter(each -> each.call() == SystemCall.PERF_EVENT_OPEN).toList().getLast();
        assertEquals("__" + prefix + "_sys_nanosleep", last.pointedText(PerfEventAttr.KPROBE_FUNC));
    }

    @Test
    void systemCallOfAKernelWithoutWrappers() {
        kernel.others.put(SystemCall.PERF_EVENT_OPEN, (long) -Errno.ENOENT);
        AttachException e = assertThrows(AttachException.class, () -> attach("on_ksyscall", null));
        assertTrue(e.getMessage().contains("__se_sys_nanosleep"), e.getMessage());
    }

    @Test
    void patternIsLookedUpAmongWhatCanBeProbed() {
        files.put("/sys/kernel/tracing/available_filter_functions",
                "tcp_connect\nudp_send\ntcp_sendmsg [tcp]\ntcp_connect\nmy_tcp_x\n");
        StandInKernel.Call link = only(attach("on_multi", null), BpfCommand.LINK_CREATE);
        assertEquals(42, link.number(LinkCreate.ATTACH_TYPE));
        assertEquals(2, link.number(LinkCreate.KPROBE_MULTI_CNT));
        assertEquals(0, link.number(LinkCreate.KPROBE_MULTI_FLAGS));
    }

    @Test
    void nameWithoutWildcardIsGivenToTheKernelAsItIs() {
        StandInKernel.Call link = only(attach("on_one", null), BpfCommand.LINK_CREATE);
        assertEquals(1, link.number(LinkCreate.KPROBE_MULTI_CNT));
        assertEquals(1, link.number(LinkCreate.KPROBE_MULTI_FLAGS));
        assertEquals(56, only(attach("on_session", null), BpfCommand.LINK_CREATE).number(LinkCreate.ATTACH_TYPE));
        kernel.answers.put(BpfCommand.LINK_CREATE, -Errno.ESRCH);
        AttachException e = assertThrows(AttachException.class, () -> attach("on_one", null));
        assertEquals(Errno.ENOENT, e.errno());
    }

    // ---- by BTF ----

    @Test
    void tracingProgramsAreLinkedByTheirAttachType() {
        for (Map.Entry<String, Integer> each : Map.of("on_fentry", 24, "on_fexit", 25, "on_lsm", 27, "on_tp_btf", 23)
                .entrySet()) {
            StandInKernel.Call link = only(attach(each.getKey(), null), BpfCommand.LINK_CREATE);
            assertEquals((long) each.getValue(), link.number(LinkCreate.ATTACH_TYPE));
            assertEquals(0, link.number(LinkCreate.TARGET_FD));
            assertTrue(kernel.bpfCalls().stream().anyMatch(call -> call.command() == BpfCommand.PROG_LOAD
                    && each.getKey().equals(call.text(ProgLoad.PROG_NAME)) && call.number(ProgLoad.ATTACH_BTF_ID) > 0));
        }
    }

    @Test
    void tracingProgramOfAnOldKernelIsARawTracepointWithoutName() {
        kernel.answers.put(BpfCommand.LINK_CREATE, -Errno.EINVAL);
        StandInKernel.Call open = only(attach("on_fentry", null), BpfCommand.RAW_TRACEPOINT_OPEN);
        assertEquals(false, open.fields().containsKey(RawTracepointOpen.NAME));
    }

    // ---- uprobes ----

    @Test
    void uprobeOfOneProcessIsOnNoCpuOfItsOwn() {
        try (LoadedObject object = load("on_uprobe")) {
            LoadedProgram program = object.program("on_uprobe");
            int before = kernel.calls().size();
            new Attacher(object).attachUprobe(program, "libc.so.6:a64l", true, 77);
            StandInKernel.Call event = only(kernel.calls().subList(before, kernel.calls().size()),
                    SystemCall.PERF_EVENT_OPEN);
            assertArrayEquals(new long[] {77, -1, -1, 8}, Arrays.copyOfRange(event.arguments(), 1, 5));
            assertEquals(1, event.number(PerfEventAttr.CONFIG));
            assertTrue(event.pointedText(PerfEventAttr.UPROBE_PATH).endsWith("/libc.so.6"));
        }
    }

    @Test
    void uprobeOfAnOldKernelIsMadeInTracefs() {
        files.without("/sys/bus/event_source/devices/uprobe/type");
        assertThrows(AttachException.class, () -> attach("on_uprobe", null));
        assertTrue(kernel.written.getFirst().matches("/sys/kernel/tracing/uprobe_events < p:uprobes/libbpf_4242_\\d+_\\S+ "
                + "\\S+/libc.so.6:0x[0-9a-f]+"), kernel.written::toString);
    }

    @Test
    void offsetMayBeGivenWithoutAFunction() {
        StandInKernel.Call event = only(attach("on_uprobe", "/bin/sh:0x1234"), SystemCall.PERF_EVENT_OPEN);
        assertEquals(0x1234, event.number(PerfEventAttr.PROBE_OFFSET));
        assertEquals("/bin/sh", event.pointedText(PerfEventAttr.UPROBE_PATH));
    }

    @Test
    void uprobeInAnArchiveIsAPlaceInTheArchive(@TempDir Path directory) throws IOException {
        Path libc = Path.of(Binary.resolve("test", "libc.so.6"));
        Path archive = directory.resolve("app.apk");
        byte[] bytes = Files.readAllBytes(libc);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            out.setComment("PK as in the signature of an end");
            out.putNextEntry(new ZipEntry("packed.so"));
            out.write(bytes, 0, 1000);
            ZipEntry stored = new ZipEntry("lib/libc.so");
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(bytes.length);
            stored.setCrc(sum.getValue());
            out.putNextEntry(stored);
            out.write(bytes);
        }
        long plain = only(attach("on_uprobe", libc + ":a64l"), SystemCall.PERF_EVENT_OPEN)
                .number(PerfEventAttr.PROBE_OFFSET);
        StandInKernel.Call event = only(attach("on_uprobe", archive + "!/lib/libc.so:a64l"), SystemCall.PERF_EVENT_OPEN);
        assertEquals(archive.toString(), event.pointedText(PerfEventAttr.UPROBE_PATH));
        byte[] zipped = Files.readAllBytes(archive);
        int offset = (int) event.number(PerfEventAttr.PROBE_OFFSET);
        assertArrayEquals(Arrays.copyOfRange(bytes, (int) plain, (int) plain + 64),
                Arrays.copyOfRange(zipped, offset, offset + 64));
        AttachException none = assertThrows(AttachException.class, () -> attach("on_uprobe", archive + "!/no.so:a64l"));
        assertTrue(none.getMessage().contains("has no member \"no.so\""), none.getMessage());
        AttachException packed = assertThrows(AttachException.class,
                () -> attach("on_uprobe", archive + "!/packed.so:a64l"));
        assertTrue(packed.getMessage().contains("is compressed"), packed.getMessage());
        AttachException other = assertThrows(AttachException.class, () -> attach("on_uprobe", libc + "!/x:a64l"));
        assertTrue(other.getMessage().contains("is not a zip archive"), other.getMessage());
    }

    // ---- network ----

    @Test
    void interfaceProgramsAreLinkedToItsIndex() {
        // The stand-in's SIOCGIFINDEX leaves 0 behind.
        StandInKernel.Call xdp = only(attach("on_xdp", "eth0:drv"), BpfCommand.LINK_CREATE);
        assertEquals(37, xdp.number(LinkCreate.ATTACH_TYPE));
        assertEquals(4, xdp.number(LinkCreate.FLAGS));
        assertEquals(46, only(attach("on_tc", "eth0"), BpfCommand.LINK_CREATE).number(LinkCreate.ATTACH_TYPE));
        assertEquals(47, only(attach("on_tc", "eth0:egress"), BpfCommand.LINK_CREATE).number(LinkCreate.ATTACH_TYPE));
        assertEquals(54, only(attach("on_netkit", "nk0"), BpfCommand.LINK_CREATE).number(LinkCreate.ATTACH_TYPE));
    }

    @Test
    void cgroupOfAnOldKernelGetsItsProgramByAttachingAndDetaching() {
        kernel.answers.put(BpfCommand.LINK_CREATE, -Errno.EINVAL);
        try (LoadedObject object = load("on_cgroup")) {
            int before = kernel.calls().size();
            Link link = new Attacher(object).attach(object.program("on_cgroup"), "/sys/fs/cgroup/x");
            StandInKernel.Call attach = only(kernel.calls().subList(before, kernel.calls().size()), BpfCommand.PROG_ATTACH);
            assertEquals(2, attach.number(ProgAttach.ATTACH_TYPE));
            assertEquals(2, attach.number(ProgAttach.ATTACH_FLAGS), "BPF_F_ALLOW_MULTI");
            link.close();
            link.close();
            StandInKernel.Call detach = only(kernel.calls(), BpfCommand.PROG_DETACH);
            assertEquals(2, detach.number(ProgAttach.ATTACH_TYPE));
            assertThrows(AttachException.class, () -> link.pin("/sys/fs/bpf/x"));
        }
        assertEquals(Map.of(), kernel.openDescriptors());
        assertEquals(openBefore, Fd.open());
    }

    @Test
    void lsmProgramOfACgroupTakesItsPath() {
        StandInKernel.Call link = only(attach("on_lsm_cgroup", "/sys/fs/cgroup/x"), BpfCommand.LINK_CREATE);
        assertEquals(43, link.number(LinkCreate.ATTACH_TYPE));
        assertTrue(link.number(LinkCreate.TARGET_FD) > 0);
    }

    @Test
    void streamParserTakesAPinnedSockmap() {
        AttachException e = assertThrows(AttachException.class, () -> attach("on_parser", "/sys/fs/bpf/socks"));
        assertEquals(Errno.ENOENT, e.errno());
        AttachException none = assertThrows(AttachException.class, () -> attach("on_parser", "no_such_map"));
        assertTrue(none.getMessage().contains("no map of that name"), none.getMessage());
    }

    // ---- rolling back ----

    @Test
    void attachingAllDetachesWhatWasAttachedWhenOneFails() {
        ObjectSpec spec = ObjectReader.read("probes.bpf.o", OnThisKernel.bytes("probes"));
        List<String> wanted = List.of("on_kprobe", "on_fentry", "on_session");
        spec.programs().forEach(program -> program.autoload(wanted.contains(program.name())));
        int[] links = {0};
        StandInKernel failing = new StandInKernel() {
            @Override
            protected Integer answer(BpfCommand command, StructValue attr) {
                if (command == BpfCommand.LINK_CREATE && ++links[0] == 3) {
                    return -Errno.EOPNOTSUPP;
                }
                return super.answer(command, attr);
            }
        };
        try (LoadedObject object = new ObjectLoader(failing, new RunningKernel(failing, files), LoadOptions.DEFAULT)
                .load(spec)) {
            int open = failing.openDescriptors().size();
            AttachException e = assertThrows(AttachException.class, () -> new Attacher(object).attachAll());
            assertEquals(Errno.EOPNOTSUPP, e.errno());
            assertEquals(open, failing.openDescriptors().size());
        }
        assertEquals(Map.of(), failing.openDescriptors());
    }

    /** libbpf opens and loads SEC("usdt.s/...") and then refuses to attach it by itself. */
    @Test
    void aSleepableUsdtProgramIsNotAttachedByItself() {
        ObjectSpec spec = ObjectReader.read("sec_table.bpf.o", OracleJson.elf("sec_table"));
        spec.programs().forEach(program -> program.autoload(program.sectionName().equals("usdt.s/some_func")));
        try (LoadedObject object = new ObjectLoader(kernel, new RunningKernel(kernel, files), LoadOptions.DEFAULT).load(spec)) {
            Attacher attacher = new Attacher(object);
            AttachException refused = assertThrows(AttachException.class, attacher::attachAll);
            assertEquals(Errno.EINVAL, refused.errno());
            assertTrue(refused.getMessage().contains("SEC(\"usdt/some_func\")"), refused.getMessage());
            // By hand it is another matter: then what is named has to be there.
            AttachException named = assertThrows(AttachException.class,
                    () -> attacher.attach(object.programs().getFirst(), "/not/there:a:b"));
            assertTrue(!named.getMessage().contains("SEC("), named.getMessage());
        }
    }
}
