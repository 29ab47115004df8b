package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * Finds loops that move a local on by a constant, in one place and at most once an iteration, and go on until it is equal to a
 * limit that they do not set, so that how many iterations there are can be told when they begin; of these, loops that had better
 * count them. In loops with calls nothing is gained; those without accesses to memory had better not be counted by C2 either.
 */
final class Strides {
    private static final int KEPT = 6;
    private static final int NONE = -1;

    /**
     * Such a loop.
     *
     * @param limit what the local is compared with
     * @param branch offset of the branch to the loop's head, its only one
     */
    record Stride(int local, int step, Leaf limit, int branch) {
    }

    /** An operand of a comparison: a local, or if that is -1 a constant. */
    record Leaf(int local, int constant) {
    }

    /** A loop that is open. */
    private static final class Loop {
        final int offset;
        final int depth;
        final Set<Integer> set = new HashSet<>();
        /** By how much it moves locals on; 0: in another way. */
        final Map<Integer, Integer> steps = new HashMap<>();
        /** How many branches go to its head, and the last of them: what it compares. */
        int branches;
        int branch;
        boolean leftAlone;
        boolean accesses;
        Leaf first;
        Leaf second;

        Loop(int offset, int depth) {
            this.offset = offset;
            this.depth = depth;
        }
    }

    private final Map<Integer, Stride> found = new HashMap<>();
    private final Set<Integer> withoutMemory = new HashSet<>();
    private final List<Loop> loops = new ArrayList<>();
    /** The last instructions, the youngest first, and their immediates. */
    private final int[] ops = new int[KEPT];
    private final long[] values = new long[KEPT];

    /** Of the loop at an offset, or null. */
    Stride of(int loop) {
        return found.get(loop);
    }

    /**
     * Whether the loop at an offset has neither calls nor accesses of the quick kind, whose checks are all that C2 could take out
     * of it.
     */
    boolean isWithoutMemory(int loop) {
        return withoutMemory.contains(loop);
    }

    /**
     * The walk comes to an instruction.
     *
     * @param open how many blocks are open before it
     */
    void op(FuncValidator at, int open) {
        int op = at.op();
        if (!loops.isEmpty() && BytecodeSize.accesses(at) > 0) {
            loops.getLast().accesses = true;
        }
        if (op == OpBytes.LOOP) {
            loops.add(new Loop(at.offset(), open));
        } else if (op == OpBytes.END || op == OpBytes.DELEGATE) {
            if (!loops.isEmpty() && loops.getLast().depth == open - 1) {
                end(loops.removeLast());
            }
        } else if (at.reachable()) {
            instruction(at, op, open);
        }
        System.arraycopy(ops, 0, ops, 1, KEPT - 1);
        System.arraycopy(values, 0, values, 1, KEPT - 1);
        ops[0] = op;
        values[0] = op == OpBytes.I32_CONST ? at.value() : at.a();
    }

    private void instruction(FuncValidator at, int op, int open) {
        switch (op) {
            case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> set(at.a());
            case OpBytes.BR_IF -> {
                Loop loop = branch(open - 1 - at.a());
                if (loop != null) {
                    loop.branch = at.offset();
                    compared(loop);
                }
            }
            case OpBytes.BR, OpBytes.BR_ON_NULL, OpBytes.BR_ON_NON_NULL, OpBytes.BR_ON_CAST, OpBytes.BR_ON_CAST_FAIL ->
                branch(open - 1 - at.a());
            case OpBytes.BR_TABLE -> {
                for (int i = 0; i < at.labelCount(); i++) {
                    branch(open - 1 - at.label(i));
                }
            }
            // The count would be two more values to save at the call.
            case OpBytes.CALL, OpBytes.CALL_INDIRECT, OpBytes.CALL_REF -> leaveAlone();
            // Its clauses may go anywhere.
            case OpBytes.TRY_TABLE -> leaveAlone();
            default -> {
            }
        }
    }

    private void leaveAlone() {
        loops.forEach(loop -> loop.leftAlone = true);
    }

    private void set(int local) {
        int step = 0;
        if (ops[1] == OpBytes.I32_CONST && ops[2] == OpBytes.LOCAL_GET && values[2] == local) {
            step = ops[0] == OpBytes.I32_ADD ? (int) values[1] : ops[0] == OpBytes.I32_SUB ? (int) -values[1] : 0;
        }
        for (Loop loop : loops) {
            boolean only = loop.set.add(local) && loop == loops.getLast();
            loop.steps.put(local, only ? step : 0);
        }
    }

    /** A branch to a block that opened with so many open before it; returns the loop, if it is one. */
    private Loop branch(int depth) {
        for (Loop loop : loops) {
            if (loop.depth == depth) {
                loop.branches++;
                return loop;
            }
        }
        return null;
    }

    private void compared(Loop loop) {
        if (ops[0] == OpBytes.I32_NE) {
            // A tee has the addition before it.
            loop.first = leaf(ops[1] == OpBytes.LOCAL_TEE ? 5 : 2);
            loop.second = leaf(1);
        } else {
            loop.first = leaf(0);
            loop.second = new Leaf(NONE, 0);
        }
    }

    private Leaf leaf(int i) {
        return switch (ops[i]) {
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_TEE -> new Leaf((int) values[i], 0);
            case OpBytes.I32_CONST -> new Leaf(NONE, (int) values[i]);
            default -> null;
        };
    }

    private void end(Loop loop) {
        if (loop.accesses && !loops.isEmpty()) {
            loops.getLast().accesses = true;
        }
        if (!loop.leftAlone && !loop.accesses) {
            withoutMemory.add(loop.offset);
        } else if (!loop.leftAlone && loop.branches == 1 && loop.first != null && loop.second != null) {
            note(loop, loop.first, loop.second);
            note(loop, loop.second, loop.first);
        }
    }

    private void note(Loop loop, Leaf counter, Leaf limit) {
        int step = loop.steps.getOrDefault(counter.local, 0);
        if (step != 0 && !loop.set.contains(limit.local) && isWorth(step, loop)) {
            found.put(loop.offset, new Stride(counter.local, step, limit, loop.branch));
        }
    }

    /**
     * Whether counting by ones and up is better. C2 makes what else moves on by constants a multiple of what the loop counts by, and of a
     * multiple it takes checks out of the loop; that needs a step that is a multiple of the counter's, and goes the same way.
     */
    private static boolean isWorth(int step, Loop loop) {
        return loop.steps.values().stream().anyMatch(other -> other % step != 0 || step < 0 && other > 0);
    }
}
