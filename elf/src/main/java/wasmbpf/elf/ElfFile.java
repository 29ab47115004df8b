package wasmbpf.elf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * An ELF file: its header and section table are read, the rest is read when asked for and then checked. Not thread
 * safe. Made by {@link ElfReader}.
 */
public final class ElfFile {
    /** {@code e_type}: a relocatable object, an executable, a shared object or position-independent executable. */
    public static final int ET_REL = 1;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;

    /** {@code e_machine}. BPF objects of old compilers have 0. */
    public static final int EM_NONE = 0;
    public static final int EM_386 = 3;
    public static final int EM_X86_64 = 62;
    public static final int EM_AARCH64 = 183;
    public static final int EM_RISCV = 243;
    public static final int EM_BPF = 247;

    private final String name;
    private final ByteSource source;
    private final ByteReader whole;
    private final boolean is64;
    private final ByteOrder order;
    private final int type;
    private final int machine;
    private final int osAbi;
    private final int flags;
    private final long entry;
    private List<Section> sections = List.of();
    private List<ProgramHeader> programHeaders = List.of();
    private List<Symbol> symbols;

    ElfFile(String name, ByteSource source, boolean is64, ByteOrder order, int type, int machine, int osAbi, int flags,
            long entry) {
        this.name = name;
        this.source = source;
        this.is64 = is64;
        this.order = order;
        this.type = type;
        this.machine = machine;
        this.osAbi = osAbi;
        this.flags = flags;
        this.entry = entry;
        this.whole = source instanceof ArraySource array ? ByteReader.of(name, "file", array.bytes(), order) : null;
    }

    void sections(List<Section> sections) {
        this.sections = Collections.unmodifiableList(sections);
    }

    void programHeaders(List<ProgramHeader> programHeaders) {
        this.programHeaders = Collections.unmodifiableList(programHeaders);
    }

    /** As given to the reader; used in messages. */
    public String name() {
        return name;
    }

    public boolean is64Bit() {
        return is64;
    }

    public ByteOrder order() {
        return order;
    }

    /** {@code e_type}, one of {@link #ET_REL} and so on, or any other number. */
    public int type() {
        return type;
    }

    /** {@code e_machine}, one of {@link #EM_BPF} and so on, or any other number. */
    public int machine() {
        return machine;
    }

    public int osAbi() {
        return osAbi;
    }

    /** {@code e_flags}. */
    public int flags() {
        return flags;
    }

    /** {@code e_entry}. */
    public long entry() {
        return entry;
    }

    public long size() {
        return source.size();
    }

    /** The whole file. The array is the one given to {@link ElfReader#read} and must not be written. */
    public byte[] bytes() {
        return source instanceof ArraySource array ? array.bytes()
                : source.read(0, Math.toIntExact(source.size()));
    }

    /** All sections; number 0, the null section, is the first. */
    public List<Section> sections() {
        return sections;
    }

    /** @throws FormatException if the file has no such section */
    public Section section(int index) {
        if (index < 0 || index >= sections.size()) {
            throw new FormatException(name + ": section " + Integer.toUnsignedString(index) + " of " + sections.size());
        }
        return sections.get(index);
    }

    /** The first section of that name. */
    public Optional<Section> section(String sectionName) {
        for (Section section : sections) {
            if (section.name().equals(sectionName)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** The first section of that type. */
    public Optional<Section> section(SectionType sectionType) {
        for (Section section : sections) {
            if (section.type() == sectionType) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    public List<ProgramHeader> programHeaders() {
        return programHeaders;
    }

    /** The symbols of the (first) SHT_SYMTAB section, null symbol first; empty if there is none. Read once. */
    public List<Symbol> symbols() {
        if (symbols == null) {
            Optional<Section> table = section(SectionType.SYMTAB);
            symbols = table.isPresent() ? symbolTable(table.get()).symbols() : List.of();
        }
        return symbols;
    }

    /** @throws FormatException if the section is no symbol table, or its entry size or string table are wrong */
    public SymbolTable symbolTable(Section section) {
        if (section.type() != SectionType.SYMTAB && section.type() != SectionType.DYNSYM) {
            throw new FormatException(name + ": " + section + " is no symbol table");
        }
        return new SymbolTable(this, section);
    }

    /** The strings of a SHT_STRTAB section. */
    public StringTable stringTable(Section section) {
        return new StringTable(section.reader());
    }

    /** The versions of the dynamic symbols: of .gnu.version and the sections it needs. Empty without them. */
    public SymbolVersions symbolVersions() {
        return SymbolVersions.of(this);
    }

    /**
     * The entries of a SHT_REL or SHT_RELA section, in file order. Symbol indexes are not checked here.
     *
     * @throws FormatException if it is neither, or its entries have another size
     */
    public List<Relocation> relocations(Section section) {
        boolean rela = section.type() == SectionType.RELA;
        if (!rela && section.type() != SectionType.REL) {
            throw new FormatException(name + ": " + section + " holds no relocations");
        }
        ByteReader reader = section.reader();
        int each = (is64 ? 16 : 8) + (rela ? is64 ? 8 : 4 : 0);
        if (section.entrySize() != each || reader.size() % each != 0) {
            throw reader.error(reader.size() + " bytes of relocations with entries of "
                    + Long.toUnsignedString(section.entrySize()) + " bytes, not " + each);
        }
        int count = reader.count("relocations", reader.size() / each, each);
        List<Relocation> relocations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long offset = ElfReader.address(reader, is64, "offset");
            long info = ElfReader.address(reader, is64, "info");
            long addend = !rela ? 0 : is64 ? reader.s64("addend") : reader.s32("addend");
            int symbol = is64 ? (int) (info >>> 32) : (int) (info >>> 8);
            int relocationType = is64 ? (int) info : (int) info & 0xff;
            relocations.add(new Relocation(offset, symbol, relocationType, addend));
        }
        return Collections.unmodifiableList(relocations);
    }

    /** The notes of a SHT_NOTE section, in file order. */
    public List<Note> notes(Section section) {
        if (section.type() != SectionType.NOTE) {
            throw new FormatException(name + ": " + section + " holds no notes");
        }
        return NoteReader.read(section.reader(), section.align());
    }

    /** A reader over bytes of the file: no copy if it is in memory. */
    ByteReader reader(String part, long offset, long length) {
        if (whole != null) {
            return whole.slice(part, offset, length);
        }
        if (offset < 0 || offset > source.size() || length < 0 || length > source.size() - offset
                || length > Integer.MAX_VALUE - 8) {
            throw new FormatException(name + ": " + part + ": " + Long.toUnsignedString(length)
                    + " bytes at offset 0x" + Long.toHexString(offset) + " do not lie within the " + source.size()
                    + " bytes of the file");
        }
        return ByteReader.of(name, part, source.read(offset, (int) length), order);
    }
}
