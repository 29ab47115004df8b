package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.MalformedException;
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

    @Test
    void aModuleIsShownWithWhatIsMissing() {
        String text = InspectCommand.describe("tool.wasm", resource("guests/tool.wasm"));
        assertTrue(text.startsWith("module tool.wasm, "), text);
        assertTrue(text.contains("\n  wasm_bpf.wasm_bpf_map_operate (i32, i32, i32, i32, i32, i64) -> (i32)\n"), text);
        assertTrue(text.contains("\n  wasi_snapshot_preview1.fd_write (i32, i32, i32, i32) -> (i32)\n"), text);
        assertTrue(text.contains("\n  function _start\n") || text.contains("\n  func _start\n"), text);
        assertTrue(text.endsWith("no BPF object lies ready in its memory\n"), text);
        // (module (import "other" "thing" (func (param i64))))
        byte[] other = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7e, 0, 2, 15, 1, 5, 'o', 't', 'h', 'e', 'r', 5, 't',
            'h', 'i', 'n', 'g', 0, 0};
        assertTrue(InspectCommand.describe("m", other).contains("\n  other.thing (i64) -> ()   not provided here\n"));
    }

    @Test
    void anObjectIsShownWithSectionsMapsAndPrivileges() {
        String text = InspectCommand.describe("abi.bpf.o", resource("abi/abi.bpf.o"));
        assertTrue(text.startsWith("object abi.bpf.o, license GPL\n  programs\n    on_getppid  raw_tp/sys_enter  "), text);
        assertTrue(text.contains("\n    rb  BPF_MAP_TYPE_RINGBUF  key 0, value 0, entries 65536\n"), text);
        assertTrue(text.endsWith("  needs CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN (or root)\n"), text);
    }

    @Test
    void whatIsNeitherIsRefused() {
        assertThrows(MalformedException.class, () -> InspectCommand.describe("x", new byte[] {1, 2, 3, 4, 5}));
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
