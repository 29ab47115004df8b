package wasmbpf.wasm.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A unit of {@code .debug_info} (DWARF 5, section 7.5): its root entry, and on demand the entries that have names or code. */
final class Unit {
    static final int DW_TAG_SUBPROGRAM = 0x2e;
    static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;
    private static final int DW_TAG_CLASS = 0x02;
    private static final int DW_TAG_ENUMERATION = 0x04;
    private static final int DW_TAG_STRUCTURE = 0x13;
    private static final int DW_TAG_UNION = 0x17;
    private static final int DW_TAG_MODULE = 0x1e;
    private static final int DW_TAG_INTERFACE = 0x38;
    static final int DW_TAG_NAMESPACE = 0x39;
    private static final int DW_UT_TYPE = 2;
    private static final int DW_UT_SKELETON = 4;
    private static final int DW_UT_SPLIT_COMPILE = 5;
    private static final int DW_UT_SPLIT_TYPE = 6;

    private final Sections sections;
    private final Budget budget;
    /** Where its header starts, and where it ends, in the section. */
    final int start;
    final int end;
    final int version;
    private final int addressBytes;
    private final int offsetBytes;
    private final int entriesStart;
    private final Abbreviations abbreviations;
    final Entry root;
    /** By position in the section; null until read. */
    private Map<Long, Entry> entries;
    private List<Entry> functions;

    /** Reads header and root entry; the cursor is limited to the unit, its length already read. */
    Unit(DwarfReader in, int start, Sections sections, Budget budget) throws DwarfException {
        this.sections = sections;
        this.budget = budget;
        this.start = start;
        end = in.position() + in.remaining();
        offsetBytes = in.offsetBytes();
        version = in.u16();
        if (version < 2 || version > 5) {
            throw new DwarfException("a unit of version " + version);
        }
        long abbreviationsAt;
        if (version == 5) {
            int type = in.u8();
            addressBytes = in.u8();
            abbreviationsAt = in.offset();
            switch (type) {
                case DW_UT_SKELETON, DW_UT_SPLIT_COMPILE -> in.u64();
                case DW_UT_TYPE, DW_UT_SPLIT_TYPE -> {
                    in.u64();
                    in.offset();
                }
                default -> {
                }
            }
        } else {
            abbreviationsAt = in.offset();
            addressBytes = in.u8();
        }
        DwarfReader abbrev = sections.read(".debug_abbrev", budget);
        abbrev.seek(abbreviationsAt);
        abbreviations = new Abbreviations(abbrev);
        entriesStart = in.position();
        root = read(in, null, true);
    }

    /** The next entry, or null if it is one that is not kept. */
    private Entry read(DwarfReader in, Entry parent, boolean keep) throws DwarfException {
        return read(abbreviations.get(in.uleb()), in, parent, keep);
    }

    private Entry read(Abbreviations.Abbreviation kind, DwarfReader in, Entry parent, boolean keep) throws DwarfException {
        Entry entry = keep ? new Entry(this, kind.tag(), parent) : null;
        long[] attributes = kind.attributes();
        budget.spend(attributes.length / 3);
        for (int i = 0; i < attributes.length; i += 3) {
            int form = (int) attributes[i + 1];
            long value = attributes[i + 2];
            for (int hops = 0; form == Form.INDIRECT && hops < 4; hops++) {
                form = (int) in.uleb();
            }
            if (form != Form.IMPLICIT_CONST) {
                value = Form.read(form, in, addressBytes, version);
            }
            if (keep) {
                entry.put((int) attributes[i], form, value);
            }
        }
        return entry;
    }

    private static boolean isKept(int tag) {
        return switch (tag) {
            case DW_TAG_SUBPROGRAM, DW_TAG_INLINED_SUBROUTINE, DW_TAG_CLASS, DW_TAG_ENUMERATION, DW_TAG_STRUCTURE,
                    DW_TAG_UNION, DW_TAG_MODULE, DW_TAG_INTERFACE, DW_TAG_NAMESPACE -> true;
            default -> false;
        };
    }

    /** Reads all entries, up to the first damage. */
    private void load() {
        entries = new HashMap<>();
        functions = new ArrayList<>();
        try {
            DwarfReader in = sections.read(".debug_info", budget);
            in.seek(entriesStart);
            in.limit(end - entriesStart);
            in.offsetBytes(offsetBytes);
            // For each open entry the nearest kept one.
            List<Entry> open = new ArrayList<>();
            while (in.remaining() > 0) {
                long at = in.position();
                long code = in.uleb();
                if (code == 0) {
                    if (open.isEmpty()) {
                        return;
                    }
                    open.removeLast();
                    continue;
                }
                Abbreviations.Abbreviation kind = abbreviations.get(code);
                Entry parent = open.isEmpty() ? null : open.getLast();
                Entry entry = read(kind, in, parent, isKept(kind.tag()));
                if (entry != null) {
                    entries.put(at, entry);
                    if (kind.tag() == DW_TAG_SUBPROGRAM || kind.tag() == DW_TAG_INLINED_SUBROUTINE) {
                        functions.add(entry);
                    }
                }
                if (kind.children()) {
                    open.add(entry != null ? entry : parent);
                }
            }
        } catch (DwarfException e) {
            // What was read so far is good.
        }
    }

    /** Subprograms and inlined subroutines, outer ones before inner ones. */
    List<Entry> functions() {
        if (functions == null) {
            load();
        }
        return functions;
    }

    /** The kept entry at a position of the section, or null. */
    Entry entry(long position) {
        if (entries == null) {
            load();
        }
        return entries.get(position);
    }

    /** A string attribute, or null if there is none that can be read. */
    String string(int form, long value) {
        try {
            String section = switch (form) {
                case Form.STRING -> ".debug_info";
                case Form.LINE_STRP -> ".debug_line_str";
                case Form.STRP, Form.STRX, Form.STRX1, Form.STRX2, Form.STRX3, Form.STRX4 -> ".debug_str";
                default -> null;
            };
            if (section == null) {
                return null;
            }
            long at = value;
            if (form != Form.STRING && form != Form.LINE_STRP && form != Form.STRP) {
                at = indexed(".debug_str_offsets", root.stringOffsetsBase >= 0 ? root.stringOffsetsBase : 2L * offsetBytes,
                        value, offsetBytes);
            }
            DwarfReader in = sections.read(section, budget);
            in.seek(at);
            return in.string();
        } catch (DwarfException e) {
            return null;
        }
    }

    private long indexed(String section, long base, long index, int bytes) throws DwarfException {
        DwarfReader in = sections.read(section, budget);
        in.seek(base);
        if (index < 0 || index > in.remaining() / bytes) {
            throw new DwarfException("index " + index + " of " + section);
        }
        in.skip(index * bytes);
        return in.fixed(bytes);
    }

    private long address(int form, long value) throws DwarfException {
        return switch (form) {
            case Form.ADDR -> value;
            case Form.ADDRX, Form.ADDRX1, Form.ADDRX2, Form.ADDRX3, Form.ADDRX4 ->
                indexed(".debug_addr", root.addressBase >= 0 ? root.addressBase : 2L * offsetBytes, value, addressBytes);
            default -> throw new DwarfException("an address of form 0x" + Integer.toHexString(form));
        };
    }

    /** Whether an entry says which code is its. */
    static boolean hasCode(Entry entry) {
        return entry.lowForm != 0 && entry.highForm != 0 || entry.rangesForm != 0;
    }

    /** Whether the code of an entry includes an address. */
    boolean contains(Entry entry, long wanted) {
        try {
            if (entry.rangesForm != 0) {
                return version == 5 ? inRangeList(entry, wanted) : inOldRanges(entry, wanted);
            }
            if (entry.lowForm == 0 || entry.highForm == 0) {
                return false;
            }
            long low = address(entry.lowForm, entry.low);
            boolean isAddress = switch (entry.highForm) {
                case Form.ADDR, Form.ADDRX, Form.ADDRX1, Form.ADDRX2, Form.ADDRX3, Form.ADDRX4 -> true;
                default -> false;
            };
            long high = isAddress ? address(entry.highForm, entry.high) : low + entry.high;
            return in(low, high, wanted);
        } catch (DwarfException e) {
            return false;
        }
    }

    private static boolean in(long low, long high, long wanted) {
        return !LinePrograms.isDead(low) && low <= wanted && wanted < high;
    }

    private long baseAddress() throws DwarfException {
        return root.lowForm == 0 ? 0 : address(root.lowForm, root.low);
    }

    /** {@code .debug_ranges} (DWARF 4, section 2.17.3). */
    private boolean inOldRanges(Entry entry, long wanted) throws DwarfException {
        DwarfReader in = sections.read(".debug_ranges", budget);
        in.seek(entry.ranges);
        long base = baseAddress();
        long largest = addressBytes == 8 ? -1 : 0xFFFFFFFFL;
        while (true) {
            long low = in.fixed(addressBytes);
            long high = in.fixed(addressBytes);
            if (low == 0 && high == 0) {
                return false;
            }
            if (low == largest) {
                base = high;
            } else if (in(base + low, base + high, wanted)) {
                return true;
            }
        }
    }

    /** {@code .debug_rnglists} (DWARF 5, section 2.17.3). */
    private boolean inRangeList(Entry entry, long wanted) throws DwarfException {
        DwarfReader in = sections.read(".debug_rnglists", budget);
        long at = entry.ranges;
        if (entry.rangesForm == Form.RNGLISTX) {
            long lists = root.rangeListsBase >= 0 ? root.rangeListsBase : offsetBytes == 4 ? 12 : 20;
            at = lists + indexed(".debug_rnglists", lists, at, offsetBytes);
        }
        in.seek(at);
        long base = baseAddress();
        while (true) {
            long low;
            long high;
            switch (in.u8()) {
                case 0 -> {
                    return false;
                }
                case 1 -> {
                    base = address(Form.ADDRX, in.uleb());
                    continue;
                }
                case 2 -> {
                    low = address(Form.ADDRX, in.uleb());
                    high = address(Form.ADDRX, in.uleb());
                }
                case 3 -> {
                    low = address(Form.ADDRX, in.uleb());
                    high = low + in.uleb();
                }
                case 4 -> {
                    low = base + in.uleb();
                    high = base + in.uleb();
                }
                case 5 -> {
                    base = in.fixed(addressBytes);
                    continue;
                }
                case 6 -> {
                    low = in.fixed(addressBytes);
                    high = in.fixed(addressBytes);
                }
                case 7 -> {
                    low = in.fixed(addressBytes);
                    high = low + in.uleb();
                }
                default -> throw new DwarfException("unknown kind of range");
            }
            if (in(low, high, wanted)) {
                return true;
            }
        }
    }
}
