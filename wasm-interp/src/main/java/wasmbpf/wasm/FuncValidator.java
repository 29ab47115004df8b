package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.Arrays;

/**
 * Validates function bodies by the algorithm of the specification's appendix, and drives an {@link OpSink} on the way.
 * One instance serves many functions of a module, one at a time.
 *
 * <p>Why one pass for both: a body is read when it is first called, on a JVM that has compiled nothing yet; decoding its
 * LEB128 numbers and following its types twice would cost nearly twice the time. Validation and translation meet in one
 * virtual call an instruction, and neither knows how the other works.
 *
 * <p>Immediates as the sink sees them, by {@link Imm}:
 * <pre>
 * LABEL FUNC TAG LOCAL GLOBAL TABLE ELEM DATA MEM        a = index
 * TYPE                                                   a = canonical index
 * TYPE_TABLE ELEM_TABLE DATA_MEM TYPE_FIELD TYPE_COUNT TYPE_DATA TYPE_ELEM   a, b in the order of the name
 * TABLE_TABLE MEM_MEM TYPE_TYPE                          a = destination, b = source
 * MEMARG, MEMARG_LANE   a = memory, b = log2 alignment, value = offset, c = lane
 * LANE                  c = lane
 * I32                   value, sign-extended;  I64 value;  F32, F64 value = raw bits (F32 zero-extended)
 * V128, SHUFFLE         value = low eight bytes, valueHigh = high eight bytes (little endian)
 * BLOCK_TYPE, CATCHES   see the new frame;  CATCHES also catchCount and catchKind/catchTag/catchLabel(i)
 * LABELS                labelCount and label(i); the last one is the default
 * HEAP                  a = the reference type (TypeCode), nullable for ref.null, ref.test null and ref.cast null
 * CAST                  a = label, b = source and c = target reference type (TypeCode)
 * TYPES, and select, drop   operandType
 * </pre>
 */
public final class FuncValidator {
    private static final int[] EMPTY = ModuleTypes.EMPTY;
    private static final int[] ONE_I32 = {TypeCode.I32};
    private static final int[] ONE_I64 = {TypeCode.I64};
    private static final int[] ONE_F32 = {TypeCode.F32};
    private static final int[] ONE_F64 = {TypeCode.F64};
    private static final int[] TWO_I64 = {TypeCode.I64, TypeCode.I64};
    private static final int NOTHING = -1;
    private static final int EQREF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.EQ;
    private static final int I31REF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.I31;
    private static final int ARRAYREF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.ARRAY;

    /** What to do after the sink has seen the instruction, besides pushing its results. */
    private static final int GO_ON = 0;
    private static final int UNREACHABLE_NOW = 1;
    private static final int NEXT_ARM = 2;
    private static final int END_FRAME = 3;

    private final WasmModule module;
    private final ModuleTypes types;
    private final WasmReader in;
    private final TypeReader typeReader;

    private int function;
    private OpSink sink;

    // The current instruction.
    private int op;
    private int offset;
    private int a;
    private int b;
    private int c;
    private long value;
    private long valueHigh;
    private int operandType;
    private int labelCount;
    private int[] labels = new int[16];
    private int catchCount;
    private int[] catches = new int[12];
    /** Its results: first all of {@code results}, then {@code result} unless NOTHING. */
    private int[] results = EMPTY;
    private int result;
    private int after;

    // The operand stack.
    private int[] stack = new int[64];
    private int height;

    // Control frames, the innermost last; the fields repeat the innermost for speed.
    private int frames;
    private int[] frameOps = new int[16];
    private int[] frameHeights = new int[16];
    private boolean[] frameUnreachable = new boolean[16];
    private boolean[] frameDead = new boolean[16];
    private int[][] frameParams = new int[16][];
    private int[][] frameResults = new int[16][];
    private int[] frameInits = new int[16];
    /** For br_table: the frames checked already have this instruction's number. */
    private int[] frameStamps = new int[16];
    private int stamp;
    private int base;
    private boolean unreachable;

    private int localCount;
    private int[] locals = new int[16];
    /** Locals without default value that are not set yet; null if there are none such, which is nearly always. */
    private boolean[] unset;
    /** Locals set since the function began, in order, to undo at the end of a block. */
    private int[] inits = new int[16];
    private int initCount;

    public FuncValidator(WasmModule module) {
        this.module = module;
        this.types = module.types();
        this.in = new WasmReader(module.name(), module.bytes());
        this.typeReader = new TypeReader(in, types);
    }

    /**
     * Validates one defined function.
     *
     * @throws MalformedException if its body does not follow the binary format
     * @throws InvalidException if it breaks a rule of validation
     */
    public void validate(int function, OpSink sink) {
        this.function = function;
        this.sink = sink;
        in.function(module, function);
        in.pos = module.bodyStart(function);
        in.end = module.bodyEnd(function);
        int type = module.functionTypeIndex(function);
        height = 0;
        frames = 0;
        initCount = 0;
        unreachable = false;
        readLocals(types.params(type));
        op = BLOCK;
        pushFrame(BLOCK, EMPTY, types.results(type));
        sink.begin(this);
        while (frames > 0) {
            instruction();
        }
        if (in.pos != in.end) {
            throw in.malformed(in.pos, "END opcode expected: " + in.remaining()
                    + " bytes follow the end of the function");
        }
    }

    private void readLocals(int[] params) {
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

    private void instruction() {
        offset = in.pos;
        int code = in.u8();
        if (code >= 0xFB) {
            code = prefixed(code);
        }
        op = code;
        result = NOTHING;
        int signature = SIGNATURES[code];
        if (signature < SPECIAL) {
            fixed(code, signature);
            sink.op(this);
            if (result != NOTHING) {
                push(result);
            }
            return;
        }
        after = GO_ON;
        results = EMPTY;
        if (code < GC) {
            special(code);
        } else {
            specialPrefixed(code);
        }
        sink.op(this);
        if (after != GO_ON) {
            finish();
        }
        for (int type : results) {
            push(type);
        }
        if (result != NOTHING) {
            push(result);
        }
    }

    private int prefixed(int prefix) {
        int code = in.index();
        int number = LIMIT;
        switch (prefix) {
            case 0xFB -> {
                if (code < MISC - GC) {
                    number = GC + code;
                }
            }
            case 0xFC -> {
                if (code < ATOMIC - MISC) {
                    number = MISC + code;
                }
            }
            case 0xFD -> {
                if (code < LIMIT - SIMD) {
                    number = SIMD + code;
                }
            }
            case 0xFE -> {
                if (code < SIMD - ATOMIC) {
                    number = ATOMIC + code;
                }
            }
            default -> {
            }
        }
        if (number == LIMIT || SIGNATURES[number] == UNDEFINED) {
            throw in.malformed(offset, "illegal opcode 0x" + Integer.toHexString(prefix) + " 0x"
                    + Integer.toHexString(code));
        }
        return number;
    }

    /** Does what follows from the structure of control after the sink has seen the instruction. */
    private void finish() {
        switch (after) {
            case UNREACHABLE_NOW -> {
                height = base;
                unreachable = true;
                frameUnreachable[frames - 1] = true;
            }
            case NEXT_ARM -> {
                frameOps[frames - 1] = op;
                unreachable = false;
                frameUnreachable[frames - 1] = false;
                undoInits(frameInits[frames - 1]);
            }
            default -> {
                undoInits(frameInits[frames - 1]);
                frames--;
                if (frames > 0) {
                    base = frameHeights[frames - 1];
                    unreachable = frameUnreachable[frames - 1];
                } else {
                    results = EMPTY;
                }
            }
        }
    }

    // Instructions with a fixed signature

    private void fixed(int code, int signature) {
        int address = TypeCode.I32;
        int immediates = IMMEDIATES[code];
        if (immediates != 0) {
            address = fixedImmediates(code, immediates, signature >>> 12);
        }
        int operands = signature & 0x1FF;
        if (operands >= 0x40) {
            popFixed(operands >>> 6, address);
        }
        if (operands >= 8) {
            popFixed(operands >>> 3 & 7, address);
        }
        if (operands != 0) {
            popFixed(operands & 7, address);
        }
        int given = signature >>> 9 & 7;
        if (given != 0) {
            result = 0x80 - given;
        }
    }

    private void popFixed(int letter, int address) {
        int expected = letter == 6 ? address : 0x80 - letter;
        int top = height - 1;
        if (top >= base && stack[top] == expected) {
            height = top;
        } else {
            pop(expected);
        }
    }

    private static final int IMM_I32 = 24;
    private static final int IMM_I64 = 25;
    private static final int IMM_F32 = 26;
    private static final int IMM_F64 = 27;
    private static final int IMM_V128 = 28;
    private static final int IMM_MEMARG = 20;
    private static final int IMM_MEMARG_LANE = 21;
    private static final int IMM_LANE = 22;
    private static final int IMM_SHUFFLE = 23;

    /** Reads the immediates, given as an ordinal of {@link Imm}; returns the address type if they name a memory. */
    private int fixedImmediates(int code, int immediates, int widthLog2) {
        switch (immediates) {
            case IMM_I32 -> value = in.s32();
            case IMM_I64 -> value = in.s64();
            case IMM_F32 -> value = in.fixed32() & 0xFFFFFFFFL;
            case IMM_F64 -> value = in.fixed64();
            case IMM_V128 -> {
                value = in.fixed64();
                valueHigh = in.fixed64();
            }
            case IMM_MEMARG -> {
                return memarg(code, widthLog2);
            }
            case IMM_MEMARG_LANE -> {
                int address = memarg(code, widthLog2);
                lane(widthLog2);
                return address;
            }
            case IMM_LANE -> lane(widthLog2);
            case IMM_SHUFFLE -> {
                value = in.fixed64();
                valueHigh = in.fixed64();
                // A lane index is below 32: none of its three high bits is set.
                if (((value | valueHigh) & 0xE0E0E0E0E0E0E0E0L) != 0) {
                    throw invalid("invalid lane index: i8x16.shuffle expects 0 to 31");
                }
            }
            default -> {
                // atomic.fence
                if (in.u8() != 0) {
                    throw in.malformed(offset, "zero byte expected");
                }
            }
        }
        return TypeCode.I32;
    }

    private void lane(int widthLog2) {
        c = in.u8();
        if (c >= 16 >>> widthLog2) {
            throw invalid("invalid lane index " + c + ": " + mnemonic() + " expects 0 to " + ((16 >>> widthLog2) - 1));
        }
    }

    private int memarg(int code, int widthLog2) {
        int flags = in.index();
        if (flags >= 0x80) {
            throw in.malformed(offset, "malformed memop flags 0x" + Integer.toHexString(flags));
        }
        a = flags >= 0x40 ? in.index() : 0;
        b = flags & 0x3F;
        value = in.u64();
        int address = addressType(a);
        if (b > widthLog2) {
            throw invalid("alignment must not be larger than natural: 2^" + b + ", " + mnemonic() + " accesses 2^"
                    + widthLog2 + " bytes");
        }
        if (code >= ATOMIC && code < SIMD && b != widthLog2) {
            throw invalid("atomic alignment must be natural: 2^" + b + ", " + mnemonic() + " accesses 2^" + widthLog2
                    + " bytes");
        }
        if (address == TypeCode.I32 && value >>> 32 != 0) {
            throw invalid("offset out of range: " + Long.toUnsignedString(value) + " in a memory of 32-bit addresses");
        }
        return address;
    }

    private int addressType(int memory) {
        checkIndex("memory", memory, module.memoryCount());
        return module.memory(memory).memory64() ? TypeCode.I64 : TypeCode.I32;
    }

    private int tableAddressType(int table) {
        checkIndex("table", table, module.tableCount());
        return module.table(table).table64() ? TypeCode.I64 : TypeCode.I32;
    }

    // The others, one byte long

    private void special(int code) {
        switch (code) {
            case LOCAL_GET -> {
                a = local();
                if (unset != null && unset[a]) {
                    throw invalid("uninitialized local " + a);
                }
                result = locals[a];
            }
            case LOCAL_SET -> {
                a = local();
                pop(locals[a]);
                set(a);
            }
            case LOCAL_TEE -> {
                a = local();
                pop(locals[a]);
                set(a);
                result = locals[a];
            }
            case GLOBAL_GET -> {
                a = global();
                result = module.globalCode(a);
            }
            case GLOBAL_SET -> {
                a = global();
                if (!module.global(a).mutable()) {
                    throw invalid("global is immutable: " + a);
                }
                pop(module.globalCode(a));
            }
            case BLOCK, LOOP, TRY -> openBlock(code);
            case IF -> {
                int[] params = blockType();
                int[] given = results;
                pop(TypeCode.I32);
                open(IF, params, given);
            }
            case ELSE -> {
                if (frameOps[frames - 1] != IF) {
                    throw in.malformed(offset, "else without if");
                }
                closeArm();
                after = NEXT_ARM;
                results = frameParams[frames - 1];
            }
            case END -> {
                int frame = frames - 1;
                closeArm();
                if (frameOps[frame] == IF && !types.isSubtype(frameParams[frame], frameResults[frame])) {
                    throw invalid("type mismatch: if without else expects " + ModuleTypes.text(frameResults[frame])
                            + ", found " + ModuleTypes.text(frameParams[frame]));
                }
                after = END_FRAME;
                results = frameResults[frame];
            }
            case BR -> {
                a = label();
                popAll(labelTypes(a));
                after = UNREACHABLE_NOW;
            }
            case BR_IF -> {
                a = label();
                pop(TypeCode.I32);
                results = labelTypes(a);
                popAll(results);
            }
            case BR_TABLE -> branchTable();
            case RETURN -> {
                popAll(frameResults[0]);
                after = UNREACHABLE_NOW;
            }
            case UNREACHABLE -> after = UNREACHABLE_NOW;
            case CALL -> {
                a = functionIndex();
                call(module.functionTypeIndex(a));
            }
            case CALL_INDIRECT -> call(indirect());
            case RETURN_CALL -> {
                a = functionIndex();
                returnCall(module.functionTypeIndex(a));
            }
            case RETURN_CALL_INDIRECT -> returnCall(indirect());
            case CALL_REF -> {
                a = typeReader.funcTypeIndex();
                pop(TypeCode.ref(true, a));
                call(a);
            }
            case RETURN_CALL_REF -> {
                a = typeReader.funcTypeIndex();
                pop(TypeCode.ref(true, a));
                returnCall(a);
            }
            case DROP -> operandType = popAny();
            case SELECT -> select();
            case SELECT_T -> {
                int at = in.pos;
                int count = in.count("types", Integer.MAX_VALUE);
                if (count != 1) {
                    throw in.invalid(at, "invalid result arity " + count + ": select expects one type");
                }
                operandType = typeReader.valType();
                pop(TypeCode.I32);
                pop(operandType);
                pop(operandType);
                result = operandType;
            }
            case MEMORY_SIZE -> {
                a = in.index();
                result = addressType(a);
            }
            case MEMORY_GROW -> {
                a = in.index();
                result = addressType(a);
                pop(result);
            }
            case TABLE_GET -> {
                a = in.index();
                pop(tableAddressType(a));
                result = module.tableCode(a);
            }
            case TABLE_SET -> {
                a = in.index();
                int address = tableAddressType(a);
                pop(module.tableCode(a));
                pop(address);
            }
            default -> references(code);
        }
    }

    private void references(int code) {
        switch (code) {
            case REF_NULL -> {
                a = TypeCode.ref(true, typeReader.heapType());
                result = a;
            }
            case REF_IS_NULL -> {
                operandType = popRef();
                result = TypeCode.I32;
            }
            case REF_FUNC -> {
                a = functionIndex();
                if (!module.isDeclared(a)) {
                    throw invalid("undeclared function reference: " + a
                            + " occurs in no element segment, global or export");
                }
                result = TypeCode.ref(false, module.functionTypeIndex(a));
            }
            case REF_EQ -> {
                pop(EQREF);
                pop(EQREF);
                result = TypeCode.I32;
            }
            case REF_AS_NON_NULL -> {
                operandType = popRef();
                result = operandType & ~TypeCode.NULLABLE;
            }
            case BR_ON_NULL -> {
                a = label();
                operandType = popRef();
                results = labelTypes(a);
                popAll(results);
                result = operandType & ~TypeCode.NULLABLE;
            }
            case BR_ON_NON_NULL -> {
                a = label();
                operandType = popRef();
                carryRest(operandType & ~TypeCode.NULLABLE);
            }
            default -> exceptions(code);
        }
    }

    private void exceptions(int code) {
        switch (code) {
            case THROW -> {
                a = tag();
                popAll(types.params(module.tagTypeIndex(a)));
                after = UNREACHABLE_NOW;
            }
            case THROW_REF -> {
                pop(TypeCode.EXNREF);
                after = UNREACHABLE_NOW;
            }
            case TRY_TABLE -> tryTable();
            case CATCH -> {
                a = tag();
                int frame = frames - 1;
                if (frameOps[frame] != TRY && frameOps[frame] != CATCH) {
                    throw in.malformed(offset, "catch without try");
                }
                closeArm();
                after = NEXT_ARM;
                results = types.params(module.tagTypeIndex(a));
            }
            case CATCH_ALL -> {
                int frame = frames - 1;
                if (frameOps[frame] != TRY && frameOps[frame] != CATCH) {
                    throw in.malformed(offset, "catch_all without try");
                }
                closeArm();
                after = NEXT_ARM;
            }
            case DELEGATE -> {
                int frame = frames - 1;
                a = in.index();
                if (frameOps[frame] != TRY) {
                    throw in.malformed(offset, "delegate without try");
                }
                // The label counts from outside the try.
                if (a >= frames - 1) {
                    throw invalid("unknown label " + a + "; " + (frames - 1) + " blocks are open");
                }
                closeArm();
                after = END_FRAME;
                results = frameResults[frame];
            }
            case RETHROW -> {
                a = label();
                int target = frameOps[frames - 1 - a];
                if (target != CATCH && target != CATCH_ALL) {
                    throw invalid("invalid rethrow label " + a + ": not a catch");
                }
                after = UNREACHABLE_NOW;
            }
            default -> throw in.malformed(offset, "illegal opcode 0x" + Integer.toHexString(code));
        }
    }

    // Blocks and branches

    private void openBlock(int code) {
        int[] params = blockType();
        open(code, params, results);
    }

    private void open(int code, int[] params, int[] given) {
        popAll(params);
        pushFrame(code, params, given);
        results = params;
    }

    /** Reads a block type: returns the parameters and leaves the results in {@code results}. */
    private int[] blockType() {
        int at = in.pos;
        int first = in.peek();
        // One byte that is negative as s33, or the first of a longer reference type.
        if ((first & 0xC0) == 0x40) {
            if (first == 0x40) {
                in.pos++;
                results = EMPTY;
            } else {
                int type = typeReader.valType();
                results = switch (type) {
                    case TypeCode.I32 -> ONE_I32;
                    case TypeCode.I64 -> ONE_I64;
                    case TypeCode.F32 -> ONE_F32;
                    case TypeCode.F64 -> ONE_F64;
                    default -> new int[] {type};
                };
            }
            return EMPTY;
        }
        long index = in.s33();
        if (index < 0) {
            throw in.malformed(at, "malformed block type");
        }
        int type = typeReader.typeIndex(index, at);
        if (!types.isFunc(type)) {
            throw invalid("block type " + type + " is not a function type");
        }
        results = types.results(type);
        return types.params(type);
    }

    private void pushFrame(int code, int[] params, int[] given) {
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

    private void growFrames(int size) {
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
    private void closeArm() {
        popAll(frameResults[frames - 1]);
        if (height != base) {
            throw invalid("type mismatch: " + mnemonic() + " expects " + ModuleTypes.text(frameResults[frames - 1])
                    + ", found " + (height - base) + " more operands below, the last of type "
                    + ModuleTypes.text(stack[height - 1]));
        }
    }

    private int label() {
        int label = in.index();
        if (label >= frames) {
            throw invalid("unknown label " + label + "; " + frames + " blocks are open");
        }
        return label;
    }

    private void branchTable() {
        int count = in.count("labels", Integer.MAX_VALUE);
        if (count >= labels.length) {
            labels = new int[Math.max(count + 1, 2 * labels.length)];
        }
        for (int i = 0; i <= count; i++) {
            labels[i] = label();
        }
        labelCount = count + 1;
        pop(TypeCode.I32);
        int[] byDefault = labelTypes(labels[count]);
        stamp++;
        for (int i = 0; i <= count; i++) {
            int frame = frames - 1 - labels[i];
            if (frameStamps[frame] != stamp) {
                frameStamps[frame] = stamp;
                int[] carried = labelTypes(labels[i]);
                if (carried.length != byDefault.length) {
                    throw invalid("type mismatch: br_table expects labels of " + byDefault.length
                            + " operands as its default has, found " + carried.length);
                }
                checkTop(carried);
            }
        }
        // In dead code the labels may disagree on types; the default's are as good as any.
        height = Math.max(base, height - byDefault.length);
        after = UNREACHABLE_NOW;
    }

    /** The rules of popAll without popping: each label of a br_table sees the same operands. */
    private void checkTop(int[] expected) {
        int at = height;
        for (int i = expected.length - 1; i >= 0; i--) {
            at--;
            if (at >= base) {
                if (!types.isSubtype(stack[at], expected[i])) {
                    throw mismatch(expected[i], stack[at]);
                }
            } else if (!unreachable) {
                throw mismatch(expected[i], NOTHING);
            }
        }
    }

    /** For branches that carry one reference last: checks it against the label in {@code a}, and pops the rest. */
    private void carryRest(int reference) {
        int[] carried = labelTypes(a);
        int last = carried.length - 1;
        if (last < 0 || !TypeCode.isRef(carried[last]) || !types.isSubtype(reference, carried[last])) {
            throw invalid("type mismatch: " + mnemonic() + " expects a label that takes "
                    + ModuleTypes.text(reference) + " last, found " + ModuleTypes.text(carried));
        }
        for (int i = last - 1; i >= 0; i--) {
            pop(carried[i]);
        }
        results = last == 0 ? EMPTY : Arrays.copyOf(carried, last);
    }

    private void tryTable() {
        int[] params = blockType();
        int[] given = results;
        int count = in.count("catch clauses", Integer.MAX_VALUE);
        if (3L * count > catches.length) {
            catches = new int[(int) Math.min(Math.max(3L * count, 2L * catches.length), Integer.MAX_VALUE - 8)];
        }
        for (int i = 0; i < count; i++) {
            int at = in.pos;
            int kind = in.u8();
            if (kind > 3) {
                throw in.malformed(at, "malformed catch clause " + kind);
            }
            int tag = kind < 2 ? tag() : -1;
            int label = label();
            int[] payload = tag < 0 ? EMPTY : types.params(module.tagTypeIndex(tag));
            int[] carried = labelTypes(label);
            boolean withRef = (kind & 1) != 0;
            int arity = payload.length + (withRef ? 1 : 0);
            boolean matches = carried.length == arity;
            for (int k = 0; matches && k < payload.length; k++) {
                matches = types.isSubtype(payload[k], carried[k]);
            }
            if (matches && withRef) {
                matches = types.isSubtype(TypeCode.REF | TypeCode.ABSTRACT | TypeCode.EXN, carried[arity - 1]);
            }
            if (!matches) {
                throw invalid("type mismatch: catch clause " + i + " gives " + ModuleTypes.text(payload)
                        + (withRef ? " and an exception reference" : "") + ", label " + label + " takes "
                        + ModuleTypes.text(carried));
            }
            catches[3 * i] = kind;
            catches[3 * i + 1] = tag;
            catches[3 * i + 2] = label;
        }
        catchCount = count;
        open(TRY_TABLE, params, given);
    }

    // Calls

    private void call(int type) {
        popAll(types.params(type));
        results = types.results(type);
    }

    private void returnCall(int type) {
        int[] given = types.results(type);
        if (!types.isSubtype(given, frameResults[0])) {
            throw invalid("type mismatch: " + mnemonic() + " gives " + ModuleTypes.text(given)
                    + ", the function must give " + ModuleTypes.text(frameResults[0]));
        }
        popAll(types.params(type));
        after = UNREACHABLE_NOW;
    }

    private int indirect() {
        a = typeReader.funcTypeIndex();
        b = in.index();
        int address = tableAddressType(b);
        if (!types.isSubtype(module.tableCode(b), TypeCode.FUNCREF)) {
            throw invalid("type mismatch: " + mnemonic() + " expects a table of funcref, table " + b + " holds "
                    + ModuleTypes.text(module.tableCode(b)));
        }
        pop(address);
        return a;
    }

    private void select() {
        pop(TypeCode.I32);
        int second = popAny();
        int first = popAny();
        if (TypeCode.isRef(first) || TypeCode.isRef(second)) {
            throw invalid("type mismatch: select without a type expects numbers or vectors, found "
                    + ModuleTypes.text(TypeCode.isRef(second) ? second : first));
        }
        if (first != second && first != TypeCode.BOTTOM && second != TypeCode.BOTTOM) {
            throw mismatch(first, second);
        }
        operandType = first == TypeCode.BOTTOM ? second : first;
        result = operandType;
    }

    // Locals and indices

    private int local() {
        int local = in.index();
        checkIndex("local", local, localCount);
        return local;
    }

    private void set(int local) {
        if (unset != null && unset[local]) {
            unset[local] = false;
            if (initCount == inits.length) {
                inits = Arrays.copyOf(inits, 2 * initCount);
            }
            inits[initCount++] = local;
        }
    }

    private void undoInits(int mark) {
        while (initCount > mark) {
            unset[inits[--initCount]] = true;
        }
    }

    private int global() {
        int global = in.index();
        checkIndex("global", global, module.globalCount());
        return global;
    }

    private int functionIndex() {
        int index = in.index();
        checkIndex("function", index, module.functionCount());
        return index;
    }

    private int tag() {
        int tag = in.index();
        checkIndex("tag", tag, module.tagCount());
        return tag;
    }

    private int elementSegment() {
        int segment = in.index();
        checkIndex("elem segment", segment, module.elements().size());
        return segment;
    }

    private int dataSegment() {
        int segment = in.index();
        if (!module.hasDataCount()) {
            throw in.malformed(offset, "data count section required");
        }
        checkIndex("data segment", segment, module.dataSegments().size());
        return segment;
    }

    private void checkIndex(String what, int index, int count) {
        if (index >= count) {
            throw invalid("unknown " + what + " " + index + "; there are " + count);
        }
    }

    // The others, prefixed

    private void specialPrefixed(int code) {
        if (code >= MISC) {
            bulk(code);
        } else {
            garbageCollected(code);
        }
    }

    private void bulk(int code) {
        switch (code) {
            case MEMORY_INIT -> {
                a = dataSegment();
                b = in.index();
                int address = addressType(b);
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                pop(address);
            }
            case DATA_DROP -> a = dataSegment();
            case MEMORY_COPY -> {
                a = in.index();
                b = in.index();
                popCopy(addressType(a), addressType(b));
            }
            case MEMORY_FILL -> {
                a = in.index();
                int address = addressType(a);
                pop(address);
                pop(TypeCode.I32);
                pop(address);
            }
            case TABLE_INIT -> {
                a = elementSegment();
                b = in.index();
                int address = tableAddressType(b);
                checkElements(module.elementCode(a), module.tableCode(b));
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                pop(address);
            }
            case ELEM_DROP -> a = elementSegment();
            case TABLE_COPY -> {
                a = in.index();
                b = in.index();
                int to = tableAddressType(a);
                int from = tableAddressType(b);
                checkElements(module.tableCode(b), module.tableCode(a));
                popCopy(to, from);
            }
            case TABLE_GROW -> {
                a = in.index();
                result = tableAddressType(a);
                pop(result);
                pop(module.tableCode(a));
            }
            case TABLE_SIZE -> {
                a = in.index();
                result = tableAddressType(a);
            }
            case TABLE_FILL -> {
                a = in.index();
                int address = tableAddressType(a);
                pop(address);
                pop(module.tableCode(a));
                pop(address);
            }
            default -> {
                // Wide arithmetic: 128-bit numbers as two i64.
                pop(TypeCode.I64);
                pop(TypeCode.I64);
                if (code == I64_ADD128 || code == I64_SUB128) {
                    pop(TypeCode.I64);
                    pop(TypeCode.I64);
                }
                results = TWO_I64;
            }
        }
    }

    /** The length of a copy has the smaller of the two address types. */
    private void popCopy(int to, int from) {
        pop(to == TypeCode.I64 ? from : to);
        pop(from);
        pop(to);
    }

    private void checkElements(int from, int to) {
        if (!types.isSubtype(from, to)) {
            throw invalid("type mismatch: " + mnemonic() + " expects elements of " + ModuleTypes.text(to) + ", found "
                    + ModuleTypes.text(from));
        }
    }

    private void garbageCollected(int code) {
        switch (code) {
            case STRUCT_NEW -> {
                int[] fields = structFields();
                for (int i = fields.length - 1; i >= 0; i--) {
                    pop(TypeCode.unpacked(fields[i]));
                }
                result = TypeCode.ref(false, a);
            }
            case STRUCT_NEW_DEFAULT -> {
                for (int field : structFields()) {
                    checkDefaultable(field);
                }
                result = TypeCode.ref(false, a);
            }
            case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
                int field = structField();
                checkPacked(field, code != STRUCT_GET);
                pop(TypeCode.ref(true, a));
                result = TypeCode.unpacked(field);
            }
            case STRUCT_SET -> {
                int field = structField();
                checkMutable(field);
                pop(TypeCode.unpacked(field));
                pop(TypeCode.ref(true, a));
            }
            case ARRAY_NEW -> {
                int element = arrayElement();
                pop(TypeCode.I32);
                pop(TypeCode.unpacked(element));
                result = TypeCode.ref(false, a);
            }
            case ARRAY_NEW_DEFAULT -> {
                checkDefaultable(arrayElement());
                pop(TypeCode.I32);
                result = TypeCode.ref(false, a);
            }
            case ARRAY_NEW_FIXED -> {
                int element = TypeCode.unpacked(arrayElement());
                b = in.index();
                if (b > Limits.FIXED_ELEMENTS) {
                    throw invalid("array.new_fixed of " + Integer.toUnsignedString(b) + " elements; at most "
                            + Limits.FIXED_ELEMENTS + " are allowed");
                }
                for (int i = 0; i < b; i++) {
                    pop(element);
                }
                result = TypeCode.ref(false, a);
            }
            case ARRAY_NEW_DATA -> {
                checkNumeric(arrayElement());
                b = dataSegment();
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                result = TypeCode.ref(false, a);
            }
            case ARRAY_NEW_ELEM -> {
                int element = arrayElement();
                b = elementSegment();
                checkElements(module.elementCode(b), element & ~TypeCode.MUTABLE);
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                result = TypeCode.ref(false, a);
            }
            case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
                int element = arrayElement();
                checkPacked(element, code != ARRAY_GET);
                pop(TypeCode.I32);
                pop(TypeCode.ref(true, a));
                result = TypeCode.unpacked(element);
            }
            case ARRAY_SET -> {
                int element = arrayElement();
                checkMutable(element);
                pop(TypeCode.unpacked(element));
                pop(TypeCode.I32);
                pop(TypeCode.ref(true, a));
            }
            case ARRAY_LEN -> {
                pop(ARRAYREF);
                result = TypeCode.I32;
            }
            default -> arraysAndCasts(code);
        }
    }

    private void arraysAndCasts(int code) {
        switch (code) {
            case ARRAY_FILL -> {
                int element = arrayElement();
                checkMutable(element);
                pop(TypeCode.I32);
                pop(TypeCode.unpacked(element));
                pop(TypeCode.I32);
                pop(TypeCode.ref(true, a));
            }
            case ARRAY_COPY -> {
                int to = arrayElement();
                int target = a;
                int from = arrayElement() & ~TypeCode.MUTABLE;
                b = a;
                a = target;
                checkMutable(to);
                checkElements(from, to & ~TypeCode.MUTABLE);
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                pop(TypeCode.ref(true, b));
                pop(TypeCode.I32);
                pop(TypeCode.ref(true, a));
            }
            case ARRAY_INIT_DATA -> {
                int element = arrayElement();
                b = dataSegment();
                checkMutable(element);
                checkNumeric(element);
                popArrayInit();
            }
            case ARRAY_INIT_ELEM -> {
                int element = arrayElement();
                b = elementSegment();
                checkMutable(element);
                checkElements(module.elementCode(b), element & ~TypeCode.MUTABLE);
                popArrayInit();
            }
            case REF_TEST, REF_TEST_NULL -> {
                a = TypeCode.ref(code == REF_TEST_NULL, typeReader.heapType());
                popSameHierarchy(a);
                result = TypeCode.I32;
            }
            case REF_CAST, REF_CAST_NULL -> {
                a = TypeCode.ref(code == REF_CAST_NULL, typeReader.heapType());
                popSameHierarchy(a);
                result = a;
            }
            case BR_ON_CAST, BR_ON_CAST_FAIL -> branchOnCast(code == BR_ON_CAST_FAIL);
            case ANY_CONVERT_EXTERN -> convert(TypeCode.EXTERN, TypeCode.ANY);
            case EXTERN_CONVERT_ANY -> convert(TypeCode.ANY, TypeCode.EXTERN);
            case REF_I31 -> {
                pop(TypeCode.I32);
                result = TypeCode.REF | TypeCode.ABSTRACT | TypeCode.I31;
            }
            default -> {
                // i31.get_s, i31.get_u
                pop(I31REF);
                result = TypeCode.I32;
            }
        }
    }

    private void popArrayInit() {
        pop(TypeCode.I32);
        pop(TypeCode.I32);
        pop(TypeCode.I32);
        pop(TypeCode.ref(true, a));
    }

    private void popSameHierarchy(int target) {
        operandType = pop(TypeCode.ref(true, TypeCode.ABSTRACT | types.top(TypeCode.heap(target))));
    }

    private void branchOnCast(boolean onFailure) {
        int flags = in.u8();
        if (flags > 3) {
            throw in.malformed(offset, "malformed cast flags 0x" + Integer.toHexString(flags));
        }
        a = label();
        b = TypeCode.ref((flags & 1) != 0, typeReader.heapType());
        c = TypeCode.ref((flags & 2) != 0, typeReader.heapType());
        if (!types.isSubtype(c, b)) {
            throw invalid("type mismatch: " + mnemonic() + " casts " + ModuleTypes.text(b) + " to "
                    + ModuleTypes.text(c) + ", which is not a subtype");
        }
        // What is left of the source type when the cast fails: null is gone if the target takes it.
        int rest = TypeCode.isNullable(c) ? b & ~TypeCode.NULLABLE : b;
        pop(b);
        carryRest(onFailure ? rest : c);
        result = onFailure ? c : rest;
    }

    private void convert(int from, int to) {
        int operand = pop(TypeCode.ref(true, TypeCode.ABSTRACT | from));
        result = TypeCode.ref(TypeCode.isNullable(operand), TypeCode.ABSTRACT | to);
    }

    /** Reads a struct type into {@code a}. */
    private int[] structFields() {
        a = typeReader.typeIndex();
        if (!types.isStruct(a)) {
            throw invalid(mnemonic() + " expects a struct type, type " + a + " is none");
        }
        return types.fields(a);
    }

    /** Reads a struct type into {@code a}, a field index into {@code b}. */
    private int structField() {
        int[] fields = structFields();
        b = in.index();
        checkIndex("field", b, fields.length);
        return fields[b];
    }

    /** Reads an array type into {@code a}. */
    private int arrayElement() {
        a = typeReader.typeIndex();
        if (!types.isArray(a)) {
            throw invalid(mnemonic() + " expects an array type, type " + a + " is none");
        }
        return types.fields(a)[0];
    }

    private void checkMutable(int field) {
        if ((field & TypeCode.MUTABLE) == 0) {
            throw invalid(mnemonic() + " expects a mutable field or array: type " + a + " is immutable");
        }
    }

    private void checkDefaultable(int field) {
        if (!TypeCode.isDefaultable(TypeCode.unpacked(field))) {
            throw invalid(mnemonic() + " expects fields with a default value, type " + a + " has one of "
                    + ModuleTypes.text(TypeCode.unpacked(field)));
        }
    }

    private void checkPacked(int field, boolean wanted) {
        int storage = field & ~TypeCode.MUTABLE;
        if ((storage == TypeCode.I8 || storage == TypeCode.I16) != wanted) {
            throw invalid(mnemonic() + (wanted ? " expects a packed field" : " expects a field that is not packed")
                    + ", found " + ModuleTypes.text(storage));
        }
    }

    private void checkNumeric(int field) {
        if (TypeCode.isRef(field)) {
            throw invalid(mnemonic() + " expects an array of numbers or vectors, type " + a + " holds references");
        }
    }

    // The operand stack

    private void push(int type) {
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
    private int pop(int expected) {
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

    private int popAny() {
        if (height == base) {
            if (unreachable) {
                return TypeCode.BOTTOM;
            }
            throw invalid("type mismatch: " + mnemonic() + " expects an operand, found nothing");
        }
        return stack[--height];
    }

    private int popRef() {
        int found = popAny();
        if (found == TypeCode.BOTTOM) {
            return TypeCode.REF_BOTTOM;
        }
        if (!TypeCode.isRef(found)) {
            throw invalid("type mismatch: " + mnemonic() + " expects a reference, found " + ModuleTypes.text(found));
        }
        return found;
    }

    private void popAll(int[] expected) {
        for (int i = expected.length - 1; i >= 0; i--) {
            pop(expected[i]);
        }
    }

    // Errors

    private String mnemonic() {
        return Opcode.of(op).mnemonic();
    }

    private InvalidException invalid(String message) {
        return in.invalid(offset, message);
    }

    private InvalidException mismatch(int expected, int found) {
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

    /** How many results the instruction gives, which will lie at {@link #height} and above. For those that end or open a
     *  block: the operands on the stack where the code goes on. */
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
