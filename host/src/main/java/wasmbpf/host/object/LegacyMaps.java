package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import wasmbpf.elf.ByteReader;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolType;

/**
 * Map definitions as programs had them before BTF: section {@code maps} holds a {@code struct bpf_map_def} for each of
 * its variables. libbpf reads them no more since 1.0; other loaders do.
 *
 * <pre>
 *   0 type   4 key_size   8 value_size   12 max_entries   [16 map_flags]   20 … more, which has to be zero
 * </pre>
 */
final class LegacyMaps {
    /** Definitions of the first kernels end before map_flags. */
    private static final int LEAST_BYTES = 16;
    private static final int WITH_FLAGS_BYTES = 20;

    private LegacyMaps() {
    }

    /** Adds the maps of the section by rising offset. */
    static void collect(ObjectSections sections, List<MapSpec> maps) {
        Section section = sections.legacyMaps;
        String where = sections.where(section.index());
        List<Symbol> symbols = new ArrayList<>();
        for (Symbol symbol : sections.elf.symbols()) {
            if (symbol.sectionIndex() == section.index() && !symbol.name().isEmpty()
                    && (symbol.type() == SymbolType.OBJECT || symbol.type() == SymbolType.NOTYPE)) {
                symbols.add(symbol);
            }
        }
        symbols.sort(Comparator.comparingLong(Symbol::value));
        ByteReader reader = section.reader();
        for (int i = 0; i < symbols.size(); i++) {
            Symbol symbol = symbols.get(i);
            long start = symbol.value();
            long end = i + 1 < symbols.size() ? symbols.get(i + 1).value() : reader.size();
            // A symbol written in assembly may not say its size: then up to the next one.
            long size = symbol.size() != 0 ? symbol.size() : end - start;
            if (start < 0 || start > reader.size() || size < LEAST_BYTES || size > reader.size() - start) {
                throw new FormatException(where + ": map \"" + symbol.name() + "\": " + Long.toUnsignedString(size)
                        + " bytes at offset " + Long.toUnsignedString(start) + " are no definition within the "
                        + reader.size() + " bytes of the section");
            }
            maps.add(read(where, reader.slice("map \"" + symbol.name() + "\"", start, size), symbol, maps.size()));
        }
    }

    private static MapSpec read(String where, ByteReader reader, Symbol symbol, int index) {
        MapSpec map = new MapSpec(index, MapSpec.Kind.USER, symbol.name(), null, symbol.sectionIndex(),
                symbol.value(), 0);
        map.type((int) reader.u32("type"));
        map.keySize((int) reader.u32("key_size"));
        map.valueSize((int) reader.u32("value_size"));
        map.maxEntries((int) reader.u32("max_entries"));
        if (reader.size() >= WITH_FLAGS_BYTES) {
            map.flags((int) reader.u32("map_flags"));
        }
        while (reader.remaining() > 0) {
            if (reader.u8("rest") != 0) {
                throw new ObjectException(where + ": map \"" + symbol.name() + "\" sets members after map_flags, which "
                        + "have no common meaning; declare it in SEC(\".maps\")");
            }
        }
        return map;
    }
}
