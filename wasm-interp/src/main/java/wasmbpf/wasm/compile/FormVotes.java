package wasmbpf.wasm.compile;

import java.util.Arrays;
import java.util.BitSet;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/**
 * Finds what each vector local is best kept as, from a walk over the function: each instruction that sets or takes one votes for
 * what it makes or wants, with more votes the more loops are around it.
 */
final class FormVotes {
    private static final int MAX_DEPTH = 5;
    private static final LaneForm[] FORMS = LaneForm.values();

    /** By local, the votes for each form; null: not a vector, or none yet. */
    private int[][] votes = {};
    /** By height, the local that a vector on the stack comes from, or -1, and what it was made as, or null. */
    private int[] origins = new int[16];
    private LaneForm[] made = new LaneForm[16];

    /** Of the blocks that are open, whether each is a loop. */
    private final BitSet loops = new BitSet();
    private int depth;

    void begin(int localCount) {
        votes = new int[localCount][];
    }

    /** The form with most votes; two longs if there are none. */
    LaneForm form(int local) {
        int[] counts = local < votes.length ? votes[local] : null;
        LaneForm best = LaneForm.LONGS;
        for (LaneForm form : FORMS) {
            if (counts != null && counts[form.ordinal()] > counts[best.ordinal()]) {
                best = form;
            }
        }
        return best;
    }

    private void vote(int local, LaneForm form) {
        if (local >= 0 && form != null) {
            if (votes[local] == null) {
                votes[local] = new int[FORMS.length];
            }
            votes[local][form.ordinal()] += 1 << 3 * Math.min(loops.cardinality(), MAX_DEPTH);
        }
    }

    /**
     * The next instruction.
     *
     * @param before the height of the stack before it
     */
    void op(FuncValidator at, int before) {
        switch (at.op()) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE ->
                loops.set(depth++, at.op() == OpBytes.LOOP);
            case OpBytes.END, OpBytes.DELEGATE -> loops.clear(depth = Math.max(0, depth - 1));
            default -> {
            }
        }
        if (at.reachable()) {
            follow(at, before);
        }
    }

    private void follow(FuncValidator at, int before) {
        int op = at.op();
        int h = at.height();
        room(Math.max(before, h + at.resultCount()));
        switch (op) {
            case OpBytes.LOCAL_GET -> put(h, at.localType(at.a()) == TypeCode.V128 ? at.a() : -1, null);
            case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> {
                if (at.localType(at.a()) == TypeCode.V128) {
                    vote(at.a(), made[h]);
                    put(h, at.a(), made[h]);
                } else {
                    put(h, -1, null);
                }
            }
            default -> {
                LaneForm wanted = LaneShapes.operands(op);
                LaneForm result = LaneShapes.result(op);
                for (int i = h; i < before; i++) {
                    vote(origins[i], wanted);
                    result = result == null && at.op() >= OpBytes.SIMD ? made[i] : result;
                }
                for (int i = 0; i < at.resultCount(); i++) {
                    put(h + i, -1, result);
                }
            }
        }
    }

    private void room(int height) {
        if (height >= made.length) {
            made = Arrays.copyOf(made, 2 * height);
            origins = Arrays.copyOf(origins, 2 * height);
        }
    }

    private void put(int height, int origin, LaneForm form) {
        origins[height] = origin;
        made[height] = form;
    }
}
