package wasmbpf.wasm.dwarf;

/**
 * A debugging information entry as far as names and inlining need it: each value with its form, 0 where it has none, to be
 * made sense of by its {@link Unit}.
 */
final class Entry {
    private static final int DW_AT_NAME = 0x03;
    private static final int DW_AT_STMT_LIST = 0x10;
    private static final int DW_AT_LOW_PC = 0x11;
    private static final int DW_AT_HIGH_PC = 0x12;
    private static final int DW_AT_COMP_DIR = 0x1b;
    private static final int DW_AT_ABSTRACT_ORIGIN = 0x31;
    private static final int DW_AT_SPECIFICATION = 0x47;
    private static final int DW_AT_RANGES = 0x55;
    private static final int DW_AT_CALL_COLUMN = 0x57;
    private static final int DW_AT_CALL_FILE = 0x58;
    private static final int DW_AT_CALL_LINE = 0x59;
    private static final int DW_AT_STR_OFFSETS_BASE = 0x72;
    private static final int DW_AT_ADDR_BASE = 0x73;
    private static final int DW_AT_RNGLISTS_BASE = 0x74;

    final Unit unit;
    final int tag;
    /** The nearest entry around it that is kept, or null. */
    final Entry parent;
    int nameForm;
    long name;
    int directoryForm;
    long directory;
    int lowForm;
    long low;
    int highForm;
    long high;
    int rangesForm;
    long ranges;
    int originForm;
    long origin;
    long callFile = -1;
    long callLine;
    long callColumn;
    long lineProgram = -1;
    long stringOffsetsBase = -1;
    long addressBase = -1;
    long rangeListsBase = -1;

    Entry(Unit unit, int tag, Entry parent) {
        this.unit = unit;
        this.tag = tag;
        this.parent = parent;
    }

    void put(int attribute, int form, long value) {
        switch (attribute) {
            case DW_AT_NAME -> {
                nameForm = form;
                name = value;
            }
            case DW_AT_COMP_DIR -> {
                directoryForm = form;
                directory = value;
            }
            case DW_AT_LOW_PC -> {
                lowForm = form;
                low = value;
            }
            case DW_AT_HIGH_PC -> {
                highForm = form;
                high = value;
            }
            case DW_AT_RANGES -> {
                rangesForm = form;
                ranges = value;
            }
            case DW_AT_ABSTRACT_ORIGIN, DW_AT_SPECIFICATION -> {
                originForm = form;
                origin = value;
            }
            case DW_AT_CALL_FILE -> callFile = value;
            case DW_AT_CALL_LINE -> callLine = value;
            case DW_AT_CALL_COLUMN -> callColumn = value;
            case DW_AT_STMT_LIST -> lineProgram = value;
            case DW_AT_STR_OFFSETS_BASE -> stringOffsetsBase = value;
            case DW_AT_ADDR_BASE -> addressBase = value;
            case DW_AT_RNGLISTS_BASE -> rangeListsBase = value;
            default -> {
            }
        }
    }
}
