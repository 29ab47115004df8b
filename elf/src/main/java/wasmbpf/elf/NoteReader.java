package wasmbpf.elf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Notes: {@code namesz descsz type name desc}, name and desc each filled up to the alignment (gABI, "Note Section").
 * Words are 4 bytes in ELF64 too; the filling is to 4 unless the section says 8 (.note.gnu.property).
 */
final class NoteReader {
    private NoteReader() {
    }

    static List<Note> read(ByteReader reader, long sectionAlign) {
        int align = sectionAlign == 8 ? 8 : 4;
        List<Note> notes = new ArrayList<>();
        while (reader.remaining() >= 12) {
            long start = reader.position();
            long nameBytes = reader.u32("name size");
            long descBytes = reader.u32("description size");
            int type = reader.s32("note type");
            byte[] name = reader.bytes("note name", nameBytes);
            int end = name.length;
            while (end > 0 && name[end - 1] == 0) {
                end--;
            }
            align(reader, align);
            ByteReader desc = reader.slice("note at 0x" + Long.toHexString(start) + " of " + reader.part(),
                    reader.position(), checked(reader, descBytes));
            reader.skip("description", descBytes);
            align(reader, align);
            notes.add(new Note(new String(name, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1), type, desc,
                    start));
        }
        return Collections.unmodifiableList(notes);
    }

    private static long checked(ByteReader reader, long descBytes) {
        return reader.count("bytes of description", descBytes, 1);
    }

    /** Moves to the next multiple; the last note of a section may lack its filling. */
    private static void align(ByteReader reader, int align) {
        long next = (reader.position() + align - 1) & -align;
        reader.seek(Math.min(next, reader.size()));
    }
}
