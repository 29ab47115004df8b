package wasmbpf.sys.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.RingProgram;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;
import wasmbpf.sys.TestKernel;
import wasmbpf.sys.Wakeup;

@Timeout(60)
class ReplayTest {
    private static final String HEAD = "wasm-bpf syscall trace 1\nkernel: Linux\n\n";

    private List<String> openBefore;

    @BeforeEach
    void remember() {
        openBefore = Fd.open();
    }

    @AfterEach
    void leavesNoDescriptorOpen() {
        assertEquals(openBefore, Fd.open());
    }

    private static ReplayKernel replay(String calls) {
        return new ReplayKernel(SyscallTrace.parse(HEAD + calls));
    }

    private static int createRing(Kernel kernel) {
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, BpfMapType.RINGBUF.number())
                    .set(BpfAttrs.MapCreate.MAX_ENTRIES, 4096).set(BpfAttrs.MapCreate.MAP_NAME, "rb");
            return kernel.bpf(BpfCommand.MAP_CREATE, attr);
        }
    }

    private static final String CREATE_RB =
            "1 bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name=\"rb\") = fd#3\n";

    // ---- on hand-written traces, without a kernel ----

    @Test
    void answersWithDescriptorsNumbersAndErrors() {
        ReplayKernel kernel = replay(CREATE_RB + "\n2 close(fd#3) = 0\n\n3 close(99) = -EBADF\n\n4 getpid() = 4711\n");
        int fd = createRing(kernel);
        assertEquals(3, fd);
        assertEquals(0, kernel.close(fd));
        assertEquals(-Errno.EBADF, kernel.close(99));
        assertEquals(1, kernel.remaining());
        ReplayMismatch early = assertThrows(ReplayMismatch.class, kernel::assertFinished);
        assertEquals("call 4: trace has getpid(), loader made no further call (1 calls remain)", early.getMessage());
        assertEquals(4711, kernel.getpid());
        kernel.assertFinished();
        ReplayMismatch late = assertThrows(ReplayMismatch.class, kernel::getpid);
        assertEquals("call 5: trace ends after 4 calls, loader made getpid()", late.getMessage());
    }

    @Test
    void anotherCallThanTheTraceHasIsTheDiagnosis() {
        ReplayKernel kernel = replay(CREATE_RB);
        try (StructValue attr = BpfAttrs.ProgLoad.STRUCT.allocate()) {
            attr.set(BpfAttrs.ProgLoad.PROG_TYPE, BpfProgType.TRACEPOINT.number())
                    .set(BpfAttrs.ProgLoad.PROG_NAME, "handle_exec");
            ReplayMismatch wrong = assertThrows(ReplayMismatch.class, () -> kernel.bpf(BpfCommand.PROG_LOAD, attr));
            assertEquals("call 1: trace has bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name=\"rb\"), "
                    + "loader made bpf(PROG_LOAD, prog_type=TRACEPOINT, prog_name=\"handle_exec\")",
                    wrong.getMessage());
        }
    }

    @Test
    void writesWhatTheKernelWrote() {
        ReplayKernel kernel = replay(CREATE_RB + """

                2 bpf(OBJ_GET_INFO_BY_FD, bpf_fd=fd#3, info_len=104, info={}) = 0
                  info_len = 80
                  info.type = 27
                  info.name = "rb"

                3 openat(AT_FDCWD, "/sys/x\\x01\\"", RDONLY|CLOEXEC, 0) = fd#4

                4 read(fd#4, out(8), 8) = 5
                  buf = 31 +2
                    ff0a
                """);
        int fd = createRing(kernel);
        try (StructValue attr = BpfAttrs.ObjInfo.STRUCT.allocate();
                StructValue info = InfoStructs.MapInfo.STRUCT.allocate(); Arena arena = Arena.ofConfined()) {
            attr.set(BpfAttrs.ObjInfo.BPF_FD, fd).point(BpfAttrs.ObjInfo.INFO, info);
            assertEquals(0, kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
            assertEquals(80, attr.getInt(BpfAttrs.ObjInfo.INFO_LEN));
            assertEquals(27, info.getInt(InfoStructs.MapInfo.TYPE));
            assertEquals("rb", info.getString(InfoStructs.MapInfo.NAME));
            assertEquals(4, kernel.open("/sys/x\u0001\"", Linux.O_RDONLY, 0));
            MemorySegment buffer = arena.allocate(8);
            assertEquals(5, kernel.read(4, buffer));
            assertArrayEquals(new byte[] {0x31, 0, 0, (byte) 0xff, 10, 0, 0, 0},
                    buffer.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
        kernel.assertFinished();
    }

    @Test
    void verifierLogComesBackWithAnError() {
        ReplayKernel kernel = replay("""
                1 bpf(PROG_LOAD, prog_type=KPROBE, log_level=1, log_size=64, log_buf=out(64)) = -EACCES
                  log_buf = "R1 invalid\\n"
                    "processed 2 insns\\n"
                  log_true_size = 29
                """);
        try (StructValue attr = BpfAttrs.ProgLoad.STRUCT.allocate(); Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(64);
            log.fill((byte) 'x');
            attr.set(BpfAttrs.ProgLoad.PROG_TYPE, BpfProgType.KPROBE.number()).set(BpfAttrs.ProgLoad.LOG_LEVEL, 1)
                    .point(BpfAttrs.ProgLoad.LOG_BUF, log);
            assertEquals(-Errno.EACCES, kernel.bpf(BpfCommand.PROG_LOAD, attr));
            assertEquals("R1 invalid\nprocessed 2 insns\n", log.getString(0));
            assertEquals(29, attr.getInt(BpfAttrs.ProgLoad.LOG_TRUE_SIZE));
        }
    }

    @Test
    void mappingsChangeWhenTheTraceSaysSo() {
        try (ReplayKernel kernel = replay(CREATE_RB + """

                2 mmap(0, 12288, READ, SHARED, fd#3, 4096) = mem#1
                  mem#1+4096 = 08 +7 aa

                3 epoll_create1(0x80000) = fd#4

                4 epoll_ctl(fd#4, ADD, fd#3, IN) = 0

                5 epoll_pwait(fd#4, out, 2, some) = 1
                  events = fd#3:IN
                  mem#1+0 = 10

                6 munmap(mem#1, 12288) = 0
                """)) {
            int fd = createRing(kernel);
            MappedRegion region = MappedRegion.map(kernel, "ring", 12288, Linux.PROT_READ, Linux.MAP_SHARED, fd, 4096);
            assertEquals(0, region.getLongAcquire(0));
            assertEquals(8, region.getIntAcquire(4096));
            assertEquals(0xaa, region.getInt(4104));
            assertEquals(0xaa, region.getInt(8200), "the data lies there twice");
            int epoll = kernel.epollCreate();
            assertEquals(0, kernel.epollCtl(epoll, Linux.EPOLL_CTL_ADD, fd, Linux.EPOLLIN, -77));
            try (EpollEvents events = new EpollEvents(2)) {
                assertEquals(1, kernel.epollWait(epoll, events, 100));
                assertEquals(-77, events.data(0), "data is what was registered this time");
                assertEquals(Linux.EPOLLIN, events.events(0));
            }
            assertEquals(16, region.getLongAcquire(0));
            region.close();
            kernel.assertFinished();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1 getpid() = fd#3",
        "1 getpid() = mem#1",
        "1 getpid() = 5\n  pid = 7",
        "1 getpid() = 5\n  mem#1+0 = 00",
        "1 getpid() = 5\n  mem#x+0 = 00",
        "1 getpid() = 5\n  mem#1 = 00",
    })
    void anAnswerTheCallCannotHaveIsAnErrorOfTheTrace(String calls) {
        TraceException damaged = assertThrows(TraceException.class, () -> replay(calls).getpid());
        assertFalse(damaged instanceof ReplayMismatch);
        assertTrue(damaged.getMessage().startsWith("line 4: "), damaged.getMessage());
    }

    @Test
    void mappingsChangeAtTheLookTheTraceNames() {
        try (ReplayKernel kernel = replay(CREATE_RB + """

                2 mmap(0, 12288, READ, SHARED, fd#3, 4096) = mem#1

                3 refresh() = 2
                  mem#1+0 = 18

                4 munmap(mem#1, 12288) = 0
                """)) {
            int fd = createRing(kernel);
            MappedRegion region = MappedRegion.map(kernel, "ring", 12288, Linux.PROT_READ, Linux.MAP_SHARED, fd, 4096);
            kernel.refreshMapped();
            assertEquals(0, region.getLongAcquire(0));
            kernel.refreshMapped();
            assertEquals(24, region.getLongAcquire(0));
            kernel.refreshMapped();
            region.close();
            kernel.assertFinished();
        }
    }

    @Test
    void descriptorsInsideBytesAreSymbols() {
        Handles handles = new Handles(Handles.Naming.SYMBOL);
        handles.note(SystemCall.EVENTFD2, null, 0, 0, 0, 0, 77, 5);
        // LD_IMM64 r1 = map 77; LD_IMM64 r2 = 77 the number; call with 77; LD_IMM64 r1 = BTF id 9 of object 77.
        byte[] code = HexFormat.of().parseHex("18110000" + "4d000000" + "0000000000000000"
                + "18020000" + "4d000000" + "0000000000000000" + "85000000" + "4d000000"
                + "18310000" + "09000000" + "00000000" + "4d000000");
        assertEquals("18110000" + "05000000" + "0000000000000000"
                + "18020000" + "4d000000" + "0000000000000000" + "85000000" + "4d000000"
                + "18310000" + "09000000" + "00000000" + "05000000",
                HexFormat.of().formatHex(Descriptors.inInstructions(handles, code)));
        // RTM_SETLINK, ifinfomsg, IFLA_XDP { IFLA_XDP_FD = 77, IFLA_XDP_FLAGS = 77 }
        String head = "34000000" + "1300" + "0500" + "01000000" + "00000000" + "00".repeat(16);
        assertEquals(head + "14002b80" + "08000100" + "05000000" + "08000300" + "4d000000",
                HexFormat.of().formatHex(Descriptors.inNetlink(handles, HexFormat.of().parseHex(
                        head + "14002b80" + "08000100" + "4d000000" + "08000300" + "4d000000"))));
        // RTM_NEWTFILTER, tcmsg, TCA_KIND "bpf", TCA_OPTIONS { TCA_BPF_FD = 77 }
        String filter = "34000000" + "2c00" + "0500" + "01000000" + "00000000" + "00".repeat(20) + "08000100"
                + "62706600";
        assertEquals(filter + "0c000280" + "08000600" + "05000000",
                HexFormat.of().formatHex(Descriptors.inNetlink(handles, HexFormat.of().parseHex(
                        filter + "0c000280" + "08000600" + "4d000000"))));
        for (int cut = 0; cut < 60; cut++) {
            Descriptors.inNetlink(handles, java.util.Arrays.copyOf(HexFormat.of().parseHex(
                    filter + "0c000280" + "08000600" + "4d000000"), cut));
        }
    }

    /** What a call looks like in a trace: on a kernel that answers 9 to everything. */
    private static String textOf(java.util.function.Consumer<Kernel> calls) {
        StringWriter out = new StringWriter();
        try (Kernel kernel = RecordingKernel.to(out,
                (call, attr, a, b, c, d, e, f) -> call == SystemCall.UNAME ? -1 : 9, "test")) {
            calls.accept(kernel);
        }
        SyscallTrace trace = SyscallTrace.parse(out.toString());
        return trace.calls().get(trace.calls().size() - 1).request();
    }

    @Test
    void printsUnionsArraysAndNestedStructs() {
        assertEquals("bpf(LINK_CREATE, prog_fd=7, attach_type=TRACE_KPROBE_MULTI, kprobe_multi.flags=RETURN, "
                + "kprobe_multi.cnt=2, kprobe_multi.syms=[\"vfs_read\",\"vfs_write\"])", textOf(kernel -> {
                    try (StructValue attr = BpfAttrs.LinkCreate.STRUCT.allocate()) {
                        attr.set(BpfAttrs.LinkCreate.PROG_FD, 7)
                                .set(BpfAttrs.LinkCreate.ATTACH_TYPE, BpfAttachType.TRACE_KPROBE_MULTI.number())
                                .set(BpfAttrs.LinkCreate.KPROBE_MULTI_FLAGS, 1)
                                .point(BpfAttrs.LinkCreate.KPROBE_MULTI_SYMS, new String[] {"vfs_read", "vfs_write"});
                        kernel.bpf(BpfCommand.LINK_CREATE, attr);
                    }
                }));
        assertEquals("bpf(LINK_CREATE, prog_fd=7, attach_type=TRACE_ITER, iter_info_len=16, "
                + "iter_info={map.map_fd=fd#3})", textOf(kernel -> {
                    int map = createRing(kernel);
                    try (StructValue attr = BpfAttrs.LinkCreate.STRUCT.allocate();
                            StructValue info = BpfAttrs.IterLinkInfo.STRUCT.allocate()) {
                        info.set(BpfAttrs.IterLinkInfo.MAP_MAP_FD, map);
                        attr.set(BpfAttrs.LinkCreate.PROG_FD, 7)
                                .set(BpfAttrs.LinkCreate.ATTACH_TYPE, BpfAttachType.TRACE_ITER.number())
                                .point(BpfAttrs.LinkCreate.ITER_INFO, info);
                        kernel.bpf(BpfCommand.LINK_CREATE, attr);
                    }
                }));
        assertEquals("perf_event_open({type=8, size=128, config=0x1, uprobe_path=\"/bin/sh\", probe_offset=0x40}, "
                + "-1, 0, -1, 0x8)", textOf(kernel -> {
                    try (StructValue attr = PerfEventAttr.allocate()) {
                        attr.set(PerfEventAttr.TYPE, 8).set(PerfEventAttr.CONFIG, 1)
                                .point(PerfEventAttr.UPROBE_PATH, "/bin/sh").set(PerfEventAttr.PROBE_OFFSET, 0x40);
                        kernel.perfEventOpen(attr, -1, 0, -1, Linux.PERF_FLAG_FD_CLOEXEC);
                    }
                }));
        assertEquals("ioctl(5, PERF_EVENT_SET_BPF, fd#3)", textOf(kernel ->
                kernel.ioctl(5, Linux.PERF_EVENT_IOC_SET_BPF, createRing(kernel))));
        assertEquals("setsockopt(5, 1, ATTACH_BPF, fd#3, 4)", textOf(kernel ->
                kernel.setsockopt(5, Linux.SOL_SOCKET, Linux.SO_ATTACH_BPF, createRing(kernel))));
        assertEquals("mkdirat(AT_FDCWD, \"/sys/fs/bpf/x\", 0700)",
                textOf(kernel -> kernel.mkdir("/sys/fs/bpf/x", 0700)));
    }

    @Test
    void aDescriptorInAMapOfDescriptorsIsASymbol() {
        assertEquals("bpf(MAP_UPDATE_ELEM, map_fd=fd#3, key=01 +3, value=fd#3)",
                textOf(kernel -> {
                    int map;
                    try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
                        attr.set(BpfAttrs.MapCreate.MAP_TYPE, BpfMapType.PROG_ARRAY.number());
                        map = kernel.bpf(BpfCommand.MAP_CREATE, attr);
                    }
                    try (StructValue attr = BpfAttrs.MapElem.STRUCT.allocate()) {
                        attr.set(BpfAttrs.MapElem.MAP_FD, map).point(BpfAttrs.MapElem.KEY, new int[] {1})
                                .point(BpfAttrs.MapElem.VALUE, new int[] {map});
                        kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr);
                    }
                }));
    }

    @Test
    void wakeUpsAreNoCallsOfTheTrace() {
        ReplayKernel kernel = replay("1 eventfd2(0, 0x80800) = fd#3\n\n2 close(fd#3) = 0\n");
        Wakeup wakeup = new Wakeup(kernel);
        wakeup.wake();
        wakeup.close();
        kernel.assertFinished();
    }

    // ---- recorded here and now ----

    private static String fireAndDrain(Kernel kernel, boolean perf) {
        StringBuilder seen = new StringBuilder();
        try (RingProgram program = new RingProgram(kernel, perf)) {
            seen.append(program.drain(0)).append('\n');
            for (int round = 0; round < 400; round++) {
                program.fire();
                if (round % 7 == 0) {
                    program.fire();
                }
                seen.append(program.drain(1000)).append('\n');
            }
            seen.append(program.records());
        }
        return seen.toString();
    }

    /** 458 records of 16 (perf: 24) bytes: the buffer of 4096 wraps. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("kernel")
    void drainsTheSameRecordsInAReplay(boolean perf) {
        StringWriter out = new StringWriter();
        String recorded;
        try (Kernel kernel = RecordingKernel.to(out, TestKernel.open(), "test")) {
            recorded = fireAndDrain(kernel, perf);
        }
        assertTrue(recorded.endsWith("\n458"), recorded.substring(recorded.length() - 10));
        SyscallTrace trace = SyscallTrace.parse(out.toString());
        try (ReplayKernel kernel = new ReplayKernel(trace)) {
            assertEquals(recorded, fireAndDrain(kernel, perf));
            kernel.assertFinished();
        }
        assertEquals(trace.calls().size(), SyscallTrace.parse(trace.text()).calls().size());
        assertFalse(out.toString().matches("(?s).*0x7[0-9a-f]{11}.*"), "an address in the trace");
    }

    @Test
    @Tag("kernel")
    void drainsTheSameRecordsWhenItNeverWaits() {
        StringWriter out = new StringWriter();
        String recorded;
        try (Kernel kernel = RecordingKernel.to(out, TestKernel.open(), "test")) {
            recorded = fireAndLook(kernel);
        }
        assertTrue(recorded.startsWith("0 1 1 3"), recorded);
        try (ReplayKernel kernel = new ReplayKernel(SyscallTrace.parse(out.toString()))) {
            assertEquals(recorded, fireAndLook(kernel));
            kernel.assertFinished();
        }
    }

    private static String fireAndLook(Kernel kernel) {
        StringBuilder seen = new StringBuilder();
        try (RingProgram program = new RingProgram(kernel, false)) {
            seen.append(program.look());
            program.fire();
            seen.append(' ').append(program.look()).append(' ').append(program.look());
            program.fire();
            program.fire();
            seen.append(' ').append(program.look());
        }
        return seen.toString();
    }

    @Test
    @Tag("kernel")
    void recordingTwiceGivesTheSameTrace() {
        List<String> traces = new ArrayList<>();
        Fd blocker = null;
        for (int i = 0; i < 2; i++) {
            StringWriter out = new StringWriter();
            try (Kernel kernel = RecordingKernel.to(out, TestKernel.open(), "test");
                    RingProgram program = new RingProgram(kernel, false)) {
                program.fire();
                program.drain(1000);
            }
            traces.add(out.toString().replaceAll("duration = \\d+", "duration = D"));
            // So that the second run's descriptors have other numbers.
            if (blocker == null) {
                blocker = Fd.of(LinuxKernel.open(), LinuxKernel.open().eventfd(0), "blocker");
            }
        }
        blocker.close();
        assertEquals(traces.get(0), traces.get(1));
    }

    @Test
    @Tag("kernel")
    void keepsLargeInputsBesideTheTrace(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("x.trace");
        try (Kernel kernel = RecordingKernel.to(file, LinuxKernel.open(), "test\nsch\u00f6n"); Arena arena =
                Arena.ofConfined()) {
            int fd = kernel.memfdCreate("big");
            MemorySegment big = arena.allocate(1000);
            big.fill((byte) 7);
            assertEquals(1000, kernel.write(fd, big));
            kernel.close(fd);
        }
        SyscallTrace trace = SyscallTrace.read(file);
        assertEquals("test?sch?n", trace.header().get("command"));
        String request = trace.calls().get(1).request();
        assertTrue(request.matches("write\\(fd#3, sha256:[0-9a-f]{64}/1000, 1000\\)"), request);
        byte[] kept = Files.readAllBytes(directory.resolve("x.trace.data").resolve(request.substring(19, 83)));
        assertEquals(1000, kept.length);
        assertEquals(7, kept[999]);
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        UncheckedIOException trace = assertThrows(UncheckedIOException.class,
                () -> RecordingKernel.to(Path.of("/dev/full"), (_, _, _, _, _, _, _, _) -> -1, "test"));
        assertEquals("/dev/full: No space left on device", trace.getCause().getMessage());
        UncheckedIOException input = RecordingKernel.unwritten("x.trace.data/1", new IOException("No space left on device"));
        assertEquals("x.trace.data/1: No space left on device", input.getCause().getMessage());
    }

    @Test
    void aDifferenceInALargeInputIsFoundInItsBytes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("x.trace");
        byte[] code = new byte[800];
        try (Kernel kernel = RecordingKernel.to(file,
                (call, attr, a, b, c, d, e, f) -> call == SystemCall.UNAME ? -1 : 9, "test")) {
            load(kernel, code);
        }
        ReplayKernel same = ReplayKernel.of(file);
        load(same, code);
        same.assertFinished();
        code[321] = 7;
        String message = assertThrows(ReplayMismatch.class, () -> load(ReplayKernel.of(file), code)).getMessage();
        assertTrue(message.startsWith("call 1: trace has bpf(PROG_LOAD, prog_type=KPROBE, insn_cnt=100, insns=sha256:"),
                message);
        assertTrue(message.endsWith(": bytes differ from 321 on: trace has " + "00".repeat(16) + ", loader 07"
                + "00".repeat(15) + ")"), message);
    }

    private static void load(Kernel kernel, byte[] code) {
        try (StructValue attr = BpfAttrs.ProgLoad.STRUCT.allocate()) {
            attr.set(BpfAttrs.ProgLoad.PROG_TYPE, BpfProgType.KPROBE.number()).point(BpfAttrs.ProgLoad.INSNS, code);
            kernel.bpf(BpfCommand.PROG_LOAD, attr);
        }
    }

    @Test
    @Tag("kernel")
    void straceShowsNamesNotNumbers() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Kernel kernel = new StraceKernel(TestKernel.open(), new PrintStream(bytes, true,
                StandardCharsets.UTF_8))) {
            int fd = createRing(kernel);
            kernel.bpf(BpfCommand.MAP_CREATE, BpfAttrs.MapCreate.STRUCT.allocate());
            kernel.close(fd);
            kernel.close(1_000_000);
        }
        String text = bytes.toString(StandardCharsets.UTF_8).replaceAll("\\d+<", "N<");
        assertEquals("""
                bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name="rb") = N<map "rb">
                bpf(MAP_CREATE) = -EINVAL (invalid argument)
                close(N<map "rb">) = 0
                close(1000000) = -EBADF (bad file descriptor)
                """, text);
    }

    @Test
    @Tag("kernel")
    void aFaultAnywhereIsSeenByTheCaller() {
        Kernel kernel = TestKernel.open();
        FaultKernel counting = FaultKernel.atCall(kernel, Integer.MAX_VALUE, Errno.ENOMEM);
        new RingProgram(counting, false).close();
        int calls = counting.calls();
        assertTrue(calls > 8, "only " + calls);

        FaultKernel third = FaultKernel.atCommand(kernel, BpfCommand.MAP_CREATE, 1, Errno.ENOSPC);
        SysException refused = assertThrows(SysException.class, () -> {
            try (Fd epoll = Fd.of(third, third.epollCreate(), "epoll")) {
                SysException.check("create", createRing(third));
            }
        });
        assertEquals(Errno.ENOSPC, refused.errno());

        FaultKernel closing = FaultKernel.atCall(kernel, 2, Errno.EIO);
        int fd = closing.eventfd(0);
        assertEquals(-Errno.EIO, closing.close(fd));
        assertEquals(-Errno.EBADF, kernel.close(fd), "was closed all the same");
    }
}
