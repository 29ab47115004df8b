package wasmbpf.elf;

/** Bits of a section's flags, {@code SHF_*}. */
public final class SectionFlags {
    public static final long WRITE = 1;
    public static final long ALLOC = 2;
    public static final long EXECINSTR = 4;
    public static final long MERGE = 0x10;
    public static final long STRINGS = 0x20;
    public static final long INFO_LINK = 0x40;
    public static final long LINK_ORDER = 0x80;
    public static final long GROUP = 0x200;
    public static final long TLS = 0x400;
    public static final long COMPRESSED = 0x800;
    public static final long EXCLUDE = 0x8000_0000L;

    private SectionFlags() {
    }
}
