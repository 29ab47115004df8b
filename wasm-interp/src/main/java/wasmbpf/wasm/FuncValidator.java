package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

/**
 * Validates function bodies by the algorithm of the specification's appendix, and drives an {@link OpSink} on the way.
 * One instance serves many functions of a module, one at a time.
 *
 * <p>Why one pass for both: a body is read when it is first called, on a JVM that has compiled nothing yet; decoding
 * its LEB128 numbers and following its types twice would cost nearly twice the time. Validation and translation meet
 * in one virtual call an instruction, and neither knows how the other works.
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
public final class FuncValidator extends ControlRules {
    private static final int EQREF = TypeCode.REF | TypeCode.NULLABLE | TypeCode.ABSTRACT | TypeCode.EQ;

    private final ExtendedRules extended = new ExtendedRules(this);
    private OpSink sink;
    private int pauseAt;

    public FuncValidator(WasmModule module) {
        super(module);
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
        in.instruction = WasmReader.NONE;
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
        pauseAt = -1;
        sink.begin(this);
        while (frames > 0) {
            if (in.pos == pauseAt) {
                sink.paused(this);
            } else {
                instruction();
            }
        }
        if (in.pos != in.end) {
            in.instruction = WasmReader.NONE;
            throw in.malformed(in.pos, "END opcode expected: " + in.remaining()
                    + " bytes follow the end of the function");
        }
    }

    /** Asks for {@link OpSink#paused}, once, before the instruction at this offset; -1: no more. */
    public void pauseAt(int next) {
        pauseAt = next;
    }

    /**
     * While paused: shows the instructions up to an offset to another sink. They may end blocks that began before, but must not
     * leave open what they open.
     */
    public void walk(OpSink inner, int end) {
        OpSink outer = sink;
        sink = inner;
        while (in.pos < end) {
            if (in.pos == pauseAt) {
                inner.paused(this);
            } else {
                instruction();
            }
        }
        sink = outer;
    }

    private void instruction() {
        offset = in.pos;
        in.instruction = WasmReader.NONE;
        int code = in.u8();
        if (code >= 0xFB) {
            code = prefixed(code);
        }
        in.instruction = code;
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
            extended.apply(code);
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
}
