package wasmbpf.wasm;

/**
 * Validates function bodies by the algorithm of the specification's appendix, and drives an {@link OpSink} on the way.
 * One instance serves many functions of a module, one at a time.
 *
 * <p>Immediates as the sink sees them, by {@link Imm}:
 * <pre>
 * LABEL FUNC TAG LOCAL GLOBAL TABLE ELEM DATA MEM TYPE   a = index
 * TYPE_TABLE ELEM_TABLE DATA_MEM TYPE_FIELD TYPE_COUNT TYPE_DATA TYPE_ELEM   a, b in the order of the name
 * TABLE_TABLE MEM_MEM TYPE_TYPE                          a = destination, b = source
 * MEMARG, MEMARG_LANE   a = memory, b = log2 alignment, value = offset, c = lane
 * LANE                  c = lane
 * I32                   value, sign-extended;  I64 value;  F32, F64 value = raw bits
 * V128, SHUFFLE         value = low eight bytes, valueHigh = high eight bytes (little endian)
 * BLOCK_TYPE, CATCHES   see the new frame;  CATCHES also catchCount and catchKind/catchTag/catchLabel(i)
 * LABELS                labelCount and label(i); the last one is the default
 * HEAP                  a = the reference type (TypeCode); nullable for ref.test null and ref.cast null and ref.null
 * CAST                  a = label, b = source and c = target reference type (TypeCode)
 * TYPES, and select, drop   operandType
 * </pre>
 */
public final class FuncValidator {
    private final WasmModule module;

    public FuncValidator(WasmModule module) {
        this.module = module;
    }

    /**
     * Validates one defined function.
     *
     * @throws MalformedException if its body does not follow the binary format
     * @throws InvalidException if it breaks a rule of validation
     */
    public void validate(int function, OpSink sink) {
        throw new UnsupportedOperationException();
    }

    public WasmModule module() {
        return module;
    }

    /** The index of the function being walked. */
    public int function() {
        throw new UnsupportedOperationException();
    }

    /** The instruction: a number of {@link OpBytes}. */
    public int op() {
        throw new UnsupportedOperationException();
    }

    /** Where the instruction starts in the module's bytes. */
    public int offset() {
        throw new UnsupportedOperationException();
    }

    public int a() {
        throw new UnsupportedOperationException();
    }

    public int b() {
        throw new UnsupportedOperationException();
    }

    public int c() {
        throw new UnsupportedOperationException();
    }

    public long value() {
        throw new UnsupportedOperationException();
    }

    public long valueHigh() {
        throw new UnsupportedOperationException();
    }

    public int labelCount() {
        throw new UnsupportedOperationException();
    }

    public int label(int i) {
        throw new UnsupportedOperationException();
    }

    public int catchCount() {
        throw new UnsupportedOperationException();
    }

    /** 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref. */
    public int catchKind(int i) {
        throw new UnsupportedOperationException();
    }

    public int catchTag(int i) {
        throw new UnsupportedOperationException();
    }

    public int catchLabel(int i) {
        throw new UnsupportedOperationException();
    }

    /** The type of what drop and select work on; BOTTOM in dead code. */
    public int operandType() {
        throw new UnsupportedOperationException();
    }

    /** Operands on the stack below those of the instruction. */
    public int height() {
        throw new UnsupportedOperationException();
    }

    /** The type of the operand at this height; also of the operands just popped, if the code is reachable. */
    public int type(int height) {
        throw new UnsupportedOperationException();
    }

    /** False in dead code; for else, catch and end: whether the code before it can reach it. */
    public boolean reachable() {
        throw new UnsupportedOperationException();
    }

    /** Parameters and declared locals. */
    public int localCount() {
        throw new UnsupportedOperationException();
    }

    public int localType(int local) {
        throw new UnsupportedOperationException();
    }

    /** Open frames, the function's own included. */
    public int frameCount() {
        throw new UnsupportedOperationException();
    }

    /** The instruction that opened the frame with this label: BLOCK, LOOP, IF, ELSE (an if past its else), TRY, CATCH,
     *  CATCH_ALL, TRY_TABLE; BLOCK for the function itself. */
    public int frameOp(int label) {
        throw new UnsupportedOperationException();
    }

    /** The stack height below the frame's parameters. */
    public int frameHeight(int label) {
        throw new UnsupportedOperationException();
    }

    /** Whether the frame was opened in dead code. */
    public boolean frameDead(int label) {
        throw new UnsupportedOperationException();
    }

    public int[] frameParams(int label) {
        throw new UnsupportedOperationException();
    }

    public int[] frameResults(int label) {
        throw new UnsupportedOperationException();
    }

    /** What a branch to the label carries: the parameters of a loop, else the results. */
    public int[] labelTypes(int label) {
        throw new UnsupportedOperationException();
    }
}
