package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.host.load.OnThisKernel.ints;
import static wasmbpf.host.load.OnThisKernel.longs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.KernelLink;
import wasmbpf.host.attach.Link;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.OracleJson;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Loading on the running kernel: maps, data, pins, refusals, struct_ops, iterators. */
@Tag("kernel")
@Timeout(120)
class LoadKernelTest {
    private final Kernel kernel = OnThisKernel.require();
    private final List<String> openBefore = Fd.open();

    @AfterEach
    void leavesNothingOpen() {
        assertEquals(openBefore, Fd.open());
    }

    @Test
    void globalVariablesAreReadAndWrittenInPlace() {
        try (BpfObject object = OnThisKernel.open("events").load(kernel)) {
            var data = object.map(".data").loaded().memory();
            assertEquals(100, data.getLong(0));
            data.setLongRelease(0, 200);
            OnThisKernel.run(kernel, object.program("emit").loaded(), ints(0, 5, 0));
            assertEquals(205, data.getLong(0));
            assertEquals(205, ByteBuffer.wrap(object.map(".data").loaded().lookup(ints(0)))
                    .order(ByteOrder.nativeOrder()).getLong());
            assertArrayEquals(ints(3), Arrays.copyOf(object.map(".rodata").loaded().lookup(ints(0)), 4));
            SysException frozen = assertThrows(SysException.class,
                    () -> object.map(".rodata").loaded().update(ints(0), object.map(".rodata").loaded().lookup(ints(0))));
            assertEquals(Errno.EPERM, frozen.errno());
        }
    }

    @Test
    void mapsAreFoundByNameBySectionAndByTheNameOfAnotherRun() {
        try (BpfObject object = OnThisKernel.open("events").load(kernel)) {
            assertEquals("counts", object.map("counts").name());
            assertEquals(".rodata", object.map(".rodata").name());
            assertEquals(".rodata", object.findMap("whatever.rodata").name());
            assertEquals("events.bss", object.map(".bss").loaded().name());
            assertNull(object.findMap("nothing"));
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> object.map("nothing"));
            assertTrue(e.getMessage().contains("counts"), e.getMessage());
        }
    }

    @Test
    void hashMapIsUpdatedReadIteratedAndEmptied() {
        try (BpfObject object = OnThisKernel.open("events").load(kernel)) {
            LoadedMap counts = object.map("counts").loaded();
            assertNull(counts.lookup(ints(1)));
            assertNull(counts.nextKey(null));
            for (int i = 0; i < 8; i++) {
                counts.update(ints(i), longs(i * 10L), 1);
            }
            SysException again = assertThrows(SysException.class, () -> counts.update(ints(0), longs(1), 1));
            assertEquals(Errno.EEXIST, again.errno());
            Map<Integer, Long> seen = new TreeMap<>();
            for (byte[] key = counts.nextKey(null); key != null; key = counts.nextKey(key)) {
                seen.put(ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).getInt(),
                        ByteBuffer.wrap(counts.lookup(key)).order(ByteOrder.nativeOrder()).getLong());
            }
            assertEquals(Map.of(0, 0L, 1, 10L, 2, 20L, 3, 30L, 4, 40L, 5, 50L, 6, 60L, 7, 70L), seen);
            SysException full = assertThrows(SysException.class, () -> counts.update(ints(99), longs(1)));
            assertEquals(Errno.E2BIG, full.errno());
            assertArrayEquals(longs(50), counts.lookupAndDelete(ints(5)));
            assertTrue(counts.delete(ints(6)));
            assertTrue(!counts.delete(ints(6)));
        }
    }

    @Test
    void perCpuValuesHaveEightBytesForEachPossibleCpu() {
        try (BpfObject object = OnThisKernel.open("events").load(kernel)) {
            LoadedMap each = object.map("each_cpu").loaded();
            int cpus = object.loaded().runningKernel().cpus().possible();
            assertEquals(8 * cpus, each.valueBytes());
            byte[] values = new byte[8 * cpus];
            values[0] = 7;
            values[8 * (cpus - 1)] += 1;
            each.update(ints(1), values);
            assertArrayEquals(values, each.lookup(ints(1)));
        }
    }

    @Test
    void ringsAreRoundedUpToPagesAndPerfArraysToCpus() {
        try (BpfObject object = OnThisKernel.open("events")) {
            object.map("rb").spec().maxEntries(5000);
            object.load(kernel);
            assertEquals(8192, object.map("rb").loaded().maxEntries());
            assertEquals(object.loaded().runningKernel().cpus().possible(), object.map("pe").loaded().maxEntries());
            assertTrue(object.map("pe").loaded().is(BpfMapType.PERF_EVENT_ARRAY));
        }
    }

    @Test
    void pinnedMapIsSharedAndMustFit() {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        String directory = "/sys/fs/bpf/wasmbpf_test_" + ProcessHandle.current().pid();
        LoadOptions options = LoadOptions.DEFAULT.withPinDirectory(directory);
        try {
            try (BpfObject first = OnThisKernel.open("events")) {
                first.map("counts").spec().pinning(MapSpec.Pinning.BY_NAME);
                first.load(kernel, options);
                first.map("counts").loaded().update(ints(1), longs(11));
            }
            try (BpfObject second = OnThisKernel.open("events")) {
                second.map("counts").spec().pinning(MapSpec.Pinning.BY_NAME);
                second.load(kernel, options);
                assertArrayEquals(longs(11), second.map("counts").loaded().lookup(ints(1)));
            }
            try (BpfObject other = OnThisKernel.open("events")) {
                other.map("counts").spec().pinning(MapSpec.Pinning.BY_NAME).maxEntries(9);
                LoadException e = assertThrows(LoadException.class, () -> other.load(kernel, options));
                assertEquals(Errno.EINVAL, e.errno());
                assertTrue(e.getMessage().contains("max_entries 8, this object 9"), e.getMessage());
            }
        } finally {
            kernel.unlink(directory + "/counts");
            kernel.rmdir(directory);
        }
    }

    @Test
    void pinOfALoadThatFailsIsTakenBack() {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        String directory = "/sys/fs/bpf/wasmbpf_fail_" + ProcessHandle.current().pid();
        try (BpfObject object = OnThisKernel.open("refused")) {
            object.map("left_out").spec().pinning(MapSpec.Pinning.BY_NAME);
            object.program("reads_anywhere").autoload(true);
            assertThrows(LoadException.class,
                    () -> object.load(kernel, LoadOptions.DEFAULT.withPinDirectory(directory)));
            assertEquals(-Errno.ENOENT, kernel.access(directory + "/left_out", 0));
        } finally {
            kernel.rmdir(directory);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "reads_anywhere | 13 | R",
        "wrong_helper | 22 | bpf_skb_load_bytes for programs of type BPF_PROG_TYPE_RAW_TRACEPOINT",
        "missing_field | 22 | struct task_struct",
        "missing_kfunc | 22 | \"no_such_kfunc\", which this kernel does not have",
        "missing_map | 22 | \"left_out\", whose autocreate is off",
        "missing_target | 3 | function with BTF \"no_such_function_anywhere\""})
    void refusalSaysTheReason(String program, int errno, String reason) {
        try (BpfObject object = OnThisKernel.open("refused")) {
            object.map("left_out").spec().autocreate(!program.equals("missing_map"));
            object.program(program).autoload(true);
            LoadException e = assertThrows(LoadException.class, () -> object.load(kernel));
            System.out.println(e.getMessage());
            assertEquals("load program \"" + program + "\"", e.operation());
            assertTrue(e.getMessage().contains(reason), e.getMessage());
            assertEquals(errno, e.errno(), e.getMessage());
            if (e.verifierLog() != null) {
                assertTrue(e.verifierLog().text().contains("processed"), e.verifierLog().text());
            }
        }
    }

    @Test
    void verifierLogIsGivenOfEveryProgramWhenAskedFor() {
        List<String> programs = new ArrayList<>();
        try (BpfObject object = OnThisKernel.open("refused")) {
            object.program("taken").autoload(true);
            object.load(kernel, LoadOptions.DEFAULT.withVerifierLog(1, log -> programs.add(log.program() + " "
                    + log.text().contains("processed"))));
        }
        assertEquals(List.of("taken true"), programs);
    }

    @Test
    void structOpsAreRegisteredAndUnregistered() throws IOException {
        try (BpfObject object = OnThisKernel.open("ops").load(kernel)) {
            assertNotNull(object.loaded().program("plain_ssthresh"));
            List<Link> links = object.attach();
            assertEquals(2, links.size());
            String available = congestionControls();
            assertTrue(available.contains("wasmbpf_link") && available.contains("wasmbpf_map"), available);
            links.get(0).close();
            links.get(1).close();
            assertEquals(-1, congestionControls().indexOf("wasmbpf"));
        }
    }

    private static String congestionControls() throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control"));
    }

    @Test
    void iteratorPrintsTheElementsOfAMap() {
        BpfObject object = OnThisKernel.open("iterators");
        try {
            object.load(kernel);
        } catch (LoadException e) {
            object.close();
            // Seen of a 6.18 that takes iterators over tasks and maps, but none over the elements of a map.
            if (e.errno() == Errno.EPERM && e.getMessage().contains("a policy of this kernel forbids")) {
                OnThisKernel.abort("this kernel refuses iterators over the elements of maps: " + e.getMessage());
            }
            throw e;
        }
        try (object) {
            object.map("table").loaded().update(ints(3), longs(33));
            object.map("table").loaded().update(ints(4), longs(44));
            Link link = object.program("each_element").attach("table");
            String text = read(object, (KernelLink) link);
            assertEquals(List.of("3=33", "4=44"), text.lines().sorted().toList());
        }
    }

    @Test
    void iteratorPrintsALineForEachMap() {
        try (BpfObject object = OnThisKernel.open("iterators")) {
            object.program("each_element").spec().autoload(false);
            object.load(kernel);
            String maps = read(object, (KernelLink) object.program("each_map").attach());
            assertTrue(maps.lines().count() >= 1 && maps.lines().allMatch("map"::equals), maps);
        }
    }

    private String read(BpfObject object, KernelLink link) {
        StringBuilder text = new StringBuilder();
        try (Fd output = object.attacher().openIterator(link); Arena arena = Arena.ofConfined()) {
            var buffer = arena.allocate(4096);
            while (true) {
                int count = (int) SysException.check("read", kernel.read(output.number(), buffer));
                if (count == 0) {
                    return text.toString();
                }
                byte[] bytes = new byte[count];
                buffer.asByteBuffer().get(bytes);
                text.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void slotsOfMapsAndProgramsAreFilled() {
        try (BpfObject object = OnThisKernel.open("commands").load(kernel)) {
            assertEquals(77, OnThisKernel.run(kernel, object.program("jump").loaded(), longs(0, 0)));
            LoadedProgram write = object.program("write_inner").loaded();
            assertEquals(0, OnThisKernel.run(kernel, write, longs(1, 11)));
            assertEquals(0, OnThisKernel.run(kernel, write, longs(3, 33)));
            assertEquals(2, OnThisKernel.run(kernel, write, longs(0, 99)), "an empty slot");
            assertArrayEquals(longs(11), object.map("first").loaded().lookup(ints(0)));
            assertArrayEquals(longs(33), object.map("second").loaded().lookup(ints(0)));
        }
    }

    /** What is submitted to a kernel that knows no newer kinds is good BTF: this kernel checks it too. */
    @Test
    void sanitizedBtfIsTakenByAKernel() {
        for (String name : OracleJson.OBJECTS) {
            byte[] blob = ObjectReader.read(name + ".bpf.o",
                    OracleJson.elf(name), ReadOptions.LIBBPF).btf().bytes();
            StandInKernel ancient = new StandInKernel() {
                @Override
                protected Integer answer(BpfCommand command, StructValue attr) {
                    return command == BpfCommand.BTF_LOAD ? Integer.valueOf(-Errno.EINVAL)
                            : super.answer(command, attr);
                }
            };
            byte[] cleaned = new BtfSanitizer(new RunningKernel(ancient, OracleFiles.plain()).features()).sanitize(blob);
            try (var attr = BtfLoad.STRUCT.allocate(); Arena arena = Arena.ofConfined()) {
                var log = arena.allocate(1 << 20);
                attr.point(BtfLoad.BTF, cleaned);
                int fd = kernel.bpf(BpfCommand.BTF_LOAD, attr);
                if (fd < 0) {
                    attr.point(BtfLoad.BTF_LOG_BUF, log)
                            .set(BtfLoad.BTF_LOG_LEVEL, 1);
                    kernel.bpf(BpfCommand.BTF_LOAD, attr);
                    String text = log.getString(0);
                    throw new AssertionError(name + ": " + Errno.name(-fd) + "\n"
                            + text.substring(Math.max(0, text.length() - 600)));
                }
                kernel.close(fd);
            }
        }
    }

    /** Some kernels refuse programs on kernel functions before they look at them; that is no fault of the program. */
    @Test
    void refusalBeforeVerificationIsToldFromOneByTheVerifier() {
        try (BpfObject object = OnThisKernel.open("probes")) {
            object.programs().forEach(program -> program.autoload(program.name().equals("on_fentry")));
            object.load(kernel);
            assertNotNull(object.loaded().program("on_fentry"));
        } catch (LoadException e) {
            assertEquals(Errno.EPERM, e.errno(), e.getMessage());
            assertEquals(false, e.missingPrivilege());
            assertTrue(e.getMessage().startsWith("load program \"on_fentry\": EPERM; refused before verification though "
                    + "no capability is missing: a policy of this kernel"), e.getMessage());
        }
    }

    @Test
    void featuresOfThisKernelAreFound() {
        KernelFeatures features = new RunningKernel(kernel, KernelFiles.RUNNING).features();
        for (KernelFeatures.Feature each : List.of(KernelFeatures.Feature.PROG_NAME, KernelFeatures.Feature.GLOBAL_DATA,
                KernelFeatures.Feature.BTF, KernelFeatures.Feature.BTF_FUNC, KernelFeatures.Feature.BTF_DATASEC,
                KernelFeatures.Feature.BTF_GLOBAL_FUNC, KernelFeatures.Feature.ARRAY_MMAP,
                KernelFeatures.Feature.EXP_ATTACH_TYPE, KernelFeatures.Feature.PROBE_READ_KERNEL,
                KernelFeatures.Feature.PROG_BIND_MAP, KernelFeatures.Feature.BTF_FLOAT,
                KernelFeatures.Feature.MEMCG_ACCOUNT)) {
            assertTrue(features.has(each), each::toString);
        }
        if (new RunningKernel(kernel, KernelFiles.RUNNING).version() >= (6 << 16 | 18 << 8)) {
            for (KernelFeatures.Feature each : List.of(KernelFeatures.Feature.PERF_LINK, KernelFeatures.Feature.BTF_DECL_TAG,
                    KernelFeatures.Feature.BTF_TYPE_TAG, KernelFeatures.Feature.BPF_COOKIE,
                    KernelFeatures.Feature.BTF_ENUM64, KernelFeatures.Feature.UPROBE_MULTI_LINK,
                    KernelFeatures.Feature.ARG_CTX_TAG, KernelFeatures.Feature.BTF_QMARK_DATASEC)) {
                assertTrue(features.has(each), each::toString);
            }
        }
    }
}
