package wasmbpf.wasm.compile;

import java.util.HashSet;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * Finds loops of one block, without a branch before the one back, that count. HotSpot's bytecode analysis takes the first block of
 * a loop that ends with the loop's exit for the test of a while loop and makes a copy of it before the loop
 * ({@code ciTypeFlow::clone_loop_heads}). Of a loop that has no other block nothing is left that C2 would recognise as a
 * loop that counts: it does not unroll it, nor take checks out of it. Short loops that copy a few bytes are better off with it.
 */
final class CountingLoops {
    /** From so many accesses in an iteration on, or with floating-point numbers, it counts as long. */
    private static final int LONG = 4;
    /** From so many on its checks are no calls. */
    private static final int VERY_LONG = 12;

    private final Set<Integer> whole = new HashSet<>();
    private final Set<Integer> inline = new HashSet<>();
    /** The last instructions from the loop's first on, the youngest first, and the locals that they get or set, or -1. */
    private final int[] ops = new int[6];
    private final int[] locals = new int[6];
    /** The loop whose first block the walk is in, or -1, and what has come in it. */
    private int loop = -1;
    private int depth;
    private int accesses;
    private boolean floats;

    /** Whether the first block of the loop at an offset must stay in it. */
    boolean isWhole(int offset) {
        return whole.contains(offset);
    }

    /** Whether accesses in the loop at an offset are checked without a call. */
    boolean checksInline(int offset) {
        return inline.contains(offset);
    }

    /**
     * The walk comes to an instruction.
     *
     * @param open how many blocks are open before it
     */
    void op(FuncValidator at, int open) {
        int op = at.op();
        switch (op) {
            case OpBytes.LOOP -> {
                loop = at.offset();
                depth = open;
                accesses = 0;
                floats = false;
            }
            case OpBytes.BR_IF -> {
                if (loop >= 0 && at.a() == open - depth - 1 && counts()) {
                    found();
                }
                loop = -1;
            }
            case OpBytes.IF, OpBytes.BR, OpBytes.BR_TABLE, OpBytes.RETURN -> loop = -1;
            default -> {
                accesses += BytecodeSize.accesses(at);
                floats |= op >= OpBytes.F32_ABS && op <= OpBytes.F64_COPYSIGN;
            }
        }
        if (loop >= 0) {
            System.arraycopy(ops, 0, ops, 1, ops.length - 1);
            System.arraycopy(locals, 0, locals, 1, locals.length - 1);
            ops[0] = op;
            locals[0] = op == OpBytes.LOCAL_GET || op == OpBytes.LOCAL_TEE ? at.a() : -1;
        }
    }

    private void found() {
        if (floats || accesses >= LONG) {
            whole.add(loop);
        }
        if (floats || accesses >= VERY_LONG) {
            inline.add(loop);
        }
    }

    /** Whether the condition on the stack is {@code local += constant}, or a comparison of it. */
    private boolean counts() {
        int i = 0;
        if (isComparison(ops[0])) {
            i = ops[1] == OpBytes.LOCAL_GET || ops[1] == OpBytes.I32_CONST ? 2 : 1;
        }
        return ops[i] == OpBytes.LOCAL_TEE && ops[i + 1] == OpBytes.I32_ADD && ops[i + 2] == OpBytes.I32_CONST
                && ops[i + 3] == OpBytes.LOCAL_GET && locals[i + 3] == locals[i];
    }

    private static boolean isComparison(int op) {
        return op >= OpBytes.I32_NE && op <= OpBytes.I32_GE_U;
    }
}
