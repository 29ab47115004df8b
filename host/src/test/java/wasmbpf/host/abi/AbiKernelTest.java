package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wasmbpf.host.wasi.Preopen;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;
import wasmbpf.wasm.ProcExit;
import wasmbpf.wasm.Trap;

/** The host functions on the running kernel, from inside a guest. Events come from this process's own getppid calls. */
@Tag("kernel")
@Timeout(60)
class AbiKernelTest {
    private static final int EPERM = -1;
    private static final int ENOENT = -2;
    private static final int EBADF = -9;
    private static final int EFAULT = -14;
    private static final int EEXIST = -17;
    private static final int EINVAL = -22;
    private static final int EOPNOTSUPP = -95;
    private static final int LOOKUP = 1;
    private static final int UPDATE = 2;
    private static final int DELETE = 3;
    private static final int NEXT = 4;
    private static final int POP = 21;
    private static final int KEY = 0x14000;
    private static final int VALUE = 0x14100;
    private static final int NEXT_KEY = 0x14800;
    private static final int DATA = AbiFixture.DATA;

    private final Kernel kernel = LinuxKernel.open();
    private AbiFixture f;
    private long object;

    @BeforeEach
    void load() {
        long capabilities = kernel.effectiveCapabilities();
        Assumptions.assumeTrue((capabilities >> Linux.CAP_SYS_ADMIN & 1) != 0 || (capabilities >> Linux.CAP_BPF & 1) != 0,
                "needs CAP_BPF to load programs");
        Path dir = Path.of("/sys/fs/bpf");
        f = new AbiFixture(kernel, new Preopen(cgroup(), "/cgroup", false),
                new Preopen(Files.isDirectory(dir) ? dir.toString() : "/tmp", "/other", false));
        object = f.load();
        assertTrue(object > 0, f.said());
    }

    @AfterEach
    void close() {
        if (f != null) {
            f.close();
        }
    }

    /** Where cgroup2 is mounted. */
    private static String cgroup() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                if (line.contains(" - cgroup2 ")) {
                    return line.split(" ")[4];
                }
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return "/tmp";
    }

    private int map(String name) {
        return f.i32("map_fd", object, f.text(name));
    }

    private int operate(String map, int command, int key, int value) {
        return f.i32("operate", map(map), command, key, value, NEXT_KEY, 0);
    }

    private int callback(int which) {
        return f.i32("callback", which, object, map("rb"));
    }

    /** Has the next events come from this process and be of that size: both stand in .data. */
    private void events(int size) {
        f.put(KEY, 0);
        f.put(VALUE, kernel.getpid());
        f.put(VALUE + 4, size);
        assertEquals(0, operate(".data", UPDATE, KEY, VALUE));
    }

    private void fire(int times) {
        for (int i = 0; i < times; i++) {
            kernel.call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
        }
    }

    private void attach() {
        assertEquals(0, f.i32("attach", object, f.text("on_getppid"), 0), f.said());
    }

    private int poll(String map, int callback, int context, int maxSize, int timeout) {
        return f.i32("poll", object, map(map), callback, context, DATA, maxSize, timeout);
    }

    // ---- maps ----

    @ParameterizedTest
    @CsvSource({"hash", "rb", ".rodata", ".bss", ".data", "guest.rodata", "abi_bpf.bss", "whatever.data"})
    void aMapIsFoundByNameSectionOrTheOnlyOneOfItsKind(String name) {
        int fd = map(name);
        assertTrue(fd > 2, name + " gave " + fd);
        assertEquals(fd, map(name), "the same number each time");
    }

    @ParameterizedTest
    @CsvSource({"nothing", "''", ".kconfig", "has", "hashh"})
    void anUnknownMapIsEnoent(String name) {
        assertEquals(ENOENT, map(name));
    }

    @Test
    void oneMapOperationIsOneSystemCallOnTheGuestsOwnMemory() {
        int[] calls = new int[1];
        long[] attr = new long[4];
        Kernel counting = new Kernel() {
            @Override
            public long call(SystemCall call, StructValue value, long a, long b, long c, long d, long e, long g) {
                calls[0]++;
                if (call == SystemCall.BPF && a == LOOKUP) {
                    for (int i = 0; i < 4; i++) {
                        attr[i] = value.segment().get(java.lang.foreign.ValueLayout.JAVA_LONG, 8L * i);
                    }
                }
                return kernel.call(call, value, a, b, c, d, e, g);
            }
        };
        try (AbiFixture g = new AbiFixture(counting)) {
            long handle = g.load();
            int fd = g.i32("map_fd", handle, g.text("hash"));
            g.put(KEY, 7);
            calls[0] = 0;
            assertEquals(0, g.i32("operate", fd, UPDATE, KEY, VALUE, 0, 0));
            assertEquals(0, g.i32("operate", fd, LOOKUP, KEY, VALUE, 0, 0));
            assertEquals(2, calls[0]);
            assertEquals(g.guest.memory(0).address() + KEY, attr[1]);
            assertEquals(g.guest.memory(0).address() + VALUE, attr[2]);
        }
    }

    @Test
    void aHashIsWrittenReadWalkedAndEmptied() {
        for (int key = 0; key < 5; key++) {
            f.put(KEY, key);
            f.putLong(VALUE, 100L + key);
            assertEquals(0, operate("hash", UPDATE, KEY, VALUE));
        }
        f.put(KEY, 3);
        assertEquals(0, operate("hash", LOOKUP, KEY, VALUE));
        assertEquals(103, f.longAt(VALUE));
        int sum = 0;
        int steps = 0;
        int result = operate("hash", NEXT, 0, 0);
        while (result == 0) {
            sum += 1 << f.at(NEXT_KEY);
            steps++;
            f.put(KEY, f.at(NEXT_KEY));
            result = operate("hash", NEXT, KEY, 0);
        }
        assertEquals(ENOENT, result);
        assertEquals(31, sum, "every key once, 0 included: NULL begins");
        assertEquals(5, steps);
        f.put(KEY, 3);
        assertEquals(0, operate("hash", DELETE, KEY, 0));
        assertEquals(ENOENT, operate("hash", DELETE, KEY, 0));
        assertEquals(ENOENT, operate("hash", LOOKUP, KEY, VALUE));
    }

    @Test
    void flagsAndErrorsAreTheKernels() {
        int fd = map("hash");
        f.put(KEY, 1);
        assertEquals(ENOENT, f.i32("operate", fd, UPDATE, KEY, VALUE, 0, 2), "BPF_EXIST");
        assertEquals(0, f.i32("operate", fd, UPDATE, KEY, VALUE, 0, 1), "BPF_NOEXIST");
        assertEquals(EEXIST, f.i32("operate", fd, UPDATE, KEY, VALUE, 0, 1));
        assertEquals(EINVAL, f.i32("operate", fd, UPDATE, KEY, VALUE, 0, 99));
        f.put(KEY, 0);
        assertEquals(EPERM, operate(".rodata", UPDATE, KEY, VALUE), "frozen");
        for (int command : new int[] {0, 5, 9, 22, -1, 1000}) {
            assertEquals(EINVAL, operate("hash", command, KEY, VALUE));
        }
    }

    @Test
    void pointersOf64BitsAreTheSamePointers() {
        int fd = map("hash");
        f.put(KEY, 9);
        f.putLong(VALUE, 42);
        assertEquals(0, f.i32("operate64", fd, UPDATE, KEY, VALUE, 0, 0));
        f.putLong(VALUE, 0);
        assertEquals(0, f.i32("operate64", fd, LOOKUP, KEY, VALUE, 0, 0));
        assertEquals(42, f.longAt(VALUE));
    }

    @Test
    void badPointersAreEfaultAndNothingHappens() {
        int end = AbiFixture.MEMORY_SIZE;
        f.put(KEY, 4);
        assertEquals(EFAULT, operate("hash", UPDATE, end - 3, VALUE));
        assertEquals(EFAULT, operate("hash", UPDATE, KEY, end - 7));
        assertEquals(EFAULT, operate("hash", UPDATE, KEY, -1));
        assertEquals(ENOENT, operate("hash", LOOKUP, KEY, VALUE), "nothing was stored");
        assertEquals(EFAULT, f.i32("operate", map("hash"), NEXT, KEY, 0, end - 1, 0));
        assertEquals(0, operate("hash", UPDATE, KEY, VALUE));
        assertEquals(EFAULT, operate("hash", LOOKUP, KEY, 0), "NULL where a value is wanted");
    }

    @Test
    void aPerCpuValueHasOnePartForEachPossibleCpuAndIsCheckedWhole() throws Exception {
        int cpus = possibleCpus();
        int size = 8 * cpus;
        f.put(KEY, 1);
        f.guest.memory(0).fill(VALUE, size + 8, (byte) 0x55);
        for (int cpu = 0; cpu < cpus; cpu++) {
            f.putLong(VALUE + 8 * cpu, 1000 + cpu);
        }
        assertEquals(0, operate("percpu", UPDATE, KEY, VALUE));
        f.guest.memory(0).fill(VALUE, size, (byte) 0);
        assertEquals(0, operate("percpu", LOOKUP, KEY, VALUE));
        for (int cpu = 0; cpu < cpus; cpu++) {
            assertEquals(1000 + cpu, f.longAt(VALUE + 8 * cpu));
        }
        assertEquals(0x5555555555555555L, f.longAt(VALUE + size), "not a byte further");
        assertEquals(EFAULT, operate("percpu", LOOKUP, KEY, AbiFixture.MEMORY_SIZE - size + 1));
        assertEquals(0, operate("percpu", LOOKUP, KEY, AbiFixture.MEMORY_SIZE - size));
    }

    private static int possibleCpus() throws Exception {
        String possible = Files.readString(Path.of("/sys/devices/system/cpu/possible")).trim();
        return Integer.parseInt(possible.substring(possible.lastIndexOf('-') + 1)) + 1;
    }

    @Test
    void aQueueHasNoKey() {
        for (int i = 1; i <= 2; i++) {
            f.put(VALUE, i);
            assertEquals(0, operate("queue", UPDATE, 0, VALUE));
        }
        assertEquals(0, operate("queue", LOOKUP, KEY, VALUE), "peek; a key is not looked at");
        assertEquals(1, f.at(VALUE));
        assertEquals(0, operate("queue", POP, 0, VALUE));
        assertEquals(0, operate("queue", POP, 0, VALUE));
        assertEquals(2, f.at(VALUE));
        assertEquals(ENOENT, operate("queue", POP, 0, VALUE));
    }

    @Test
    void descriptorsInValuesAreTheGuestsNumbers() {
        f.put(KEY, 0);
        f.put(VALUE, map("hash"));
        assertEquals(0, operate("maps", UPDATE, KEY, VALUE));
        f.put(VALUE, 0);
        assertEquals(0, operate("maps", LOOKUP, KEY, VALUE));
        assertEquals(map("hash"), f.at(VALUE), "the kernel's id comes back as the guest's number");
        f.put(VALUE, 77);
        assertEquals(EBADF, operate("maps", UPDATE, KEY, VALUE));
        assertTrue(f.said().contains("descriptor 77"));
        Assumptions.assumeTrue(!cgroup().equals("/tmp"), "no cgroup2 here");
        f.put(VALUE, 3);
        assertEquals(0, operate("cgroups", UPDATE, KEY, VALUE), "a preopened directory");
    }

    // ---- attaching ----

    @Test
    void attachAnswersByNameAndTarget() {
        attach();
        assertEquals(0, f.i32("attach", object, f.text("on_getppid"), f.text("")), "empty is NULL; twice is two links");
        assertEquals(ENOENT, f.i32("attach", object, f.text("no_such_program"), 0));
        assertTrue(f.said().contains("no_such_program") );
        assertEquals(EOPNOTSUPP, f.i32("attach", object, f.text("xdp_pass"), 0));
        assertTrue(f.said().contains("interface"), "says what it wants");
        assertEquals(ENOENT, f.i32("attach", object, f.text("on_getppid"), f.text("no_such_tracepoint")));
        assertEquals(-19, f.i32("attach", object, f.text("xdp_pass"), f.text("nosuchif0")), "ENODEV");
        assertTrue(f.said().contains("nosuchif0"));
    }

    @Test
    void attachingByDescriptorTakesPreopensOnly() {
        int xdp = f.text("xdp_pass");
        assertEquals(EINVAL, f.i32("attach_fd", object, xdp, 3));
        assertEquals(EINVAL, f.i32("attach_fd", object, xdp, -1));
        int egress = f.text("egress");
        for (int fd : new int[] {0, 1, 2, 99, map("hash")}) {
            assertEquals(EBADF, f.i32("attach_fd", object, egress, fd), "descriptor " + fd);
        }
        assertEquals(EOPNOTSUPP, f.i32("attach_fd", object, egress, -1), "negative: by itself, which a cgroup program cannot");
        assertNotEquals(0, f.i32("attach_fd", object, egress, 4), "a preopen that is no cgroup");
        assertEquals(0, f.i32("attach_fd", object, f.text("on_getppid"), 1), "not a cgroup's: the descriptor is not looked at");
        Assumptions.assumeTrue(!cgroup().equals("/tmp"), "no cgroup2 here");
        assertEquals(0, f.i32("attach_fd", object, egress, 3), f.said());
    }

    // ---- polling ----

    @Test
    void everyEventIsDeliveredOnceInOrder() {
        attach();
        events(16);
        fire(300);
        assertEquals(300, poll("rb", callback(0), 0x77, 4096, 1000));
        List<Integer> seen = f.seen();
        assertEquals(List.of(300, 0x77, DATA, 16), seen.subList(0, 4));
        int sum = 0;
        for (int i = 1; i <= 300; i++) {
            sum += i & 255;
        }
        assertEquals(sum, seen.get(4), "first bytes 1, 2, 3 ...");
        assertEquals(0, poll("rb", callback(0), 0, 4096, 0), "nothing left");
    }

    @Test
    void eachMapHasABufferOfItsOwn() {
        attach();
        events(16);
        fire(3);
        assertEquals(3, poll("rb2", callback(0), 0, 4096, 1000));
        assertEquals(4, f.seen().get(3), "rb2's events have 4 bytes");
        assertEquals(3, poll("rb", callback(0), 0, 4096, 1000));
        assertEquals(16, f.seen().get(3));
    }

    @Test
    void perfEventsComeInTheKernelsPaddedSize() {
        attach();
        events(13);
        assertEquals(0, poll("events", callback(0), 0, 4096, 0), "opens the buffer");
        fire(5);
        assertEquals(5, poll("events", callback(0), 0, 4096, 1000));
        assertEquals(5, f.seen().get(0));
        assertEquals(20, f.seen().get(3), "round_up(13 + 4, 8) - 4");
    }

    @Test
    void anEventTooLongIsCutAndReportedOnce() {
        attach();
        events(500);
        fire(2);
        f.put(DATA + 64, 0x12345678);
        assertEquals(2, poll("rb", callback(0), 0, 64, 1000));
        assertEquals(64, f.seen().get(3));
        assertEquals(0x12345678, f.at(DATA + 64), "not a byte further");
        String said = f.said();
        assertEquals(1, said.lines().filter(l -> l.contains("500") && l.contains("64") && l.contains("rb")).count(), said);
    }

    @Test
    void aNegativeCallbackStopsAndIsReturned() {
        attach();
        events(8);
        fire(3);
        assertEquals(-77, poll("rb", callback(1), 0, 4096, 1000));
        assertEquals(1, f.seen().get(0));
        assertEquals(2, poll("rb", callback(7), 0, 4096, 1000), "the first counts as consumed; a positive result is none");
    }

    @Test
    void exitAndTrapUnwindAtOnceAndTheEventIsConsumed() {
        attach();
        events(8);
        fire(4);
        assertEquals(5, assertThrows(ProcExit.class, () -> poll("rb", callback(3), 0, 4096, 1000)).status());
        assertEquals(1, f.seen().get(0), "called once, not for each event");
        Trap trap = assertThrows(Trap.class, () -> poll("rb", callback(2), 0, 4096, 1000));
        assertEquals(Trap.Kind.UNREACHABLE, trap.kind());
        assertEquals(2, f.seen().get(0));
        assertEquals(2, poll("rb", callback(0), 0, 4096, 1000));
    }

    @Test
    void theGuestMayCloseTheObjectInItsCallback() {
        attach();
        events(8);
        fire(4);
        assertEquals(1, poll("rb", callback(4), 0, 4096, 1000));
        assertEquals(1, f.seen().get(0));
        assertEquals(EINVAL, f.i32("close", object), "it is closed");
        fire(1);
    }

    @Test
    void memoryMayGrowAndPollsMayNestInACallback() {
        attach();
        events(8);
        fire(2);
        assertEquals(2, poll("rb", callback(5), 0, 4096, 1000));
        assertEquals(AbiFixture.MEMORY_SIZE + 2 * 16 * 65536, f.guest.memory(0).sizeBytes());
        fire(2);
        int nested = f.i32("callback", 6, object, map("rb2"));
        assertEquals(2, poll("rb", nested, 0, 1024, 1000));
        assertEquals(2 + 2 + 4, f.seen().get(0), "two grown, two outer, four of the other ring inside");
    }

    @Test
    void theExportedCallbackServesGuestsWithoutTableIndex() {
        attach();
        events(8);
        fire(3);
        assertEquals(3, f.i32("poll_export", object, map("rb"), 9, DATA, 4096, 1000));
        assertEquals(List.of(3, 9, DATA, 8), f.seen().subList(0, 4));
    }

    @Test
    void badArgumentsOfAPollAreNumbers() {
        int good = callback(0);
        assertEquals(EINVAL, poll("rb", callback(99), 0, 4096, 0), "another type");
        assertEquals(EINVAL, poll("rb", 0, 0, 4096, 0), "null element");
        assertEquals(EINVAL, poll("rb", -1, 0, 4096, 0), "no such element");
        assertEquals(EINVAL, poll("hash", good, 0, 4096, 0), "no buffer");
        assertEquals(EBADF, f.i32("poll", object, 99, good, 0, DATA, 4096, 0));
        assertEquals(EFAULT, f.i32("poll", object, map("rb"), good, 0, AbiFixture.MEMORY_SIZE - 10, 11, 0));
        assertEquals(EFAULT, f.i32("poll", object, map("rb"), good, 0, DATA, -1, 0));
        long other = f.load();
        int foreign = f.i32("map_fd", other, f.text("rb"));
        assertEquals(EINVAL, f.i32("poll", object, foreign, good, 0, DATA, 4096, 0), "another object's");
        assertEquals(0, f.i32("poll", other, foreign, good, 0, DATA, 4096, 0));
    }

    @Test
    void aTimeoutTakesItsTime() {
        long start = System.nanoTime();
        assertEquals(0, poll("rb", callback(0), 0, 4096, 50));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 50, "waited " + millis + " ms");
        assertEquals(0, poll("rb", callback(0), 0, 4096, 0));
    }

    @Test
    void aRequestToFinishEndsThePollUnderWayAndAllThatFollow() throws Exception {
        int fd = map("rb");
        int callback = callback(0);
        Thread later = new Thread(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
            f.bpf.interrupt();
        });
        later.start();
        // 27 is EINTR in the guest's own errno.h (wasi-libc).
        assertEquals(-27, f.i32("poll", object, fd, callback, 0, DATA, 4096, -1));
        later.join();
        assertEquals(-27, f.i32("poll", object, fd, callback, 0, DATA, 4096, -1));
        assertEquals(-27, f.i32("poll", object, map("rb2"), callback, 0, DATA, 4096, -1), "a buffer opened later, too");
    }

    // ---- closing ----

    @Test
    void closingDetachesAndInvalidatesHandleAndDescriptors() throws Exception {
        int hash = map("hash");
        attach();
        events(8);
        fire(1);
        assertEquals(1, poll("rb", callback(0), 0, 4096, 1000));
        int before = openDescriptors();
        assertEquals(0, f.i32("close", object));
        assertTrue(before - openDescriptors() >= 15, "maps, programs, link and buffers are closed: "
                + before + " then " + openDescriptors());
        assertEquals(EINVAL, f.i32("close", object));
        assertEquals(EINVAL, f.i32("map_fd", object, f.text("hash")));
        assertEquals(EBADF, f.i32("operate", hash, LOOKUP, KEY, VALUE, 0, 0));
        assertTrue(f.said().contains("map \"rb\": 1 events delivered, 0 lost"), "statistics");
        long next = f.load();
        assertNotEquals(object, next, "a handle is never given again");
    }

    private static int openDescriptors() throws Exception {
        try (var fds = Files.list(Path.of("/proc/self/fd"))) {
            return (int) fds.count();
        }
    }

    @Test
    void anObjectsImageMayBeChangedRightAfterTheLoad() {
        f.guest.memory(0).fill(0x20000, 0x8000, (byte) 0);
        attach();
        assertTrue(map("hash") > 0);
    }

    @Test
    void patchedRodataIsWhatIsLoaded() {
        byte[] elf = AbiFixture.resource("abi.bpf.o");
        f.put(KEY, 0);
        assertEquals(0, operate(".rodata", LOOKUP, KEY, VALUE));
        assertEquals(1, f.at(VALUE));
        int offset = rodataOffset(elf);
        elf[offset] = 0x2a;
        long patched = f.load(elf);
        int fd = f.i32("map_fd", patched, f.text(".rodata"));
        assertEquals(0, f.i32("operate", fd, LOOKUP, KEY, VALUE, 0, 0));
        assertEquals(0x2a, f.at(VALUE));
    }

    /** Where section .rodata lies in the file, as a skeleton would know. */
    private static int rodataOffset(byte[] elf) {
        var file = wasmbpf.elf.ElfReader.read("abi.bpf.o", elf);
        return (int) file.section(".rodata").orElseThrow().offset();
    }
}
