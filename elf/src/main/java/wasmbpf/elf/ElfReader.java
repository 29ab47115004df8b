package wasmbpf.elf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the headers of an ELF file of either byte order. Everything else is read when it is asked for.
 *
 * <pre>
 *   0 .. 15  e_ident: 7f 'E' 'L' 'F' class data version osabi abiversion 0 0 0 0 0 0 0
 *  16 type  18 machine  20 version  24 entry  32 phoff  40 shoff  48 flags
 *  52 ehsize  54 phentsize  56 phnum  58 shentsize  60 shnum  62 shstrndx          (64-bit; 32-bit: 4-byte addresses)
 * </pre>
 *
 * Numbers that do not fit in 16 bits lie in section 0: count in its size, name table in its link, segment count in
 * its info (gABI, "ELF Header" and "Section Header Table Entry: Index 0").
 */
public final class ElfReader {
    private static final int HEADER_BYTES = 64;
    private static final int PN_XNUM = 0xffff;

    private ElfReader() {
    }

    /**
     * An ELF64 file in memory, such as a BPF object.
     *
     * @param fileName for messages
     * @param bytes    shared, not copied: the caller no longer changes them
     * @throws FormatException if it is not an ELF64 file with readable headers
     */
    public static ElfFile read(String fileName, byte[] bytes) {
        ElfFile file = readAnyClass(fileName, new ArraySource(bytes));
        if (!file.is64Bit()) {
            throw new FormatException(fileName + ": is an ELF32 file (e_ident[EI_CLASS] = 1); ELF64 is wanted here");
        }
        return file;
    }

    /**
     * An ELF64 or ELF32 file, read part by part: a program or library to be probed.
     *
     * @throws FormatException               if its headers cannot be read
     * @throws java.io.UncheckedIOException if {@code source} fails
     */
    public static ElfFile readAnyClass(String fileName, ByteSource source) {
        long size = source.size();
        byte[] head = source instanceof ArraySource array ? array.bytes()
                : source.read(0, (int) Math.min(size, HEADER_BYTES));
        ByteReader header = ByteReader.of(fileName, "ELF header", head, ByteOrder.LITTLE_ENDIAN);
        if (size < 16 || header.s32("magic") != 0x464c457f) {
            throw new FormatException(fileName + ": is not an ELF file (does not start with 7f 45 4c 46)");
        }
        int elfClass = header.u8("class");
        if (elfClass != 1 && elfClass != 2) {
            throw header.error("class is " + elfClass + ", not 1 (ELF32) or 2 (ELF64)");
        }
        int data = header.u8("data encoding");
        if (data != 1 && data != 2) {
            throw header.error("data encoding is " + data + ", not 1 (little endian) or 2 (big endian)");
        }
        int version = header.u8("version");
        if (version != 1) {
            throw header.error("version is " + version + ", not 1");
        }
        boolean is64 = elfClass == 2;
        header = header.order(data == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        header.seek(7);
        int osAbi = header.u8("OS ABI");
        header.seek(16);
        int type = header.u16("type");
        int machine = header.u16("machine");
        header.skip("version", 4);
        long entry = address(header, is64, "entry");
        long programHeaderOffset = address(header, is64, "program header offset");
        long sectionHeaderOffset = address(header, is64, "section header offset");
        int flags = header.s32("flags");
        header.skip("header size", 2);
        int programHeaderSize = header.u16("program header size");
        int programHeaderCount = header.u16("program header count");
        int sectionHeaderSize = header.u16("section header size");
        int sectionCount = header.u16("section count");
        int nameTableIndex = header.u16("section name table");

        ElfFile file = new ElfFile(fileName, source, is64, header.order(), type, machine, osAbi, flags, entry);
        int sectionEntry = is64 ? 64 : 40;
        long sections = sectionCount;
        long nameTable = nameTableIndex;
        long segments = programHeaderCount;
        boolean hasSections = sectionHeaderOffset != 0;
        if (hasSections) {
            if (sectionHeaderSize != sectionEntry) {
                throw header.error("section header size is " + sectionHeaderSize + ", not " + sectionEntry);
            }
            if (sectionCount == 0 || nameTableIndex == SectionIndex.XINDEX || programHeaderCount == PN_XNUM) {
                ByteReader zero = file.reader("section header 0", sectionHeaderOffset, sectionEntry);
                zero.seek(is64 ? 32 : 20);
                long zeroSize = address(zero, is64, "size");
                long zeroLink = zero.u32("link");
                long zeroInfo = zero.u32("info");
                sections = sectionCount == 0 ? zeroSize : sections;
                nameTable = nameTableIndex == SectionIndex.XINDEX ? zeroLink : nameTable;
                segments = programHeaderCount == PN_XNUM ? zeroInfo : segments;
            }
            readSections(file, sectionHeaderOffset, sections, sectionEntry, nameTable);
        } else if (sectionCount != 0) {
            throw header.error(sectionCount + " sections but no section header offset");
        } else {
            file.sections(List.of());
        }
        if (segments != 0) {
            int segmentEntry = is64 ? 56 : 32;
            if (programHeaderSize != segmentEntry) {
                throw header.error("program header size is " + programHeaderSize + ", not " + segmentEntry);
            }
            readSegments(file, programHeaderOffset, segments, segmentEntry);
        }
        return file;
    }

    private static void readSections(ElfFile file, long offset, long count, int entryBytes, long nameTable) {
        boolean is64 = file.is64Bit();
        ByteReader table = tableReader(file, "section headers", "section headers", offset, count, entryBytes);
        int n = (int) count;
        if (nameTable >= n) {
            throw table.error("section name table is section " + nameTable + " of " + n);
        }
        StringTable names = null;
        if (nameTable != 0) {
            table.seek(nameTable * entryBytes + (is64 ? 24 : 16));
            long namesOffset = address(table, is64, "offset");
            long namesSize = address(table, is64, "size");
            names = new StringTable(file.reader("section names", namesOffset, namesSize));
        }
        List<Section> sections = new ArrayList<>(n);
        NameBudget budget = new NameBudget(table);
        table.seek(0);
        for (int i = 0; i < n; i++) {
            long name = table.u32("name");
            int type = table.s32("type");
            long flags = address(table, is64, "flags");
            long address = address(table, is64, "address");
            long fileOffset = address(table, is64, "offset");
            long size = address(table, is64, "size");
            int link = table.s32("link");
            int info = table.s32("info");
            long align = address(table, is64, "alignment");
            long entrySize = address(table, is64, "entry size");
            sections.add(new Section(file, i, names == null ? "" : budget.spend(names.string(name, "section name")), type, flags,
                    address, fileOffset, size, link, info, align, entrySize));
        }
        file.sections(sections);
    }

    private static void readSegments(ElfFile file, long offset, long count, int entryBytes) {
        boolean is64 = file.is64Bit();
        ByteReader table = tableReader(file, "program headers", "program headers", offset, count, entryBytes);
        List<ProgramHeader> segments = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            int type = table.s32("type");
            int flags = is64 ? table.s32("flags") : 0;
            long fileOffset = address(table, is64, "offset");
            long virtualAddress = address(table, is64, "virtual address");
            long physicalAddress = address(table, is64, "physical address");
            long fileSize = address(table, is64, "file size");
            long memorySize = address(table, is64, "memory size");
            flags = is64 ? flags : table.s32("flags");
            long align = address(table, is64, "alignment");
            segments.add(new ProgramHeader(i, type, flags, fileOffset, virtualAddress, physicalAddress, fileSize,
                    memorySize, align));
        }
        file.programHeaders(segments);
    }

    private static ByteReader tableReader(ElfFile file, String part, String what, long offset, long count, int each) {
        if (count < 0 || count > file.size() / each) {
            throw new FormatException(file.name() + ": " + part + ": " + Long.toUnsignedString(count) + " " + what
                    + " of " + each + " bytes do not fit in a file of " + file.size() + " bytes");
        }
        return file.reader(part, offset, count * each);
    }

    /** An Elf64_Addr, Elf64_Off or Elf64_Xword, or the 32-bit one. */
    static long address(ByteReader reader, boolean is64, String field) {
        return is64 ? reader.s64(field) : reader.u32(field);
    }
}
