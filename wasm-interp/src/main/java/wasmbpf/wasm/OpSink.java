package wasmbpf.wasm;

/**
 * Receives a function's instructions while {@link FuncValidator} walks over them, so that one pass over the bytes both
 * validates and translates. What the validator decoded and knows is read from it during the call:
 *
 * <ul>
 * <li>{@link #op} comes once for each instruction, dead code included ({@code at.reachable()} is false there; a
 * translator skips everything in it except the nesting of blocks);
 * <li>at that moment the operands are checked and popped and no result is pushed: {@code at.height()} counts the
 * operands below, operand i lies (lay) at {@code height() + i} and result i will lie at {@code height() + i};
 * <li>for {@code block loop if try try_table} the new frame is already the innermost ({@code at.frame(0)}), its
 * parameters are not on the stack yet;
 * <li>for {@code else catch catch_all end delegate} the frame they end is still the innermost, its results are popped;
 * the last {@code end} ends the frame of the function itself;
 * <li>labels count from 0 for the innermost frame, after the rules above ({@code br} immediates can be used as they
 * are;
 * {@code delegate} and the catch clauses of {@code try_table} count from outside their own block, as in the format).
 * </ul>
 */
public interface OpSink {
    /** Wants nothing: validation only. */
    OpSink NONE = new OpSink() {
        @Override
        public void op(FuncValidator at) {
        }
    };

    /** The locals are decoded, the first instruction is next. */
    default void begin(FuncValidator at) {
    }

    /** Between two instructions, where {@link FuncValidator#pauseAt} wanted it. */
    default void paused(FuncValidator at) {
    }

    /** One instruction, {@code at.op()}. */
    void op(FuncValidator at);
}
