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
    /** The calls it has ended since it was thrown, a catch that threw it on included; null: none yet. */
    private transient CallTrace trace;
    /** Where in the innermost compiled function it was thrown, if a method inside knows; see {@link CompiledSupport}. */
    int position = -1;
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

    /** The calls it has ended, innermost first; of a very deep stack the innermost 64. */
    public List<WasmFrame> stack() {
        return trace == null ? List.of() : trace.stack();
    }

    /** Notes a call that it unwinds; {@code position} is for {@link WasmFunction#frame}. */
    void addFrame(WasmFunction function, int position) {
        if (trace == null) {
            trace = new CallTrace(false);
        }
        trace.add(function, position);
    }

    /** The tag, the values and one line a frame, as shown to people: see {@link Trap#report}. */
    public String report() {
        StringBuilder text = new StringBuilder("uncaught exception: tag ").append(WasmText.printable(tag.label())).append(' ')
                .append(WasmText.printable(values().toString()));
        if (trace != null) {
            trace.print(text);
        }
        return text.toString();
    }
}
