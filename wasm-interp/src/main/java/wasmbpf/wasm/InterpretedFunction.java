package wasmbpf.wasm;

import java.util.Arrays;

/** A guest function run by {@link Interpreter}; validated and lowered at its first call. */
final class InterpretedFunction extends WasmFunction {
    private final int index;
    /** Address of the first instruction; 0 until the function is lowered. */
    private long code;
    private int codeWords;
    private long frameBytes;
    private int localSlots;
    private boolean usesRefs;
    private Lowered.Handler[] handlers;

    InterpretedFunction(Instance instance, DefType type, int index) {
        super(instance, type);
        this.index = index;
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
        usesRefs = lowered.usesRefs();
        handlers = lowered.handlers();
        codeWords = lowered.length();
        code = instance.codeSpace().append(lowered.words(), lowered.length());
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        if (code == 0) {
            prepare();
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
        return Interpreter.run(this, stack, frame, depth);
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
        throw e;
    }

    /** Adds this call to the trap's stack trace. */
    Trap passing(Trap trap, long pc) {
        if (trap.wantsFrame()) {
            // The offset is worth a second lowering: only here is it ever asked for.
            int word = (int) (pc - code >>> 3) - 1;
            int offset = instance.lowering().lower(index, true).offsetOf(word);
            trap.addFrame(new WasmFrame(instance.name(), index, instance.functionName(index), offset));
        }
        return trap;
    }

    @Override
    WasmFrame frame() {
        return new WasmFrame(instance.name(), index, instance.functionName(index), -1);
    }

    int codeWords() {
        return codeWords;
    }
}
