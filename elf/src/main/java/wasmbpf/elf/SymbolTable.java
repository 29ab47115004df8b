package wasmbpf.elf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A SHT_SYMTAB or SHT_DYNSYM section. Symbols are made on demand: a search through half a million of them by
 * {@link #nameEquals} makes no objects.
 *
 * <pre>
 *  ELF64:  0 name  4 info  5 other  6 shndx  8 value  16 size          24 bytes
 *  ELF32:  0 name  4 value  8 size  12 info  13 other  14 shndx        16 bytes
 * </pre>
 */
public final class SymbolTable {
    private final Section section;
    private final boolean is64;
    private final int entryBytes;
    private final int count;
    private final ByteReader entries;
    private final StringTable names;
    private final ByteReader extendedIndexes;

    SymbolTable(ElfFile file, Section section) {
        this.section = section;
        this.is64 = file.is64Bit();
        this.entryBytes = is64 ? 24 : 16;
        this.entries = section.reader();
        if (section.entrySize() != entryBytes) {
            throw entries.error("symbol table with entries of " + Long.toUnsignedString(section.entrySize())
                    + " bytes, not " + entryBytes);
        }
        if (entries.size() % entryBytes != 0) {
            throw entries.error("symbol table of " + entries.size() + " bytes is no multiple of " + entryBytes);
        }
        this.count = (int) (entries.size() / entryBytes);
        this.names = new StringTable(file.section(section.link()).reader());
        ByteReader extended = null;
        for (Section each : file.sections()) {
            if (each.type() == SectionType.SYMTAB_SHNDX && each.link() == section.index()) {
                extended = each.reader();
            }
        }
        this.extendedIndexes = extended;
    }

    public Section section() {
        return section;
    }

    public int count() {
        return count;
    }

    /** @throws FormatException if there is no such symbol, or its name or section cannot be read */
    public Symbol symbol(int index) {
        at(index, 0);
        long name = entries.u32("symbol name");
        long value;
        long size;
        int info;
        int other;
        int sectionIndex;
        if (is64) {
            info = entries.u8("symbol info");
            other = entries.u8("symbol other");
            sectionIndex = entries.u16("symbol section");
            value = entries.s64("symbol value");
            size = entries.s64("symbol size");
        } else {
            value = entries.u32("symbol value");
            size = entries.u32("symbol size");
            info = entries.u8("symbol info");
            other = entries.u8("symbol other");
            sectionIndex = entries.u16("symbol section");
        }
        if (sectionIndex == SectionIndex.XINDEX) {
            sectionIndex = extendedIndex(index);
        }
        return new Symbol(index, names.string(name, "name of symbol " + index), sectionIndex, value, size,
                SymbolBind.of(info >> 4), SymbolType.of(info & 15), SymbolVisibility.of(other));
    }

    /** All symbols, index 0 (the null symbol) first. */
    public List<Symbol> symbols() {
        List<Symbol> symbols = new ArrayList<>(count);
        NameBudget budget = new NameBudget(entries);
        for (int i = 0; i < count; i++) {
            Symbol symbol = symbol(i);
            budget.spend(symbol.name());
            symbols.add(symbol);
        }
        return Collections.unmodifiableList(symbols);
    }

    /**
     * Whether symbol {@code index} has this name and type, without making an object.
     *
     * @param name from {@link StringTable#encode}
     */
    public boolean nameEquals(int index, byte[] name, SymbolType type) {
        at(index, is64 ? 4 : 12);
        if ((entries.u8("symbol info") & 15) != type.number()) {
            return false;
        }
        entries.seek((long) index * entryBytes);
        return names.equalsAt(entries.u32("symbol name"), name);
    }

    private void at(int index, int field) {
        if (index < 0 || index >= count) {
            throw entries.error("symbol " + index + " of a table of " + count);
        }
        entries.seek((long) index * entryBytes + field);
    }

    private int extendedIndex(int symbol) {
        if (extendedIndexes == null) {
            throw entries.error("symbol " + symbol + " has an extended section index, but there is no SHT_SYMTAB_SHNDX");
        }
        extendedIndexes.seek(Math.min(symbol * 4L, extendedIndexes.size()));
        int index = extendedIndexes.s32("section index of symbol " + symbol);
        // Told apart from ABS and COMMON by nothing: no real object has been seen with that many sections.
        if (index < 0 || SectionIndex.isReserved(index)) {
            throw extendedIndexes.error("section index 0x" + Integer.toHexString(index) + " of symbol " + symbol);
        }
        return index;
    }
}
