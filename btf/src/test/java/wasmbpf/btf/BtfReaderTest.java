package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.btf.BtfBytes.info;
import static wasmbpf.btf.BtfBytes.infoWithFlag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.FormatException;

class BtfReaderTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Byte by byte after Documentation/bpf/btf.rst: one {@code int}. */
    private static final String ONE_INT = "9feb" + "01" + "00" + "18000000" + "00000000" + "10000000" + "10000000"
            + "05000000" + "01000000" + "00000001" + "04000000" + "20000001" + "00" + "696e7400";

    @Test
    void readsAnIntWrittenByHand() {
        byte[] bytes = HEX.parseHex(ONE_INT);
        Btf btf = BtfReader.read("int.btf", bytes);
        assertEquals(2, btf.typeCount());
        assertEquals(1, btf.startId());
        assertEquals(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32), btf.type(1));
        assertEquals(new BtfType.Void(), btf.type(0));
        assertEquals("", btf.name(0));
        assertEquals(BtfKind.INT, btf.kind(1));
        assertEquals(BtfKind.UNKN, btf.kind(0));
        assertEquals(ByteOrder.LITTLE_ENDIAN, btf.order());
        assertEquals(8, btf.pointerSize());
        assertArrayEquals(bytes, btf.bytes());
        assertFalse(btf.hasLayout());
        assertThrows(FormatException.class, () -> btf.type(2));
        assertThrows(FormatException.class, () -> btf.type(-1));
        assertThrows(FormatException.class, () -> btf.string(5));
        assertThrows(FormatException.class, () -> btf.string(-1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEveryKindInBothByteOrders(boolean little) {
        BtfBytes b = new BtfBytes(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int n = b.string("n");
        int m = b.string("m");
        b.type(n, info(1, 0), 1, 12 << 24 | 2 << 16 | 7);
        b.type(0, info(2, 0), 1);
        b.type(0, info(3, 0), 0, 1, 2, -1);
        b.type(n, info(4, 2), 12, n, 1, 0, 0, 2, 64);
        b.type(n, infoWithFlag(4, 1), 8, m, 1, 5 << 24 | 0xfffffe);
        b.type(0, info(5, 1), 4, m, 3, 0);
        b.type(n, info(6, 2), 4, n, -1, m, 7);
        b.type(n, infoWithFlag(6, 1), 4, m, -1);
        b.type(n, info(7, 0), 0);
        b.type(n, infoWithFlag(7, 0), 0);
        b.type(n, info(8, 0), 1);
        b.type(0, info(9, 0), 1);
        b.type(0, info(10, 0), 1);
        b.type(0, info(11, 0), 2);
        b.type(n, info(12, 1), 16);
        b.type(0, info(13, 2), 1, n, 1, 0, 0);
        b.type(n, info(14, 0), 1, 2);
        b.type(n, info(15, 1), 16, 17, 8, 4);
        b.type(n, info(16, 0), 8);
        b.type(n, info(17, 0), 4, -1);
        b.type(n, infoWithFlag(17, 0), 4, 1);
        b.type(n, info(18, 0), 1);
        b.type(n, infoWithFlag(18, 0), 1);
        b.type(n, info(19, 1), 8, m, 1, -1);
        b.type(n, infoWithFlag(19, 1), 8, m, -2, -1);
        Btf btf = b.read();
        assertEquals(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, btf.order());
        List<BtfType> expected = List.of(
                new BtfType.Void(),
                new BtfType.Int("n", 1, 8 | BtfType.Int.BOOL, 2, 7),
                new BtfType.Ptr(1),
                new BtfType.Array(1, 2, 0xffffffffL),
                new BtfType.Struct("n", 12, false,
                        List.of(new BtfType.Member("n", 1, 0, 0), new BtfType.Member("", 2, 64, 0))),
                new BtfType.Struct("n", 8, true, List.of(new BtfType.Member("m", 1, 0xfffffe, 5))),
                new BtfType.Union("", 4, false, List.of(new BtfType.Member("m", 3, 0, 0))),
                new BtfType.Enum("n", 4, false, List.of(new BtfType.Enumerator("n", 0xffffffffL),
                        new BtfType.Enumerator("m", 7))),
                new BtfType.Enum("n", 4, true, List.of(new BtfType.Enumerator("m", -1))),
                new BtfType.Fwd("n", false),
                new BtfType.Fwd("n", true),
                new BtfType.Typedef("n", 1),
                new BtfType.Volatile(1),
                new BtfType.Const(1),
                new BtfType.Restrict(2),
                new BtfType.Func("n", 16, FuncLinkage.GLOBAL),
                new BtfType.FuncProto(1, List.of(new BtfType.Param("n", 1), new BtfType.Param("", 0))),
                new BtfType.Var("n", 1, VarLinkage.GLOBAL_EXTERN),
                new BtfType.DataSec("n", 16, List.of(new BtfType.VarInfo(17, 8, 4))),
                new BtfType.Float("n", 8),
                new BtfType.DeclTag("n", 4, -1, false),
                new BtfType.DeclTag("n", 4, 1, true),
                new BtfType.TypeTag("n", 1, false),
                new BtfType.TypeTag("n", 1, true),
                new BtfType.Enum64("n", 8, false, List.of(new BtfType.Enumerator("m", 0xffffffff00000001L))),
                new BtfType.Enum64("n", 8, true, List.of(new BtfType.Enumerator("m", -2))));
        assertEquals(expected.size(), btf.typeCount());
        for (int id = 0; id < expected.size(); id++) {
            assertEquals(expected.get(id), btf.type(id));
            assertEquals(expected.get(id).kind(), btf.kind(id));
            assertEquals(expected.get(id).name(), btf.name(id));
        }
        assertTrue(((BtfType.FuncProto) btf.type(16)).isVariadic());
    }

    @Test
    void takesAVlenOfMoreThanSixteenBits() {
        BtfBytes b = BtfBytes.little();
        int n = b.string("n");
        int[] words = new int[3 + 2 * 70_000];
        words[0] = n;
        words[1] = info(6, 70_000);
        words[2] = 4;
        Arrays.fill(words, 3, words.length, n);
        b.type(words);
        b.type(n, info(16, 0), 4);
        Btf btf = b.read();
        assertEquals(70_000, ((BtfType.Enum) btf.type(1)).values().size());
        assertEquals(new BtfType.Float("n", 4), btf.type(2));
    }

    /** Offset of the damage, bytes, message: the blob has types at 0x18 and strings at 0x28. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | aaaa     | is not BTF: magic is 0xaaaa
            2    | 02       | version is 2, not 1
            4    | 17000000 | header length is 23
            4    | 30000000 | header length is 48
            12   | 11000000 | run into the strings
            12   | ffffffff | run into the strings
            8    | 02000000 | not aligned
            16   | ffffffff | end outside
            20   | 06000000 | end outside
            20   | 00000000 | there are no strings
            12   | 0f000000 | needs 16 bytes, 15 remain
            12   | 0c000000 | needs 16 bytes, 12 remain
            12   | 08000000 | end with 8 bytes that are no type
            44   | 61       | strings do not end with a NUL
            40   | 61       | strings do not start with a NUL
            31   | 14       | kind 20 is unknown
            31   | 00       | kind 0 is unknown
            31   | 04       | 1 STRUCT
            """)
    void refusesABlobWith(int offset, String hex, String message) {
        byte[] bytes = HEX.parseHex(ONE_INT);
        byte[] patch = HEX.parseHex(hex);
        System.arraycopy(patch, 0, bytes, offset, patch.length);
        if (message.endsWith("STRUCT")) {
            bytes[28] = 2;
        }
        FormatException e = assertThrows(FormatException.class, () -> BtfReader.read("bad.btf", bytes));
        assertTrue(e.getMessage().startsWith("bad.btf: ") && e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void refusesABlobOfAnyShorterLength() {
        byte[] whole = HEX.parseHex(ONE_INT);
        for (int n = 0; n < whole.length; n++) {
            byte[] cut = Arrays.copyOf(whole, n);
            assertThrows(FormatException.class, () -> BtfReader.read("cut", cut));
        }
    }

    @Test
    void passesOverALongerHeaderOnlyIfItsTailIsZero() {
        BtfBytes b = BtfBytes.little();
        b.type(b.string("f"), info(16, 0), 4);
        byte[] bytes = b.build(48);
        assertEquals(new BtfType.Float("f", 4), BtfReader.read("long", bytes).type(1));
        bytes[47] = 1;
        FormatException e = assertThrows(FormatException.class, () -> BtfReader.read("long", bytes));
        assertTrue(e.getMessage().contains("unknown header field is 0x1"), e.getMessage());
    }

    @Test
    void stepsOverUnknownKindsThatTheLayoutSectionDescribes() {
        BtfBytes b = BtfBytes.little();
        int[] sizes = new int[2 * 22];
        sizes[2 * 20] = 8;
        sizes[2 * 20 + 1] = 4;
        b.layout(sizes);
        int n = b.string("mystery");
        b.type(n, info(20, 3), 0, 0xa, 0xb, 1, 2, 3);
        b.type(n, info(21, 9), 0);
        b.type(n, info(16, 0), 4);
        Btf btf = b.read();
        assertTrue(btf.hasLayout());
        assertEquals(List.of(new BtfType.Unknown(20, "mystery"), new BtfType.Unknown(21, "mystery"),
                new BtfType.Float("mystery", 4)), List.of(btf.type(1), btf.type(2), btf.type(3)));
        assertEquals(BtfKind.UNKN, btf.kind(1));
        BtfBytes longer = BtfBytes.little().layout(sizes);
        longer.type(0, info(22, 0), 0);
        assertThrows(FormatException.class, longer::read);
    }

    /** Types at 32 to 44, layout at 44 to 48, strings from 48; offsets count from the end of the header. */
    @ParameterizedTest
    @CsvSource({"24, 8", "24, 13", "24, 16", "24, 0x7ffffff0", "28, 8", "28, 3", "28, 0x7ffffffc"})
    void refusesALayoutSectionThatIsNotBetweenTypesAndStrings(int field, String value) {
        BtfBytes b = BtfBytes.little().layout(0, 0);
        b.type(b.string("f"), info(16, 0), 4);
        byte[] bytes = b.build();
        assertTrue(BtfReader.read("layout", bytes).hasLayout());
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(field, Integer.decode(value));
        FormatException e = assertThrows(FormatException.class, () -> BtfReader.read("layout", bytes));
        assertTrue(e.getMessage().contains("not between types and strings"), e.getMessage());
    }

    @Test
    void aSplitBtfContinuesTheIdsAndStringsOfItsBase() {
        BtfBytes base = BtfBytes.little();
        int inBase = base.string("long");
        base.type(inBase, info(1, 0), 4, 32);
        Btf vmlinux = base.read();
        assertEquals(4, vmlinux.pointerSize());

        BtfBytes b = BtfBytes.little().continuing(vmlinux);
        int own = b.string("module_struct");
        b.type(own, info(4, 1), 4, inBase, 1, 0);
        b.type(inBase, info(8, 0), 2);
        Btf module = BtfReader.readSplit("module", b.build(), vmlinux);
        assertEquals(2, module.startId());
        assertEquals(4, module.typeCount());
        assertEquals(4, module.pointerSize());
        assertEquals(new BtfType.Int("long", 4, 0, 0, 32), module.type(1));
        assertEquals(new BtfType.Struct("module_struct", 4, false, List.of(new BtfType.Member("long", 1, 0, 0))),
                module.type(2));
        assertEquals(1, module.find(BtfKind.INT, "long"));
        assertEquals(-1, module.findOwn(BtfKind.INT, "long"));
        assertEquals(2, module.find(BtfKind.STRUCT, "module_struct"));
        assertEquals(-1, vmlinux.find(BtfKind.STRUCT, "module_struct"));
        assertArrayEquals(new int[] {1, 3}, module.idsNamed("long"));
        assertThrows(FormatException.class, () -> vmlinux.type(2));
        assertThrows(FormatException.class, () -> BtfReader.read("module", b.build()));
    }

    @Test
    void checksIdsStringsAndLinkagesWhenATypeIsMade() {
        BtfBytes b = BtfBytes.little();
        int n = b.string("n");
        b.type(0, info(2, 0), 99);
        b.type(0x1000, info(16, 0), 4);
        b.type(n, info(12, 0), 1);
        b.type(n, info(14, 0), 2, 3);
        b.type(n, info(12, 5), 6);
        b.type(0, info(13, 0), 0);
        b.type(n, info(4, 1), -4, n, 2, 0);
        b.type(n, info(4, 1), 4, n, 2, 1 << 31);
        Btf btf = b.read();
        for (int id = 1; id < btf.typeCount(); id++) {
            int type = id;
            if (id != 6) {
                FormatException e = assertThrows(FormatException.class, () -> btf.type(type));
                assertTrue(e.getMessage().startsWith("test.btf: BTF "), e.getMessage());
            }
        }
        assertThrows(FormatException.class, () -> BtfReader.check(btf));
    }

    @Test
    void refusesATypeWhoseOverlappingNamesTakeTooMuch() {
        BtfBytes b = BtfBytes.little();
        int from = b.string("x".repeat(60_000));
        int[] words = new int[3 + 2 * 1000];
        words[1] = info(6, 1000);
        for (int i = 0; i < 1000; i++) {
            words[3 + 2 * i] = from + i;
        }
        b.type(words);
        Btf btf = b.read();
        assertThrows(FormatException.class, () -> btf.type(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach_table", "externs_table", "maps_table", "sec_table", "subprogs_table"})
    void readsTheOracleObjectsWhole(String name) {
        Btf btf = BtfReader.ofElf(Resources.oracleElf(name));
        assertTrue(btf.typeCount() > 50);
        BtfReader.check(btf);
    }

    @Test
    void saysWhatIsMissingInAnObjectWithoutBtf() {
        byte[] elf = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(0x464c457f).put((byte) 2).put((byte) 1)
                .put((byte) 1).array();
        FormatException e = assertThrows(FormatException.class,
                () -> BtfReader.ofElf(wasmbpf.elf.ElfReader.read("plain.o", elf)));
        assertEquals("plain.o: has no .BTF section (compile with -g)", e.getMessage());
    }

    /** 65,535 members of one name of 64 KiB would be 4 GiB of strings. */
    @Test
    void namesOfOneRecordAreBounded() {
        BtfBytes blob = BtfBytes.little();
        int name = blob.string("n".repeat(1 << 16));
        int i32 = blob.type(0, BtfBytes.info(1, 0), 4, 32);
        int[] words = new int[3 + 3 * 65535];
        words[1] = BtfBytes.info(4, 65535);
        words[2] = 4;
        for (int i = 0; i < 65535; i++) {
            words[3 + 3 * i] = name;
            words[4 + 3 * i] = i32;
        }
        int struct = blob.type(words);
        Btf btf = BtfReader.read("names", blob.build());
        FormatException e = assertThrows(FormatException.class, () -> btf.type(struct));
        assertEquals("names: BTF type 2 STRUCT: its names take more than 16777216 bytes", e.getMessage());
    }
}
