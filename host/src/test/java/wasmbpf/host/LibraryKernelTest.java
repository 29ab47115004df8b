package wasmbpf.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.host.load.OnThisKernel.ints;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import wasmbpf.host.buffer.Poller;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.MapBatch;
import wasmbpf.host.load.MapBatch.Element;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.load.VerifierLog;
import wasmbpf.host.object.MapSpec;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;

/** The library's setters, variables, pins, batches and buffers on the running kernel. */
@Tag("kernel")
@Timeout(120)
class LibraryKernelTest {
    private static final String PROGRAM = "a_program_of_a_long_name";
    private static final byte[] PACKET = new byte[64];

    private final Kernel kernel = OnThisKernel.require();
    private final List<String> openBefore = Fd.open();

    @AfterEach
    void leavesNothingOpen() {
        assertEquals(openBefore, Fd.open());
    }

    @Test
    void variablesAreTheProgramsOwnMemory() {
        try (BpfObject object = OnThisKernel.open("values")) {
            object.variable("text").set("A");
            object.load(kernel);
            // counter + (initial.a + text[0] + numbers[1] + flags.a) + hidden
            assertEquals(7 + (1 + 'A' + 2) + 3, object.program(PROGRAM).run(PACKET, new byte[0]).result());
            object.variable("counter").set(1000);
            object.variable("initial.a").set(100);
            object.variable("numbers[1]").set(10);
            assertEquals(1000 + (100 + 'A' + 10) + 3, object.program(PROGRAM).run(PACKET, new byte[0]).result());
            assertEquals("A", object.variable("text").getText());
            assertEquals(1000, object.variable("counter").get());
            IllegalStateException constant = assertThrows(IllegalStateException.class, () -> object.variable("text").set("B"));
            assertTrue(constant.getMessage().contains("set it before load()"), constant.getMessage());
        }
    }

    @Test
    void whatIsSetBeforeTheLoadIsWhatIsLoaded() {
        List<VerifierLog> logs = new ArrayList<>();
        try (BpfObject object = OnThisKernel.open("values")) {
            object.map("samples").spec().type(BpfMapType.LRU_HASH.number()).maxEntries(77);
            object.map("untyped").spec().valueSize(24).flags(0);
            object.program(PROGRAM).spec().type(BpfProgType.SCHED_CLS.number()).logLevel(2);
            object.load(kernel, LoadOptions.DEFAULT.withVerifierLog(0, logs::add));
            assertEquals(BpfMapType.LRU_HASH.number(), object.map("samples").loaded().type());
            assertEquals(77, object.map("samples").loaded().maxEntries());
            assertEquals(24, object.map("untyped").loaded().valueBytes());
            assertTrue(object.program(PROGRAM).loaded().is(BpfProgType.SCHED_CLS));
            assertEquals(1, logs.size());
            assertTrue(logs.getFirst().text().contains("processed "), logs.getFirst().text());
        }
        try (BpfObject object = OnThisKernel.open("values")) {
            object.map("queue").spec().autocreate(false);
            object.program(PROGRAM).autoload(false);
            object.load(kernel);
            assertThrows(IllegalStateException.class, () -> object.map("queue").loaded());
            assertThrows(IllegalStateException.class, () -> object.program(PROGRAM).loaded());
        }
        try (BpfObject object = OnThisKernel.open("values")) {
            object.map("samples").spec().keySize(0);
            LoadException refused = assertThrows(LoadException.class, () -> object.load(kernel));
            assertTrue(refused.getMessage().startsWith("create map \"samples\": "), refused.getMessage());
        }
    }

    @Test
    void aMapOfAnotherObjectIsUsedAsItIs() {
        try (BpfObject first = OnThisKernel.open("values").load(kernel); BpfObject second = OnThisKernel.open("values")) {
            first.map("untyped").loaded().update(ints(1), new byte[20]);
            second.map("untyped").spec().maxEntries(9).reuseFd(first.map("untyped").fd());
            second.map("maps_of_arrays").spec().innerFd(first.map("untyped").fd());
            second.load(kernel);
            assertEquals(2, second.map("untyped").loaded().maxEntries(), "the map's own number counts");
            second.map("untyped").loaded().update(ints(0), "twenty bytes exactly".getBytes());
            assertArrayEquals("twenty bytes exactly".getBytes(), first.map("untyped").loaded().lookup(ints(0)));
            second.map("maps_of_arrays").loaded().update(ints(0), ints(first.map("untyped").fd()));
        }
        try (BpfObject object = OnThisKernel.open("values")) {
            object.map("untyped").spec().reuseFd(12345);
            LoadException refused = assertThrows(LoadException.class, () -> object.load(kernel));
            assertEquals(Errno.EBADF, refused.errno());
            assertTrue(refused.getMessage().contains("descriptor 12345 as \"untyped\""), refused.getMessage());
        }
    }

    @Test
    void pinsAreMadeFoundAgainAndTakenBack() throws Exception {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        Path dir = Path.of("/sys/fs/bpf/wasm-bpf-library-" + ProcessHandle.current().pid());
        try (BpfObject object = OnThisKernel.open("values").load(kernel)) {
            List<String> paths = object.pin(dir.toString());
            assertTrue(paths.contains(dir + "/samples") && paths.contains(dir + "/values_rodata")
                    && paths.contains(dir + "/" + PROGRAM), paths.toString());
            SysException twice = assertThrows(SysException.class, () -> object.pin(dir.toString()));
            assertEquals(Errno.EEXIST, twice.errno());
            assertTrue(Files.exists(dir.resolve("samples")), "what was there before stays");
            object.map("samples").loaded().update(ints(3), new byte[object.map("samples").loaded().valueBytes()]);
            try (BpfObject other = OnThisKernel.open("values")) {
                other.map("samples").spec().pinning(MapSpec.Pinning.BY_NAME);
                other.load(kernel, LoadOptions.DEFAULT.withPinDirectory(dir.toString()));
                assertTrue(other.map("samples").loaded().lookup(ints(3)) != null, "it is the same map");
            }
            try (BpfObject other = OnThisKernel.open("values")) {
                other.map("samples").spec().pinning(MapSpec.Pinning.BY_NAME).maxEntries(9);
                LoadException differs = assertThrows(LoadException.class,
                        () -> other.load(kernel, LoadOptions.DEFAULT.withPinDirectory(dir.toString())));
                assertTrue(differs.getMessage().contains("max_entries 8, this object 9"), differs.getMessage());
            }
            object.unpin(dir.toString());
            assertFalse(Files.exists(dir));
            String elsewhere = "/tmp/wasm-bpf-no-bpffs";
            SysException refused = assertThrows(SysException.class, () -> object.map("samples").pin(elsewhere));
            assertTrue(refused.getMessage().contains("/tmp is not in a BPF file system"), refused.getMessage());
            assertFalse(object.program(PROGRAM).unpin(dir + "/none"));
        } finally {
            if (Files.exists(dir)) {
                try (var files = Files.list(dir)) {
                    files.forEach(file -> file.toFile().delete());
                }
                Files.delete(dir);
            }
        }
    }

    @Test
    void batchesMoveManyElementsAtOnce() {
        try (BpfObject object = OnThisKernel.open("events")) {
            object.map("counts").spec().maxEntries(5000);
            object.load(kernel);
            LoadedMap map = object.map("counts").loaded();
            MapBatch batch = map.batch();
            assertEquals(List.of(), batch.lookupAll());
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                elements.add(new Element(ints(i), ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(i * 3L).array()));
            }
            batch.update(elements, 0);
            Set<Integer> seen = new HashSet<>();
            for (Element each : batch.lookupAll()) {
                int key = ByteBuffer.wrap(each.key()).order(ByteOrder.nativeOrder()).getInt();
                assertEquals(key * 3L, ByteBuffer.wrap(each.value()).order(ByteOrder.nativeOrder()).getLong());
                assertTrue(seen.add(key), "twice: " + key);
            }
            assertEquals(3000, seen.size());
            batch.delete(List.of(ints(0), ints(2999)));
            assertNull(map.lookup(ints(2999)));
            SysException gone = assertThrows(SysException.class, () -> batch.delete(List.of(ints(1), ints(0), ints(2))));
            assertTrue(gone.getMessage().contains("at element 1 of 3"), gone.getMessage());
            assertEquals(2997, batch.lookupAndDeleteAll().size());
            List<byte[]> keys = new ArrayList<>();
            map.forEachKey(keys::add);
            assertEquals(List.of(), keys);
            assertThrows(IllegalArgumentException.class, () -> batch.delete(List.of(new byte[3])));
            map.freeze();
            assertEquals(Errno.EPERM, assertThrows(SysException.class, () -> map.update(ints(1), new byte[8])).errno());
        }
        try (BpfObject object = OnThisKernel.open("values").load(kernel)) {
            List<Element> each = object.map("each_cpu").loaded().batch().lookupAll();
            assertEquals(2, each.size());
            assertEquals(object.map("each_cpu").loaded().valueBytes(), each.getFirst().value().length);
        }
    }

    @Test
    void queuesAndCpusAndTakingOut() {
        try (BpfObject object = OnThisKernel.open("values").load(kernel)) {
            LoadedMap queue = object.map("queue").loaded();
            queue.update(new byte[0], ints(1));
            queue.update(new byte[0], ints(2));
            assertArrayEquals(ints(1), queue.lookup(new byte[0]));
            assertArrayEquals(ints(1), queue.lookupAndDelete(new byte[0]));
            assertArrayEquals(ints(2), queue.lookupAndDelete(new byte[0]));
            assertNull(queue.lookupAndDelete(new byte[0]));
            LoadedMap each = object.map("each_cpu").loaded();
            byte[] values = new byte[each.valueBytes()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) i;
            }
            each.update(ints(1), values);
            assertArrayEquals(values, each.lookup(ints(1)));
        }
    }

    @Test
    void eachBufferOfAPollerHasItsHandlerAndItsShareOfWork() {
        try (BpfObject one = OnThisKernel.open("events").load(kernel); BpfObject two = OnThisKernel.open("events").load(kernel)) {
            int[] seen = new int[2];
            try (Poller poller = new Poller(kernel)) {
                poller.add(one.map("rb").ringBuffer(), (_, _) -> {
                    seen[0]++;
                    return 0;
                });
                poller.add(two.map("rb").ringBuffer(), (_, _) -> {
                    seen[1]++;
                    return 0;
                });
                OnThisKernel.run(kernel, one.program("emit").loaded(), ints(0, 5, 0));
                OnThisKernel.run(kernel, two.program("emit").loaded(), ints(0, 7, 0));
                assertEquals(12, poller.poll(1000));
                assertArrayEquals(new int[] {5, 7}, seen);
                OnThisKernel.run(kernel, one.program("emit").loaded(), ints(0, 5, 0));
                OnThisKernel.run(kernel, two.program("emit").loaded(), ints(0, 7, 0));
                assertEquals(6, poller.consume(6, null));
                assertArrayEquals(new int[] {10, 8}, seen);
                assertEquals(6, poller.consume(100, null));
                assertEquals(0, poller.poll(0));
            }
            try (Poller poller = new Poller(kernel)) {
                poller.add(one.map("rb").ringBuffer());
                assertThrows(IllegalArgumentException.class, () -> poller.poll(0));
            }
        }
    }
}
