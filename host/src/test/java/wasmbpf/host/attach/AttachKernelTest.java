package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.BpfObject;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.ObjectLoader;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.Variable;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * Each way to attach fires on the running kernel exactly as often as what it watches happens, and not after detaching.
 */
@Tag("kernel")
@Timeout(60)
class AttachKernelTest {
    private static final int TRACEPOINT = 0;
    private static final int RAW_TP = 1;
    private static final int TP_BTF = 2;
    private static final int UPROBE = 3;
    private static final int URETPROBE = 4;
    private static final int UPROBE_MULTI = 5;
    private static final int USDT = 6;
    private static final int PERF_EVENT = 7;
    private static final int USDT_ARGUMENT = 8;
    private static final String LIBJVM = System.getProperty("java.home") + "/lib/server/libjvm.so";

    private final Kernel kernel = OnThisKernel.require();
    private List<String> openBefore;
    private BpfObject object;

    @BeforeEach
    void load() {
        OnThisKernel.requireMounted(kernel, "tracefs", "/sys/kernel/tracing", Linux.TRACEFS_MAGIC);
        openBefore = Fd.open();
        object = OnThisKernel.open("attach");
        object.variable("target").set(OnThisKernel.ints((int) ProcessHandle.current().pid()));
        object.variable("system_call").set(OnThisKernel.longs(
                System.getProperty("os.arch").equals("amd64") ? 110 : 173));
        object.load(kernel);
    }

    @AfterEach
    void leavesNothingOpen() {
        object.close();
        assertEquals(openBefore, Fd.open());
    }

    private long hits(int which) {
        return OnThisKernel.global(object, ".bss", 8 * which);
    }

    private void getppid(int times) {
        for (int i = 0; i < times; i++) {
            kernel.call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
        }
    }

    /** Calls an IFUNC of the C library that a JVM has no use for. */
    private static void wcsnlen(int times) {
        try {
            MethodHandle wcsnlen = Linker.nativeLinker().downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("wcsnlen").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
            try (var arena = Arena.ofConfined()) {
                MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_INT, 'a', 'b', 0, 0);
                for (int i = 0; i < times; i++) {
                    assertEquals(2L, (long) wcsnlen.invokeExact(text, 4L));
                }
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The implementation is probed, not the function that chooses it, which never runs again in this process. */
    @ParameterizedTest
    @CsvSource({"on_uprobe, 3, wcsnlen", "on_uretprobe, 4, wcsnlen", "on_uprobe_multi, 5, wcsnlen",
        "on_uprobe, 3, wcsnlen@@GLIBC_2.2.5"})
    void countsCallsOfAFunctionChosenAtRunTime(String program, int which, String function) {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "wcsnlen is an IFUNC of x86-64");
        Link link = object.program(program).attach("libc.so.6:" + function);
        wcsnlen(5);
        assertEquals(5, hits(which), link.description());
        link.close();
        wcsnlen(2);
        assertEquals(5, hits(which), "after it was detached");
    }

    /** The library of a container: nobody here knows what its processes choose. */
    @Test
    void aFunctionChosenAtRunTimeInAnotherCopyIsRefused(@TempDir Path dir) throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "wcsnlen is an IFUNC of x86-64");
        Path copy = Files.copy(Path.of(Binary.resolve("", "libc.so.6")), dir.resolve("libc.so.6"));
        AttachException e = assertThrows(AttachException.class,
                () -> object.program("on_uprobe").attach(copy + ":wcsnlen"));
        assertEquals(Errno.ENOENT, e.errno());
        assertTrue(e.getMessage().contains("IFUNC"), e.getMessage());
    }

    /** Calls a function of the C library that a JVM has no use for. */
    private static void a64l(int times) {
        try {
            MethodHandle a64l = Linker.nativeLinker().downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("a64l").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
            try (var arena = Arena.ofConfined()) {
                MemorySegment text = arena.allocateFrom("zz");
                for (int i = 0; i < times; i++) {
                    long value = (long) a64l.invokeExact(text);
                    assertEquals(63 * 64 + 63, value);
                }
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"on_tracepoint, 0", "on_raw_tp, 1", "on_tp_btf, 2"})
    void countsSystemCallsExactly(String program, int which) {
        Link link = object.program(program).attach();
        getppid(7);
        assertEquals(7, hits(which), link.description());
        link.close();
        getppid(3);
        assertEquals(7, hits(which), "after it was detached");
    }

    @ParameterizedTest
    @CsvSource({"on_uprobe, 3", "on_uretprobe, 4", "on_uprobe_multi, 5"})
    void countsCallsOfALibraryFunctionExactly(String program, int which) {
        a64l(1);
        Link link = object.program(program).attach();
        a64l(5);
        assertEquals(5, hits(which), link.description());
        link.close();
        link.close();
        a64l(2);
        assertEquals(5, hits(which), "after it was detached");
    }

    @Test
    void targetReplacesTheOneOfTheSection() {
        object.program("on_tracepoint").attach("syscalls/sys_enter_getpgid");
        getppid(2);
        assertEquals(0, hits(TRACEPOINT));
        object.program("on_uprobe").attach(libc() + ":l64a");
        a64l(2);
        assertEquals(0, hits(UPROBE));
        object.program("on_raw_tp").attach("sys_enter");
        getppid(2);
        assertEquals(2, hits(RAW_TP));
    }

    private static String libc() {
        return Binary.resolve("test", "libc.so.6");
    }

    @Test
    void uprobeOfOneProcessIsNotSeenInAnother() {
        object.attacher().attachUprobe(object.program("on_uprobe").loaded(), "libc.so.6:a64l", false, 1);
        a64l(3);
        assertEquals(0, hits(UPROBE));
        object.attacher().attachUprobe(object.program("on_uprobe").loaded(), "libc.so.6:a64l", false,
                (int) ProcessHandle.current().pid());
        a64l(3);
        assertEquals(3, hits(UPROBE));
    }

    @Test
    void usdtProbeOfTheJvmGivesItsArguments() throws Exception {
        try (Binary binary = Binary.open("test", LIBJVM)) {
            if (UsdtSites.of(binary.elf(), "hotspot", "thread__start").isEmpty()) {
                OnThisKernel.abort("this JVM has no USDT probes");
            }
        }
        Link link = object.program("on_usdt").attach(LIBJVM + ":hotspot:thread__start");
        for (int i = 0; i < 4; i++) {
            Thread.ofPlatform().name("fourteen chars").start(() -> { }).join();
        }
        assertEquals(4, hits(USDT), link.description());
        assertEquals(14, hits(USDT_ARGUMENT), "length of the thread's name");
        link.close();
        Thread.ofPlatform().start(() -> { }).join();
        assertEquals(4, hits(USDT));
    }

    @Test
    void perfEventTicksOnEveryCpu() throws Exception {
        Link link = object.program("on_perf_event").attach("-1:1000");
        long until = System.nanoTime() + 5_000_000_000L;
        while (hits(PERF_EVENT) < 10 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertTrue(hits(PERF_EVENT) >= 10, () -> hits(PERF_EVENT) + " ticks");
        link.close();
        long after = hits(PERF_EVENT);
        Thread.sleep(50);
        assertEquals(after, hits(PERF_EVENT));
    }

    @Test
    void attachesAllThatSayWhereAndDetachesThemWithTheObject() {
        List<Link> links = object.attach();
        assertEquals(6, links.size(), links.toString());
        getppid(3);
        a64l(2);
        assertEquals(List.of(3L, 3L, 3L, 2L, 2L, 2L), List.of(hits(TRACEPOINT), hits(RAW_TP), hits(TP_BTF), hits(UPROBE),
                hits(URETPROBE), hits(UPROBE_MULTI)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "on_tracepoint | syscalls/no_such | 2 | no such tracepoint",
        "on_tracepoint | nonsense | 22 | category/name",
        "on_raw_tp | no_such_tracepoint | 2 | no such raw tracepoint",
        "on_tp_btf | sched_switch | 22 | fixed when it is loaded",
        "on_uprobe | /no/such/file:f | 2 | no file /no/such/file",
        "on_uprobe | libc.so.6:no_such_function | 2 | no_such_function",
        "on_uprobe | libc.so.6 | 22 | path:function",
        "on_uprobe | no_such_program:f | 2 | no program no_such_program",
        "on_usdt | libc.so.6:none | 22 | path:provider:name",
        "on_usdt | libc.so.6:no:probe | 2 | no USDT probe no:probe",
        "on_perf_event | nobody | 22 | PID",
        "on_perf_event | 999999999 | 3 | no such process"})
    void errorsSayWhatWasTriedAndWhy(String program, String target, int errno, String advice) {
        List<String> before = Fd.open();
        AttachException e = assertThrows(AttachException.class, () -> object.program(program).attach(target));
        assertEquals(errno, e.errno(), e.getMessage());
        assertTrue(e.getMessage().startsWith("attach program \"" + program + "\" to "), e.getMessage());
        assertTrue(e.getMessage().contains(advice), e.getMessage());
        assertEquals(before, Fd.open());
    }

    @Test
    void aProgramWithoutTargetSaysWhichItWants() {
        AttachException e = assertThrows(AttachException.class, () -> object.program("on_perf_event").attach());
        assertEquals(Errno.EOPNOTSUPP, e.errno());
        assertTrue(e.getMessage().contains("a process id"), e.getMessage());
    }

    @Test
    void pinnedLinkOutlivesItsObject() {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        String path = "/sys/fs/bpf/wasmbpf_test_link_" + ProcessHandle.current().pid();
        Link link = object.program("on_raw_tp").attach();
        link.pin(path);
        try {
            link.close();
            getppid(2);
            assertEquals(2, hits(RAW_TP));
        } finally {
            assertEquals(0, kernel.unlink(path));
        }
        long until = System.nanoTime() + 2_000_000_000L;
        long before;
        do {
            // The kernel lets go of the link a moment after its last name is gone.
            before = hits(RAW_TP);
            getppid(1);
        } while (hits(RAW_TP) != before && System.nanoTime() < until);
        assertEquals(before, hits(RAW_TP));
    }

    // ---- the ways of older kernels, which this one still has ----

    private LoadedObject loadAsOn(Kernel older, KernelFiles files, String program) {
        ObjectSpec spec = ObjectReader.read("attach.bpf.o", OnThisKernel.bytes("attach"));
        spec.programs().forEach(each -> each.autoload(each.name().equals(program)));
        for (MapSpec map : spec.maps()) {
            for (Variable variable : map.variables()) {
                if (variable.name().equals("target")) {
                    variable.set(OnThisKernel.ints((int) ProcessHandle.current().pid()));
                }
            }
        }
        return new ObjectLoader(older, new RunningKernel(older, files), LoadOptions.DEFAULT).load(spec);
    }

    private static long hits(LoadedObject loaded, int which) {
        return loaded.map(".bss").memory().getLong(8L * which);
    }

    @Test
    void uprobeMadeInTracefsFiresAndIsRemoved() throws Exception {
        KernelFiles files = path -> path.startsWith("/sys/bus/event_source/devices/uprobe/") ? null
                : KernelFiles.RUNNING.read(path);
        Path events = Path.of("/sys/kernel/tracing/uprobe_events");
        for (String program : List.of("on_uprobe", "on_uretprobe")) {
            try (LoadedObject loaded = loadAsOn(kernel, files, program)) {
                int which = program.equals("on_uprobe") ? UPROBE : URETPROBE;
                Link link = new Attacher(loaded).attach(loaded.program(program));
                assertTrue(Files.readString(events).contains("libbpf_" + ProcessHandle.current().pid() + "_"));
                a64l(4);
                assertEquals(4, hits(loaded, which));
                link.close();
                a64l(1);
                assertEquals(4, hits(loaded, which));
                assertFalse(Files.readString(events).contains("libbpf_" + ProcessHandle.current().pid() + "_"));
            }
        }
    }

    @Test
    void programOnAPerfEventWithoutLinksFiresAndIsTakenOff() {
        Kernel older = (call, attr, a, b, c, d, e, f) -> call == SystemCall.BPF && a == BpfCommand.LINK_CREATE.number()
                ? -Errno.EINVAL : kernel.call(call, attr, a, b, c, d, e, f);
        try (LoadedObject loaded = loadAsOn(older, KernelFiles.RUNNING, "on_tracepoint")) {
            Link link = new Attacher(loaded).attach(loaded.program("on_tracepoint"));
            getppid(5);
            assertEquals(5, hits(loaded, TRACEPOINT));
            assertThrows(AttachException.class, () -> link.pin("/sys/fs/bpf/never"));
            link.close();
            getppid(1);
            assertEquals(5, hits(loaded, TRACEPOINT));
        }
    }

    @Test
    void usdtWithoutUprobeMultiIsAProbeForEachSite() throws Exception {
        Kernel older = (call, attr, a, b, c, d, e, f) -> call == SystemCall.BPF && a == BpfCommand.LINK_CREATE.number()
                && attr.get(LinkCreate.ATTACH_TYPE) == BpfAttachType.TRACE_UPROBE_MULTI.number()
                ? -Errno.EINVAL : kernel.call(call, attr, a, b, c, d, e, f);
        int sites;
        try (Binary binary = Binary.open("test", LIBJVM)) {
            sites = UsdtSites.of(binary.elf(), "hotspot", "thread__start").size();
        }
        if (sites == 0) {
            OnThisKernel.abort("this JVM has no USDT probes");
        }
        try (LoadedObject loaded = loadAsOn(older, KernelFiles.RUNNING, "on_usdt")) {
            Attacher attacher = new Attacher(loaded);
            CompositeLink link = (CompositeLink) attacher.attachUsdt(loaded.program("on_usdt"),
                    LIBJVM + ":hotspot:thread__start", (int) ProcessHandle.current().pid());
            assertEquals(sites, link.links().size());
            Thread.ofPlatform().name("seven c").start(() -> { }).join();
            assertEquals(1, hits(loaded, USDT));
            assertEquals(7, hits(loaded, USDT_ARGUMENT));
            link.close();
            Thread.ofPlatform().start(() -> { }).join();
            assertEquals(1, hits(loaded, USDT));
        }
    }

    /** Linux 5.10: sites are told apart by their addresses in the process, which has the library wherever it has it. */
    @Test
    void usdtWithoutCookiesKnowsItsSitesByAddress() throws Exception {
        Kernel older = (call, attr, a, b, c, d, e, f) -> {
            boolean refused = call == SystemCall.BPF && (a == BpfCommand.LINK_CREATE.number()
                    || a == BpfCommand.PROG_LOAD.number() && triesCookies(attr));
            return refused ? -Errno.EINVAL : kernel.call(call, attr, a, b, c, d, e, f);
        };
        try (LoadedObject loaded = loadAsOn(older, KernelFiles.RUNNING, "on_usdt")) {
            Attacher attacher = new Attacher(loaded);
            String probe = LIBJVM + ":hotspot:thread__start";
            AttachException all = assertThrows(AttachException.class,
                    () -> attacher.attachUsdt(loaded.program("on_usdt"), probe, -1));
            if (all.errno() == Errno.ENOENT) {
                OnThisKernel.abort("this JVM has no USDT probes");
            }
            assertTrue(all.getMessage().contains("give a process"), all.getMessage());
            Link link = attacher.attachUsdt(loaded.program("on_usdt"), probe, (int) ProcessHandle.current().pid());
            Thread.ofPlatform().name("seven c").start(() -> { }).join();
            assertEquals(1, hits(loaded, USDT));
            assertEquals(7, hits(loaded, USDT_ARGUMENT));
            link.close();
            AttachException none = assertThrows(AttachException.class,
                    () -> attacher.attachUsdt(loaded.program("on_usdt"), probe, 1));
            assertEquals(Errno.ESRCH, none.errno(), none.getMessage());
        }
    }

    /** A program of a few instructions that calls bpf_get_attach_cookie; what only might call it is taken. */
    private static boolean triesCookies(StructValue attr) {
        byte[] code = MemorySegment.ofAddress(attr.get(ProgLoad.INSNS)).reinterpret(attr.pointedBytes(ProgLoad.INSNS))
                .toArray(ValueLayout.JAVA_BYTE);
        InsnBuffer insns = InsnBuffer.of(code, ByteOrder.nativeOrder());
        for (int i = 0; i < insns.count() && insns.count() < 10; i++) {
            if (insns.isCall(i) && insns.src(i) == 0 && insns.imm(i) == BpfHelper.id("get_attach_cookie")) {
                return true;
            }
        }
        return false;
    }
}
