package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.Arrays;

/**
 * What is known at one instruction of a function body: the instruction with its immediates, the types on the operand
 * stack, the open blocks, the locals. The rules are in {@link FuncValidator} and {@link ExtendedRules}; a translator
 * reads it through the public methods, whose meaning {@link OpSink} describes.
 */
abstract class BodyState {
    static final int[] EMPTY = ModuleTypes.EMPTY;
    static final int NOTHING = -1;

    final WasmModule module;
    final ModuleTypes types;
    final WasmReader in;
    final TypeReader typeReader;
    int function;

    // The current instruction.
    int op;
    int offset;
    int a;
    int b;
    int c;
    long value;
    long valueHigh;
    int operandType;
    int labelCount;
    int[] labels = new int[16];
    int catchCount;
    int[] catches = new int[12];
    /** Its results: first all of {@code results}, then {@code result} unless NOTHING. */
    int[] results = EMPTY;
    int result;
    int after;

    // The operand stack.
    int[] stack = new int[64];
    int height;

    // Control frames, the innermost last; the fields repeat the innermost for speed.
    int frames;
    int[] frameOps = new int[16];
    int[] frameHeights = new int[16];
    boolean[] frameUnreachable = new boolean[16];
    boolean[] frameDead = new boolean[16];
    int[][] frameParams = new int[16][];
    int[][] frameResults = new int[16][];
    int[] frameInits = new int[16];
    /** For br_table: the frames checked already have this instruction's number. */
    int[] frameStamps = new int[16];
    int stamp;
    int base;
    boolean unreachable;

    int localCount;
    int[] locals = new int[16];
    /** Locals without default value that are not set yet; null if there are none such, which is nearly always. */
    boolean[] unset;
    /** Locals set since the function began, in order, to undo at the end of a block. */
    int[] inits = new int[16];
    int initCount;

    BodyState(WasmModule module) {
        this.module = module;
        this.types = module.types();
        this.in = new WasmReader(module.name(), module.bytes());
        this.typeReader = new TypeReader(in, types);
    }

    void readLocals(int[] params) {
        int count = params.length;
        if (count > locals.length) {
            locals = new int[count];
        }
        System.arraycopy(params, 0, locals, 0, count);
        unset = null;
        int groups = in.count("groups of locals", Integer.MAX_VALUE);
        for (int i = 0; i < groups; i++) {
            int at = in.pos;
            long more = in.u32() & 0xFFFFFFFFL;
            if (more > Limits.LOCALS - count) {
                // 2^32 locals break the format itself (section 5.5.13), fewer this engine's limit.
                throw more + count > 0xFFFFFFFFL ? in.malformed(at, "too many locals")
                        : in.invalid(at, "too many locals: " + (more + count) + "; at most " + Limits.LOCALS
                                + " are allowed");
            }
            int next = count + (int) more;
            int code = typeReader.valType();
            if (next > locals.length) {
                locals = Arrays.copyOf(locals, Math.max(next, 2 * locals.length));
            }
            Arrays.fill(locals, count, next, code);
            if (!TypeCode.isDefaultable(code) && next > count) {
                if (unset == null) {
                    unset = new boolean[Limits.LOCALS + Limits.PARAMS];
                }
                Arrays.fill(unset, count, next, true);
            }
            count = next;
        }
        localCount = count;
    }

    // The operand stack

    void push(int type) {
        int at = height;
        if (at == stack.length) {
            if (at >= Limits.OPERANDS) {
                throw invalid("more than " + Limits.OPERANDS + " operands on the stack");
            }
            stack = Arrays.copyOf(stack, Math.min(2 * at, Limits.OPERANDS));
        }
        stack[at] = type;
        height = at + 1;
    }

    /** Pops an operand that matches {@code expected}; returns its own type. */
    int pop(int expected) {
        int top = height - 1;
        if (top < base) {
            if (unreachable) {
                return TypeCode.BOTTOM;
            }
            throw mismatch(expected, NOTHING);
        }
        int found = stack[top];
        if (found != expected && !types.isSubtype(found, expected)) {
            throw mismatch(expected, found);
        }
        height = top;
        return found;
    }

    int popAny() {
        if (height == base) {
            if (unreachable) {
                return TypeCode.BOTTOM;
            }
            throw invalid("type mismatch: " + mnemonic() + " expects an operand, found nothing");
        }
        return stack[--height];
    }

    int popRef() {
        int found = popAny();
        if (found == TypeCode.BOTTOM) {
            return TypeCode.REF_BOTTOM;
        }
        if (!TypeCode.isRef(found)) {
            throw invalid("type mismatch: " + mnemonic() + " expects a reference, found " + ModuleTypes.text(found));
        }
        return found;
    }

    void popAll(int[] expected) {
        for (int i = expected.length - 1; i >= 0; i--) {
            pop(expected[i]);
        }
    }

    // Control frames

    void pushFrame(int code, int[] params, int[] given) {
        int frame = frames;
        if (frame == frameOps.length) {
            if (frame >= Limits.BLOCK_NESTING) {
                throw invalid("more than " + Limits.BLOCK_NESTING + " nested blocks");
            }
            growFrames(Math.min(2 * frame, Limits.BLOCK_NESTING));
        }
        frameOps[frame] = code;
        frameHeights[frame] = height;
        frameDead[frame] = frame > 0 && (unreachable || frameDead[frame - 1]);
        frameUnreachable[frame] = false;
        frameParams[frame] = params;
        frameResults[frame] = given;
        frameInits[frame] = initCount;
        frameStamps[frame] = 0;
        frames = frame + 1;
        base = height;
        unreachable = false;
    }

    void growFrames(int size) {
        frameOps = Arrays.copyOf(frameOps, size);
        frameHeights = Arrays.copyOf(frameHeights, size);
        frameDead = Arrays.copyOf(frameDead, size);
        frameUnreachable = Arrays.copyOf(frameUnreachable, size);
        frameParams = Arrays.copyOf(frameParams, size);
        frameResults = Arrays.copyOf(frameResults, size);
        frameInits = Arrays.copyOf(frameInits, size);
        frameStamps = Arrays.copyOf(frameStamps, size);
    }

    /** Pops the results of the innermost frame, after which nothing may be left in it. */
    void closeArm() {
        popAll(frameResults[frames - 1]);
        if (height != base) {
            throw invalid("type mismatch: " + mnemonic() + " expects " + ModuleTypes.text(frameResults[frames - 1])
                    + ", found " + (height - base) + " more operands below, the last of type "
                    + ModuleTypes.text(stack[height - 1]));
        }
    }

    int label() {
        int label = in.index();
        if (label >= frames) {
            throw invalid("unknown label " + label + "; " + frames + " blocks are open");
        }
        return label;
    }

    // Locals and indices

    int local() {
        int local = in.index();
        checkIndex("local", local, localCount);
        return local;
    }

    void set(int local) {
        if (unset != null && unset[local]) {
            unset[local] = false;
            if (initCount == inits.length) {
                inits = Arrays.copyOf(inits, 2 * initCount);
            }
            inits[initCount++] = local;
        }
    }

    void undoInits(int mark) {
        while (initCount > mark) {
            unset[inits[--initCount]] = true;
        }
    }

    int global() {
        int global = in.index();
        checkIndex("global", global, module.globalCount());
        return global;
    }

    int functionIndex() {
        int index = in.index();
        checkIndex("function", index, module.functionCount());
        return index;
    }

    int tag() {
        int tag = in.index();
        checkIndex("tag", tag, module.tagCount());
        return tag;
    }

    int elementSegment() {
        int segment = in.index();
        checkIndex("elem segment", segment, module.elements().size());
        return segment;
    }

    int dataSegment() {
        int segment = in.index();
        if (!module.hasDataCount()) {
            throw in.malformed(offset, "data count section required");
        }
        checkIndex("data segment", segment, module.dataSegments().size());
        return segment;
    }

    void checkIndex(String what, int index, int count) {
        if (index >= count) {
            throw invalid("unknown " + what + " " + index + "; there are " + count);
        }
    }

    int addressType(int memory) {
        checkIndex("memory", memory, module.memoryCount());
        return module.memory(memory).memory64() ? TypeCode.I64 : TypeCode.I32;
    }

    int tableAddressType(int table) {
        checkIndex("table", table, module.tableCount());
        return module.table(table).table64() ? TypeCode.I64 : TypeCode.I32;
    }

    // Errors

    String mnemonic() {
        return Opcode.of(op).mnemonic();
    }

    InvalidException invalid(String message) {
        return in.invalid(offset, message);
    }

    InvalidException mismatch(int expected, int found) {
        return invalid("type mismatch: " + mnemonic() + " expects " + ModuleTypes.text(expected) + ", found "
                + (found == NOTHING ? "nothing" : ModuleTypes.text(found)));
    }

    // What a sink may ask

    public WasmModule module() {
        return module;
    }

    /** The index of the function being walked. */
    public int function() {
        return function;
    }

    /** The instruction: a number of {@link OpBytes}. */
    public int op() {
        return op;
    }

    /** Where the instruction starts in the module's bytes. */
    public int offset() {
        return offset;
    }

    /** Where the next instruction starts. */
    public int nextOffset() {
        return in.pos;
    }

    public int a() {
        return a;
    }

    public int b() {
        return b;
    }

    public int c() {
        return c;
    }

    public long value() {
        return value;
    }

    public long valueHigh() {
        return valueHigh;
    }

    public int labelCount() {
        return labelCount;
    }

    public int label(int i) {
        return labels[i];
    }

    public int catchCount() {
        return catchCount;
    }

    /** 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref. */
    public int catchKind(int i) {
        return catches[3 * i];
    }

    public int catchTag(int i) {
        return catches[3 * i + 1];
    }

    public int catchLabel(int i) {
        return catches[3 * i + 2];
    }

    /** The type of what the instruction works on, for those whose code does not tell; BOTTOM in dead code. */
    public int operandType() {
        return operandType;
    }

    /** Operands on the stack below those of the instruction. */
    public int height() {
        return height;
    }

    /** The type of the operand at this height; also of the operands just popped, if the code is reachable. */
    public int type(int height) {
        return stack[height];
    }

    /**
     * How many results the instruction gives, which will lie at {@link #height} and above. For those that end or open
     * a block: the operands on the stack where the code goes on.
     */
    public int resultCount() {
        return (SIGNATURES[op] < SPECIAL ? 0 : results.length) + (result == NOTHING ? 0 : 1);
    }

    /** The type of a result. */
    public int resultType(int i) {
        int[] many = SIGNATURES[op] < SPECIAL ? EMPTY : results;
        return i < many.length ? many[i] : result;
    }

    /** False in dead code; for else, catch and end: whether the code before it can reach it. */
    public boolean reachable() {
        return !unreachable && !frameDead[frames - 1];
    }

    /** Parameters and declared locals. */
    public int localCount() {
        return localCount;
    }

    public int localType(int local) {
        return locals[local];
    }

    /** Open frames, the function's own included. */
    public int frameCount() {
        return frames;
    }

    /**
     * The instruction that opened the frame with this label or its current arm: BLOCK, LOOP, IF, ELSE (an if past its
     * else), TRY, CATCH, CATCH_ALL, TRY_TABLE; BLOCK for the function itself.
     */
    public int frameOp(int label) {
        return frameOps[frames - 1 - label];
    }

    /** The stack height below the frame's parameters. */
    public int frameHeight(int label) {
        return frameHeights[frames - 1 - label];
    }

    /** Whether the frame was opened in dead code. */
    public boolean frameDead(int label) {
        return frameDead[frames - 1 - label];
    }

    public int[] frameParams(int label) {
        return frameParams[frames - 1 - label];
    }

    public int[] frameResults(int label) {
        return frameResults[frames - 1 - label];
    }

    /** What a branch to the label carries: the parameters of a loop, else the results. */
    public int[] labelTypes(int label) {
        int frame = frames - 1 - label;
        return frameOps[frame] == LOOP ? frameParams[frame] : frameResults[frame];
    }
}
