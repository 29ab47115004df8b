package wasmbpf.wasm;

import java.util.List;

/**
 * The guest did something WebAssembly does not allow; it cannot go on. Carries no Java stack trace but a Wasm one: its
 * frames are noted while it unwinds and told when someone asks.
 */
public final class Trap extends WasmException {
    private static final long serialVersionUID = 1;

    /** Why; the texts are those of the specification's test suite. */
    public enum Kind {
        UNREACHABLE("unreachable"),
        DIVIDE_BY_ZERO("integer divide by zero"),
        INTEGER_OVERFLOW("integer overflow"),
        INVALID_CONVERSION("invalid conversion to integer"),
        MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
        UNALIGNED_ATOMIC("unaligned atomic"),
        EXPECTED_SHARED_MEMORY("expected shared memory"),
        ENDLESS_WAIT("atomic wait without end: nobody else runs"),
        TABLE_OUT_OF_BOUNDS("out of bounds table access"),
        ARRAY_OUT_OF_BOUNDS("out of bounds array access"),
        UNDEFINED_ELEMENT("undefined element"),
        UNINITIALIZED_ELEMENT("uninitialized element"),
        INDIRECT_CALL_TYPE("indirect call type mismatch"),
        NULL_REFERENCE("null reference"),
        NULL_FUNCTION("null function reference"),
        NULL_I31("null i31 reference"),
        NULL_STRUCT("null structure reference"),
        NULL_ARRAY("null array reference"),
        NULL_EXCEPTION("null exception reference"),
        CAST_FAILURE("cast failure"),
        STACK_EXHAUSTED("call stack exhausted"),
        INTERRUPTED("interrupted"),
        OUT_OF_MEMORY("out of memory"),
        HOST("host function failed");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Kind kind;
    /** Made at once: what costs nothing to note while the stack unwinds, which may be nearly full. */
    private final transient CallTrace trace = new CallTrace(true);
    /** Where in the innermost compiled function it was thrown, if the thrower knows; see {@link CompiledSupport}. */
    int position = -1;
    /** Set between a loop that compiled code has finished for the interpreter, and the interpreter: the same call. */
    boolean noted;

    public Trap(Kind kind) {
        this(kind, kind.text);
    }

    /** A trap with more to say; the message should start with the kind's text. */
    public Trap(Kind kind, String message) {
        this(kind, message, null);
    }

    public Trap(Kind kind, String message, Throwable cause) {
        super(message, cause, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The calls that were open, innermost first; of a very deep stack the innermost 64. */
    public List<WasmFrame> stack() {
        return trace.stack();
    }

    /** How many outer frames {@link #stack} leaves out. */
    public int omittedFrames() {
        return trace.omitted();
    }

    /** Notes a call that the trap unwinds; {@code position} is for {@link WasmFunction#frame}. */
    void addFrame(WasmFunction function, int position) {
        trace.add(function, position);
    }

    /**
     * The message and one line a frame, as shown to people; where a module has DWARF line tables with source places, and a line
     * for each call that was inlined.
     */
    public String report() {
        StringBuilder text = new StringBuilder("trap: ").append(WasmText.printable(getMessage()));
        trace.print(text);
        return text.toString();
    }
}
