package wasmbpf.wasm.dwarf;

/** The debug information makes no sense, or is of a kind unknown here. Never leaves this package. */
final class DwarfException extends Exception {
    private static final long serialVersionUID = 1;

    DwarfException(String message) {
        super(message, null, false, false);
    }
}
