package wasmbpf.wasm.dwarf;

import java.util.HashMap;
import java.util.Map;

/** One table of {@code .debug_abbrev} (DWARF 5, section 7.5.3): what the entries of a unit consist of. */
final class Abbreviations {
    /**
     * One kind of entry.
     *
     * @param attributes name, form and, for implicit constants, value of each, three numbers after the other
     */
    record Abbreviation(int tag, boolean children, long[] attributes) {
    }

    private final Map<Long, Abbreviation> byCode = new HashMap<>();

    Abbreviations(DwarfReader in) throws DwarfException {
        long[] attributes = new long[48];
        for (long code = in.uleb(); code != 0; code = in.uleb()) {
            int tag = (int) in.uleb();
            boolean children = in.u8() != 0;
            int count = 0;
            while (true) {
                long name = in.uleb();
                long form = in.uleb();
                long value = form == Form.IMPLICIT_CONST ? in.sleb() : 0;
                if (name == 0 && form == 0) {
                    break;
                }
                if (count + 3 > attributes.length) {
                    attributes = java.util.Arrays.copyOf(attributes, 2 * attributes.length);
                }
                attributes[count++] = name;
                attributes[count++] = form;
                attributes[count++] = value;
            }
            byCode.put(code, new Abbreviation(tag, children, java.util.Arrays.copyOf(attributes, count)));
        }
    }

    Abbreviation get(long code) throws DwarfException {
        Abbreviation found = byCode.get(code);
        if (found == null) {
            throw new DwarfException("unknown abbreviation " + code);
        }
        return found;
    }
}
