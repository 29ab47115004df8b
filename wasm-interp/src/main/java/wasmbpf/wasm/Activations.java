package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/**
 * What {@link Interpreter} leaves to Java: calls of host functions, of compiled code and of other instances, instructions that
 * are rare, traps and exceptions. One Java call runs one guest call and all interpreted calls of the same instance in it, but where
 * a profiler looks on: it knows calls by their depth, see {@link ProfiledFunction}.
 *
 * <p>An activation has a block on {@link GuestStack#control}, behind it the calls that wait, outermost first:
 * <pre>
 *   state       fp of the call that runs, past the last waiting call, end of the slots, where no call may wait any more
 *   state + 32  the functions last called through table 0; a free word
 *   state + 48  the first waiting "call": where a return ends the activation
 *   state + 64  pc of a call, its fp; and so on
 * </pre>
 * It goes on two words behind a waiting call, so the end and {@link #ENTRY} are two words before the code they mean.
 */
final class Activations {
    static final int FP = 0;
    static final int CALLS = 8;
    static final int STACK_END = 16;
    static final int LAST_CALL = 24;
    /** The address of the instance's {@link CallCache}. */
    static final int RECENT_CALLS = 32;
    private static final int END = 48;
    private static final int FIRST_CALL = 64;
    /** Bytes on the control stack for each call that may be open, whoever runs it. */
    static final int BYTES_PER_CALL = FIRST_CALL + 16;

    // A cell for each function of an instance.
    /** Two words before its code; 0 while the dispatch loop may not enter it. */
    static final int ENTRY = 0;
    static final int CALLS_LEFT = 8;
    static final int LOOPS_LEFT = 12;
    /** Bytes: of a frame, and where in it the locals lie that are no parameters. */
    static final int FRAME_BYTES = 16;
    static final int PARAMS_END = 20;
    static final int LOCALS_END = 24;
    static final int CELL_BYTES = 32;

    /** Calls and loops are instructions of two words; a waiting call and the entry of a function lie two words before. */
    static final int STEP = 16;

    private Activations() {
    }

    /**
     * Runs a function of which the arguments lie at {@code frame}.
     *
     * @param depth open calls, this one included
     * @return the function a tail call wants next, else null
     */
    static WasmFunction run(GuestFunction function, GuestStack stack, long frame, int depth) {
        long state = stack.control;
        try {
            return run(function, stack, state, frame, depth);
        } finally {
            stack.control = state;
        }
    }

    private static WasmFunction run(GuestFunction function, GuestStack stack, long state, long frame, int depth) {
        final Instance instance = function.instance;
        final CodeSpace code = instance.code();
        final LinearMemory memory = instance.memory0;
        final long[] numbers = instance.numbers();
        final long first = state + FIRST_CALL;
        putLong(state + FP, frame);
        putLong(state + CALLS, first);
        putLong(state + STACK_END, stack.limit);
        putLong(state + LAST_CALL, first + 16L * (stack.maxDepth - depth));
        putLong(state + RECENT_CALLS, instance.callCache().address());
        putLong(state + END, CodeSpace.exit() - STEP);
        putLong(state + END + 8, frame);
        long pc = function.entry() + STEP;
        while (true) {
            pc = RawMemory.UNSAFE ? Interpreter.run(RawMemory.unsafe(), code.words(), numbers, pc, memory.base, memory.size, state)
                    : SegmentInterpreter.run(code.words(), numbers, pc, memory.base, memory.size, state);
            long w = code.word(pc);
            int op = Code.op(w);
            if (op == EXIT) {
                return null;
            }
            long fp = getLong(state + FP);
            long calls = getLong(state + CALLS);
            int open = depth + (int) (calls - first >>> 4);
            stack.control = calls;
            boolean over = false;
            try {
                if (op >= NUMBERS) {
                    // A run of them: without a way back into the dispatch loop between them.
                    do {
                        if (op >= COPY_V128) {
                            pc = ColdOps.next(w, pc + 8, fp, stack, function);
                        } else {
                            ScalarOps.execute(w, fp);
                            pc += 8;
                        }
                        w = code.word(pc);
                        op = Code.op(w);
                    } while (op >= NUMBERS);
                    continue;
                }
                WasmFunction next;
                switch (op) {
                    case CALL, CALL_INDIRECT, CALL_REF -> {
                        WasmFunction callee = callee(w, pc, fp, stack, instance);
                        long args = ColdOps.a(w, fp);
                        // Read before the callee's frame is made: that may lie over it.
                        boolean byTable = op == CALL_INDIRECT && Code.c(w) == 0;
                        int element = byTable ? getInt(ColdOps.b(w, fp)) : 0;
                        if (!(callee instanceof GuestFunction guest) || guest.instance != instance || stack.marks != null
                                || open == stack.maxDepth || !guest.begin(stack, args)) {
                            callee.run(stack, args, open + 1);
                            pc += STEP;
                            continue;
                        }
                        if (byTable) {
                            instance.callCache().put(element, code.half(pc + 12), guest.cell());
                        }
                        putLong(calls, pc);
                        putLong(calls + 8, fp);
                        putLong(state + CALLS, calls + 16);
                        putLong(state + FP, args);
                        pc = guest.entry() + STEP;
                        continue;
                    }
                    case TAIL_CALL, TAIL_CALL_INDIRECT, TAIL_CALL_REF -> {
                        next = ColdOps.tailCall(w, pc, fp, stack, function);
                        over = true;
                        if (next instanceof GuestFunction guest && guest.instance == instance && stack.marks == null
                                && guest.begin(stack, fp)) {
                            pc = guest.entry() + STEP;
                            continue;
                        }
                    }
                    case LOOP -> {
                        if (!instance.ofCell(code.word(pc + 8)).loop(code.half(pc + 4), fp, stack, open)) {
                            pc += STEP;
                            continue;
                        }
                        next = stack.takeNext();
                        over = true;
                    }
                    default -> {
                        if (Code.exact(op) != 0) {
                            ScalarOps.execute(w & -0x10000 | Code.exact(op), fp);
                            pc += 8;
                            continue;
                        }
                        throw outOfBounds(op, w, code.word(pc + 8), fp, memory.size);
                    }
                }
                // The call is over, or goes on in another function; results at fp.
                if (calls == first) {
                    return next;
                }
                if (next != null) {
                    next.run(stack, fp, open);
                }
                putLong(state + CALLS, calls - 16);
                putLong(state + FP, getLong(calls - 8));
                pc = getLong(calls - 16) + STEP;
            } catch (GuestException e) {
                pc = handle(e, over, pc, state, stack, instance);
            } catch (Trap trap) {
                throw passing(trap, over, pc, calls, first, instance);
            }
        }
    }

    private static WasmFunction callee(long w, long pc, long fp, GuestStack stack, Instance instance) {
        return switch (Code.op(w)) {
            case CALL -> instance.functions[Code.imm(w)];
            case CALL_INDIRECT -> ColdOps.callee(instance, Code.c(w), getLong(ColdOps.b(w, fp)), instance.code().half(pc + 12));
            default -> ColdOps.function(stack, ColdOps.b(w, fp));
        };
    }

    /**
     * Finds who catches an exception, in the call that runs and in those that wait, and unwinds to it.
     *
     * @param over whether the call that ran is over; else {@code pc} is the instruction that threw
     * @return where to go on
     */
    private static long handle(GuestException e, boolean over, long pc, long state, GuestStack stack,
            Instance instance) {
        long calls = getLong(state + CALLS);
        long fp = getLong(state + FP);
        boolean passed = over || e.leaves;
        e.leaves = false;
        while (true) {
            long target = passed ? 0 : instance.code().functionAt(pc).handle(e, pc + 8, fp, stack);
            if (target != 0) {
                putLong(state + FP, fp);
                putLong(state + CALLS, calls);
                return target;
            }
            if (calls == state + FIRST_CALL) {
                throw e;
            }
            calls -= 16;
            pc = getLong(calls);
            fp = getLong(calls + 8);
            passed = false;
        }
    }

    /** Adds the call that ran, unless it is over, and those that wait to the trap's stack trace. */
    private static Trap passing(Trap trap, boolean over, long pc, long calls, long first, Instance instance) {
        if (!over) {
            instance.code().functionAt(pc).passing(trap, pc);
        }
        for (long at = calls - 16; at >= first; at -= 16) {
            long waiting = getLong(at);
            instance.code().functionAt(waiting).passing(trap, waiting);
        }
        return trap;
    }

    /** The dispatch loop ended at an access: its address again, for the message. */
    private static Trap outOfBounds(int op, long w, long more, long fp, long size) {
        boolean sum = op >= LOAD8_S + X;
        boolean store = op - (sum ? X : 0) >= STORE8;
        int address = getInt(store ? ColdOps.a(w, fp) : ColdOps.b(w, fp));
        long ea = address & 0xFFFFFFFFL;
        if (sum) {
            int parts = (int) (more >>> 32);
            ea = (address + (int) more + (getInt(ColdOps.c(w, fp)) << parts) & 0xFFFFFFFFL) + (parts >>> 5);
        } else {
            ea += Code.c(w);
        }
        int width = sum ? op - X : op;
        return LinearMemory.outOfBounds(ea, 0, 1 << (store ? width - STORE8 : width - LOAD8_S >> 1), size);
    }
}
