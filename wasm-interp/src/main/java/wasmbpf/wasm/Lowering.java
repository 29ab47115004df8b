package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

/**
 * Translates function bodies into {@link Code} in the one pass that validates them. What makes the result short:
 * values from locals and constants are used where they are ({@link OperandStack}), a result that goes into a local is
 * computed there, small constants are part of the instruction, a comparison before a branch is part of the branch.
 *
 * <p>At the start and end of blocks every value is in its own slot, so that all ways into a label agree.
 *
 * <p>This class is the walk; calls and instructions in their general form are here too. The rest has a file each:
 * {@link BlockLowering}, {@link BranchLowering}, {@link VariableLowering}, {@link NumberLowering}, {@link
 * AccessLowering}. They work on what is known of the operands ({@link Operands}), of the code so far ({@link
 * CodeWriter}) and of what goes where ({@link Labels}).
 */
final class Lowering implements OpSink {
    private final Instance instance;
    private final FuncValidator at;
    private final OperandStack stack = new OperandStack();
    private final ConstantSlots constants = new ConstantSlots();
    private final CodeWriter code;
    private final Operands operands;
    private final Labels labels;
    private final BranchLowering branches;
    private final BlockLowering blocks;
    private final VariableLowering variables;
    private final NumberLowering numbers;
    private final AccessLowering accesses;
    private int localSlots;

    Lowering(Instance instance) {
        this.instance = instance;
        at = new FuncValidator(instance.module());
        code = new CodeWriter(at);
        operands = new Operands(at, stack, constants, code);
        labels = new Labels(code);
        branches = new BranchLowering(at, stack, constants, code, operands, labels);
        blocks = new BlockLowering(instance, at, stack, code, operands, labels, branches);
        variables = new VariableLowering(instance, at, stack, code, operands);
        numbers = new NumberLowering(at, stack, code, operands);
        accesses = new AccessLowering(instance, at, stack, constants, code, operands);
    }

    /**
     * Validates and lowers a defined function.
     *
     * @param withPositions whether to note where instructions come from
     * @throws InvalidException if it is invalid or needs more than this engine allows
     * @throws MalformedException if its bytes are no function body
     */
    Lowered lower(int function, boolean withPositions) {
        WasmModule module = instance.module();
        labels.forFunction();
        constants.forFunction(module.bytes(), module.bodyStart(function), module.bodyEnd(function));
        while (true) {
            try {
                return attempt(function, withPositions);
            } catch (LowerAgain e) {
                // Each reason occurs once.
            }
        }
    }

    /**
     * Where the interpreter has its values when it comes to a loop.
     *
     * @param offset where the loop instruction starts in the module's bytes
     * @return null if there is none that can be reached
     */
    LoopFrame loopFrame(int function, int offset) {
        blocks.watchLoop(offset);
        lower(function, false);
        LoopFrame frame = blocks.loopFrame();
        blocks.watchLoop(-1);
        return frame;
    }

    private Lowered attempt(int function, boolean withPositions) {
        code.begin(withPositions);
        operands.begin();
        labels.begin();
        blocks.begin();
        at.validate(function, this);
        return new Lowered(code.words(), code.count(), stack.maxSlots(), localSlots, constants.toArray(),
                operands.usesRefs(), labels.handlers(), code.positions());
    }

    // The walk

    @Override
    public void begin(FuncValidator at) {
        localSlots = variables.begin();
        int[] results = at.frameResults(0);
        int resultSlots = 0;
        for (int type : results) {
            resultSlots += OperandStack.slots(type);
            operands.noteType(type);
        }
        int slot = constants.begin(localSlots);
        checkSlots(slot);
        stack.begin(slot);
        stack.needSlots(resultSlots);
        labels.open(new LoweredBlock(OpBytes.BLOCK, false, 0, slot, 0, ModuleTypes.EMPTY, results));
    }

    private void checkSlots(int slots) {
        if (slots > Lowered.MAX_SLOTS) {
            throw code.limit("it needs more than " + Lowered.MAX_SLOTS + " slots for locals and operands");
        }
    }

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> blocks.open(op);
            case OpBytes.ELSE -> blocks.orElse();
            case OpBytes.CATCH, OpBytes.CATCH_ALL -> blocks.legacyCatch(op);
            case OpBytes.DELEGATE -> blocks.delegate();
            case OpBytes.END -> blocks.end();
            default -> {
                if (at.reachable()) {
                    code.notePosition();
                    instruction(op, at.height());
                }
            }
        }
        checkSlots(stack.maxSlots());
    }

    // Instructions that are no part of blocks; h is the height below the operands.

    private void instruction(int op, int h) {
        switch (op) {
            case OpBytes.NOP -> {
            }
            case OpBytes.UNREACHABLE -> generic(op, h);
            case OpBytes.BR -> branches.emitBranch(labels.block(at.a()), h);
            case OpBytes.BR_IF -> branches.branchIf(h);
            case OpBytes.BR_TABLE -> branches.branchTable(h);
            case OpBytes.RETURN -> branches.emitReturn(h);
            case OpBytes.CALL -> call(CALL, h);
            case OpBytes.RETURN_CALL -> call(TAIL_CALL, h);
            case OpBytes.CALL_INDIRECT -> callIndirect(CALL_INDIRECT, h);
            case OpBytes.RETURN_CALL_INDIRECT -> callIndirect(TAIL_CALL_INDIRECT, h);
            case OpBytes.CALL_REF -> callRef(CALL_REF, h);
            case OpBytes.RETURN_CALL_REF -> callRef(TAIL_CALL_REF, h);
            case OpBytes.DROP -> stack.popTo(h);
            case OpBytes.SELECT, OpBytes.SELECT_T -> select(h);
            case OpBytes.LOCAL_GET -> variables.getLocal(at.a());
            case OpBytes.LOCAL_SET -> variables.setLocal(at.a(), h);
            case OpBytes.LOCAL_TEE -> {
                variables.setLocal(at.a(), h);
                variables.getLocal(at.a());
            }
            case OpBytes.GLOBAL_GET -> variables.getGlobal(at.a(), h);
            case OpBytes.GLOBAL_SET -> variables.setGlobal(at.a(), h);
            case OpBytes.I32_CONST, OpBytes.I64_CONST, OpBytes.F64_CONST ->
                stack.pushConst(at.resultType(0), at.value());
            case OpBytes.F32_CONST -> stack.pushConst(TypeCode.F32, (int) at.value());
            case OpBytes.REF_NULL -> {
                operands.noteRef();
                stack.pushConst(at.resultType(0), 0);
            }
            case OpBytes.V128_CONST -> {
                code.emit(word(CONST_V128, stack.slot(h), 0));
                code.emit(at.value());
                code.emit(at.valueHigh());
                stack.pushTemp(TypeCode.V128);
            }
            case OpBytes.THROW -> {
                operands.settleRange(h, stack.height());
                code.emit(word(THROW, stack.slot(h), at.a()));
                stack.popTo(h);
            }
            case OpBytes.THROW_REF -> {
                code.emit(word(THROW_REF, operands.reg(h), 0));
                stack.popTo(h);
            }
            case OpBytes.RETHROW -> code.emit(word(THROW_REF, labels.block(at.a()).exceptionSlot, 0));
            case OpBytes.BR_ON_NULL -> branches.branchOnNull(BR_NOT_NULL, h, at.resultCount() - 1);
            case OpBytes.BR_ON_NON_NULL -> branches.branchOnNull(BR_NULL, h, at.resultCount());
            case OpBytes.BR_ON_CAST -> branches.branchOnCast(BR_NOT_CAST, h);
            case OpBytes.BR_ON_CAST_FAIL -> branches.branchOnCast(BR_CAST, h);
            case OpBytes.REF_TEST, OpBytes.REF_TEST_NULL -> {
                code.emit(word(Code.REF_TEST, stack.slot(h), operands.reg(h), 0));
                code.emit(at.a());
                operands.replace(h);
            }
            case OpBytes.REF_CAST, OpBytes.REF_CAST_NULL -> {
                code.emit(word(Code.REF_CAST, stack.slot(h), operands.reg(h), 0));
                code.emit(at.a());
                operands.replace(h);
            }
            default -> {
                if (OpBytes.SIGNATURES[op] >= OpBytes.SPECIAL || !number(op, h)) {
                    generic(op, h);
                }
            }
        }
    }

    /** An instruction whose operands and results are fixed, if there is a form of its own for it. */
    private boolean number(int op, int h) {
        return op >= OpBytes.I32_LOAD && op <= OpBytes.I64_STORE32 ? accesses.lower(op, h) : numbers.lower(op, h);
    }

    /**
     * An instruction in the form of {@link Code#WASM}: a = first result's slot, b and c = operands, further operands
     * in words of their own, then immediates. Instructions with a variable number of operands get them in their own
     * slots from a on.
     */
    private void generic(int op, int h) {
        int given = stack.height() - h;
        int to = stack.slot(h);
        switch (Imm.values()[OpBytes.IMMEDIATES[op]]) {
            case MEMARG, MEMARG_LANE -> {
                int address = operands.reg(h);
                long more = given > 1 ? operands.reg(h + 1) : 0;
                more |= given > 2 ? (long) operands.reg(h + 2) << 16 : 0;
                code.emit(word(WASM + op, to, address, at.a()));
                code.emit(at.value());
                code.emit(more | (long) at.c() << 32);
            }
            case LANE -> {
                int vector = operands.reg(h);
                int scalar = given > 1 ? operands.reg(h + 1) : 0;
                code.emit(word(WASM + op, to, vector, scalar));
                code.emit(at.c());
            }
            case SHUFFLE -> {
                int first = operands.reg(h);
                int second = operands.reg(h + 1);
                code.emit(word(WASM + op, to, first, second));
                code.emit(at.value());
                code.emit(at.valueHigh());
            }
            case NONE -> {
                int b = given > 0 ? operands.reg(h) : 0;
                int c = given > 1 ? operands.reg(h + 1) : 0;
                int d = given > 2 ? operands.reg(h + 2) : 0;
                int e = given > 3 ? operands.reg(h + 3) : 0;
                int start = code.count();
                boolean number = op >= OpBytes.I32_EQZ && op <= OpBytes.I64_EXTEND32_S;
                code.emit(word(number ? Code.ofNumber(op) : WASM + op, to, b, c));
                if (at.resultCount() == 1) {
                    code.markResult(h, start);
                }
                if (given > 2) {
                    code.emit(d | (long) e << 16);
                }
            }
            default -> {
                // Bulk memory and tables, structs and arrays: operands in their own slots, indices in one word.
                operands.settleRange(h, stack.height());
                code.emit(word(WASM + op, to, 0));
                code.emit(at.a() & 0xFFFFFFFFL | (long) at.b() << 32);
                if (op < OpBytes.MISC) {
                    operands.noteRef();
                }
            }
        }
        operands.noteTypes(h, stack.height());
        operands.replace(h);
    }

    private void select(int h) {
        int type = at.operandType();
        boolean plain = OperandStack.isPlain(type);
        // Before reg, which may emit a constant behind it.
        long test = plain && code.isTestOfZero(h + 2) ? branches.takeComparison(h + 2) : 0;
        int first = operands.reg(h);
        int second = operands.reg(h + 1);
        int condition = test != 0 ? Code.b(test) : operands.reg(h + 2);
        boolean swapped = Code.op(test) == EQ + K;
        code.emit(word(plain ? SELECT : type == TypeCode.V128 ? SELECT_V128 : SELECT_REF, stack.slot(h),
                swapped ? second : first, swapped ? first : second));
        code.emit(condition);
        if (plain) {
            code.markResult(h, code.count() - 2);
        }
        operands.replace(h);
    }

    // Calls

    private void call(int op, int h) {
        operands.settleRange(h, stack.height());
        code.emit(word(op, stack.slot(h), at.a()));
        if (op == CALL) {
            code.emit(instance.cell(at.a()));
        }
        operands.noteTypes(h, stack.height());
        operands.replace(h);
    }

    private void callIndirect(int op, int h) {
        int index = stack.height() - 1;
        int slot = operands.reg(index);
        // b is read after the arguments have been settled, all of them below it.
        operands.settleRange(h, index);
        if (at.b() >= 1 << 16) {
            throw code.limit("call_indirect through table " + at.b());
        }
        code.emit(word(op, stack.slot(h), slot, at.b()));
        code.emit((long) at.a() << 32);
        operands.replace(h);
    }

    private void callRef(int op, int h) {
        int function = stack.height() - 1;
        operands.noteRef();
        int slot = operands.reg(function);
        operands.settleRange(h, function);
        code.emit(word(op, stack.slot(h), slot, 0));
        if (op == CALL_REF) {
            code.emit(0);
        }
        operands.replace(h);
    }
}
