package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import wasmbpf.elf.ByteReader;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.Note;
import wasmbpf.elf.ProgramHeader;
import wasmbpf.elf.Section;

/**
 * The places of a USDT probe in a binary, from the notes that {@code sys/sdt.h} leaves: libbpf {@code
 * collect_usdt_targets}.
 *
 * <pre>
 * note "stapsdt" type 3: address of the nop, address of .stapsdt.base as linked, address of the semaphore or 0,
 *                        then provider, name and arguments, each NUL-terminated
 * </pre>
 */
final class UsdtSites {
    /**
     * @param fileOffset      of the nop
     * @param address         of the nop, as linked
     * @param semaphoreOffset in the file, 0 if there is none
     * @param arguments       as in the note
     */
    record Site(long fileOffset, long address, long semaphoreOffset, String arguments) {
    }

    private static final int NOTE_TYPE = 3;
    private static final String OWNER = "stapsdt";

    private UsdtSites() {
    }

    /** @throws wasmbpf.elf.FormatException if a note is damaged */
    static List<Site> of(ElfFile elf, String provider, String name) {
        List<Site> sites = new ArrayList<>();
        Optional<Section> notes = elf.section(".note.stapsdt");
        if (notes.isEmpty()) {
            return sites;
        }
        Optional<Section> base = elf.section(".stapsdt.base");
        for (Note note : elf.notes(notes.get())) {
            if (note.type() != NOTE_TYPE || !note.owner().equals(OWNER)) {
                continue;
            }
            ByteReader reader = note.desc();
            long location = address(reader, elf, "location");
            long linkedBase = address(reader, elf, "base");
            long semaphore = address(reader, elf, "semaphore");
            if (!reader.cString("provider").equals(provider) || !reader.cString("name").equals(name)) {
                continue;
            }
            // Prelinking moves code but not notes; the base section moved with the code.
            if (base.isPresent() && linkedBase != 0) {
                location += base.get().address() - linkedBase;
            }
            String arguments = reader.remaining() > 0 ? reader.cString("arguments") : "";
            sites.add(new Site(fileOffset(elf, notes.get(), location, true, "probe"), location,
                    semaphore == 0 ? 0 : fileOffset(elf, notes.get(), semaphore, false, "semaphore"), arguments));
        }
        return sites;
    }

    private static long address(ByteReader reader, ElfFile elf, String field) {
        return elf.is64Bit() ? reader.s64(field) : reader.u32(field);
    }

    /** Where in the file the bytes at an address are. */
    private static long fileOffset(ElfFile elf, Section notes, long address, boolean executable, String what) {
        for (ProgramHeader segment : elf.programHeaders()) {
            boolean covers = Long.compareUnsigned(address - segment.virtualAddress(), segment.memorySize()) < 0;
            if (segment.type() == ProgramHeader.PT_LOAD && covers) {
                if (((segment.flags() & ProgramHeader.PF_X) != 0) != executable) {
                    throw notes.reader().error("the " + what + " at 0x" + Long.toHexString(address)
                            + " lies in a segment "
                            + (executable ? "without code" : "of code"));
                }
                return address - segment.virtualAddress() + segment.offset();
            }
        }
        throw notes.reader().error("the " + what + " at 0x" + Long.toHexString(address) + " lies in no segment");
    }
}
