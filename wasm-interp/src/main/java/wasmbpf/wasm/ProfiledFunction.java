package wasmbpf.wasm;

/** A function of an instance with a profiler; a class of its own, so that other instances pay nothing for it. */
final class ProfiledFunction extends GuestFunction {
    ProfiledFunction(Instance instance, DefType type, int index) {
        super(instance, type, index);
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        CallMarks marks = stack.marks;
        if (marks == null) {
            // Called by an instance that is not profiled.
            return super.enter(stack, frame, depth);
        }
        marks.enter(depth, this);
        try {
            return super.enter(stack, frame, depth);
        } finally {
            marks.leave(depth - 1);
        }
    }
}
