package wasmbpf.btf;

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

    private static Btf index(String file, byte[] bytes, BtfHeader header, Btf base) {
        int startId = base == null ? 1 : base.typeCount();
        TypeIndexer indexer = new TypeIndexer(file, bytes, header, base, startId);
        while (indexer.block()) {
            // A kernel's types, 32 at a time.
        }
        return new Btf(file, bytes, header, indexer.offsets(), indexer.count(), base);
    }
}
