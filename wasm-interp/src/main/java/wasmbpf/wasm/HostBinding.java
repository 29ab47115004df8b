package wasmbpf.wasm;

/** A host function as imported by an instance. */
final class HostBinding extends WasmFunction {
    private final HostFunction host;
    private final int index;
    private final ValType result;
    /** Reused from call to call; null while a call uses it, so that a nested call makes its own. */
    private long[] args;

    HostBinding(Instance instance, HostFunction host, int index) {
        super(instance, host.defType());
        this.host = host;
        this.index = index;
        this.result = layout.results.length == 1 ? layout.results[0] : null;
        this.args = new long[layout.paramSlots];
    }

    HostFunction host() {
        return host;
    }

    @Override
    WasmFrame frame(int position) {
        return new WasmFrame(host.module(), index, host.name(), -1);
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        long oldTop = stack.top;
        int oldDepth = stack.depth;
        stack.top = frame + 8L * Math.max(layout.paramSlots, layout.resultSlots);
        stack.depth = depth;
        CallMarks marks = stack.marks;
        if (marks != null) {
            marks.enter(depth, this);
        }
        try {
            if (host.code() != null) {
                callNumbers(frame);
            } else {
                Object[] results = host.valueCode().call(instance, Values.load(stack, frame, layout.params));
                storeResults(stack, frame, results);
            }
            return null;
        } catch (Trap trap) {
            trap.addFrame(this, -1);
            throw trap;
        } catch (GuestException e) {
            e.addFrame(this, -1);
            throw e;
        } finally {
            stack.top = oldTop;
            stack.depth = oldDepth;
            if (marks != null) {
                marks.leave(depth - 1);
            }
        }
    }

    /**
     * A call by compiled code of a function over numbers.
     *
     * @param args new for this call
     * @param remaining calls that may be open below the caller
     */
    long call(long[] args, GuestStack stack, int remaining) {
        CompiledSupport.checkDepth(remaining);
        long oldTop = stack.top;
        int oldDepth = stack.depth;
        int depth = stack.maxDepth - remaining + 1;
        stack.depth = depth;
        CallMarks marks = stack.marks;
        if (marks != null) {
            marks.enter(depth, this);
        }
        try {
            return host.code().call(instance, args);
        } catch (Trap trap) {
            trap.addFrame(this, -1);
            throw trap;
        } catch (GuestException e) {
            e.addFrame(this, -1);
            throw e;
        } finally {
            stack.top = oldTop;
            stack.depth = oldDepth;
            if (marks != null) {
                marks.leave(depth - 1);
            }
        }
    }

    private void callNumbers(long frame) {
        long[] args = this.args;
        this.args = null;
        if (args == null) {
            args = new long[layout.paramSlots];
        }
        for (int i = 0; i < args.length; i++) {
            args[i] = RawMemory.getLong(frame + 8L * i);
        }
        long value = host.code().call(instance, args);
        this.args = args;
        if (result != null) {
            boolean half = result == ValType.I32 || result == ValType.F32;
            RawMemory.putLong(frame, half ? (int) value : value);
        }
    }

    private void storeResults(GuestStack stack, long frame, Object[] results) {
        int given = results == null ? 0 : results.length;
        if (given != layout.results.length) {
            throw new IllegalStateException(host + " returned " + given + " values");
        }
        if (layout.hasRefs()) {
            stack.reserveRefs(frame + 8L * layout.resultSlots);
        }
        if (given > 0) {
            Values.store(stack, frame, layout.results, results);
        }
    }
}
