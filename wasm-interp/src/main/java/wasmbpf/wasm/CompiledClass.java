package wasmbpf.wasm;

/** What the classes that package {@code compile} generates extend; one object an entry. */
abstract class CompiledClass extends CompiledCode {
    private final int entry;

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
}
