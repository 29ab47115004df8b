package wasmbpf.sys.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.InfoStructs;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;

class SyscallTraceTest {
    private static final String TRACE = """
            wasm-bpf syscall trace 1
            kernel: Linux 6.18.44 x86_64
            command: run bootstrap.wasm

            1 bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name="rb") = fd#3

            2 bpf(OBJ_GET_INFO_BY_FD, bpf_fd=fd#3, info_len=104, info={}) = 0
              info.type = 27
              info.name = "r = b"

            3 mmap(0, 12288, READ, SHARED, fd#3, 4096) = mem#1
              mem#1+0 = 1000 +4094 08000000 +4
                1122334455667788

            4 epoll_create1(0x80000) = fd#4

            5 epoll_ctl(fd#4, ADD, fd#3, IN) = 0

            6 epoll_pwait(fd#4, out, 2, some) = 1
              events = fd#3:IN
              mem#1+0 = 20

            7 close(99) = -EBADF
            """;

    @Test
    void readsHeaderCallsAndOutputs() {
        SyscallTrace trace = SyscallTrace.parse(TRACE);
        assertEquals(Map.of("kernel", "Linux 6.18.44 x86_64", "command", "run bootstrap.wasm"), trace.header());
        assertEquals(7, trace.calls().size());
        SyscallTrace.Call second = trace.calls().get(1);
        assertEquals("bpf(OBJ_GET_INFO_BY_FD, bpf_fd=fd#3, info_len=104, info={})", second.request());
        assertEquals("0", second.result());
        assertEquals(List.of(new SyscallTrace.Output("info.type", "27"),
                new SyscallTrace.Output("info.name", "\"r = b\"")), second.outputs());
        assertEquals(7, second.line());
        assertEquals("1000 +4094 08000000 +4\n1122334455667788", trace.calls().get(2).outputs().get(0).value());
        assertEquals("-EBADF", trace.calls().get(6).result());
        assertEquals(TRACE, trace.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "wasm-bpf syscall trace 2\\n; line 1: expected \"wasm-bpf syscall trace 1\"",
        "wasm-bpf syscall trace 1\\nno header\\n; line 2: header wants \"key: value\": no header",
        "wasm-bpf syscall trace 1\\n\\n2 close(3) = 0; line 3: expected \"1 call(…) = result\": 2 close(3) = 0",
        "wasm-bpf syscall trace 1\\n\\n1 close(3); line 3: expected \"1 call(…) = result\": 1 close(3)",
        "wasm-bpf syscall trace 1\\n\\n1 close(3) = -EGAL; line 3: no result: -EGAL",
        "wasm-bpf syscall trace 1\\n\\n1 close(3) = fd#; line 3: no result: fd#",
        "wasm-bpf syscall trace 1\\n\\n1 close(3) = 0\\n  x; line 4: expected \"  name = value\":   x",
        "wasm-bpf syscall trace 1\\n\\n1 close(3) = 0\\n      y = 1; line 4: expected \"  name = value\":       y = 1",
    })
    void saysWhichLineIsWrongAndWhatItWants(String text, String message) {
        TraceException wrong = assertThrows(TraceException.class,
                () -> SyscallTrace.parse(text.replace("\\n", "\n")));
        assertEquals(message, wrong.getMessage().stripTrailing());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "0; x: neither hexadecimal bytes nor +zeros: 0",
        "zz; x: neither hexadecimal bytes nor +zeros: zz",
        "+-1; x: +-1 zeros, but room for 16",
        "+99999999999999; x: +99999999999999 zeros, but room for 16",
        "+999999999999999999999; x: neither hexadecimal bytes nor +zeros: +999999999999999999999",
        "00000000000000000000000000000000 00; x: more than the 16 bytes there is room for",
        "\"abc; x: text without closing quote",
        "\"\\q\"; x: unknown escape \\q",
        "\"\\x4\"; x: \\x wants two hexadecimal digits",
    })
    void refusesDataThatIsNone(String text, String message) {
        assertEquals(message, assertThrows(TraceException.class, () -> DataText.parse(text, 16, "x")).getMessage());
    }

    @Property(tries = 300)
    void bytesComeBackFromBothNotations(@ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(max = 40) int zeros) {
        byte[] sparse = java.util.Arrays.copyOf(bytes, bytes.length + zeros);
        for (int i = 10; i + 20 < sparse.length; i += 60) {
            java.util.Arrays.fill(sparse, i, i + 20, (byte) 0);
        }
        assertArrayEquals(sparse, DataText.parse(DataText.hex(sparse), sparse.length, "hex"));
        assertArrayEquals(sparse, DataText.parse(DataText.quote(sparse), sparse.length, "text"));
        assertArrayEquals(sparse, DataText.parse(DataText.quoteLines(sparse), sparse.length, "lines"));
    }

    /** The calls that {@link #TRACE} has. */
    private static void loader(Kernel kernel) {
        int map;
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, 27).set(BpfAttrs.MapCreate.MAX_ENTRIES, 4096)
                    .set(BpfAttrs.MapCreate.MAP_NAME, "rb");
            map = kernel.bpf(BpfCommand.MAP_CREATE, attr);
        }
        try (StructValue attr = BpfAttrs.ObjInfo.STRUCT.allocate();
                StructValue info = InfoStructs.MapInfo.STRUCT.allocate()) {
            attr.set(BpfAttrs.ObjInfo.BPF_FD, map).point(BpfAttrs.ObjInfo.INFO, info);
            kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr);
        }
        kernel.mmap(0, 12288, Linux.PROT_READ, Linux.MAP_SHARED, map, 4096);
        int epoll = kernel.epollCreate();
        kernel.epollCtl(epoll, Linux.EPOLL_CTL_ADD, map, Linux.EPOLLIN, 1);
        try (EpollEvents events = new EpollEvents(2)) {
            kernel.epollWait(epoll, events, 100);
        }
        kernel.close(99);
    }

    @Test
    void theUndamagedTraceIsReplayedToItsEnd() {
        try (ReplayKernel kernel = new ReplayKernel(SyscallTrace.parse(TRACE))) {
            loader(kernel);
            kernel.assertFinished();
        }
    }

    private static final String ODD_CHARACTERS = "0123456789abcdef#+-= \n\"\\,()mexf~\u0000\u00e9";

    /** Any damage ends well, in a mismatch, or in a TraceException: nothing else, and at once. */
    @Property(tries = 3000)
    void damageEndsInATraceException(@ForAll @Size(min = 1, max = 4) List<@IntRange(max = 100_000) Integer> places,
                                     @ForAll @IntRange(max = 2) int way, @ForAll @IntRange(max = 32) int pick) {
        StringBuilder text = new StringBuilder(TRACE);
        for (int place : places) {
            int at = place % text.length();
            char c = ODD_CHARACTERS.charAt((pick + place) % ODD_CHARACTERS.length());
            switch (way) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, c);
            }
        }
        long start = System.nanoTime();
        try (ReplayKernel kernel = new ReplayKernel(SyscallTrace.parse(text.toString()))) {
            loader(kernel);
            kernel.assertFinished();
        } catch (TraceException expected) {
            assertTrue(expected.getMessage().length() < 2000, "a long message");
        }
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "slow");
    }

    @Property(tries = 300)
    void anyTextIsATraceOrNone(@ForAll String text, @ForAll boolean head) {
        try {
            SyscallTrace.parse(head ? SyscallTrace.FIRST_LINE + "\n\n" + text : text);
        } catch (TraceException expected) {
            assertTrue(expected.getMessage().startsWith("line "));
        }
    }

    @Test
    void quotesEverythingThatIsNotPlain() {
        byte[] odd = "a\"\\\n\t\u0001\u00e9z".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("\"a\\\"\\\\\\n\\t\\x01\\xe9z\"", DataText.quote(odd));
        assertEquals("+8 01 +9", DataText.hex(java.util.Arrays.copyOf(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1}, 18)));
        assertEquals("+0", DataText.hex(new byte[0]));
        assertEquals("\"\"", DataText.quoteLines(new byte[0]));
    }
}
