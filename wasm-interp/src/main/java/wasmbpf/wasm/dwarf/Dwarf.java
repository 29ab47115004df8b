package wasmbpf.wasm.dwarf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The debug information of one module. Each look-up reads the sections anew and keeps nothing: look-ups are for errors and
 * listings, and one of many addresses costs little more than one of one. Thread-safe once all sections are added.
 */
public final class Dwarf {
    /**
     * The code from {@code start} up to {@code end} comes from one line.
     */
    public record Row(long start, long end, SourceLine line) {
    }

    /**
     * A call that an address lies in.
     *
     * @param function the name with its namespaces and classes, or null
     * @param line or null
     * @param inlined whether the call was inlined into the next frame
     */
    public record Frame(String function, SourceLine line, boolean inlined) {
    }

    private final Sections sections;

    /** @param bytes the module; no section is known yet */
    public Dwarf(byte[] bytes) {
        sections = new Sections(bytes);
    }

    public void addSection(String name, int start, int length) {
        sections.add(name, start, length);
    }

    /** Whether there is a line table. */
    public boolean hasLines() {
        return sections.has(".debug_line");
    }

    /** Bounds one look-up: far more than it takes to read all sections once. */
    static Budget budget(Sections sections) {
        return new Budget(8 * sections.size() + 100_000);
    }

    /** The rows for code in a range, in the order of their addresses; of rows that overlap the later one stays. */
    public List<Row> lines(long from, long to) {
        List<Row> rows = new ArrayList<>();
        LinePrograms programs = new LinePrograms(sections);
        DebugInfo[] info = new DebugInfo[1];
        programs.run((header, unit, start, end, file, line, column) -> {
            if (end > from && start < to) {
                rows.add(new Row(start, end, new SourceLine(file(header, unit, file, programs, info), line, column)));
            }
        });
        rows.sort((a, b) -> Long.compare(a.start, b.start));
        return rows;
    }

    private String file(LineHeader header, int unit, long file, LinePrograms programs, DebugInfo[] info) {
        if (header.version == 5) {
            return header.file(file, null);
        }
        if (info[0] == null) {
            info[0] = new DebugInfo(sections, programs);
        }
        return header.file(file, info[0].directory(unit));
    }

    /**
     * What source code addresses come from: for each the calls it lies in, innermost first, the last being the function
     * itself; an empty list where nothing is known.
     */
    public List<List<Frame>> locate(long... addresses) {
        int[] order = sorted(addresses);
        SourceLine[] lines = new SourceLine[addresses.length];
        long[] starts = new long[addresses.length];
        LinePrograms programs = new LinePrograms(sections);
        DebugInfo[] info = new DebugInfo[1];
        programs.run((header, unit, start, end, file, line, column) -> {
            for (int i = first(addresses, order, start); i < order.length && addresses[order[i]] < end; i++) {
                // Of two that claim an address the nearer one.
                if (lines[order[i]] == null || start >= starts[order[i]]) {
                    starts[order[i]] = start;
                    lines[order[i]] = new SourceLine(file(header, unit, file, programs, info), line, column);
                }
            }
        });
        if (info[0] == null) {
            info[0] = new DebugInfo(sections, programs);
        }
        List<List<Frame>> all = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            List<Frame> frames = info[0].frames(addresses[i], lines[i]);
            all.add(!frames.isEmpty() || lines[i] == null ? frames : List.of(new Frame(null, lines[i], false)));
        }
        return all;
    }

    private static int[] sorted(long[] addresses) {
        Integer[] order = new Integer[addresses.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(addresses[a], addresses[b]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** The first place in the order whose address is not below {@code start}. */
    private static int first(long[] addresses, int[] order, long start) {
        int low = 0;
        int high = order.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (addresses[order[middle]] < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
