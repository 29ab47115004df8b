package wasmbpf.elf;

import java.util.Arrays;
import java.util.Optional;

/**
 * GNU symbol versions: .gnu.version gives each dynamic symbol a number, .gnu.version_d names the versions that the
 * file defines, .gnu.version_r those it needs (LSB, "Symbol Versioning"). So {@code memcpy@@GLIBC_2.14} is told from
 * {@code memcpy@GLIBC_2.2.5}.
 */
public final class SymbolVersions {
    private static final int HIDDEN = 0x8000;

    /** The version number of each symbol, or null. */
    private final int[] numbers;
    /** Names by version number; 0 is local, 1 global without a version. */
    private final String[] names;

    private SymbolVersions(int[] numbers, String[] names) {
        this.numbers = numbers;
        this.names = names;
    }

    static SymbolVersions of(ElfFile file) {
        Optional<Section> versym = file.section(SectionType.GNU_VERSYM);
        if (versym.isEmpty()) {
            return new SymbolVersions(new int[0], new String[0]);
        }
        ByteReader reader = versym.get().reader();
        int[] numbers = new int[reader.count("symbol versions", reader.size() / 2, 2)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = reader.u16("symbol version");
        }
        String[] names = new String[2];
        Optional<Section> defined = file.section(SectionType.GNU_VERDEF);
        if (defined.isPresent()) {
            names = readDefined(file, defined.get(), names);
        }
        Optional<Section> needed = file.section(SectionType.GNU_VERNEED);
        if (needed.isPresent()) {
            names = readNeeded(file, needed.get(), names);
        }
        return new SymbolVersions(numbers, names);
    }

    /** The version's name, or null if the symbol has none. */
    public String version(int symbolIndex) {
        if (symbolIndex < 0 || symbolIndex >= numbers.length) {
            return null;
        }
        int number = numbers[symbolIndex] & ~HIDDEN;
        return number < names.length ? names[number] : null;
    }

    /** Whether it is bound only when asked for by version: {@code name@VER}, not {@code name@@VER}. */
    public boolean isHidden(int symbolIndex) {
        return symbolIndex >= 0 && symbolIndex < numbers.length && (numbers[symbolIndex] & HIDDEN) != 0;
    }

    /** Verdef: 0 version 2 flags 4 ndx 6 cnt 8 hash 12 aux 16 next; Verdaux: 0 name 4 next. The first names it. */
    private static String[] readDefined(ElfFile file, Section section, String[] names) {
        ByteReader reader = section.reader();
        StringTable strings = file.stringTable(file.section(section.link()));
        NameBudget budget = new NameBudget(reader);
        long offset = 0;
        // Each step moves on by at least one byte, so a chain ends within the section.
        while (reader.size() > 0) {
            reader.seek(offset);
            reader.skip("version definition", 4);
            int number = reader.u16("version number") & ~HIDDEN;
            int auxCount = reader.u16("auxiliary count");
            reader.skip("hash", 4);
            long aux = reader.u32("auxiliary offset");
            long next = reader.u32("next");
            if (auxCount > 0) {
                reader.seek(offset + aux);
                names = put(names, number, budget.spend(
                        strings.string(reader.u32("version name"), "version name")));
            }
            if (next == 0) {
                break;
            }
            offset += next;
        }
        return names;
    }

    /** Verneed: 0 version 2 cnt 4 file 8 aux 12 next; Vernaux: 0 hash 4 flags 6 other 8 name 12 next. */
    private static String[] readNeeded(ElfFile file, Section section, String[] names) {
        ByteReader reader = section.reader();
        StringTable strings = file.stringTable(file.section(section.link()));
        long offset = 0;
        // Version numbers are 15 bits: more auxiliary entries than that in all is a loop through the same bytes.
        int left = HIDDEN;
        NameBudget budget = new NameBudget(reader);
        while (reader.size() > 0) {
            reader.seek(offset);
            reader.skip("needed version", 2);
            int auxCount = reader.u16("auxiliary count");
            reader.skip("file", 4);
            long aux = offset + reader.u32("auxiliary offset");
            long next = reader.u32("next");
            for (int i = 0; i < auxCount; i++) {
                if (--left < 0) {
                    throw reader.error("more than " + HIDDEN + " needed versions");
                }
                reader.seek(aux);
                reader.skip("hash and flags", 6);
                int number = reader.u16("version number") & ~HIDDEN;
                long name = reader.u32("version name");
                long nextAux = reader.u32("next");
                names = put(names, number, budget.spend(strings.string(name, "version name")));
                if (nextAux == 0) {
                    break;
                }
                aux += nextAux;
            }
            if (next == 0) {
                break;
            }
            offset += next;
        }
        return names;
    }

    private static String[] put(String[] names, int number, String name) {
        String[] room = number < names.length ? names : Arrays.copyOf(names, Math.max(number + 1, names.length * 2));
        room[number] = name;
        return room;
    }
}
