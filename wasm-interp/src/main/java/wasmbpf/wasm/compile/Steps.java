package wasmbpf.wasm.compile;

import java.util.Arrays;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * The last instructions, to see the constants among them and whether a branch decides by a local that has just been moved on
 * by one. clang ends loops with {@code !=} and steps of any width; HotSpot unrolls loops and takes checks out of them only if it
 * sees {@code <} or {@code >}, or steps of one.
 */
final class Steps {
    private static final int KEPT = 8;

    private final int[] ops = new int[KEPT];
    private final long[] values = new long[KEPT];
    private int count;

    void note(FuncValidator at) {
        int i = count++ & KEPT - 1;
        ops[i] = at.op();
        values[i] = switch (at.op()) {
            case OpBytes.I32_CONST -> at.value();
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_TEE -> at.a();
            default -> 0;
        };
    }

    void forget() {
        Arrays.fill(ops, OpBytes.NOP);
    }

    private int op(int back) {
        return ops[count - back & KEPT - 1];
    }

    private long value(int back) {
        return values[count - back & KEPT - 1];
    }

    /** By how much the local was moved on that the tee so many instructions ago has set; 0: not by a constant. */
    private int stepOfTee(int back) {
        if (op(back) != OpBytes.LOCAL_TEE || op(back + 2) != OpBytes.I32_CONST || op(back + 3) != OpBytes.LOCAL_GET
                || value(back) != value(back + 3)) {
            return 0;
        }
        return switch (op(back + 1)) {
            case OpBytes.I32_ADD -> (int) value(back + 2);
            case OpBytes.I32_SUB -> (int) -value(back + 2);
            default -> 0;
        };
    }

    private boolean isLimit(int back) {
        return op(back) == OpBytes.I32_CONST || op(back) == OpBytes.LOCAL_GET;
    }

    /** The i32 on top is a local just moved on by so much; 0: it is not. */
    int ofTop() {
        return stepOfTee(1);
    }

    /** Of the operands of the comparison that was last, the first is such a local. */
    int ofFirst() {
        return isLimit(2) ? stepOfTee(3) : 0;
    }

    /** The second is. */
    int ofSecond() {
        return isLimit(6) ? stepOfTee(2) : 0;
    }

    /** The constant that an instruction so many ago pushed; 0: it was another. */
    int constant(int back) {
        return op(back) == OpBytes.I32_CONST ? (int) value(back) : 0;
    }
}
