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
    /** Of {@link Activations}: how the dispatch loop finds the function, and what it counts. */
    private final long cell;
    /** Two words before its code; 0 until it is lowered. In the cell while nothing but the dispatch loop is needed for a call. */
    private long entry;
    /** The pc of the first instruction of the body. */
    private long code;
    private long frameBytes;
    private int localSlots;
    private boolean usesRefs;
    private Lowered.Handler[] handlers;
    /** Replaces the interpreter once it is there. */
    CompiledCode compiled;
    /** The same if generated code may call it by its shape, see {@link CompiledClass}. */
    CompiledClass shaped;
    private int callsToCompile;
    private int loopsToCompile;
    /** Loops that the tier would not compile since the last that it did; up to ten count. */
    private int refusals;

    GuestFunction(Instance instance, DefType type, int index) {
        super(instance, type);
        this.index = index;
        cell = instance.cell(index);
        Tier tier = instance.options().tier();
        callsToCompile = tier == null ? Integer.MAX_VALUE : tier.callThreshold();
        loopsToCompile = tier == null ? Integer.MAX_VALUE : tier.loopThreshold();
    }

    private int untilLook(int untilCompiled) {
        return instance.options().interruptible() ? Math.min(INTERRUPT_CHECK, untilCompiled) : untilCompiled;
    }

    int index() {
        return index;
    }

    /** Whether it has run at least so many times, or its loops, since the tier last looked at it. */
    boolean hasRun(int calls, int loops) {
        Tier tier = instance.options().tier();
        return code != 0 && (tier.callThreshold() - callsToCompile + untilLook(callsToCompile)
                - RawMemory.getInt(cell + Activations.CALLS_LEFT) >= calls
                || tier.loopThreshold() - loopsToCompile + untilLook(loopsToCompile)
                - RawMemory.getInt(cell + Activations.LOOPS_LEFT) >= loops);
    }

    long code() {
        return code;
    }

    /** What {@link Activations} keeps of it. */
    long cell() {
        return cell;
    }

    private void prepare() {
        Lowered lowered = instance.lowering().lower(index, false);
        handlers = lowered.handlers();
        frameBytes = 8L * lowered.frameSlots();
        localSlots = lowered.localSlots();
        usesRefs = lowered.usesRefs();
        long[] start = constants(lowered);
        entry = instance.code().append(start, lowered.words(), lowered.length(), this) - Activations.STEP;
        code = entry + Activations.STEP + 8L * start.length;
        RawMemory.putInt(cell + Activations.CALLS_LEFT, untilLook(callsToCompile));
        RawMemory.putInt(cell + Activations.LOOPS_LEFT, untilLook(loopsToCompile));
        RawMemory.putInt(cell + Activations.FRAME_BYTES, (int) frameBytes);
        RawMemory.putInt(cell + Activations.PARAMS_END, 8 * layout.paramSlots);
        RawMemory.putInt(cell + Activations.LOCALS_END, 8 * localSlots);
        if (!usesRefs && instance.options().profiler() == null) {
            RawMemory.putLong(cell + Activations.ENTRY, entry);
        }
    }

    /** The instructions that give constants their slots. */
    private static long[] constants(Lowered lowered) {
        long[] words = new long[2 * lowered.constants().length];
        int count = 0;
        int slot = lowered.localSlots();
        for (long constant : lowered.constants()) {
            if (constant == (int) constant) {
                words[count++] = Code.word(Code.CONST, slot++, (int) constant);
            } else {
                words[count++] = Code.word(Code.CONST64, slot++, 0);
                words[count++] = constant;
            }
        }
        return Arrays.copyOf(words, count);
    }

    /** A word of the instance's code. */
    final long word(long pc) {
        return instance.code().word(pc);
    }

    /** Half a word of it. */
    final int half(long pc) {
        return instance.code().half(pc);
    }

    /** Where the dispatch loop begins with a call, less {@link Activations#STEP}. */
    long entry() {
        return entry;
    }

    /** From the next call on, this runs. */
    void compileTo(CompiledCode compiled, CompiledClass shaped) {
        this.compiled = compiled;
        this.shaped = shaped;
        RawMemory.putLong(cell + Activations.ENTRY, 0);
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        return begin(stack, frame) ? Activations.run(this, stack, frame, depth) : compiled.enter(stack, frame, depth);
    }

    /** Counts the call and makes its frame ready for the dispatch loop; false if there is compiled code instead. */
    final boolean begin(GuestStack stack, long frame) {
        if (compiled != null) {
            return false;
        }
        if (entry == 0) {
            prepare();
        }
        if (countCall()) {
            return false;
        }
        if (frame + frameBytes > stack.limit) {
            throw GuestStack.exhausted();
        }
        long end = frame + 8L * localSlots;
        for (long at = frame + 8L * layout.paramSlots; at < end; at += 8) {
            RawMemory.putLong(at, 0);
        }
        if (usesRefs) {
            stack.reserveRefs(frame + frameBytes);
            int first = stack.index(frame);
            Arrays.fill(stack.refs, first + layout.paramSlots, first + localSlots, null);
        }
        return true;
    }

    /** Whether this call is the one that compiles the function. */
    private boolean countCall() {
        int left = RawMemory.getInt(cell + Activations.CALLS_LEFT);
        if (left > 0) {
            RawMemory.putInt(cell + Activations.CALLS_LEFT, left - 1);
            return false;
        }
        InstanceOptions options = instance.options();
        if (options.interruptible()) {
            try {
                instance.checkInterrupt();
            } catch (Trap trap) {
                // The call has no frame yet, and of a tail call nobody else tells.
                trap.addFrame(this, ofBodyOffset(0));
                throw trap;
            }
        }
        Tier tier = options.tier();
        if (tier != null) {
            callsToCompile -= untilLook(callsToCompile);
            if (callsToCompile <= 0) {
                boolean now = tier.affords(this);
                callsToCompile = now ? Integer.MAX_VALUE : tier.callThreshold();
                CompiledCode code = now ? tier.compile(this) : null;
                if (code != null) {
                    compileTo(code, shaped);
                }
            }
        }
        RawMemory.putInt(cell + Activations.CALLS_LEFT, untilLook(callsToCompile));
        return compiled != null;
    }

    /**
     * At the head of a loop when its count ran out.
     *
     * @param offset of the loop in the module
     * @return whether compiled code has finished the call, {@link GuestStack#takeNext} then being its result
     */
    boolean loop(int offset, long fp, GuestStack stack, int depth) {
        InstanceOptions options = instance.options();
        if (options.interruptible()) {
            instance.checkInterrupt();
        }
        Tier tier = options.tier();
        if (tier != null) {
            loopsToCompile -= untilLook(loopsToCompile);
            if (loopsToCompile <= 0 && !tier.affords(this)) {
                loopsToCompile = tier.loopThreshold();
            } else if (loopsToCompile <= 0) {
                refusals = Math.min(10, refusals + 1);
                // A loop that cannot be compiled must not keep others of the function from it, nor cost much again and again.
                long later = Math.max(1L, tier.loopThreshold()) << REFUSED_SHIFT * refusals;
                loopsToCompile = (int) Math.min(Integer.MAX_VALUE, later);
                CompiledCode rest = tier.compileLoop(this, offset);
                if (rest != null) {
                    refusals = 0;
                    loopsToCompile = tier.loopThreshold();
                    RawMemory.putInt(cell + Activations.LOOPS_LEFT, untilLook(loopsToCompile));
                    try {
                        stack.next = rest.enter(stack, fp, depth);
                    } catch (Trap trap) {
                        trap.noted = true;
                        throw trap;
                    } catch (GuestException e) {
                        e.leaves = true;
                        throw e;
                    }
                    return true;
                }
            }
        }
        RawMemory.putInt(cell + Activations.LOOPS_LEFT, untilLook(loopsToCompile));
        return false;
    }

    /** Finds who catches an exception thrown before {@code pc}; returns where to go on, 0 if nobody does. */
    long handle(GuestException e, long pc, long fp, GuestStack stack) {
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
        return 0;
    }

    /** Adds this call, which had come to the instruction at {@code pc}, to the trap's stack trace. */
    void passing(Trap trap, long pc) {
        if (trap.noted) {
            trap.noted = false;
        } else {
            trap.addFrame(this, (int) (pc - code >>> 3));
        }
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
}
