package wasmbpf.wasm.dwarf;

/** Runs the line number programs of {@code .debug_line} (DWARF 5, section 6.2). */
final class LinePrograms {
    private static final int DW_LNS_COPY = 1;
    private static final int DW_LNS_ADVANCE_PC = 2;
    private static final int DW_LNS_ADVANCE_LINE = 3;
    private static final int DW_LNS_SET_FILE = 4;
    private static final int DW_LNS_SET_COLUMN = 5;
    private static final int DW_LNS_CONST_ADD_PC = 8;
    private static final int DW_LNS_FIXED_ADVANCE_PC = 9;
    private static final int DW_LNE_END_SEQUENCE = 1;
    private static final int DW_LNE_SET_ADDRESS = 2;
    private static final int DW_LNE_DEFINE_FILE = 3;

    /** Takes the rows of one sequence after the other; addresses within a sequence ascend. */
    interface Sink {
        /** Code from {@code start} up to {@code end} comes from this line. */
        void row(LineHeader header, int unit, long start, long end, long file, int line, int column);
    }

    private final Sections sections;

    LinePrograms(Sections sections) {
        this.sections = sections;
    }

    /** All programs; a damaged one is left at the damage. */
    void run(Sink sink) {
        Budget budget = Dwarf.budget(sections);
        DwarfReader in = sections.read(".debug_line", budget);
        while (in.remaining() > 0 && !budget.exhausted()) {
            int unit = in.position();
            try {
                in.limit(in.unitLength());
            } catch (DwarfException e) {
                return;
            }
            try {
                run(in, unit, new LineHeader(in, sections, budget), sink);
            } catch (DwarfException e) {
                // The next unit may be good.
            }
            in.leaveLimit();
        }
    }

    /** The header of the program at a position of the section. */
    LineHeader header(long unit, Budget budget) throws DwarfException {
        DwarfReader in = sections.read(".debug_line", budget);
        in.seek(unit);
        in.limit(in.unitLength());
        return new LineHeader(in, sections, budget);
    }

    /** A row that waits for the address of the next one. */
    private static final class State {
        long address;
        long file = 1;
        int line = 1;
        int column;
        boolean open;
        long rowAddress;
        long rowFile;
        int rowLine;
        int rowColumn;
        /** Whether the sequence is of code that the linker has dropped. */
        boolean dead;
        boolean first = true;
    }

    private static void run(DwarfReader in, int unit, LineHeader header, Sink sink) throws DwarfException {
        State state = new State();
        while (in.remaining() > 0) {
            int op = in.u8();
            if (op >= header.opcodeBase) {
                if (header.lineRange == 0) {
                    throw new DwarfException("a line range of 0");
                }
                int adjusted = op - header.opcodeBase;
                state.address += (long) (adjusted / header.lineRange) * header.minInstructionLength;
                state.line += header.lineBase + adjusted % header.lineRange;
                row(header, unit, state, sink);
                continue;
            }
            switch (op) {
                case 0 -> state = extended(in, unit, header, state, sink);
                case DW_LNS_COPY -> row(header, unit, state, sink);
                case DW_LNS_ADVANCE_PC -> state.address += in.uleb() * header.minInstructionLength;
                case DW_LNS_ADVANCE_LINE -> state.line += (int) in.sleb();
                case DW_LNS_SET_FILE -> state.file = in.uleb();
                case DW_LNS_SET_COLUMN -> state.column = (int) Math.min(in.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
                case DW_LNS_CONST_ADD_PC -> {
                    if (header.lineRange == 0) {
                        throw new DwarfException("a line range of 0");
                    }
                    state.address += (long) ((255 - header.opcodeBase) / header.lineRange) * header.minInstructionLength;
                }
                case DW_LNS_FIXED_ADVANCE_PC -> state.address += in.u16();
                default -> {
                    for (int i = header.operandCounts[op]; i > 0; i--) {
                        in.uleb();
                    }
                }
            }
        }
    }

    private static State extended(DwarfReader in, int unit, LineHeader header, State state, Sink sink)
            throws DwarfException {
        long length = in.uleb();
        int next = in.position();
        if (length < 1 || length > in.remaining()) {
            throw new DwarfException("an extended instruction of " + length + " bytes");
        }
        State after = state;
        switch (in.u8()) {
            case DW_LNE_END_SEQUENCE -> {
                close(header, unit, state, sink);
                after = new State();
            }
            case DW_LNE_SET_ADDRESS -> {
                state.address = in.fixed((int) length - 1);
                if (state.first) {
                    state.dead = isDead(state.address);
                }
            }
            case DW_LNE_DEFINE_FILE -> header.addFile(in.string(), in);
            default -> {
            }
        }
        in.seek(next + length);
        return after;
    }

    /** What the linker writes for functions it drops: 0 once, -1 and -2 now. Where code is, 0 cannot be: there is its count. */
    static boolean isDead(long address) {
        return address <= 0 || address >= 0xFFFFFFF0L;
    }

    private static void row(LineHeader header, int unit, State state, Sink sink) {
        close(header, unit, state, sink);
        state.first = false;
        state.open = true;
        state.rowAddress = state.address;
        state.rowFile = state.file;
        state.rowLine = state.line;
        state.rowColumn = state.column;
    }

    private static void close(LineHeader header, int unit, State state, Sink sink) {
        if (state.open && !state.dead && state.rowAddress < state.address) {
            sink.row(header, unit, state.rowAddress, state.address, state.rowFile,
                    Math.max(0, state.rowLine), state.rowColumn);
        }
        state.open = false;
    }
}
