package wasmbpf.wasm;

import java.util.List;

/**
 * An exception of the exception-handling proposal on its way; also the value behind an {@code exnref}. It reaches the
 * embedder if no guest frame catches it. A host function may let it pass or throw one of its own.
 */
public final class GuestException extends WasmException {
    private static final long serialVersionUID = 1;

    final transient WasmTag tag;
    /** The payload as it lies in a frame: numbers in {@code slots}, references at the same index in {@code refs}. */
    final long[] slots;
    final transient Object[] refs;
    /** Set between a loop that compiled code has left by it, for the interpreter, and the interpreter: it goes on. */
    boolean leaves;

    GuestException(WasmTag tag, long[] slots, Object[] refs) {
        super("uncaught exception", null, false);
        this.tag = tag;
        this.slots = slots;
        this.refs = refs;
    }

    public WasmTag tag() {
        return tag;
    }

    /** What it carries, one object per parameter of the tag's type, in the form of {@link WasmFunction#apply}. */
    public List<Object> values() {
        return Values.unpack(tag.layout(), slots, refs);
    }
}
