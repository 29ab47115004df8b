package wasmbpf.wasm.dwarf;

import java.util.ArrayList;
import java.util.List;

/** The header of a line number program (DWARF 5, section 6.2.4): how its instructions are written, and the files. */
final class LineHeader {
    private static final int DW_LNCT_PATH = 1;
    private static final int DW_LNCT_DIRECTORY_INDEX = 2;

    private record Entry(String name, long directory) {
    }

    final int version;
    final int minInstructionLength;
    final int lineBase;
    final int lineRange;
    final int opcodeBase;
    final int[] operandCounts;
    private final Sections sections;
    private final Budget budget;
    private final List<String> directories = new ArrayList<>();
    private final List<Entry> files = new ArrayList<>();

    /** Reads from behind the unit length; leaves the cursor at the first instruction. */
    LineHeader(DwarfReader in, Sections sections, Budget budget) throws DwarfException {
        this.sections = sections;
        this.budget = budget;
        version = in.u16();
        if (version < 2 || version > 5) {
            throw new DwarfException("a line program of version " + version);
        }
        int addressBytes = 4;
        if (version == 5) {
            addressBytes = in.u8();
            in.u8();
        }
        long headerLength = in.offset();
        long program = in.position() + headerLength;
        minInstructionLength = in.u8();
        if (version >= 4) {
            // Operations of one VLIW instruction: always one here.
            in.u8();
        }
        in.u8();
        lineBase = (byte) in.u8();
        lineRange = in.u8();
        opcodeBase = in.u8();
        operandCounts = new int[Math.max(1, opcodeBase)];
        for (int i = 1; i < opcodeBase; i++) {
            operandCounts[i] = in.u8();
        }
        if (version == 5) {
            for (Entry entry : entries(in, addressBytes)) {
                directories.add(entry.name);
            }
            files.addAll(entries(in, addressBytes));
        } else {
            oldTables(in);
        }
        in.seek(program);
    }

    private void oldTables(DwarfReader in) throws DwarfException {
        // Directory 0 is the unit's, which only .debug_info knows.
        directories.add("");
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            directories.add(name);
        }
        // Files count from 1.
        files.add(null);
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            addFile(name, in);
        }
    }

    /** Name read, the rest to follow: also what DW_LNE_define_file holds. */
    void addFile(String name, DwarfReader in) throws DwarfException {
        long directory = in.uleb();
        in.uleb();
        in.uleb();
        files.add(new Entry(name, directory));
    }

    private List<Entry> entries(DwarfReader in, int addressBytes) throws DwarfException {
        int formatCount = in.u8();
        long[] types = new long[formatCount];
        int[] forms = new int[formatCount];
        for (int i = 0; i < formatCount; i++) {
            types[i] = in.uleb();
            forms[i] = (int) in.uleb();
        }
        List<Entry> entries = new ArrayList<>();
        long count = in.uleb();
        if (formatCount == 0 && count > 0) {
            throw new DwarfException("entries of no format");
        }
        for (long i = 0; i < count; i++) {
            String name = "";
            long directory = 0;
            for (int f = 0; f < formatCount; f++) {
                int at = in.position();
                long value = Form.read(forms[f], in, addressBytes, version);
                if (types[f] == DW_LNCT_PATH) {
                    name = path(forms[f], value, in, at);
                } else if (types[f] == DW_LNCT_DIRECTORY_INDEX) {
                    directory = value;
                }
            }
            entries.add(new Entry(name, directory));
        }
        return entries;
    }

    private String path(int form, long value, DwarfReader in, int at) throws DwarfException {
        DwarfReader strings = switch (form) {
            case Form.STRING -> in.fresh();
            case Form.LINE_STRP -> sections.read(".debug_line_str", budget);
            case Form.STRP -> sections.read(".debug_str", budget);
            default -> throw new DwarfException("a path of form 0x" + Integer.toHexString(form));
        };
        strings.seek(form == Form.STRING ? at : value);
        return strings.string();
    }

    /**
     * A file of the table as a path.
     *
     * @param unitDirectory the unit's directory by .debug_info, or null
     */
    String file(long number, String unitDirectory) {
        if (number < 0 || number >= files.size() || files.get((int) number) == null) {
            return "?";
        }
        Entry entry = files.get((int) number);
        String directory = entry.directory < 0 || entry.directory >= directories.size() ? ""
                : directories.get((int) entry.directory);
        String base = unitDirectory == null ? version == 5 && !directories.isEmpty() ? directories.get(0) : "" : unitDirectory;
        return join(base, join(directory, entry.name));
    }

    private static String join(String directory, String name) {
        if (directory.isEmpty() || directory.equals(".") || name.startsWith("/") || isWindowsPath(name)) {
            return name;
        }
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    private static boolean isWindowsPath(String name) {
        return name.length() > 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
    }
}
