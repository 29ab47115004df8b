package wasmbpf.wasm;

/** A block that is open while a function is lowered. The outermost is the function's own. */
final class LoweredBlock {
    /** The instruction that opened it; for the function BLOCK. */
    final int op;
    /** Whether it was opened in dead code: nothing is known of its slots then. */
    final boolean dead;
    /** Operands below its parameters. */
    final int height;
    /** Where parameters lay and results will lie. */
    final int slot;
    /** Its first word. */
    final int start;
    final int[] params;
    final int[] results;
    /** What goes to its end, see {@link Labels}. */
    final IntList fixups = new IntList();
    /** For an if: the branch to its else, still to be patched; else -1. */
    int elseFixup = -1;
    /** For try: where its body ended; -1 until then. */
    int bodyEnd = -1;
    /** For a legacy catch: where the caught exception lies. */
    int exceptionSlot = -1;

    LoweredBlock(int op, boolean dead, int height, int slot, int start, int[] params, int[] results) {
        this.op = op;
        this.dead = dead;
        this.height = height;
        this.slot = slot;
        this.start = start;
        this.params = params;
        this.results = results;
    }

    boolean isLoop() {
        return op == OpBytes.LOOP;
    }

    /** What a branch to its label carries. */
    int[] labelTypes() {
        return isLoop() ? params : results;
    }
}
