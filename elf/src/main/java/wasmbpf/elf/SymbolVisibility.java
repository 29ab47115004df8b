package wasmbpf.elf;

/** Who outside the object may see a symbol, {@code STV_*} with the ELF numbers. */
public enum SymbolVisibility {
    DEFAULT(0),
    INTERNAL(1),
    HIDDEN(2),
    PROTECTED(3);

    private final int number;

    SymbolVisibility(int number) {
        this.number = number;
    }

    /** The number in the file. */
    public int number() {
        return number;
    }

    static SymbolVisibility of(int number) {
        return VALUES[number & 3];
    }

    private static final SymbolVisibility[] VALUES = values();
}
