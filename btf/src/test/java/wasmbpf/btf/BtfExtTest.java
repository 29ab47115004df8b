package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolType;

class BtfExtTest {
    private final BtfBytes strings = BtfBytes.little();
    private final int xdp = strings.string("xdp");
    private final int text = strings.string(".text");
    private final int access = strings.string("0:1:2");
    private final Btf btf = strings.read();

    /** Word by word after Documentation/bpf/btf.rst; func_info records have four bytes more than are known. */
    private byte[] blob(ByteOrder order, int funcRecord) {
        int[] func = funcRecord == 12
                ? new int[] {12, xdp, 2, 0, 7, 0xaa, 16, 8, 0xbb, text, 1, 0, 9, 0xcc}
                : new int[] {8, xdp, 2, 0, 7, 16, 8, text, 1, 0, 9};
        int[] line = {16, xdp, 1, 8, 1, 2, 5 << 10 | 3};
        int[] core = {16, xdp, 1, 24, 4, access, 2};
        ByteBuffer out = ByteBuffer.allocate(32 + 4 * (func.length + line.length + core.length)).order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(32);
        out.putInt(0).putInt(4 * func.length);
        out.putInt(4 * func.length).putInt(4 * line.length);
        out.putInt(4 * (func.length + line.length)).putInt(4 * core.length);
        for (int[] part : List.of(func, line, core)) {
            for (int word : part) {
                out.putInt(word);
            }
        }
        return out.array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsRecordsOfEachSection(boolean little) {
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        BtfExt ext = BtfExt.read("t.o", blob(order, 12), btf);
        assertEquals(List.of("xdp", ".text"), ext.sectionNames());
        assertEquals(List.of(new BtfExt.FuncInfo(0, 7), new BtfExt.FuncInfo(16, 8)), ext.funcInfo("xdp"));
        assertEquals(List.of(new BtfExt.FuncInfo(0, 9)), ext.funcInfo(".text"));
        assertEquals(List.of(), ext.funcInfo("tc"));
        assertEquals(List.of(new BtfExt.LineInfo(8, 1, 2, 5 << 10 | 3)), ext.lineInfo("xdp"));
        assertEquals(5, ext.lineInfo("xdp").getFirst().line());
        assertEquals(3, ext.lineInfo("xdp").getFirst().column());
        assertEquals(List.of(new BtfExt.CoreRelo(24, 4, "0:1:2", 2)), ext.coreRelos("xdp"));
        assertEquals(List.of(), ext.coreRelos(".text"));
        assertEquals(12, ext.funcInfoRecordSize());
        assertEquals(16, ext.lineInfoRecordSize());
    }

    @Test
    void givesRecordsWholeAndInTheByteOrderAskedFor() {
        BtfExt ext = BtfExt.read("t.o", blob(ByteOrder.LITTLE_ENDIAN, 12), btf);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 7, 0, 0, 0, (byte) 0xaa, 0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 0, (byte) 0xbb,
            0, 0, 0}, ext.funcInfoBytes("xdp", ByteOrder.LITTLE_ENDIAN));
        assertThrows(FormatException.class, () -> ext.funcInfoBytes("xdp", ByteOrder.BIG_ENDIAN));
        BtfExt big = BtfExt.read("t.o", blob(ByteOrder.BIG_ENDIAN, 8), btf);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 9, 0, 0, 0}, big.funcInfoBytes(".text", ByteOrder.LITTLE_ENDIAN));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 9}, big.funcInfoBytes(".text", ByteOrder.BIG_ENDIAN));
        assertEquals(16, big.lineInfoBytes("xdp", ByteOrder.LITTLE_ENDIAN).length);
        assertEquals(0, big.lineInfoBytes("tc", ByteOrder.LITTLE_ENDIAN).length);
    }

    @Test
    void anOlderHeaderHasNoCoreRelocations() {
        byte[] bytes = blob(ByteOrder.LITTLE_ENDIAN, 8);
        byte[] shorter = new byte[bytes.length - 8];
        System.arraycopy(bytes, 0, shorter, 0, 24);
        System.arraycopy(bytes, 32, shorter, 24, bytes.length - 32);
        shorter[4] = 24;
        BtfExt ext = BtfExt.read("t.o", shorter, btf);
        assertEquals(2, ext.funcInfo("xdp").size());
        assertEquals(1, ext.lineInfo("xdp").size());
        assertEquals(List.of(), ext.coreRelos("xdp"));
    }

    /** Offset, new 32-bit value, message. Header 32 bytes, func_info at 32. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0   | 0          | magic is
            0   | 0x0002eb9f | version is 2
            0   | 0x0101eb9f | flags are 1
            4   | 23         | header length is 23
            4   | 9999       | header length is 9999
            8   | 2          | not aligned
            8   | 0x7ffffff0 | outside
            12  | 0x7ffffff0 | do not lie within
            12  | 3          | record size needs 4 bytes
            12  | 4          | record size
            32  | 4          | record size is 4
            32  | 10         | record size is 10
            36  | 5000       | string
            40  | 0          | section without records
            40  | 0x7fffffff | records of 8 bytes do not fit
            """)
    void refusesABlobWith(int offset, String value, String message) {
        byte[] bytes = blob(ByteOrder.LITTLE_ENDIAN, 8);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, Integer.decode(value));
        FormatException e = assertThrows(FormatException.class, () -> BtfExt.read("bad.o", bytes, btf));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void refusesABlobOfAnyShorterLength() {
        byte[] whole = blob(ByteOrder.LITTLE_ENDIAN, 8);
        for (int n = 0; n < whole.length; n++) {
            byte[] cut = Arrays.copyOf(whole, n);
            assertThrows(FormatException.class, () -> BtfExt.read("cut", cut, btf));
        }
    }

    /** The ELF symbol table, which clang writes apart from BTF, has the same functions at the same places. */
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void funcInfoNamesTheFunctionsThatElfHasThere(String name) {
        ElfFile elf = Resources.elf(name);
        Btf types = BtfReader.ofElf(elf);
        BtfExt ext = BtfExt.ofElf(elf, types).orElseThrow();
        int seen = 0;
        for (Symbol symbol : elf.symbols()) {
            if (symbol.type() == SymbolType.FUNC) {
                String section = elf.section(symbol.sectionIndex()).name();
                BtfExt.FuncInfo info = ext.funcInfo(section).stream()
                        .filter(f -> f.insnOffsetBytes() == symbol.value()).findFirst().orElseThrow();
                assertEquals(symbol.name(), types.name(info.typeId()));
                seen++;
            }
        }
        assertEquals(3, seen);
    }

    /** line_info quotes source lines: they are those of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void lineInfoQuotesTheSource(String name) {
        ElfFile elf = Resources.elf(name);
        Btf types = BtfReader.ofElf(elf);
        BtfExt ext = BtfExt.ofElf(elf, types).orElseThrow();
        List<String> source = Resources.text("kinds.bpf.c").lines().toList();
        int seen = 0;
        for (String section : ext.sectionNames()) {
            for (BtfExt.LineInfo info : ext.lineInfo(section)) {
                assertEquals(source.get(info.line() - 1), types.string(info.lineOffset()));
                assertTrue(types.string(info.fileNameOffset()).endsWith("kinds.bpf.c"));
                seen++;
            }
        }
        assertTrue(seen > 5);
    }

    @Test
    void readsTheOracleObjects() {
        int core = 0;
        for (String name : Resources.ORACLE_OBJECTS) {
            ElfFile elf = Resources.oracleElf(name);
            BtfExt ext = BtfExt.ofElf(elf, BtfReader.ofElf(elf)).orElseThrow();
            for (String section : ext.sectionNames()) {
                assertTrue(elf.section(section).isPresent());
                core += ext.coreRelos(section).size();
            }
        }
        assertEquals(1, core);
    }

    /** The access strings and kinds follow from the three builtins in kinds.bpf.c. */
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void coreRelocationsSayWhatTheSourceAsksFor(String name) {
        ElfFile elf = Resources.elf(name);
        Btf types = BtfReader.ofElf(elf);
        List<BtfExt.CoreRelo> relos = BtfExt.ofElf(elf, types).orElseThrow().coreRelos("raw_tp/core");
        StringBuilder seen = new StringBuilder();
        for (BtfExt.CoreRelo relo : relos) {
            seen.append(types.name(relo.typeId())).append(' ').append(relo.accessString()).append(' ').append(relo.kind())
                    .append(", ");
        }
        assertEquals("anonymous 0:1:0:1:0:3 0, anonymous 0:1:1 2, bits 0 9, ", seen.toString());
    }
}
