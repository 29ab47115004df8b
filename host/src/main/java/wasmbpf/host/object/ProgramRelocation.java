package wasmbpf.host.object;

/**
 * One place of a program that names something outside it: libbpf {@code struct reloc_desc}. Its kind follows from the
 * instruction and the symbol; the relocation number in the file says nothing.
 */
public sealed interface ProgramRelocation {
    /** The instruction, counted from the start of the function it is in. */
    int insnIndex();

    /** The same relocation in a program where the function starts {@code insns} instructions in. */
    ProgramRelocation shifted(int insns);

    /** Call of a function in {@code .text}. {@code symbolOffset}: bytes from the section's start. */
    record Call(int insnIndex, long symbolOffset) implements ProgramRelocation {
        @Override
        public Call shifted(int insns) {
            return new Call(insnIndex + insns, symbolOffset);
        }
    }

    /** Address of a function in {@code .text}, for a helper to call back. */
    record SubprogramAddress(int insnIndex, long symbolOffset) implements ProgramRelocation {
        @Override
        public SubprogramAddress shifted(int insns) {
            return new SubprogramAddress(insnIndex + insns, symbolOffset);
        }
    }

    /** A map. */
    record MapReference(int insnIndex, MapSpec map) implements ProgramRelocation {
        @Override
        public MapReference shifted(int insns) {
            return new MapReference(insnIndex + insns, map);
        }
    }

    /** A global variable: {@code symbolOffset} bytes, plus the instruction's own immediate, into a data section map. */
    record Data(int insnIndex, MapSpec map, long symbolOffset) implements ProgramRelocation {
        @Override
        public Data shifted(int insns) {
            return new Data(insnIndex + insns, map, symbolOffset);
        }
    }

    /** Value or address of an extern. */
    record ExternAddress(int insnIndex, Extern extern) implements ProgramRelocation {
        @Override
        public ExternAddress shifted(int insns) {
            return new ExternAddress(insnIndex + insns, extern);
        }
    }

    /** Call of a kernel function. */
    record ExternCall(int insnIndex, Extern extern) implements ProgramRelocation {
        @Override
        public ExternCall shifted(int insns) {
            return new ExternCall(insnIndex + insns, extern);
        }
    }

    /** A jump table of {@code sizeBytes} bytes at {@code symbolOffset} in {@code .jumptables}. */
    record JumpTable(int insnIndex, long symbolOffset, long sizeBytes) implements ProgramRelocation {
        @Override
        public JumpTable shifted(int insns) {
            return new JumpTable(insnIndex + insns, symbolOffset, sizeBytes);
        }
    }
}
