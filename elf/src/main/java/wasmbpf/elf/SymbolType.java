package wasmbpf.elf;

/** What a symbol stands for, {@code STT_*} with the ELF numbers. */
public enum SymbolType {
    NOTYPE(0),
    OBJECT(1),
    FUNC(2),
    SECTION(3),
    FILE(4),
    COMMON(5),
    TLS(6),
    GNU_IFUNC(10),
    /** A number this table does not have; the record it came with keeps the number. */
    OTHER(-1);

    private final int number;

    SymbolType(int number) {
        this.number = number;
    }

    /** The number in the file, or -1 for {@link #OTHER}. */
    public int number() {
        return number;
    }

    static SymbolType of(int number) {
        for (SymbolType each : VALUES) {
            if (each.number == number) {
                return each;
            }
        }
        return OTHER;
    }

    private static final SymbolType[] VALUES = values();
}
