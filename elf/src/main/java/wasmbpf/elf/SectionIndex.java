package wasmbpf.elf;

/** Section numbers with a meaning of their own: gABI "Special Section Indexes", {@code SHN_*}. */
public final class SectionIndex {
    /** The symbol is defined elsewhere. */
    public static final int UNDEF = 0;
    /** First of the reserved numbers; from here to 0xffff no section has its number in 16 bits. */
    public static final int LORESERVE = 0xff00;
    /** The value is absolute, not relative to a section. */
    public static final int ABS = 0xfff1;
    /** An uninitialised variable that the linker has yet to place; value = alignment. */
    public static final int COMMON = 0xfff2;
    /** The number does not fit: it lies in SHT_SYMTAB_SHNDX, or in section 0. Never seen outside {@link ElfReader}. */
    public static final int XINDEX = 0xffff;

    private SectionIndex() {
    }

    public static boolean isReserved(int index) {
        return index >= LORESERVE && index <= XINDEX;
    }
}
