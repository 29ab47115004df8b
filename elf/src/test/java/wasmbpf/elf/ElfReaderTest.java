package wasmbpf.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElfReaderTest {
    private static final HexFormat HEX = HexFormat.of();

    /** A header alone, byte by byte after the gABI's Elf64_Ehdr: ET_REL, EM_BPF, no sections. */
    private static byte[] headerOnly() {
        return HEX.parseHex("7f454c46" + "02" + "01" + "01" + "00" + "0000000000000000"
                + "0100" + "f700" + "01000000" + "0000000000000000" + "0000000000000000" + "0000000000000000"
                + "00000000" + "4000" + "0000" + "0000" + "4000" + "0000" + "0000");
    }

    @Test
    void readsAHeaderWithoutSections() {
        ElfFile elf = ElfReader.read("h", headerOnly());
        assertEquals(ElfFile.ET_REL, elf.type());
        assertEquals(ElfFile.EM_BPF, elf.machine());
        assertEquals(ByteOrder.LITTLE_ENDIAN, elf.order());
        assertEquals(List.of(), elf.sections());
        assertEquals(List.of(), elf.symbols());
        assertTrue(elf.section(".text").isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0  | 00       | is not an ELF file
            4  | 03       | class is 3
            4  | 00       | class is 0
            5  | 00       | data encoding is 0
            6  | 02       | version is 2
            60 | 0500     | 5 sections but no section header offset
            60 | 0200     | 2 sections but no section header offset
            """)
    void refusesAHeaderWith(int offset, String hex, String message) {
        byte[] bytes = headerOnly();
        byte[] patch = HEX.parseHex(hex);
        System.arraycopy(patch, 0, bytes, offset, patch.length);
        FormatException e = assertThrows(FormatException.class, () -> ElfReader.read("bad.o", bytes));
        assertTrue(e.getMessage().startsWith("bad.o: "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            40 | f0ffffffffffffff | 128 bytes at offset 0xfffffffffffffff0 do not lie within
            40 | 8100000000000000 | do not lie within
            60 | ffff             | 65535 section headers of 64 bytes do not fit in a file of
            58 | 3f00             | section header size is 63, not 64
            62 | 0300             | section name table is section 3 of 2
            """)
    void refusesASectionTableWith(int offset, String hex, String message) {
        byte[] bytes = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_BPF).build();
        byte[] patch = HEX.parseHex(hex);
        System.arraycopy(patch, 0, bytes, offset, patch.length);
        FormatException e = assertThrows(FormatException.class, () -> ElfReader.read("bad.o", bytes));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void refusesAFileOfAnyShorterLength() {
        byte[] whole = headerOnly();
        for (int n = 0; n < whole.length; n++) {
            byte[] cut = Arrays.copyOf(whole, n);
            assertThrows(FormatException.class, () -> ElfReader.read("cut", cut));
        }
    }

    @Test
    void refusesElf32WhereAnObjectIsWantedAndReadsItElsewhere() {
        byte[] bytes = Resources.bytes("plain.i386.o");
        FormatException e = assertThrows(FormatException.class, () -> ElfReader.read("plain.i386.o", bytes));
        assertEquals("plain.i386.o: is an ELF32 file (e_ident[EI_CLASS] = 1); ELF64 is wanted here", e.getMessage());
        ElfFile elf = Resources.elf("plain.i386.o");
        assertFalse(elf.is64Bit());
        assertEquals(ElfFile.EM_386, elf.machine());
        assertEquals("use", elf.symbols().get(3).name());
        assertEquals(41, elf.symbols().get(3).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE", "BIG"})
    void readsWhatWasBuilt(String endian) {
        ByteOrder order = endian.equals("LITTLE") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ElfBuilder builder = new ElfBuilder(order, ElfFile.EM_BPF);
        int text = builder.section("xdp", SectionType.PROGBITS, SectionFlags.ALLOC | SectionFlags.EXECINSTR,
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 0, 0);
        int bss = builder.noBits(".bss", 1L << 33);
        int strings = builder.section(".strtab", SectionType.STRTAB, 0, ElfBuilder.ascii("\0prog\0state\0"), 0, 0, 0);
        byte[] symbols = ElfBuilder.concat(builder.symbol(0, 0, 0, 0, 0, 0),
                builder.symbol(1, 0x12, 2, text, 8, 16), builder.symbol(6, 0x21, 1, bss, 1L << 32, 4),
                builder.symbol(7, 0x10, 3, SectionIndex.ABS, -1, 0));
        int symtab = builder.section(".symtab", SectionType.SYMTAB, 0, symbols, strings, 1, 24);
        byte[] rel = builder.buffer(16).putLong(0x10).putLong(2L << 32 | 10).array();
        builder.section(".relxdp", SectionType.REL, 0, rel, symtab, text, 16);
        byte[] rela = builder.buffer(24).putLong(-8).putLong(0xfffffffeL << 32 | 0xffffffffL).putLong(-5).array();
        builder.section(".relaxdp", SectionType.RELA, 0, rela, symtab, text, 24);
        ElfFile elf = ElfReader.read("built", builder.build());

        assertEquals(order, elf.order());
        assertEquals(List.of("", "xdp", ".bss", ".strtab", ".symtab", ".relxdp", ".relaxdp", ".shstrtab"),
                elf.sections().stream().map(Section::name).toList());
        assertTrue(elf.section(text).isExecutable());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, elf.section("xdp").orElseThrow().bytes());
        assertEquals(1L << 33, elf.section(bss).size());
        assertEquals(0, elf.section(bss).bytes().length);
        assertEquals(new Symbol(1, "prog", text, 8, 16, SymbolBind.GLOBAL, SymbolType.FUNC, SymbolVisibility.HIDDEN),
                elf.symbols().get(1));
        assertEquals(new Symbol(2, "state", bss, 1L << 32, 4, SymbolBind.WEAK, SymbolType.OBJECT,
                SymbolVisibility.INTERNAL), elf.symbols().get(2));
        assertEquals(new Symbol(3, "tate", SectionIndex.ABS, -1, 0, SymbolBind.GLOBAL, SymbolType.NOTYPE,
                SymbolVisibility.PROTECTED), elf.symbols().get(3));
        assertEquals(List.of(new Relocation(0x10, 2, 10, 0)), elf.relocations(elf.section(".relxdp").orElseThrow()));
        assertEquals(List.of(new Relocation(-8, -2, -1, -5)), elf.relocations(elf.section(".relaxdp").orElseThrow()));
        assertThrows(FormatException.class, () -> elf.relocations(elf.section(text)));
        assertThrows(FormatException.class, () -> elf.symbolTable(elf.section(text)));
        assertThrows(FormatException.class, () -> elf.section(8));
        assertThrows(FormatException.class, () -> elf.section(-1));
    }

    @Test
    void takesCountsThatDoNotFitFromSectionZero() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_BPF).extendedNumbering();
        builder.section(".text", SectionType.PROGBITS, 0, new byte[8], 0, 0, 0);
        assertEquals(List.of("", ".text", ".shstrtab"),
                ElfReader.read("x", builder.build()).sections().stream().map(Section::name).toList());
    }

    @Test
    void readsSeventyThousandSectionsAndASymbolInTheLast() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_BPF);
        int strings = builder.section(".strtab", SectionType.STRTAB, 0, ElfBuilder.ascii("\0far\0"), 0, 0, 0);
        byte[] symbols = ElfBuilder.concat(builder.symbol(0, 0, 0, 0, 0, 0),
                builder.symbol(1, 0x12, 0, SectionIndex.XINDEX, 0, 0));
        int symtab = builder.section(".symtab", SectionType.SYMTAB, 0, symbols, strings, 1, 24);
        builder.section(".symtab_shndx", SectionType.SYMTAB_SHNDX, 0,
                builder.buffer(8).putInt(0).putInt(70_003).array(), symtab, 0, 4);
        byte[] code = new byte[8];
        for (int i = 0; i < 70_000; i++) {
            builder.section(".text", SectionType.PROGBITS, 0, code, 0, 0, 0);
        }
        ElfFile elf = ElfReader.read("many", builder.build());
        assertEquals(70_005, elf.sections().size());
        assertEquals(70_003, elf.symbols().get(1).sectionIndex());
    }

    @Test
    void refusesAnExtendedIndexWithoutItsTable() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.BIG_ENDIAN, ElfFile.EM_BPF);
        int strings = builder.section(".strtab", SectionType.STRTAB, 0, new byte[1], 0, 0, 0);
        builder.section(".symtab", SectionType.SYMTAB, 0, builder.symbol(0, 0, 0, SectionIndex.XINDEX, 0, 0), strings, 0,
                24);
        ElfFile elf = ElfReader.read("x", builder.build());
        assertThrows(FormatException.class, elf::symbols);
    }

    @Test
    void refusesASymbolTableWhoseEntriesHaveAnotherSize() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.BIG_ENDIAN, ElfFile.EM_BPF);
        int strings = builder.section(".strtab", SectionType.STRTAB, 0, new byte[1], 0, 0, 0);
        builder.section(".symtab", SectionType.SYMTAB, 0, new byte[32], strings, 0, 32);
        assertThrows(FormatException.class, ElfReader.read("x", builder.build())::symbols);
    }

    @Test
    void refusesSectionNamesThatOverlapIntoMoreThanTheBudget() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_BPF);
        builder.section("x".repeat(65_000), SectionType.PROGBITS, 0, new byte[0], 0, 0, 0);
        for (int i = 0; i < 1000; i++) {
            builder.section("", SectionType.PROGBITS, 0, new byte[0], 0, 0, 0);
        }
        byte[] bytes = builder.build();
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) file.getLong(40);
        for (int i = 2; i < 1002; i++) {
            file.putInt(headers + i * 64, i);
        }
        FormatException e = assertThrows(FormatException.class, () -> ElfReader.read("x", bytes));
        assertTrue(e.getMessage().contains("names take more than"), e.getMessage());
    }

    @Test
    void refusesVersionNamesThatOverlapIntoMoreThanTheBudget() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_X86_64);
        int strings = builder.section(".dynstr", SectionType.STRTAB, 0,
                ElfBuilder.ascii("\0" + "v".repeat(65_000) + "\0"), 0, 0, 0);
        builder.section(".gnu.version", SectionType.GNU_VERSYM, 0, new byte[2], 0, 0, 2);
        ByteBuffer definitions = builder.buffer(1000 * 28);
        for (int i = 0; i < 1000; i++) {
            definitions.putShort((short) 1).putShort((short) 0).putShort((short) i).putShort((short) 1).putInt(0).putInt(20)
                    .putInt(i == 999 ? 0 : 28).putInt(1 + i).putInt(0);
        }
        builder.section(".gnu.version_d", SectionType.GNU_VERDEF, 0, definitions.array(), strings, 1000, 0);
        FormatException e = assertThrows(FormatException.class, ElfReader.read("x", builder.build())::symbolVersions);
        assertTrue(e.getMessage().contains("names take more than"), e.getMessage());
    }

    @Test
    void endsChainsOfVersionsThatGoRoundOrNowhere() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_X86_64);
        int strings = builder.section(".dynstr", SectionType.STRTAB, 0, ElfBuilder.ascii("\0v\0"), 0, 0, 0);
        builder.section(".gnu.version", SectionType.GNU_VERSYM, 0, new byte[2], 0, 0, 2);
        // One needed file whose 65535 auxiliary entries are all at the same place, then 4000 such files.
        ByteBuffer needed = builder.buffer(4000 * 16);
        for (int i = 0; i < 4000; i++) {
            needed.putShort((short) 1).putShort((short) -1).putInt(1).putInt(0).putInt(1);
        }
        builder.section(".gnu.version_r", SectionType.GNU_VERNEED, 0, needed.array(), strings, 1, 0);
        assertThrows(FormatException.class, ElfReader.read("x", builder.build())::symbolVersions);
    }

    @Test
    void refusesNamesThatOverlapIntoMoreThanTheBudget() {
        ElfBuilder builder = new ElfBuilder(ByteOrder.LITTLE_ENDIAN, ElfFile.EM_BPF);
        byte[] names = new byte[1 << 16];
        Arrays.fill(names, 1, names.length - 1, (byte) 'a');
        int strings = builder.section(".strtab", SectionType.STRTAB, 0, names, 0, 0, 0);
        ByteBuffer symbols = builder.buffer(24 * 5000);
        for (int i = 0; i < 5000; i++) {
            symbols.put(builder.symbol(1 + i, 0, 0, 0, 0, 0));
        }
        builder.section(".symtab", SectionType.SYMTAB, 0, symbols.array(), strings, 0, 24);
        FormatException e = assertThrows(FormatException.class, ElfReader.read("x", builder.build())::symbols);
        assertTrue(e.getMessage().contains("names take more than"), e.getMessage());
    }

    @Test
    void tellsTheVersionsOfDynamicSymbols() {
        ElfFile elf = Resources.elf("versions.so");
        SymbolTable dynamic = elf.symbolTable(elf.section(SectionType.DYNSYM).orElseThrow());
        SymbolVersions versions = elf.symbolVersions();
        StringBuilder seen = new StringBuilder();
        for (int i = 1; i < dynamic.count(); i++) {
            Symbol symbol = dynamic.symbol(i);
            seen.append(symbol.name()).append(versions.isHidden(i) ? "@" : "@@").append(versions.version(i)).append(' ');
        }
        assertTrue(seen.toString().contains("answer@LIB_1.0 "), seen.toString());
        assertTrue(seen.toString().contains("answer@@LIB_2.0 "), seen.toString());
        assertTrue(seen.toString().contains("puts@@GLIBC_2.2.5 "), seen.toString());
        assertNull(versions.version(0));
        assertNull(versions.version(1000));
        assertNull(Resources.elf("probe.bpf.o").symbolVersions().version(1));
    }

    @Test
    void findsFunctionsWithoutMakingSymbols() {
        ElfFile elf = Resources.elf("versions.so");
        SymbolTable dynamic = elf.symbolTable(elf.section(SectionType.DYNSYM).orElseThrow());
        byte[] answer = StringTable.encode("answer");
        int found = 0;
        for (int i = 0; i < dynamic.count(); i++) {
            if (dynamic.nameEquals(i, answer, SymbolType.FUNC)) {
                assertEquals("answer", dynamic.symbol(i).name());
                found++;
            }
        }
        assertEquals(2, found);
        // chosen is an IFUNC, which libbpf does not take for a function either.
        for (int i = 0; i < dynamic.count(); i++) {
            assertFalse(dynamic.nameEquals(i, StringTable.encode("chosen"), SymbolType.FUNC));
        }
    }

    @Test
    void readsTheNotesOfAUsdtProbe() {
        ElfFile elf = Resources.elf("versions.so");
        List<Note> notes = elf.notes(elf.section(".note.stapsdt").orElseThrow());
        assertEquals(1, notes.size());
        Note note = notes.getFirst();
        assertEquals("stapsdt", note.owner());
        assertEquals(3, note.type());
        ByteReader desc = note.desc();
        assertEquals(0x1042, desc.s64("location"));
        assertEquals(0, desc.s64("base"));
        assertEquals(0x400c, desc.s64("semaphore"));
        assertEquals("library", desc.cString("provider"));
        assertEquals("traced", desc.cString("name"));
        assertEquals("-4@%edi", desc.cString("arguments"));
        Note buildId = elf.notes(elf.section(".note.gnu.build-id").orElseThrow()).getFirst();
        assertEquals("GNU", buildId.owner());
        assertEquals(20, buildId.desc().size());
    }

    @Test
    void findsTheSegmentOfAnAddress() {
        ElfFile elf = Resources.elf("versions.so");
        ProgramHeader code = elf.programHeaders().get(1);
        assertEquals(ProgramHeader.PT_LOAD, code.type());
        assertTrue(code.coversFileAddress(0x1042));
        assertFalse(code.coversFileAddress(0xfff));
        assertFalse(code.coversFileAddress(0x1054));
    }

    @Test
    void readsAFilePartByPartAsItReadsItFromMemory(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("versions.so");
        Files.write(path, Resources.bytes("versions.so"));
        try (FileSource source = FileSource.open(path)) {
            ElfFile elf = ElfReader.readAnyClass("versions.so", source);
            assertEquals(ElfPrinter.print(Resources.elf("versions.so")), ElfPrinter.print(elf));
            assertArrayEquals(Resources.bytes("versions.so"), elf.bytes());
        }
    }

    @Test
    void theSameObjectReadsTheSameInBothByteOrders() {
        ElfFile little = Resources.elf("probe.bpf.o");
        ElfFile big = Resources.elf("probe.bpfeb.o");
        assertEquals(ByteOrder.BIG_ENDIAN, big.order());
        assertEquals(little.symbols(), big.symbols());
        Section rel = little.section(".relkprobe/do_nothing").orElseThrow();
        assertEquals(little.relocations(rel), big.relocations(big.section(rel.index())));
    }
}
