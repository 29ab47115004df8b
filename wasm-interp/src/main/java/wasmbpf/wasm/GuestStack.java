package wasmbpf.wasm;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The frames of open guest calls: slots of eight bytes outside the heap, and beside them an array for the references,
 * indexed by the same slot numbers, so that the garbage collector sees what guest frames hold.
 *
 * <pre>
 *  caller's frame    | params, locals | operands ... args |
 *  callee's frame                     |params, locals     | operands ... |
 *                                      ^ results come back here
 * </pre>
 *
 * A callee's parameters are the caller's topmost operands: nothing is copied by a call. Behind the slots lies the control stack.
 */
final class GuestStack {
    private final Cleaner.Cleanable memory;
    final long base;
    /** First address past the slots. */
    final long limit;
    final int maxDepth;
    /** Where the next activation of the dispatch loop begins, see {@link Activations}. */
    long control;
    /** Where the next call from outside puts its arguments; set while a host function runs. */
    long top;
    /** Open calls; set while a host function runs. */
    int depth;
    /** The thread that runs guest code on this stack, or null. A profiler looks at it at any time. */
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    /** What a profiler sees of the open calls; null without one. */
    final CallMarks marks;
    /** What {@link GuestFunction#loop} leaves for the interpreter to return. */
    WasmFunction next;
    /** References by slot number; grown by {@link #reserveRefs} only. */
    Object[] refs = {};
    /** Past the last reference that may not be null. */
    private int refsEnd;

    GuestStack(long bytes, int maxDepth, boolean marked) {
        marks = marked ? new CallMarks(maxDepth) : null;
        long slots = bytes & -8;
        RawMemory.Allocation allocation;
        try {
            allocation = RawMemory.allocateBlock(this, slots + Activations.BYTES_PER_CALL * (maxDepth + 1L));
        } catch (OutOfMemoryError e) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: a stack of " + bytes + " bytes for " + maxDepth + " calls", e);
        }
        memory = allocation.memory();
        base = allocation.address();
        limit = base + slots;
        control = limit;
        top = base;
        this.maxDepth = maxDepth;
    }

    int index(long address) {
        return (int) (address - base >>> 3);
    }

    /** Makes room for the references of a frame that ends at {@code end}. */
    void reserveRefs(long end) {
        int slots = index(end);
        refsEnd = Math.max(refsEnd, slots);
        if (slots > refs.length) {
            refs = Arrays.copyOf(refs, Math.max(slots, Math.max(256, 2 * refs.length)));
        }
    }

    /** Lets go of the references that finished calls have left from {@code from} on. */
    void forgetRefs(long from) {
        int first = index(from);
        if (first < refsEnd) {
            Arrays.fill(refs, first, refsEnd, null);
            refsEnd = first;
        }
    }

    Thread owner() {
        return owner.get();
    }

    /**
     * Makes the stack this thread's, before anything of it is written.
     *
     * @return what {@link #giveBack} wants: whether it was nobody's
     * @throws IllegalStateException if it is another thread's
     */
    boolean take(Instance instance) {
        Thread thread = Thread.currentThread();
        // Plain: only this thread can have made it its own. So a call out of a host function costs no atomic operation.
        if (owner.getPlain() == thread) {
            return false;
        }
        if (!owner.compareAndSet(null, thread)) {
            throw new IllegalStateException(instance.name() + " runs on another thread: " + owner.get());
        }
        return true;
    }

    void giveBack(boolean taken) {
        if (taken) {
            owner.setRelease(null);
        }
    }

    WasmFunction takeNext() {
        WasmFunction function = next;
        next = null;
        return function;
    }

    /** Gives the slots back; no call runs here. Nothing fits on the stack from now on. */
    void close() {
        top = limit;
        refs = new Object[0];
        memory.clean();
    }

    static Trap exhausted() {
        return new Trap(Trap.Kind.STACK_EXHAUSTED);
    }
}
