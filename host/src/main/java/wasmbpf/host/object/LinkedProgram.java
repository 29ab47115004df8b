package wasmbpf.host.object;

import java.util.List;

import wasmbpf.core.InsnBuffer;

/**
 * An entry program with all the subprograms it uses, ready for BPF_PROG_LOAD but for file descriptors.
 *
 * @param program     what it was made from
 * @param code        final instructions; the loader fills what {@code references} name
 * @param references  by rising order of libbpf's relocation: main program first, then appended subprograms
 * @param funcInfo    {@code func_info} records for the kernel
 * @param lineInfo    {@code line_info} records for the kernel
 * @param subprograms what was appended, in that order
 * @param fdArray     modules whose BTF descriptors go in {@code fd_array}, from slot 1 on; slot 0 stays 0. Shared by
 *                    all programs of an object
 * @param jumpTables  tables to create as BPF_MAP_TYPE_INSN_ARRAY before this program
 */
public record LinkedProgram(ProgramSpec program, InsnBuffer code, List<Reference> references, InfoRecords funcInfo,
                            InfoRecords lineInfo, List<AppendedSubprogram> subprograms,
                            List<KernelFacts.Module> fdArray, List<JumpTable> jumpTables) {
    /**
     * Records of {@code .BTF.ext} with kernel offsets (instructions, not bytes).
     *
     * @param recordSize bytes each, as in the file: at least 8 for functions, 16 for lines; 0 if there are none
     * @param count      records
     * @param bytes      {@code count * recordSize} bytes in the object's byte order
     */
    public record InfoRecords(int recordSize, int count, byte[] bytes) {
        /** No records. */
        public static final InfoRecords NONE = new InfoRecords(0, 0, new byte[0]);
    }

    /**
     * A subprogram in the final code.
     *
     * @param insnOffset where it starts in {@link #code}
     */
    public record AppendedSubprogram(ProgramSpec subprogram, int insnOffset) {
    }

    /**
     * A compiler's jump table.
     *
     * @param insnOffsets its targets as instruction indexes of {@link #code}
     */
    public record JumpTable(long sectionOffset, List<Integer> insnOffsets) {
    }
}
