package wasmbpf.wasm;

import java.lang.ref.Reference;

/**
 * A function of an instance, guest or host, that can be called. It belongs to its instance: calls after
 * {@link Instance#close} throw IllegalStateException; one thread at a time.
 *
 * <p>Three ways to call it: {@link #callI32} for the event callback, {@link #invoke} for numbers, {@link #apply} for
 * everything. All of them let {@link Trap}, {@link GuestException}, {@link ProcExit} and whatever a host function
 * throws pass.
 */
public abstract non-sealed class WasmFunction implements Extern {
    private static final long[] NOTHING = {};
    private static final Object[] NO_OBJECTS = {};

    private final DefType type;
    final Layout layout;
    /** The instance it runs in; for a host function the one that imports it. */
    final Instance instance;

    WasmFunction(Instance instance, DefType type) {
        this.instance = instance;
        this.type = type;
        this.layout = type.layout();
    }

    public final FuncType type() {
        return type.func();
    }

    final DefType defType() {
        return type;
    }

    @Override
    public final ExternType externType() {
        return new ExternType.Func(type);
    }

    /** As stack traces show a call of it that had come to this position, see {@link Trap#addFrame}. */
    abstract WasmFrame frame(int position);

    /**
     * Runs the function on a guest stack: arguments lie at {@code frame}, results come back there.
     *
     * @param frame the address of the first argument's slot
     * @param depth open calls, this one included
     * @return null, or the function that a tail call wants next, its arguments at {@code frame}
     */
    abstract WasmFunction enter(GuestStack stack, long frame, int depth);

    /** Runs it with all its tail calls; checks the depth. */
    final void run(GuestStack stack, long frame, int depth) {
        if (depth > stack.maxDepth) {
            throw GuestStack.exhausted();
        }
        WasmFunction next = enter(stack, frame, depth);
        while (next != null) {
            next = next.enter(stack, frame, depth);
        }
    }

    /** A call from outside the guest, arguments already in place. */
    private void runFromHost(GuestStack stack, long frame) {
        instance.checkOpen();
        try {
            run(stack, frame, stack.depth + 1);
        } catch (StackOverflowError e) {
            // The depth limit is the design, this is the net below it: the embedder's thread has less stack than that
            // takes.
            throw GuestStack.exhausted();
        } finally {
            stack.forgetRefs(frame + 8L * layout.resultSlots);
            Reference.reachabilityFence(this);
        }
    }

    /** The frame for a call from outside with room for arguments and results. */
    private long newFrame(GuestStack stack) {
        long frame = stack.top;
        if (frame + 8L * Math.max(layout.paramSlots, layout.resultSlots) > stack.limit) {
            // Of a closed instance the stack is full.
            instance.checkOpen();
            throw GuestStack.exhausted();
        }
        return frame;
    }

    /**
     * Calls an {@code (i32, i32, i32) -> (i32)} function without allocating.
     *
     * @throws IllegalArgumentException if it has another type
     */
    public final int callI32(int a, int b, int c) {
        if (!layout.callback) {
            throw new IllegalArgumentException("a function of type " + type() + " called as (i32, i32, i32) -> (i32)");
        }
        GuestStack stack = instance.stack;
        boolean taken = stack.take(instance);
        try {
            long frame = newFrame(stack);
            RawMemory.putLong(frame, a);
            RawMemory.putLong(frame + 8, b);
            RawMemory.putLong(frame + 16, c);
            runFromHost(stack, frame);
            return RawMemory.getInt(frame);
        } finally {
            stack.giveBack(taken);
        }
    }

    /**
     * Calls a function of numbers and vectors. Arguments and results: one long per slot, i32 sign-extended (only the
     * low half of an argument counts), f32 and f64 as raw bits, a vector as two longs, low half first.
     *
     * @throws IllegalArgumentException if the count is wrong or the type has references
     */
    public final long[] invoke(long... args) {
        if (layout.hasRefs()) {
            throw new IllegalArgumentException("a function of type " + type() + " needs apply");
        }
        if (args.length != layout.paramSlots) {
            throw new IllegalArgumentException("a function of type " + type() + " given " + args.length + " numbers");
        }
        GuestStack stack = instance.stack;
        boolean taken = stack.take(instance);
        try {
            long frame = newFrame(stack);
            int slot = 0;
            for (ValType param : layout.params) {
                boolean half = param == ValType.I32 || param == ValType.F32;
                RawMemory.putLong(frame + 8L * slot, half ? (int) args[slot] : args[slot]);
                slot++;
                if (param == ValType.V128) {
                    RawMemory.putLong(frame + 8L * slot, args[slot]);
                    slot++;
                }
            }
            runFromHost(stack, frame);
            long[] results = layout.resultSlots == 0 ? NOTHING : new long[layout.resultSlots];
            for (int i = 0; i < results.length; i++) {
                results[i] = RawMemory.getLong(frame + 8L * i);
            }
            return results;
        } finally {
            stack.giveBack(taken);
        }
    }

    /**
     * Calls any function. Values are Integer, Long, Float, Double, {@link V128}; references are null, {@link
     * WasmFunction}, {@link WasmStruct}, {@link WasmArray}, {@link I31}, {@link GuestException} (exnref), or any
     * object (externref, anyref).
     *
     * @return one object per result
     * @throws IllegalArgumentException if an argument is not of its parameter's type
     */
    public final Object[] apply(Object... args) {
        if (args.length != layout.params.length) {
            throw Values.wrongCount(type(), args);
        }
        GuestStack stack = instance.stack;
        boolean taken = stack.take(instance);
        try {
            long frame = newFrame(stack);
            if (layout.hasRefs()) {
                stack.reserveRefs(frame + 8L * Math.max(layout.paramSlots, layout.resultSlots));
            }
            Values.store(stack, frame, layout.params, args);
            runFromHost(stack, frame);
            return layout.results.length == 0 ? NO_OBJECTS : Values.load(stack, frame, layout.results);
        } finally {
            stack.giveBack(taken);
        }
    }
}
