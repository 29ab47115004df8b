package wasmbpf.wasm.dwarf;

/**
 * How much work one look-up may still do. Honest information is read about once; hostile information can make a reader
 * go over the same bytes again and again (abbreviations with a thousand attributes of no size, units that share them).
 */
final class Budget {
    private long left;

    Budget(long steps) {
        left = steps;
    }

    void spend(long steps) throws DwarfException {
        left -= steps;
        if (left < 0) {
            throw new DwarfException("more work than debug information of this size should need");
        }
    }

    boolean exhausted() {
        return left < 0;
    }
}
