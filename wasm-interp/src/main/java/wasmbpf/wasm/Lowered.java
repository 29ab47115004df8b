package wasmbpf.wasm;

/**
 * A function body in the form that {@link Interpreter} runs.
 *
 * @param words the instructions, see {@link Code}; more than {@code length} of them
 * @param length how many are in use
 * @param frameSlots slots of a frame
 * @param localSlots of these, parameters and locals
 * @param constants what the slots behind the locals hold, as long as the call runs
 * @param usesRefs whether a slot ever holds a reference
 * @param handlers what catches exceptions, inner ones first
 * @param positions pairs of word index and offset in the module, ascending, one for each instruction; null unless
 * asked for
 */
record Lowered(long[] words, int length, int frameSlots, int localSlots, long[] constants, boolean usesRefs,
        Handler[] handlers, int[] positions) {
    /** Slots, code words: what 16 bits of an instruction can name, and far more than a compiler writes. */
    static final int MAX_SLOTS = 1 << 16;
    static final int MAX_WORDS = 1 << 23;

    /**
     * What happens to an exception thrown between two words of the code.
     *
     * @param from first word
     * @param to past the last word
     * @param frame the nesting depth of its block
     * @param tag the tag index, or ANY, or DELEGATE
     * @param slot where the payload goes
     * @param exceptionSlot where the exception itself goes, or -1
     * @param target the word to go on at; for DELEGATE the deepest {@code frame} of a handler that may still take it
     */
    record Handler(int from, int to, int frame, int tag, int slot, int exceptionSlot, int target) {
        static final int ANY = -1;
        static final int DELEGATE = -2;

        Handler at(int word) {
            return new Handler(from, to, frame, tag, slot, exceptionSlot, word);
        }
    }

    /** Where the instruction that contains a word comes from, as an offset in the module. */
    int offsetOf(int word) {
        int low = 0;
        int high = positions.length / 2 - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (positions[2 * middle] <= word) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return positions.length == 0 ? -1 : positions[2 * low + 1];
    }
}
