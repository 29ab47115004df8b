package wasmbpf.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The open calls of a guest stack for a {@link Profiler}, which reads them from its own thread. Calls mark themselves in both
 * tiers, at their depth; a mark that is read while it changes shows the call before or after. Only stacks of instances with a
 * profiler have marks.
 */
final class CallMarks {
    private static final VarHandle DEPTH;

    static {
        try {
            DEPTH = MethodHandles.lookup().findVarHandle(CallMarks.class, "depth", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** By depth, which counts from 1. */
    private final WasmFunction[] open;
    private int depth;

    CallMarks(int maxDepth) {
        open = new WasmFunction[maxDepth + 1];
    }

    void enter(int at, WasmFunction function) {
        open[at] = function;
        // Whoever sees the depth sees the mark.
        DEPTH.setRelease(this, at);
    }

    /** A call is over, or an exception has been caught: the innermost call is at this depth now. */
    void leave(int to) {
        DEPTH.setRelease(this, to);
    }

    /** How many calls are open; from any thread. */
    int depth() {
        return (int) DEPTH.getAcquire(this);
    }

    /** The call at a depth; from any thread. */
    WasmFunction at(int at) {
        return open[at];
    }
}
