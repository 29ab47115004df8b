package wasmbpf.wasm;

import java.util.Arrays;

/**
 * A function of a module: run by {@link Interpreter}, and by a {@link Tier}'s code once it is hot. Validated and
 * lowered at its first call. The object stays the same when its code is replaced, so tables and embedders need not
 * know.
 */
class GuestFunction extends WasmFunction {
    /** Calls and iterations between two looks at the interrupt: to look each time would cost more than the delay. */
    private static final int INTERRUPT_CHECK = 1000;
    /** After a refusal the next look is this many times, as a power of two, as far away. */
    private static final int REFUSED_SHIFT = 3;

    private final int index;
    /** Address of the first instruction; 0 until the function is lowered. */
    private long code;
    private int codeWords;
    private long frameBytes;
    private int localSlots;
    /** Where in the frame, in bytes, the interpreter keeps its pc while something else runs: behind the locals. */
    long pcOffset;
    /** What the slots after the locals hold. */
    private long[] constants;
    private boolean usesRefs;
    private Lowered.Handler[] handlers;
    /** Replaces the interpreter once it is there. */
    CompiledCode compiled;
    /** The same if generated code may call it by its shape, see {@link CompiledClass}. */
    CompiledClass shaped;
    /** Counts down calls; below zero {@link #called} looks what it was for. */
    private int callsLeft;
    private int callsToCompile;
    /** Counts down the iterations of loops that say so; below zero {@link #loop} looks what it was for. */
    int loopsLeft;
    private int loopsToCompile;
    /** Loops that the tier would not compile since the last that it did; up to ten count. */
    private int refusals;

    GuestFunction(Instance instance, DefType type, int index) {
        super(instance, type);
        this.index = index;
        Tier tier = instance.options().tier();
        callsToCompile = tier == null ? Integer.MAX_VALUE : tier.callThreshold();
        callsLeft = untilLook(callsToCompile);
        loopsToCompile = tier == null ? Integer.MAX_VALUE : tier.loopThreshold();
        loopsLeft = untilLook(loopsToCompile);
    }

    private int untilLook(int untilCompiled) {
        return instance.options().interruptible() ? Math.min(INTERRUPT_CHECK, untilCompiled) : untilCompiled;
    }

    int index() {
        return index;
    }

    long code() {
        return code;
    }

    private void prepare() {
        Lowered lowered = instance.lowering().lower(index, false);
        frameBytes = 8L * lowered.frameSlots();
        localSlots = lowered.localSlots();
        pcOffset = 8L * localSlots;
        constants = lowered.constants();
        usesRefs = lowered.usesRefs();
        handlers = lowered.handlers();
        codeWords = lowered.length();
        code = instance.codeSpace().append(lowered.words(), lowered.length());
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        if (compiled != null) {
            return compiled.enter(stack, frame, depth);
        }
        if (code == 0) {
            prepare();
        }
        if (--callsLeft < 0 && called()) {
            return compiled.enter(stack, frame, depth);
        }
        if (frame + frameBytes > stack.limit) {
            throw GuestStack.exhausted();
        }
        long end = frame + 8L * localSlots;
        for (long at = frame + 8L * layout.paramSlots; at < end; at += 8) {
            RawMemory.putLong(at, 0);
        }
        for (long constant : constants) {
            end += 8;
            RawMemory.putLong(end, constant);
        }
        if (usesRefs) {
            stack.reserveRefs(frame + frameBytes);
            int first = stack.index(frame);
            Arrays.fill(stack.refs, first + layout.paramSlots, first + localSlots, null);
        }
        return RawMemory.UNSAFE ? Interpreter.run(RawMemory.unsafe(), frame, code, this, stack, depth)
                : SegmentInterpreter.run(frame, code, this, stack, depth);
    }

    /** Whether there is compiled code now. */
    private boolean called() {
        InstanceOptions options = instance.options();
        if (options.interruptible()) {
            instance.checkInterrupt();
        }
        Tier tier = options.tier();
        if (tier != null) {
            callsToCompile -= untilLook(callsToCompile);
            if (callsToCompile <= 0) {
                callsToCompile = Integer.MAX_VALUE;
                compiled = tier.compile(this);
            }
        }
        callsLeft = untilLook(callsToCompile);
        return compiled != null;
    }

    /**
     * At the head of a loop when {@link #loopsLeft} ran out.
     *
     * @param offset of the loop in the module
     * @param pc where the interpreter would go on
     * @return where it does; 0 if compiled code has finished the call, {@link GuestStack#takeNext} then being its
     * result
     */
    long loop(int offset, long pc, long fp, GuestStack stack, int depth) {
        InstanceOptions options = instance.options();
        if (options.interruptible()) {
            instance.checkInterrupt();
        }
        Tier tier = options.tier();
        if (tier != null) {
            loopsToCompile -= untilLook(loopsToCompile);
            if (loopsToCompile <= 0) {
                refusals = Math.min(10, refusals + 1);
                // A loop that cannot be compiled must not keep others of the function from it, nor cost much again and again.
                long later = Math.max(1L, tier.loopThreshold()) << REFUSED_SHIFT * refusals;
                loopsToCompile = (int) Math.min(Integer.MAX_VALUE, later);
                CompiledCode rest = tier.compileLoop(this, offset);
                if (rest != null) {
                    refusals = 0;
                    loopsToCompile = tier.loopThreshold();
                    loopsLeft = untilLook(loopsToCompile);
                    try {
                        stack.next = rest.enter(stack, fp, depth);
                    } catch (Trap trap) {
                        trap.noted = true;
                        throw trap;
                    } catch (GuestException e) {
                        e.leaves = true;
                        throw e;
                    }
                    return 0;
                }
            }
        }
        loopsLeft = untilLook(loopsToCompile);
        return pc;
    }

    /** The function that call_indirect means. */
    WasmFunction callee(int table, long element, int typeIndex) {
        WasmTable t = instance.tables[table];
        DefType type = instance.module().types().def(typeIndex);
        long i = t.type().table64() ? element : element & 0xFFFFFFFFL;
        return ColdOps.callee(t, i, type);
    }

    /** Finds who catches an exception thrown before {@code pc}; returns where to go on. */
    long handle(GuestException e, long pc, long fp, GuestStack stack) {
        if (e.leaves) {
            e.leaves = false;
            throw e;
        }
        int word = (int) (pc - code >>> 3);
        int deepest = Integer.MAX_VALUE;
        for (Lowered.Handler handler : handlers) {
            if (word <= handler.from() || word > handler.to() || handler.frame() > deepest) {
                continue;
            }
            if (handler.tag() == Lowered.Handler.DELEGATE) {
                deepest = handler.target();
                continue;
            }
            boolean any = handler.tag() == Lowered.Handler.ANY;
            if (!any && instance.tags[handler.tag()] != e.tag()) {
                continue;
            }
            long at = fp + 8L * handler.slot();
            int ref = stack.index(at);
            if (!any) {
                for (int i = 0; i < e.slots.length; i++) {
                    RawMemory.putLong(at + 8L * i, e.slots[i]);
                }
                if (e.refs != null) {
                    System.arraycopy(e.refs, 0, stack.refs, ref, e.refs.length);
                }
            }
            if (handler.exceptionSlot() >= 0) {
                stack.refs[stack.index(fp + 8L * handler.exceptionSlot())] = e;
            }
            return code + 8L * handler.target();
        }
        e.addFrame(this, word - 1);
        throw e;
    }

    /** Adds this call to the trap's stack trace. */
    Trap passing(Trap trap, long pc) {
        if (trap.noted) {
            trap.noted = false;
        } else {
            trap.addFrame(this, (int) (pc - code >>> 3) - 1);
        }
        return trap;
    }

    /**
     * The position is a word of the code, or of {@link #ofBodyOffset}, or -1 if it is not known. The offset is worth a
     * second lowering: only here is it asked for.
     */
    @Override
    WasmFrame frame(int position) {
        int offset = position == -1 ? -1 : position < 0 ? instance.module().bodyStart(index) - position - 2
                : new Lowering(instance).lower(index, true).offsetOf(position);
        return new WasmFrame(instance.name(), index, instance.functionName(index), offset);
    }

    /** The position of what compiled code was at. */
    static int ofBodyOffset(int offset) {
        return -2 - offset;
    }

    int codeWords() {
        return codeWords;
    }
}
