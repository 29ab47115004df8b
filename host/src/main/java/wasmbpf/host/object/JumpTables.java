package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.core.InsnBuffer;

/** Jump tables of section {@code .jumptables}: 8-byte entries, byte offsets from the start of the code's section. */
final class JumpTables {
    private static final int ENTRY_BYTES = 8;

    private JumpTables() {
    }

    /**
     * The table with its targets as instruction indexes of the final program.
     *
     * @param function the function that jumps through it
     * @param base     where that function starts in the final program
     */
    static LinkedProgram.JumpTable read(ObjectSpec spec, ProgramSpec program, ProgramRelocation.JumpTable relocation,
                                        ProgramSpec function, int base) {
        byte[] section = spec.jumpTables();
        long offset = relocation.symbolOffset();
        long size = relocation.sizeBytes();
        String where = "object \"" + spec.name() + "\": program \"" + program.name() + "\": jump table at offset "
                + Long.toUnsignedString(offset) + " of .jumptables";
        if (offset < 0 || size < 0 || offset % ENTRY_BYTES != 0 || size % ENTRY_BYTES != 0 || section == null
                || offset > section.length || size > section.length - offset) {
            throw new ObjectException(where + " with " + Long.toUnsignedString(size)
                    + " bytes is not a table of 8-byte entries within the section");
        }
        ByteBuffer entries = ByteBuffer.wrap(section, (int) offset, (int) size).order(spec.byteOrder());
        List<Integer> targets = new ArrayList<>((int) size / ENTRY_BYTES);
        while (entries.hasRemaining()) {
            long entry = entries.getLong();
            long target = Long.divideUnsigned(entry, InsnBuffer.SLOT_BYTES) - function.sectionInsnOffset() + base;
            if (target < 0 || target > 0xffff_ffffL) {
                throw new ObjectException(where + ": entry " + targets.size() + ", 0x" + Long.toHexString(entry)
                        + ", is outside function \"" + function.name() + "\"");
            }
            targets.add((int) target);
        }
        return new LinkedProgram.JumpTable(offset, List.copyOf(targets));
    }
}
