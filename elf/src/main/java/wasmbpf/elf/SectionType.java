package wasmbpf.elf;

/** What a section holds, {@code SHT_*} with the ELF numbers. */
public enum SectionType {
    NULL(0),
    PROGBITS(1),
    SYMTAB(2),
    STRTAB(3),
    RELA(4),
    HASH(5),
    DYNAMIC(6),
    NOTE(7),
    NOBITS(8),
    REL(9),
    SHLIB(10),
    DYNSYM(11),
    INIT_ARRAY(14),
    FINI_ARRAY(15),
    PREINIT_ARRAY(16),
    GROUP(17),
    SYMTAB_SHNDX(18),
    RELR(19),
    LLVM_ADDRSIG(0x6fff4c03),
    GNU_ATTRIBUTES(0x6ffffff5),
    GNU_HASH(0x6ffffff6),
    GNU_VERDEF(0x6ffffffd),
    GNU_VERNEED(0x6ffffffe),
    GNU_VERSYM(0x6fffffff),
    X86_64_UNWIND(0x70000001),
    /** A number this table does not have; the record it came with keeps the number. */
    OTHER(-1);

    private final int number;

    SectionType(int number) {
        this.number = number;
    }

    /** The number in the file, or -1 for {@link #OTHER}. */
    public int number() {
        return number;
    }

    static SectionType of(int number) {
        for (SectionType each : VALUES) {
            if (each.number == number) {
                return each;
            }
        }
        return OTHER;
    }

    private static final SectionType[] VALUES = values();
}
