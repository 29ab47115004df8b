package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.host.object.OracleJson;
import wasmbpf.wasm.WasmModule;

class InspectCommandTest {
    private static byte[] resource(String name) {
        try {
            return Files.readAllBytes(Path.of(Runner.guest(name)));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long v = value;
        while (v >= 0x80) {
            out.write((int) (v & 0x7f | 0x80));
            v >>>= 7;
        }
        out.write((int) v);
    }

    /** {@code i32.const value}, end: a signed number of as many bytes as an address takes. */
    private static void constant(ByteArrayOutputStream out, int value) {
        out.write(0x41);
        for (int i = 0; i < 4; i++) {
            out.write(value >> 7 * i & 0x7f | 0x80);
        }
        out.write(value >> 28 & 0x0f);
        out.write(0x0b);
    }

    /** A module with four pages of memory and those bytes at those addresses. */
    private static byte[] module(int[] addresses, byte[][] contents) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        number(data, addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            data.write(0);
            constant(data, addresses[i]);
            number(data, contents[i].length);
            data.writeBytes(contents[i]);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 4, 11});
        number(out, data.size());
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    @Test
    void anObjectIsFoundWhereverItLiesAndHoweverItIsSplit() {
        byte[] elf = resource("abi/abi.bpf.o");
        int cut = 5000;
        byte[] first = Arrays.copyOf(elf, cut);
        byte[] rest = Arrays.copyOfRange(elf, cut, elf.length);
        byte[] text = "before \177ELF after".getBytes();
        byte[] module = module(new int[] {0x400, 0x7f5, 0x7f5 + cut, 0x20001}, new byte[][] {text, first, rest, elf});
        List<EmbeddedObjects.Embedded> found = EmbeddedObjects.of(WasmModule.decode("m", module));
        assertEquals(2, found.size());
        assertEquals(0x7f5, found.get(0).address());
        assertArrayEquals(elf, found.get(0).elf());
        assertEquals(0x20001, found.get(1).address());
        assertArrayEquals(elf, found.get(1).elf());
    }

    private static Path file(byte[] bytes, Path dir) throws java.io.IOException {
        return Files.write(dir.resolve("m.wasm"), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "inspect -d", "inspect -j", "doctor", "run"})
    void namesGiveNoOrdersToATerminal(String command, @TempDir Path dir) throws Exception {
        // (module (import "\1b[2J" "\0dx" (func)) (func (export "_start")) (export "\9b\0a" (func 1))), where 9b is U+009B
        byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 11, 1, 4, 0x1b, '[', '2', 'J', 2, 13, 'x', 0, 0,
            3, 2, 1, 0, 7, 16, 2, 6, '_', 's', 't', 'a', 'r', 't', 0, 1, 3, (byte) 0xc2, (byte) 0x9b, 10, 0, 1, 10, 4, 1, 2, 0, 11};
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(file(module, dir).toString());
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        String all = run.out() + run.err();
        assertTrue(all.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0), all);
        assertTrue(all.contains("1b") && all.contains("[2J"), all);
    }

    @Test
    void aModuleIsShownWithWhatIsMissing(@TempDir Path dir) throws Exception {
        String text = CommandRun.of("inspect", Runner.guest("guests/tool.wasm")).out();
        assertTrue(text.startsWith("module tool.wasm, "), text);
        assertTrue(text.contains("\n  wasm_bpf.wasm_bpf_map_operate (i32, i32, i32, i32, i32, i64) -> (i32)\n"), text);
        assertTrue(text.contains("\n  wasi_snapshot_preview1.fd_write (i32, i32, i32, i32) -> (i32)\n"), text);
        assertTrue(text.contains("\n  function _start\n") || text.contains("\n  func _start\n"), text);
        assertTrue(text.endsWith("no BPF object lies ready in its memory\n"), text);
        // (module (import "other" "thing" (func (param i64))))
        byte[] other = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7e, 0, 2, 15, 1, 5, 'o', 't', 'h', 'e', 'r', 5, 't',
            'h', 'i', 'n', 'g', 0, 0};
        assertTrue(CommandRun.of("inspect", file(other, dir).toString()).out()
                .contains("\n  other.thing (i64) -> ()   not provided here\n"));
    }

    @Test
    void anObjectIsShownWithAllItHoldsAndNeeds() {
        String text = CommandRun.of("inspect", Runner.guest("abi/abi.bpf.o")).out();
        assertTrue(text.startsWith("object abi.bpf.o, license GPL\n  programs\n    on_getppid  raw_tp/sys_enter  "), text);
        assertTrue(text.contains("\n    rb  BPF_MAP_TYPE_RINGBUF  key 0, value 0, entries 65536\n"), text);
        assertTrue(text.contains("\n  needs Linux 5.8\n"), text);
        assertTrue(text.contains("\n    BPF_MAP_TYPE_RINGBUF (5.8)\n"), text);
        assertTrue(text.endsWith("  needs CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN (or root)\n"), text);
        String externs = CommandRun.of("inspect", Runner.guest("oracle/externs_table.bpf.o")).out();
        assertTrue(externs.contains("\n    CONFIG_HZ  kconfig, 8 bytes, weak\n"), externs);
        assertTrue(externs.contains("\n    bpf_rcu_read_lock  kernel function, weak\n"), externs);
        String core = CommandRun.of("inspect", Runner.guest("oracle/subprogs_table.bpf.o")).out();
        assertTrue(core.contains("  globals\n"), core);
    }

    @Test
    void jsonIsOneDocumentOrOneLineAFile() {
        String abi = Runner.guest("abi/abi.bpf.o");
        Map<String, Object> one = OracleJson.object(OracleJson.parse(CommandRun.of("inspect", "-j", abi).out()));
        assertEquals("GPL", one.get("license"));
        assertEquals("bpf_ringbuf_output", ((List<?>) OracleJson.object(one.get("needs")).get("helpers")).stream()
                .filter("bpf_ringbuf_output"::equals).findFirst().orElseThrow());
        assertEquals(2, ((List<?>) OracleJson.parse(CommandRun.of("inspect", "-o", "json", abi, abi).out())).size());
        assertEquals(2, CommandRun.of("inspect", "-o", "jsonl", abi, abi).out().lines().count());
        Map<String, Object> tool = OracleJson.object(OracleJson.parse(
                CommandRun.of("inspect", "-p", Runner.guest("guests/tool.wasm")).out()));
        assertEquals(true, OracleJson.objects(tool, "imports").getFirst().get("provided"));
    }

    @Test
    void whatWouldBeSubmittedIsShownForAnyKernelWithoutOne() {
        String btf = Path.of("..", "relo-core", "src", "test", "resources", "oracle", "vmlinux-6.18.44.btf.gz").toString();
        CommandRun run = CommandRun.of("inspect", "--relocate", "--btf", btf, "--kernel", "6.18.44", "--cpus", "2", "-o", "json",
                "--kconfig", Runner.guest("oracle/config-6.18.44.gz"), "--libbpf", Runner.guest("oracle/attach_table.bpf.o"));
        assertEquals(0, run.status(), run.err());
        Map<String, Object> theirs = OracleJson.relocated("attach_table");
        Map<String, Object> ours = OracleJson.object(OracleJson.parse(run.out()));
        assertEquals(theirs.get("maps"), ours.get("maps"));
        assertEquals(theirs.get("trace").toString(), ours.get("trace").toString());
        assertEquals(theirs.get("kern_version"), ours.get("kern_version"));
    }

    @Test
    void aBadFileIsSaidAndDoesNotHideTheOthers(@TempDir Path dir) throws Exception {
        String abi = Runner.guest("abi/abi.bpf.o");
        String bad = Files.write(dir.resolve("bad.o"), Arrays.copyOf(resource("abi/abi.bpf.o"), 700)).toString();
        Path list = Files.writeString(dir.resolve("list"), bad + "\n" + abi + "\n");
        CommandRun run = CommandRun.of("inspect", "-r", "-o", "jsonl", "--files-from", list.toString());
        assertEquals(ExitStatus.NOT_RUNNABLE, run.status());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("wasm-bpf: " + bad + ": "), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(2, lines.size());
        assertEquals(false, OracleJson.object(OracleJson.object(OracleJson.parse(lines.get(0))).get("result")).get("ok"));
        assertEquals(true, OracleJson.object(OracleJson.object(OracleJson.parse(lines.get(1))).get("result")).get("ok"));
        assertEquals(ExitStatus.NOT_FOUND, CommandRun.of("inspect", dir.resolve("none").toString()).status());
        assertEquals(ExitStatus.NOT_RUNNABLE, CommandRun.of("inspect", list.toString()).status());
        assertEquals(ExitStatus.USAGE, CommandRun.of("inspect").status());
    }

    /** Whatever stands in an object's header, looking for objects ends, and finds only what lies in memory whole. */
    @Property(tries = 300)
    void damagedHeadersAreNoTrap(@ForAll @IntRange(max = 63) int at, @ForAll byte value, @ForAll byte value2) {
        byte[] elf = resource("abi/abi.bpf.o").clone();
        elf[at] = value;
        elf[63 - at] = value2;
        for (EmbeddedObjects.Embedded e : EmbeddedObjects.of(WasmModule.decode("m", module(new int[] {8}, new byte[][] {elf})))) {
            assertTrue(e.elf().length <= 8 + 2 * elf.length, "at most what is there");
        }
    }
}
