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
 * Map definitions as programs had them before BTF: section {@code maps} is an array of {@code struct bpf_map_def}, one
 * symbol each. libbpf reads them no more since 1.0; other loaders do.
 *
 * <pre>
 *   0 type   4 key_size   8 value_size   12 max_entries   16 map_flags   20 … more, which has to be zero
 * </pre>
 */
final class LegacyMaps {
    private static final int DEFINITION_BYTES = 20;

    private LegacyMaps() {
    }

    /** Adds the maps of the section by rising offset. */
    static void collect(ObjectSections sections, List<MapSpec> maps) {
        Section section = sections.legacyMaps;
        String where = sections.where(section.index());
        List<Symbol> symbols = new ArrayList<>();
        for (Symbol symbol : sections.elf.symbols()) {
            boolean variable = symbol.type() == SymbolType.OBJECT || symbol.type() == SymbolType.NOTYPE;
            if (symbol.sectionIndex() == section.index() && variable && symbol.isGlobal()) {
                symbols.add(symbol);
            }
        }
        if (symbols.isEmpty()) {
            return;
        }
        ByteReader reader = section.reader();
        long each = reader.size() / symbols.size();
        if (each < DEFINITION_BYTES || reader.size() % symbols.size() != 0) {
            throw new FormatException(where + ": " + reader.size() + " bytes are not " + symbols.size()
                    + " definitions of " + DEFINITION_BYTES + " bytes or more, one a symbol");
        }
        symbols.sort(Comparator.comparingLong(Symbol::value));
        for (Symbol symbol : symbols) {
            if (symbol.value() < 0 || symbol.value() > reader.size() - each || symbol.value() % each != 0) {
                throw new FormatException(where + ": map \"" + symbol.name() + "\" at offset "
                        + Long.toUnsignedString(symbol.value()) + " is not at a multiple of " + each);
            }
            maps.add(read(where, reader.slice("map \"" + symbol.name() + "\"", symbol.value(), each), symbol,
                    maps.size()));
        }
    }

    private static MapSpec read(String where, ByteReader reader, Symbol symbol, int index) {
        MapSpec map = new MapSpec(index, MapSpec.Kind.USER, symbol.name(), null, symbol.sectionIndex(),
                symbol.value(), 0);
        map.type((int) reader.u32("type"));
        map.keySize((int) reader.u32("key_size"));
        map.valueSize((int) reader.u32("value_size"));
        map.maxEntries((int) reader.u32("max_entries"));
        map.flags((int) reader.u32("map_flags"));
        while (reader.remaining() > 0) {
            if (reader.u8("rest") != 0) {
                throw new ObjectException(where + ": map \"" + symbol.name() + "\" sets members after map_flags, which "
                        + "have no common meaning; declare it in SEC(\".maps\")");
            }
        }
        return map;
    }
}
