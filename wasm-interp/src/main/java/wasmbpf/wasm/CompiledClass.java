package wasmbpf.wasm;

/** What the classes that package {@code compile} generates extend; one object an entry. */
abstract class CompiledClass extends CompiledCode {
    /** Which of the class's functions; generated code reads it. */
    final int entry;

    CompiledClass(int entry) {
        this.entry = entry;
    }

    @Override
    final WasmFunction enter(GuestStack stack, long frame, int depth) {
        long top = stack.top;
        stack.top = frame;
        try {
            invoke(entry, stack, frame, stack.maxDepth - depth);
            WasmFunction next = stack.next;
            if (next != null) {
                stack.next = null;
            }
            return next;
        } finally {
            stack.top = top;
        }
    }

    /**
     * Arguments from the frame, results to it; a tail call leaves its callee in {@link GuestStack#next}.
     *
     * @param remaining how many calls may still nest in this one
     */
    protected abstract void invoke(int entry, GuestStack stack, long frame, int remaining);

    // Calls of the most frequent shapes without a detour through memory. Each class overrides those that its functions have; the
    // caller knows by the type and by GuestFunction.shaped. First i32 parameters and at most one i32 result.

    int call_I(GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void call_V(GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callI_I(int p0, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callI_V(int p0, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callII_I(int p0, int p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callII_V(int p0, int p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIII_I(int p0, int p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIII_V(int p0, int p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIIII_I(int p0, int p1, int p2, int p3, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIIII_V(int p0, int p1, int p2, int p3, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIIIII_I(int p0, int p1, int p2, int p3, int p4, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIIIII_V(int p0, int p1, int p2, int p3, int p4, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIIIIII_I(int p0, int p1, int p2, int p3, int p4, int p5, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIIIIII_V(int p0, int p1, int p2, int p3, int p4, int p5, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    // With i64 and f64, what C programs have most in tables: finding one of an interface is a search at each call.

    long callI_J(int p0, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    long callII_J(int p0, int p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    long callIII_J(int p0, int p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    long callIJ_J(int p0, long p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    long callIJI_J(int p0, long p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    double callI_D(int p0, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    double callD_D(double p0, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    double callDD_D(double p0, double p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    double callID_D(int p0, double p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    double callII_D(int p0, int p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callID_I(int p0, double p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callID_V(int p0, double p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIJ_I(int p0, long p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIJ_V(int p0, long p1, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIIJ_I(int p0, int p1, long p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIIJ_V(int p0, int p1, long p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    int callIJI_I(int p0, long p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }

    void callIJI_V(int p0, long p1, int p2, GuestStack stack, int remaining) {
        throw new IllegalStateException("no entry of this shape");
    }
}
