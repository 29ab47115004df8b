package wasmbpf.elf;

/** How far a symbol's name reaches, {@code STB_*} with the ELF numbers. */
public enum SymbolBind {
    LOCAL(0),
    GLOBAL(1),
    WEAK(2),
    GNU_UNIQUE(10),
    /** A number this table does not have; the record it came with keeps the number. */
    OTHER(-1);

    private final int number;

    SymbolBind(int number) {
        this.number = number;
    }

    /** The number in the file, or -1 for {@link #OTHER}. */
    public int number() {
        return number;
    }

    static SymbolBind of(int number) {
        for (SymbolBind each : VALUES) {
            if (each.number == number) {
                return each;
            }
        }
        return OTHER;
    }

    private static final SymbolBind[] VALUES = values();
}
