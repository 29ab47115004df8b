package wasmbpf.btf;

import java.util.Arrays;
import java.util.Optional;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;

/**
 * Reads BTF of either byte order: checks the header and finds where each type starts. What a type says is checked when
 * it is made into a record ({@link Btf#type}); {@link #check} does so for all at once, as is wise for an object's own
 * BTF and needless for the kernel's.
 */
public final class BtfReader {
    private BtfReader() {
    }

    /**
     * @param file  for messages
     * @param bytes a whole BTF blob; shared, not copied: the caller no longer changes it
     * @throws FormatException if it is no BTF, or ends within a type
     */
    public static Btf read(String file, byte[] bytes) {
        return readSplit(file, bytes, null);
    }

    /** As {@link #read}, for types that continue those of {@code base}: a kernel module's. */
    public static Btf readSplit(String file, byte[] bytes, Btf base) {
        BtfHeader header = BtfHeader.read(file, bytes, base != null);
        return index(file, bytes, header, base);
    }

    /** The {@code .BTF} section of an object, every type of it checked; DATASECs are as the compiler left them. */
    public static Btf ofElf(ElfFile elf) {
        Optional<Section> section = elf.section(".BTF");
        if (section.isEmpty()) {
            throw new FormatException(elf.name() + ": has no .BTF section (compile with -g)");
        }
        Btf btf = read(elf.name(), section.get().bytes());
        check(btf);
        return btf;
    }

    /** Makes every own type once, so that an id or string that does not exist is found now. */
    public static void check(Btf btf) {
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            btf.type(id);
        }
    }

    /** The loop over all types, plain int arithmetic: it runs in the interpreter when a short-lived program starts. */
    private static Btf index(String file, byte[] bytes, BtfHeader header, Btf base) {
        int[] infoBytes = new int[128];
        int[] elementBytes = new int[128];
        KindLayout.fill(bytes, header, base, infoBytes, elementBytes);

        int startId = base == null ? 1 : base.typeCount();
        boolean little = header.littleEndian();
        int at = header.typesAt();
        int end = at + header.typeBytes();
        // A pointer takes 12 bytes, the average type of a kernel 25; grown if the guess is short.
        int[] offsets = new int[header.typeBytes() / 24 + 16];
        int count = 0;
        while (end - at >= Btf.TYPE_BYTES) {
            int kind;
            int vlen;
            if (little) {
                kind = bytes[at + 7] & 0x7f;
                vlen = bytes[at + 4] & 0xff | (bytes[at + 5] & 0xff) << 8 | (bytes[at + 6] & 0xff) << 16;
            } else {
                kind = bytes[at + 4] & 0x7f;
                vlen = bytes[at + 7] & 0xff | (bytes[at + 6] & 0xff) << 8 | (bytes[at + 5] & 0xff) << 16;
            }
            int info = infoBytes[kind];
            if (info < 0) {
                throw new FormatException(file + ": BTF type " + (startId + count) + ": kind " + kind
                        + " is unknown (offset 0x" + Integer.toHexString(at) + ")");
            }
            // At most 12 + 255 + 2^24 * 255: past an int, so compared as a long.
            long size = Btf.TYPE_BYTES + info + (long) vlen * elementBytes[kind];
            if (size > end - at) {
                throw new FormatException(file + ": BTF type " + (startId + count) + " " + BtfKind.of(kind) + ": needs "
                        + size + " bytes, " + (end - at) + " remain (offset 0x" + Integer.toHexString(at) + ")");
            }
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            offsets[count++] = at;
            at += (int) size;
        }
        if (at != end) {
            throw new FormatException(file + ": BTF types end with " + (end - at) + " bytes that are no type (offset 0x"
                    + Integer.toHexString(at) + ")");
        }
        return new Btf(file, bytes, header, offsets, count, base);
    }
}
