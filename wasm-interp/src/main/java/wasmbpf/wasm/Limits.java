package wasmbpf.wasm;

/**
 * What this engine accepts at most. The specification allows such limits; most are those that browsers share
 * (WebAssembly JavaScript Interface, "Implementation-defined limits"), so that what runs there is not refused here.
 */
final class Limits {
    static final int TYPES = 1_000_000;
    static final int FUNCTIONS = 1_000_000;
    static final int IMPORTS = 1_000_000;
    static final int EXPORTS = 1_000_000;
    static final int GLOBALS = 1_000_000;
    static final int TAGS = 1_000_000;
    static final int TABLES = 100_000;
    static final int MEMORIES = 100;
    static final int SEGMENTS = 1_000_000;
    static final int ELEMENTS = 10_000_000;
    static final int PARAMS = 1_000;
    static final int RESULTS = 1_000;
    static final int FIELDS = 10_000;
    static final int LOCALS = 50_000;
    static final int FUNCTION_BYTES = 7_654_321;
    static final int BLOCK_NESTING = 100_000;
    /** Operands on the stack of one function, and in one constant expression. */
    static final int OPERANDS = 1_000_000;
    /** Elements written out by one array.new_fixed. */
    static final int FIXED_ELEMENTS = 10_000;

    private Limits() {
    }
}
