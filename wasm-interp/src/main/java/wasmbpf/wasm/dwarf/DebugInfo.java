package wasmbpf.wasm.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The units of {@code .debug_info}, for one look-up: who has inlined whom, and how functions are called. */
final class DebugInfo {
    /** A name is this many references away at most: an inlined call, its abstract function, the declaration. */
    private static final int MAX_REFERENCES = 8;
    private static final int MAX_SCOPES = 64;
    /** More are no chain of inlined calls that a compiler makes. */
    private static final int MAX_INLINED = 1000;

    private final List<Unit> units = new ArrayList<>();
    private final LinePrograms lines;
    private final Budget budget;
    private final Map<Long, LineHeader> headers = new HashMap<>();

    DebugInfo(Sections sections, LinePrograms lines) {
        this.lines = lines;
        budget = Dwarf.budget(sections);
        DwarfReader in = sections.read(".debug_info", budget);
        while (in.remaining() > 0 && !budget.exhausted()) {
            int start = in.position();
            try {
                in.limit(in.unitLength());
            } catch (DwarfException e) {
                return;
            }
            try {
                units.add(new Unit(in, start, sections, budget));
            } catch (DwarfException e) {
                // The next unit may be good.
            }
            in.leaveLimit();
        }
    }

    /** Where the unit with this line program was compiled, or null. */
    String directory(long lineProgram) {
        for (Unit unit : units) {
            if (unit.root.lineProgram == lineProgram) {
                return unit.string(unit.root.directoryForm, unit.root.directory);
            }
        }
        return null;
    }

    /**
     * The calls that an address lies in, innermost first: inlined ones, then the function itself; empty if no unit knows it.
     *
     * @param line the place of the innermost one, by the line table
     */
    List<Dwarf.Frame> frames(long address, SourceLine line) {
        for (Unit unit : units) {
            if (Unit.hasCode(unit.root) && !unit.contains(unit.root, address)) {
                continue;
            }
            List<Entry> chain = chain(unit, address);
            if (!chain.isEmpty()) {
                List<Dwarf.Frame> frames = new ArrayList<>();
                SourceLine at = line;
                for (int i = chain.size() - 1; i >= 0; i--) {
                    Entry entry = chain.get(i);
                    boolean inlined = entry.tag == Unit.DW_TAG_INLINED_SUBROUTINE;
                    frames.add(new Dwarf.Frame(name(entry), at, inlined));
                    at = callSite(unit, entry);
                }
                return frames;
            }
        }
        return List.of();
    }

    /** The function at an address and the calls inlined there, outermost first. */
    private static List<Entry> chain(Unit unit, long address) {
        List<Entry> chain = new ArrayList<>();
        for (Entry entry : unit.functions()) {
            if (!unit.contains(entry, address)) {
                continue;
            }
            if (entry.tag == Unit.DW_TAG_SUBPROGRAM) {
                chain.clear();
            }
            if (chain.size() < MAX_INLINED && (entry.tag == Unit.DW_TAG_SUBPROGRAM || !chain.isEmpty())) {
                chain.add(entry);
            }
        }
        return chain;
    }

    private SourceLine callSite(Unit unit, Entry entry) {
        if (entry.callFile < 0) {
            return null;
        }
        LineHeader header = headers.get(unit.root.lineProgram);
        if (header == null) {
            try {
                header = lines.header(unit.root.lineProgram, budget);
            } catch (DwarfException e) {
                return null;
            }
            headers.put(unit.root.lineProgram, header);
        }
        String file = header.file(entry.callFile, unit.string(unit.root.directoryForm, unit.root.directory));
        return new SourceLine(file, number(entry.callLine), number(entry.callColumn));
    }

    private static int number(long value) {
        return (int) Math.max(0, Math.min(value, Integer.MAX_VALUE));
    }

    /** The name with the namespaces and types around it, or null. */
    private String name(Entry function) {
        Entry entry = function;
        for (int i = 0; i < MAX_REFERENCES && entry.originForm != 0; i++) {
            Entry target = target(entry);
            if (target == null) {
                break;
            }
            entry = target;
        }
        String name = entry.unit.string(entry.nameForm, entry.name);
        if (name == null) {
            return null;
        }
        StringBuilder text = new StringBuilder(name);
        int scopes = 0;
        for (Entry scope = entry.parent; scope != null && scopes < MAX_SCOPES; scope = scope.parent, scopes++) {
            if (scope.tag == Unit.DW_TAG_SUBPROGRAM || scope.tag == Unit.DW_TAG_INLINED_SUBROUTINE) {
                continue;
            }
            String scopeName = scope.unit.string(scope.nameForm, scope.name);
            if (scopeName != null) {
                text.insert(0, scopeName + "::");
            } else if (scope.tag == Unit.DW_TAG_NAMESPACE) {
                text.insert(0, "(anonymous namespace)::");
            }
        }
        return text.toString();
    }

    private Entry target(Entry entry) {
        long at = switch (entry.originForm) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> entry.unit.start + entry.origin;
            case Form.REF_ADDR -> entry.origin;
            default -> -1;
        };
        if (at >= entry.unit.start && at < entry.unit.end) {
            return entry.unit.entry(at);
        }
        for (Unit unit : units) {
            if (at >= unit.start && at < unit.end) {
                return unit.entry(at);
            }
        }
        return null;
    }
}
