package wasmbpf.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LinuxKernelTest {
    private final Kernel kernel = LinuxKernel.open();
    private List<String> openBefore;

    @BeforeEach
    void remember() {
        openBefore = Fd.open();
    }

    @AfterEach
    void leavesNoDescriptorOpen() {
        assertEquals(openBefore, Fd.open());
    }

    private Fd createHash(Kernel on) {
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, BpfMapType.HASH.number()).set(BpfAttrs.MapCreate.KEY_SIZE, 4)
                    .set(BpfAttrs.MapCreate.VALUE_SIZE, 8).set(BpfAttrs.MapCreate.MAX_ENTRIES, 3)
                    .set(BpfAttrs.MapCreate.MAP_NAME, "numbers");
            return Fd.of(on, SysException.check("create", on.bpf(BpfCommand.MAP_CREATE, attr)), "map numbers");
        }
    }

    @Test
    @Tag("kernel")
    void createsUpdatesLooksUpWalksAndDeletes() {
        Kernel bpf = TestKernel.open();
        try (Fd map = createHash(bpf); StructValue attr = BpfAttrs.MapElem.STRUCT.allocate();
                Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4, 4);
            MemorySegment value = arena.allocate(8, 8);
            for (int i = 1; i <= 3; i++) {
                key.set(ValueLayout.JAVA_INT, 0, i);
                value.set(ValueLayout.JAVA_LONG, 0, 100L * i);
                attr.clear().set(BpfAttrs.MapElem.MAP_FD, map.number()).point(BpfAttrs.MapElem.KEY, key)
                        .point(BpfAttrs.MapElem.VALUE, value).set(BpfAttrs.MapElem.FLAGS, BpfFlags.BPF_NOEXIST);
                assertEquals(0, bpf.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));
            }
            assertEquals(-Errno.EEXIST, bpf.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));
            key.set(ValueLayout.JAVA_INT, 0, 4);
            assertEquals(-Errno.E2BIG, bpf.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));

            key.set(ValueLayout.JAVA_INT, 0, 2);
            attr.clear().set(BpfAttrs.MapElem.MAP_FD, map.number()).point(BpfAttrs.MapElem.KEY, key)
                    .point(BpfAttrs.MapElem.VALUE_OUT, value);
            assertEquals(0, bpf.bpf(BpfCommand.MAP_LOOKUP_ELEM, attr));
            assertEquals(200, value.get(ValueLayout.JAVA_LONG, 0));

            int found = 0;
            MemorySegment next = arena.allocate(4, 4);
            attr.clear().set(BpfAttrs.MapElem.MAP_FD, map.number()).point(BpfAttrs.MapElem.NEXT_KEY, next);
            while (bpf.bpf(BpfCommand.MAP_GET_NEXT_KEY, attr) == 0) {
                found += next.get(ValueLayout.JAVA_INT, 0);
                MemorySegment.copy(next, 0, key, 0, 4);
                attr.point(BpfAttrs.MapElem.KEY, key);
            }
            assertEquals(1 + 2 + 3, found);

            key.set(ValueLayout.JAVA_INT, 0, 2);
            attr.clear().set(BpfAttrs.MapElem.MAP_FD, map.number()).point(BpfAttrs.MapElem.KEY, key);
            assertEquals(0, bpf.bpf(BpfCommand.MAP_DELETE_ELEM, attr));
            assertEquals(-Errno.ENOENT, bpf.bpf(BpfCommand.MAP_DELETE_ELEM, attr));
        }
    }

    @Test
    @Tag("kernel")
    void infoOfAMapIsWhatItWasMadeWith() {
        Kernel bpf = TestKernel.open();
        try (Fd map = createHash(bpf); StructValue attr = BpfAttrs.ObjInfo.STRUCT.allocate();
                StructValue info = InfoStructs.MapInfo.STRUCT.allocate()) {
            attr.set(BpfAttrs.ObjInfo.BPF_FD, map.number()).point(BpfAttrs.ObjInfo.INFO, info);
            assertEquals(0, bpf.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
            assertEquals(BpfMapType.HASH.number(), info.getInt(InfoStructs.MapInfo.TYPE));
            assertEquals(8, info.getInt(InfoStructs.MapInfo.VALUE_SIZE));
            assertEquals(3, info.getInt(InfoStructs.MapInfo.MAX_ENTRIES));
            assertEquals("numbers", info.getString(InfoStructs.MapInfo.NAME));
            assertTrue(info.getInt(InfoStructs.MapInfo.ID) > 0);
        }
    }

    @Test
    @Tag("kernel")
    void loadsBtfAndNamesIt() {
        Kernel bpf = TestKernel.open();
        // Header of 24 bytes, type 1 "int" of 16, strings "\0int\0".
        byte[] btf = new byte[24 + 16 + 5];
        java.nio.ByteBuffer.wrap(btf).order(java.nio.ByteOrder.nativeOrder())
                .putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24)
                .putInt(0).putInt(16).putInt(16).putInt(5)
                .putInt(1).putInt(1 << 24).putInt(4).putInt(1 << 24 | 32)
                .put((byte) 0).put((byte) 'i').put((byte) 'n').put((byte) 't').put((byte) 0);
        try (StructValue attr = BpfAttrs.BtfLoad.STRUCT.allocate();
                StructValue get = BpfAttrs.ObjInfo.STRUCT.allocate();
                StructValue info = InfoStructs.BtfInfo.STRUCT.allocate()) {
            attr.point(BpfAttrs.BtfLoad.BTF, btf);
            try (Fd fd = Fd.of(bpf, SysException.check("btf", bpf.bpf(BpfCommand.BTF_LOAD, attr)), "btf")) {
                get.set(BpfAttrs.ObjInfo.BPF_FD, fd.number()).point(BpfAttrs.ObjInfo.INFO, info);
                assertEquals(0, bpf.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, get));
                assertEquals(btf.length, info.getInt(InfoStructs.BtfInfo.BTF_SIZE));
                assertEquals(0, info.getInt(InfoStructs.BtfInfo.KERNEL_BTF));
            }
        }
    }

    @Test
    @Tag("kernel")
    void ringBufferIsMappedAndDrained() {
        drains(false);
    }

    @Test
    @Tag("kernel")
    void perfBufferIsMappedAndDrained() {
        drains(true);
    }

    private void drains(boolean perf) {
        try (RingProgram program = new RingProgram(TestKernel.open(), perf)) {
            assertEquals("ready 0:", program.drain(0));
            program.fire();
            assertTrue(program.drain(2000).startsWith("ready 1: 1234"), "no record");
            program.fire();
            program.fire();
            program.drain(2000);
            program.drain(0);
            assertEquals(3, program.records());
        }
    }

    @Test
    @Tag("kernel")
    void softwareClockCounts() {
        Kernel bpf = TestKernel.open();
        try (StructValue attr = PerfEventAttr.allocate(); Arena arena = Arena.ofConfined()) {
            attr.set(PerfEventAttr.TYPE, Linux.PERF_TYPE_SOFTWARE)
                    .set(PerfEventAttr.CONFIG, Linux.PERF_COUNT_SW_CPU_CLOCK);
            int result = bpf.perfEventOpen(attr, 0, -1, -1, Linux.PERF_FLAG_FD_CLOEXEC);
            try (Fd event = Fd.of(bpf, SysException.check("perf_event_open", result), "clock")) {
                MemorySegment count = arena.allocate(8, 8);
                assertEquals(8, bpf.read(event.number(), count));
                long first = count.get(ValueLayout.JAVA_LONG, 0);
                assertEquals(8, bpf.read(event.number(), count));
                assertTrue(count.get(ValueLayout.JAVA_LONG, 0) > first);
            }
        }
    }

    @Test
    void callsThatNeedNoPrivilegeAgreeWithTheJdk() {
        assertEquals(ProcessHandle.current().pid(), kernel.getpid());
        assertTrue(kernel.gettid() > 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(390, 8);
            assertEquals(0, kernel.uname(name));
            assertEquals("Linux", name.getString(0));
            assertEquals(System.getProperty("os.version"), name.getString(130));
        }
    }

    @Test
    void filesAreOpenedReadWrittenAndRemoved(@TempDir Path directory) throws IOException {
        String path = directory.resolve("säch").toString();
        try (Arena arena = Arena.ofConfined()) {
            int created = kernel.open(path, Linux.O_RDWR | Linux.O_CREAT | Linux.O_EXCL, 0600);
            try (Fd file = Fd.of(kernel, created, path)) {
                assertEquals(5, kernel.write(file.number(), arena.allocateFrom("four")));
                MemorySegment back = arena.allocate(16);
                assertEquals(4, kernel.pread(file.number(), back, 1));
                assertEquals("our", back.getString(0));
                assertEquals(0, kernel.ftruncate(file.number(), 2));
            }
            assertEquals("fo", Files.readString(Path.of(path)));
            assertEquals(-Errno.EEXIST, kernel.open(path, Linux.O_RDWR | Linux.O_CREAT | Linux.O_EXCL, 0600));
            assertEquals(0, kernel.access(path, 0));
            MemorySegment statx = arena.allocate(256, 8);
            assertEquals(0, kernel.statx(Linux.AT_FDCWD, path, 0, statx));
            assertEquals(2, statx.get(ValueLayout.JAVA_LONG, 40));
            assertEquals(0, kernel.unlink(path));
            assertEquals(-Errno.ENOENT, kernel.access(path, 0));
            String sub = directory.resolve("d").toString();
            assertEquals(0, kernel.mkdir(sub, 0700));
            assertEquals(-Errno.EEXIST, kernel.mkdir(sub, 0700));
            assertEquals(0, kernel.rmdir(sub));
        }
        assertEquals(0x9fa0, kernel.fileSystemType("/proc"));
        assertEquals(-Errno.ENOENT, kernel.fileSystemType("/no/such/path"));
    }

    @Test
    void socketsTalk() {
        try (Arena arena = Arena.ofConfined();
                Fd server = Fd.of(kernel, kernel.socket(Linux.AF_NETLINK, Linux.SOCK_RAW, Linux.NETLINK_ROUTE), "nl")) {
            MemorySegment address = arena.allocate(12, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Linux.AF_NETLINK);
            assertEquals(0, kernel.bind(server.number(), address));
            assertEquals(0, kernel.getsockname(server.number(), address));
            assertEquals(Linux.AF_NETLINK, address.get(ValueLayout.JAVA_SHORT, 0));
            assertEquals(0, kernel.setsockopt(server.number(), Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1));
            // RTM_GETLINK for interface 1, lo: nlmsghdr of 16 bytes, ifinfomsg of 16.
            MemorySegment request = arena.allocate(32, 4);
            request.set(ValueLayout.JAVA_INT, 0, 32);
            request.set(ValueLayout.JAVA_SHORT, 4, (short) 18);
            request.set(ValueLayout.JAVA_SHORT, 6, (short) 1);
            request.set(ValueLayout.JAVA_INT, 8, 7);
            request.set(ValueLayout.JAVA_INT, 20, 1);
            assertEquals(32, kernel.send(server.number(), request, 0));
            MemorySegment answer = arena.allocate(8192, 8);
            long length = kernel.recv(server.number(), answer, 0);
            assertTrue(length > 32, "answer of " + length);
            assertEquals(16, answer.get(ValueLayout.JAVA_SHORT, 4), "RTM_NEWLINK");
            assertEquals(7, answer.get(ValueLayout.JAVA_INT, 8), "sequence number");
        }
    }

    @Test
    void errorsAreNegativeErrnoAndResultsAreNot() {
        assertEquals(-Errno.EBADF, kernel.close(1_000_000));
        assertEquals(-Errno.ENOENT, kernel.open("/no/such/path", 0, 0));
        // A good call after a bad one: errno is stale then and must not be looked at.
        assertEquals(ProcessHandle.current().pid(), kernel.getpid());
        assertEquals(-Errno.EINVAL, kernel.mmap(0, 0, 0, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0));
        SysException refused = assertThrows(SysException.class, () -> MappedRegion.map(kernel, "nothing", 0, 0,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0));
        assertEquals("mmap nothing: EINVAL (invalid argument)", refused.getMessage());
    }

    @Test
    void callsGoPastTheLinkerWhereTheJdkLetsUs() {
        boolean exported = Object.class.getModule().isExported("jdk.internal.foreign.abi.x64", LinuxKernel.class.getModule());
        boolean known = Runtime.version().feature() == 25 && System.getProperty("os.arch").equals("amd64");
        assertEquals(exported && known, SyscallStub.isThere());
    }

    @Test
    void allSixArgumentsArrive() {
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS;
        // Refused for one argument each: length, descriptor of a mapping that needs one, offset.
        assertEquals(-Errno.ENOMEM, kernel.mmap(0, Long.MAX_VALUE & -4096, Linux.PROT_READ, flags, -1, 0));
        assertEquals(-Errno.EBADF, kernel.mmap(0, 4096, Linux.PROT_READ, Linux.MAP_PRIVATE, 1_000_000, 0));
        assertEquals(-Errno.EINVAL, kernel.mmap(0, 4096, Linux.PROT_READ, flags, -1, 1));
        // And one that is taken: address and flags are as asked for, and the result has all its bits.
        long free = kernel.mmap(0, 8192, 0, flags, -1, 0);
        assertTrue(free > 0xffff_ffffL, Long.toHexString(free));
        assertEquals(-Errno.EEXIST, kernel.mmap(free, 4096, 0, flags | Linux.MAP_FIXED_NOREPLACE, -1, 0));
        assertEquals(0, kernel.munmap(free, 8192));
        assertEquals(free, kernel.mmap(free, 4096, Linux.PROT_READ, flags | Linux.MAP_FIXED_NOREPLACE, -1, 0));
        assertEquals(0, kernel.munmap(free, 4096));
    }

    @Test
    void eachThreadHasItsOwnErrno() throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            boolean closes = t % 2 == 0;
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 30_000; i++) {
                    int result = closes ? kernel.close(-1) : (int) kernel.mmap(0, 0, 0, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
                    if (result != (closes ? -Errno.EBADF : -Errno.EINVAL)) {
                        wrong.set(result);
                    }
                    calls.incrementAndGet();
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
        assertEquals(4 * 30_000, calls.get());
    }

    @Test
    void theCapturedStateIsErrnoAlone() {
        StructLayout state = Linker.Option.captureStateLayout();
        assertEquals(4, state.byteSize());
        assertEquals(0, state.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
    }

    @Test
    void mappedRegionIsReadAndWrittenUntilClosed() {
        MappedRegion region = MappedRegion.map(kernel, "scratch", 8192, Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
        region.setLongRelease(8184, 0x1122334455667788L);
        assertEquals(0x1122334455667788L, region.getLongAcquire(8184));
        assertEquals(0x55667788, region.getIntAcquire(8184));
        assertEquals(0x55667788, region.getAndSetInt(8184, 1));
        assertEquals(1, region.getInt(8184));
        assertThrows(IndexOutOfBoundsException.class, () -> region.getLongAcquire(8185));
        assertThrows(IndexOutOfBoundsException.class, () -> region.getLongAcquire(-8));
        assertThrows(IndexOutOfBoundsException.class, () -> region.setIntRelease(8192, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> region.getLong(Long.MAX_VALUE - 7));
        assertThrows(IllegalArgumentException.class, () -> region.getLongAcquire(4));
        assertThrows(IllegalArgumentException.class, () -> region.setIntRelease(8186, 1));
        region.close();
        assertThrows(IllegalStateException.class, () -> region.getInt(0));
        assertThrows(IllegalStateException.class, region::close);
    }

    /** sun.misc.Signal by reflection, as the module of these classes does not read jdk.unsupported. */
    private static void onWindowChange(Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object running = action == null ? handler.getField("SIG_DFL").get(null)
                : Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                    action.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("WINCH"), running);
    }

    @Test
    void signalsDoNotEndAWaitNorShortenIt() throws Exception {
        int sigwinch = 28;
        AtomicInteger caught = new AtomicInteger();
        onWindowChange(caught::incrementAndGet);
        try (Fd epoll = Fd.of(kernel, kernel.epollCreate(), "epoll"); EpollEvents events = new EpollEvents(1)) {
            AtomicInteger thread = new AtomicInteger();
            AtomicInteger result = new AtomicInteger(-1);
            AtomicLong nanos = new AtomicLong();
            Thread waiter = new Thread(() -> {
                thread.set(kernel.gettid());
                long start = System.nanoTime();
                result.set(kernel.epollWait(epoll.number(), events, 400));
                nanos.set(System.nanoTime() - start);
            });
            waiter.start();
            while (thread.get() == 0) {
                Thread.sleep(1);
            }
            for (int i = 0; i < 5; i++) {
                Thread.sleep(40);
                assertEquals(0, kernel.tgkill(kernel.getpid(), thread.get(), sigwinch));
            }
            waiter.join();
            assertEquals(0, result.get());
            assertTrue(nanos.get() >= 400_000_000L, "woke after " + nanos.get() / 1_000_000 + " ms");
            assertTrue(nanos.get() < 10_000_000_000L, "woke after " + nanos.get() / 1_000_000 + " ms");
            assertTrue(caught.get() > 0, "no signal arrived");
        } finally {
            onWindowChange(null);
        }
    }

    @Test
    void wakeupEndsAWait() throws InterruptedException {
        try (Fd epoll = Fd.of(kernel, kernel.epollCreate(), "epoll"); EpollEvents events = new EpollEvents(4);
                Wakeup wakeup = new Wakeup(kernel)) {
            assertEquals(0, kernel.epollCtl(epoll.number(), Linux.EPOLL_CTL_ADD, wakeup.fd(), Linux.EPOLLIN, -7));
            assertEquals(0, kernel.epollWait(epoll.number(), events, 0));
            Thread waker = new Thread(wakeup::wake);
            waker.start();
            assertEquals(1, kernel.epollWait(epoll.number(), events, -1));
            assertEquals(-7, events.data(0));
            assertEquals(Linux.EPOLLIN, events.events(0));
            waker.join();
            assertTrue(wakeup.clear());
            assertEquals(false, wakeup.clear());
            assertEquals(0, kernel.epollWait(epoll.number(), events, 0));
        }
    }

    @Test
    void pollSeesWhatIsReady() {
        try (Arena arena = Arena.ofConfined(); Wakeup wakeup = new Wakeup(kernel)) {
            MemorySegment poll = arena.allocate(8, 8);
            poll.set(ValueLayout.JAVA_INT, 0, wakeup.fd());
            poll.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
            assertEquals(0, kernel.ppoll(poll, 20));
            wakeup.wake();
            assertEquals(1, kernel.ppoll(poll, -1));
            assertEquals(1, poll.get(ValueLayout.JAVA_SHORT, 6));
        }
    }

    @Test
    void capabilitiesAreThoseOfProcSelfStatus() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(l -> l.startsWith("CapEff:")).findFirst().orElseThrow();
        assertEquals(Long.parseUnsignedLong(line.substring(7).trim(), 16), kernel.effectiveCapabilities());
    }

    @Test
    void aDescriptorIsClosedOnce() {
        Fd fd = Fd.of(kernel, kernel.eventfd(0), "event");
        assertTrue(Fd.open().contains("fd " + fd.number() + " (event)"));
        fd.close();
        assertThrows(IllegalStateException.class, fd::close);
        assertThrows(IllegalStateException.class, fd::number);
        Fd given = Fd.of(kernel, kernel.eventfd(0), "event");
        int number = given.release();
        assertEquals(0, kernel.close(number));
        assertThrows(IllegalArgumentException.class, () -> Fd.of(kernel, -9, "nothing"));
    }
}
