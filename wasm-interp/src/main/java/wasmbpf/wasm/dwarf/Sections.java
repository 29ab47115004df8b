package wasmbpf.wasm.dwarf;

import java.util.HashMap;
import java.util.Map;

/** The debug sections of one module, by name. A section that is not there is empty. */
final class Sections {
    private record Range(int start, int length) {
    }

    private final byte[] bytes;
    private final Map<String, Range> ranges = new HashMap<>();
    private long size;

    Sections(byte[] bytes) {
        this.bytes = bytes;
    }

    void add(String name, int start, int length) {
        if (ranges.putIfAbsent(name, new Range(start, length)) == null) {
            size += length;
        }
    }

    boolean has(String name) {
        return ranges.containsKey(name);
    }

    /** Bytes of all of them. */
    long size() {
        return size;
    }

    DwarfReader read(String name, Budget budget) {
        Range range = ranges.get(name);
        return range == null ? new DwarfReader(bytes, 0, 0, budget)
                : new DwarfReader(bytes, range.start, range.length, budget);
    }
}
