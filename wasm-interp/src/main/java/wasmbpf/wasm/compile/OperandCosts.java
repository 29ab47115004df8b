package wasmbpf.wasm.compile;

import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * How many operations have made each operand since it was a local, a constant or what a select chose. What a select alone uses C2
 * computes in an arm of its own, and of arms with more than one operation in all it makes no conditional move
 * ({@code PhaseIdealLoop::conditional_move}).
 */
final class OperandCosts {
    /** Operands above this height are not followed. */
    private static final int DEPTH = 16;
    private static final int MANY = 2;

    private final int[] operations = new int[DEPTH];
    private int top;

    /** After an instruction. */
    void note(FuncValidator at) {
        int height = at.height();
        int made = switch (at.op()) {
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_TEE, OpBytes.I32_CONST, OpBytes.I64_CONST, OpBytes.SELECT, OpBytes.SELECT_T -> 0;
            default -> made(height);
        };
        top = height + at.resultCount();
        for (int i = height; i < top && i < DEPTH; i++) {
            operations[i] = made;
        }
    }

    private int made(int height) {
        for (int i = height; i < top; i++) {
            if (of(i) > 0) {
                return MANY;
            }
        }
        return 1;
    }

    private int of(int height) {
        return height < DEPTH ? operations[height] : MANY;
    }

    /** Whether C2 can make a conditional move of a select between the two operands from a height on. */
    boolean allowMove(int height) {
        return of(height) + of(height + 1) <= 1;
    }
}
