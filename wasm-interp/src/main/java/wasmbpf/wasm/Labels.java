package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;

/**
 * The open blocks and what goes to their labels. A branch forward is emitted without its distance and noted as a fixup,
 * {@code index << 2 | kind}; binding the label patches it.
 */
final class Labels {
    // What a fixup patches: the imm32 of a word, its c, a br_table entry, a handler.
    static final int IMM = 0;
    static final int C = 1;
    static final int ENTRY = 2;
    static final int HANDLER = 3;

    private final CodeWriter code;
    private final List<LoweredBlock> blocks = new ArrayList<>();
    private final List<Lowered.Handler> handlers = new ArrayList<>();
    /** No code before this index is to change any more: a label may be here. */
    private int barrier;
    /** Whether a branch turned out too long for compare-and-branch. */
    private boolean noFusing;

    Labels(CodeWriter code) {
        this.code = code;
    }

    /** Before the first attempt at a function. */
    void forFunction() {
        noFusing = false;
    }

    /** Starts anew, with what earlier attempts at the function found out. */
    void begin() {
        barrier = 0;
        handlers.clear();
        blocks.clear();
    }

    // Blocks

    void open(LoweredBlock block) {
        blocks.add(block);
    }

    void close() {
        blocks.removeLast();
    }

    /** The block with this label, counted from the innermost. */
    LoweredBlock block(int label) {
        return blocks.get(blocks.size() - 1 - label);
    }

    LoweredBlock function() {
        return blocks.get(0);
    }

    boolean isFunction(LoweredBlock block) {
        return block == blocks.get(0);
    }

    /** How many blocks are open, the function's own included. */
    int depth() {
        return blocks.size();
    }

    /** For each open block, the outermost first. */
    int[] exceptionSlots() {
        return blocks.stream().mapToInt(block -> block.exceptionSlot).toArray();
    }

    // Handlers

    /** Adds a handler; returns its index. */
    int addHandler(Lowered.Handler handler) {
        handlers.add(handler);
        return handlers.size() - 1;
    }

    Lowered.Handler[] handlers() {
        return handlers.toArray(new Lowered.Handler[0]);
    }

    // Branches

    static int fixup(int index, int kind) {
        return index << 2 | kind;
    }

    /** Whether a comparison may become part of the branch that follows it. */
    boolean mayFuse() {
        return !noFusing;
    }

    /** A label is here. */
    void setBarrier() {
        barrier = code.count();
    }

    /** Whether the last word may still change. */
    boolean mayChangeLast() {
        return code.count() - 1 >= barrier;
    }

    /** Makes what was just emitted (or, for handlers, added) go to a label. */
    void branchTo(LoweredBlock block, int fixup) {
        if (block.isLoop()) {
            patch(fixup, block.start);
        } else {
            block.fixups.add(fixup);
        }
    }

    /** @throws LowerAgain if the distance is too long for the form of the branch */
    void patch(int fixup, int target) {
        int index = fixup >>> 2;
        barrier = Math.max(barrier, target);
        switch (fixup & 3) {
            case IMM -> code.setWord(index, code.word(index) & 0xFFFFFFFFL | (long) (target - index - 1) << 32);
            case C -> {
                int distance = target - index - 1;
                if (distance != (short) distance) {
                    noFusing = true;
                    throw new LowerAgain();
                }
                code.setWord(index, code.word(index) & 0xFFFFFFFFFFFFL | (long) distance << 48);
            }
            // Until now the entry held the place its distance counts from.
            case ENTRY -> code.setWord(index, target - code.word(index));
            default -> handlers.set(index, handlers.get(index).at(target));
        }
    }

    /** A single branch goes here. */
    void patchHere(int fixup) {
        patch(fixup, code.count());
        code.forgetProducer();
    }

    /** The end of the block is here. */
    void bind(LoweredBlock block) {
        for (int i = 0; i < block.fixups.size(); i++) {
            patch(block.fixups.get(i), code.count());
        }
        block.fixups.clear();
        code.forgetProducer();
    }
}
