package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What instances cost while they live, and that nothing of them is left behind. */
class ResourcesTest {
    private static final int INSTANTIATIONS = 10_000;

    static Stream<Tier> tiers() {
        return JvmTier.always() == null ? Stream.of((Tier) null) : Stream.of(null, JvmTier.always());
    }

    /** A memory of a page, a table, globals, references, an exception, a host call: something of everything that is owned. */
    private static WasmModule everything() {
        WasmEncoder m = new WasmEncoder();
        int host = m.importFunction("env", "host", "i:i");
        m.memory(1, 100);
        m.table('r', 10, 100);
        m.global('v', true, c -> c.op(OpBytes.V128_CONST, 1, 2));
        int tag = m.tag("i:");
        int callee = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, host));
        m.elements(0, callee);
        m.data(16, new byte[] {5, 0, 0, 0});
        m.export("run", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.BLOCK, -1).op(OpBytes.TRY_TABLE, -64, 0, tag, 0).op(OpBytes.I32_CONST, 16)
                .op(OpBytes.I32_LOAD, 2, 0).op(OpBytes.THROW, tag).op(OpBytes.END).op(OpBytes.UNREACHABLE).op(OpBytes.END)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD).op(OpBytes.I32_CONST, 0)
                .op(OpBytes.CALL_INDIRECT, m.type("i:i"), 0)
                .op(OpBytes.I32_CONST, 1).op(OpBytes.MEMORY_GROW, 0).op(OpBytes.DROP)));
        return m.module("everything.wasm");
    }

    private static int run(WasmModule module, Tier tier, int argument) {
        HostFunction host = HostFunction.of("env", "host", new FuncType(List.of(ValType.I32), List.of(ValType.I32)),
                List.of("x"), (caller, args) -> args[0] * 2);
        try (Instance instance = Instance.instantiate(module, new ImportLinker().add(host),
                InstanceOptions.DEFAULT.withTier(tier))) {
            return (int) instance.exportedFunction("run").invoke(argument)[0];
        }
    }

    private static long status(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(key + ":")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            throw new AssertionError("no " + key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long entries(String directory) {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long mappings() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps")).size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long metaspaceBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    /** Cleaners run some time after a collection. */
    private static void collect() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @MethodSource("tiers")
    void nothingIsLeftOfClosedInstances(Tier tier) throws InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc/self here");
        WasmModule module = everything();
        for (int i = 0; i < INSTANTIATIONS / 20; i++) {
            assertEquals(2 * (5 + i), run(module, tier, i));
        }
        collect();
        long descriptors = entries("/proc/self/fd");
        long threads = entries("/proc/self/task");
        long mappings = mappings();
        long metaspace = metaspaceBytes();
        long classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        long resident = status("VmRSS");
        long virtual = status("VmSize");
        for (int i = 0; i < INSTANTIATIONS; i++) {
            assertEquals(2 * (5 + i), run(module, tier, i));
        }
        collect();
        List<String> left = new ArrayList<>();
        grown(left, "descriptors", descriptors, entries("/proc/self/fd"), 20);
        grown(left, "threads", threads, entries("/proc/self/task"), 5);
        grown(left, "mappings", mappings, mappings(), 300);
        grown(left, "bytes of metaspace", metaspace, metaspaceBytes(), 2 << 20);
        grown(left, "classes", classes, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), 500);
        // The heap may have grown meanwhile: what a leak of one page each would be must stand out.
        grown(left, "resident KiB", resident, status("VmRSS"), 200 << 10);
        grown(left, "KiB of addresses", virtual, status("VmSize"), 2 << 20);
        assertEquals(List.of(), left);
    }

    /** There is no instance to close: each memory would hold 4 GiB of addresses until the collector runs. */
    @Test
    void nothingIsLeftOfInstancesThatCameToNothing() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc/self here");
        WasmEncoder start = new WasmEncoder();
        start.memory(1, 65_536);
        start.start(start.function(":", c -> c.op(OpBytes.UNREACHABLE)));
        WasmEncoder segment = new WasmEncoder();
        segment.memory(1, 65_536);
        segment.data(65_536, new byte[] {1});
        WasmEncoder unlinked = new WasmEncoder();
        unlinked.memory(1, 65_536);
        unlinked.importFunction("env", "nobody", ":");
        for (WasmEncoder encoder : List.of(start, segment, unlinked)) {
            WasmModule module = encoder.module("fails.wasm");
            long before = status("VmSize");
            for (int i = 0; i < 200; i++) {
                assertThrows(WasmException.class,
                        () -> Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT));
            }
            assertTrue(status("VmSize") < before + (1 << 20), "GiB of addresses: " + (status("VmSize") - before >> 20));
        }
    }

    private static void grown(List<String> left, String what, long before, long after, long allowed) {
        if (after > before + allowed) {
            left.add(what + ": " + before + " before, " + after + " after");
        }
    }

    private static WasmEncoder largeMemory(int flags, long min, long max) {
        WasmEncoder m = new WasmEncoder();
        m.memory(flags, min, max);
        boolean is64 = (flags & 4) != 0;
        m.export("touch", ExternKind.FUNC, m.function("l:i", c -> {
            c.op(OpBytes.LOCAL_GET, 0);
            if (!is64) {
                c.op(OpBytes.I32_WRAP_I64);
            }
            c.op(is64 ? OpBytes.I64_CONST : OpBytes.I32_CONST, 0).op(OpBytes.DROP).op(OpBytes.I32_LOAD8_U, 0, 0);
        }));
        return m;
    }

    @Test
    void fourGigabytesCostNothingUntilTheyAreUsed() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc/self here");
        WasmModule module = largeMemory(0, 65_536, 65_536).module("large.wasm");
        run(module, 0);
        long resident = status("VmRSS");
        List<Instance> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open.add(run(module, i % 2 == 0 ? 0 : (1L << 32) - 1));
        }
        long used = status("VmRSS") - resident;
        open.forEach(Instance::close);
        assertTrue(used < 20 << 10, used + " KiB for eight memories of 4 GiB");
    }

    private static Instance run(WasmModule module, long address) {
        Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT);
        assertEquals(0, instance.exportedFunction("touch").invoke(address)[0]);
        return instance;
    }

    @Test
    void theEmbedderLimitsMemoriesTablesAndDepth() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 100);
        m.table('r', 2, 100);
        m.export("memory", ExternKind.FUNC, m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.MEMORY_GROW, 0)));
        m.export("table", ExternKind.FUNC, m.function("i:i", c -> c.op(OpBytes.REF_NULL, -16).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.TABLE_GROW, 0)));
        m.export("depth", ExternKind.FUNC, m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.IF, -1)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.CALL, 2)
                .op(OpBytes.ELSE).op(OpBytes.I32_CONST, 7).op(OpBytes.END)));
        WasmModule module = m.module("limits.wasm");
        for (Tier tier : tiers().toList()) {
            InstanceOptions options = InstanceOptions.DEFAULT.withTier(tier).withMaxMemoryBytes(3 << 16).withMaxTableElements(5)
                    .withMaxCallDepth(10);
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), options)) {
                assertEquals(-1, (int) instance.exportedFunction("memory").invoke(3)[0]);
                assertEquals(1, instance.exportedFunction("memory").invoke(2)[0]);
                assertEquals(-1, (int) instance.exportedFunction("table").invoke(4)[0]);
                assertEquals(2, instance.exportedFunction("table").invoke(3)[0]);
                assertEquals(7, instance.exportedFunction("depth").invoke(9)[0]);
                assertEquals(Trap.Kind.STACK_EXHAUSTED,
                        assertThrows(Trap.class, () -> instance.exportedFunction("depth").invoke(10)).kind());
            }
        }
        assertEquals("out of memory: 65536 bytes wanted, the limit is 1000", assertThrows(Trap.class, () -> Instance.instantiate(
                module, new ImportLinker(), InstanceOptions.DEFAULT.withMaxMemoryBytes(1000))).getMessage());
        assertEquals("out of memory: a table of 2 elements, at most 1 are allowed", assertThrows(Trap.class,
                () -> Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withMaxTableElements(1)))
                .getMessage());
    }

    @Test
    void stacksBeyondReasonAreRefusedInWords() {
        assertEquals("stackBytes 9223372036854775807: a number from 4096 to 8589934592 is wanted",
                assertThrows(IllegalArgumentException.class, () -> InstanceOptions.DEFAULT.withStackBytes(Long.MAX_VALUE))
                        .getMessage());
        assertEquals("maxCallDepth 0: a number from 1 to 2147483647 is wanted",
                assertThrows(IllegalArgumentException.class, () -> InstanceOptions.DEFAULT.withMaxCallDepth(0)).getMessage());
        WasmModule module = everything();
        InstanceOptions endless = InstanceOptions.DEFAULT.withMaxCallDepth(Integer.MAX_VALUE);
        HostFunction host = HostFunction.of("env", "host", new FuncType(List.of(ValType.I32), List.of(ValType.I32)),
                List.of("x"), (caller, args) -> args[0]);
        try (Instance instance = Instance.instantiate(module, new ImportLinker().add(host), endless)) {
            // Where the system lends 34 GB of addresses without a look.
            assertEquals(1, instance.exportedFunction("run").type().results().size());
        } catch (Trap trap) {
            assertEquals("out of memory: a stack of 8388608 bytes for 2147483647 calls", trap.getMessage());
        }
    }

    @Test
    void instancesOnSeveralThreadsDoNotMeet() throws Exception {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 4);
        m.global('l', true, c -> c.op(OpBytes.I64_CONST, 0));
        // Adds its argument to memory and global n times; gives their difference, which is 0.
        m.export("run", ExternKind.FUNC, m.function("ll:l", c -> c.op(OpBytes.LOOP, -64)
                .op(OpBytes.I32_CONST, 8).op(OpBytes.I32_CONST, 8).op(OpBytes.I64_LOAD, 3, 0).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.I64_ADD).op(OpBytes.I64_STORE, 3, 0)
                .op(OpBytes.GLOBAL_GET, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I64_ADD).op(OpBytes.GLOBAL_SET, 0)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I64_CONST, 1).op(OpBytes.I64_SUB).op(OpBytes.LOCAL_TEE, 1)
                .op(OpBytes.I64_CONST, 0).op(OpBytes.I64_NE).op(OpBytes.BR_IF, 0).op(OpBytes.END)
                .op(OpBytes.I32_CONST, 8).op(OpBytes.I64_LOAD, 3, 0)));
        WasmModule module = m.module("sum.wasm");
        int threads = 8;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int step = t + 1;
                // Tiers are shared, so that they compile at the same time.
                Tier tier = step % 2 == 0 ? null : JvmTier.whenHot(2, 3);
                runs.add(pool.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        try (Instance instance = Instance.instantiate(module, new ImportLinker(),
                                InstanceOptions.DEFAULT.withTier(tier))) {
                            WasmFunction run = instance.exportedFunction("run");
                            assertEquals(step * 500L, run.invoke(step, 500)[0]);
                            assertEquals(step * 1500L, run.invoke(step, 1000)[0]);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }
}
