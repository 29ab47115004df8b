package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

/**
 * Branches and returns: the values they carry are copied to where the label wants them, a comparison before a branch
 * becomes part of the branch, and so does the increment of a loop's local.
 *
 * <p>In what follows h is the height below the operands, as in {@link Lowering}.
 */
final class BranchLowering {
    private final FuncValidator at;
    private final OperandStack stack;
    private final ConstantSlots constants;
    private final CodeWriter code;
    private final Operands operands;
    private final Labels labels;

    BranchLowering(FuncValidator at, OperandStack stack, ConstantSlots constants, CodeWriter code, Operands operands,
            Labels labels) {
        this.at = at;
        this.stack = stack;
        this.constants = constants;
        this.code = code;
        this.operands = operands;
        this.labels = labels;
    }

    /** The values of a branch, from entry {@code first} on, and the branch; a return if the label is the function's. */
    void emitBranch(LoweredBlock block, int first) {
        if (labels.isFunction(block)) {
            emitReturn(first);
            return;
        }
        operands.emitCopies(block.labelTypes(), first, block.slot);
        code.emit(word(BR, 0, 0));
        labels.branchTo(block, Labels.fixup(code.count() - 1, Labels.IMM));
    }

    /**
     * Two or more results are copied over parameters and locals, so none may still be in a local: see {@link
     * #settleReturn}.
     */
    void emitReturn(int first) {
        int[] results = labels.function().results;
        if (results.length == 1 && OperandStack.isPlain(results[0])) {
            code.emit(word(RETURN_1, operands.reg(first), 0));
            return;
        }
        settleReturn(first);
        operands.emitCopies(results, first, 0);
        code.emit(word(RETURN, 0, 0));
    }

    private void settleReturn(int first) {
        int results = labels.function().results.length;
        if (results > 1) {
            for (int i = first; i < first + results; i++) {
                if (stack.kind(i) == OperandStack.LOCAL) {
                    operands.settle(i);
                }
            }
        }
    }

    /**
     * Takes back the comparison that gave this entry, if it was the last instruction; else 0, which is no comparison.
     */
    long takeComparison(int entry) {
        if (!labels.mayFuse() || stack.kind(entry) != OperandStack.TEMP || !code.isComparison(entry)) {
            return 0;
        }
        long comparison = code.last();
        code.removeLast();
        return comparison;
    }

    /**
     * A branch taken if the condition is not zero, or if it is; returns its fixup.
     *
     * @param comparison what {@link #takeComparison} gave
     * @param condition the slot of the condition, if that was 0
     */
    int emitConditional(long comparison, int condition, boolean ifZero) {
        boolean mayEndLoop = code.isLastRetargeted() && labels.mayChangeLast();
        if (comparison != 0) {
            int op = (Code.op(comparison) ^ (ifZero ? 1 : 0)) + COMPARE_BR;
            if (mayEndLoop && emitLoopEnd(op, Code.b(comparison), Code.c(comparison))) {
                return Labels.fixup(code.count() - 2, Labels.C);
            }
            code.emit(word(op, Code.b(comparison), Code.c(comparison), 0));
            return Labels.fixup(code.count() - 1, Labels.C);
        }
        if (mayEndLoop && !ifZero && labels.mayFuse() && constants.find(0) >= 0
                && emitLoopEnd(NE + COMPARE_BR, condition, constants.find(0))) {
            return Labels.fixup(code.count() - 2, Labels.C);
        }
        code.emit(word(ifZero ? BR_Z : BR_NZ, condition, 0));
        return Labels.fixup(code.count() - 1, Labels.IMM);
    }

    /** An addition to a local and the comparison of the local at the end of a loop, if it is that. */
    private boolean emitLoopEnd(int op, int left, int right) {
        long add = code.last();
        // Where there are loops there are slots for constants, most likely.
        int other = op == NE + COMPARE_BR ? right : op == NE + K + COMPARE_BR ? constants.slot((short) right) : -1;
        if (other < 0 || other == left || Code.op(add) != I32_ADD_K || Code.a(add) != left || Code.b(add) != left) {
            return false;
        }
        code.removeLast();
        code.emit(word(ADD_BR_NE, left, other, 0));
        code.emit((short) Code.c(add));
        return true;
    }

    void branchIf(int h) {
        LoweredBlock block = labels.block(at.a());
        int condition = h + block.labelTypes().length;
        long comparison = takeComparison(condition);
        int slot = comparison != 0 ? 0 : operands.reg(condition);
        boolean isReturn = labels.isFunction(block);
        if (isReturn) {
            settleReturn(h);
        } else if (stack.slot(h) == block.slot) {
            // The values are where the label wants them once they are in their own slots, which helps both ways.
            operands.settleRange(h, condition);
        }
        if (isDirect(block, h)) {
            labels.branchTo(block, emitConditional(comparison, slot, false));
        } else {
            // reg of a constant must not happen on one way only.
            if (isReturn && condition - h == 1) {
                operands.reg(h);
            }
            int skip = emitConditional(comparison, slot, true);
            emitBranch(block, h);
            labels.patchHere(skip);
        }
        stack.popTo(condition);
        code.forgetProducer();
    }

    /** Whether a branch to the label is only that: no return, and its values lie where the label wants them. */
    private boolean isDirect(LoweredBlock block, int h) {
        return !labels.isFunction(block) && !operands.needsCopies(block.labelTypes(), h, block.slot);
    }

    void branchTable(int h) {
        int arity = labels.block(at.label(0)).labelTypes().length;
        int index = operands.reg(h + arity);
        int count = at.labelCount();
        for (int i = 0; i < count; i++) {
            if (labels.isFunction(labels.block(at.label(i)))) {
                settleReturn(h);
                break;
            }
        }
        if (arity == 1) {
            operands.reg(h);
        }
        code.emit(word(BR_TABLE, index, count - 1));
        int table = code.count();
        int after = table + count;
        for (int i = 0; i < count; i++) {
            code.emit(after);
        }
        // One landing place for all entries of a label that needs copies.
        int[] landing = new int[labels.depth()];
        for (int i = 0; i < count; i++) {
            LoweredBlock block = labels.block(at.label(i));
            int entry = Labels.fixup(table + i, Labels.ENTRY);
            if (isDirect(block, h)) {
                labels.branchTo(block, entry);
                continue;
            }
            int depth = labels.depth() - 1 - at.label(i);
            if (landing[depth] == 0) {
                landing[depth] = code.count();
                emitBranch(block, h);
            }
            labels.patch(entry, landing[depth]);
        }
        stack.popTo(h);
    }

    /**
     * br_on_null, br_on_non_null: the tested reference is the topmost operand, below it lie the label's other values.
     *
     * @param skip the instruction that jumps over the branch
     * @param values how many others
     */
    void branchOnNull(int skip, int h, int values) {
        LoweredBlock block = labels.block(at.a());
        operands.noteRef();
        int ref = h + values;
        int carried = block.labelTypes().length;
        conditionalRefBranch(block, h, skip, -1);
        // br_on_null goes on with the reference, now not null; br_on_non_null without it.
        stack.popTo(carried == values ? ref + 1 : ref);
    }

    /** br_on_cast, br_on_cast_fail. @param skip the instruction that jumps over the branch */
    void branchOnCast(int skip, int h) {
        LoweredBlock block = labels.block(at.a());
        operands.noteRef();
        int ref = h + block.labelTypes().length - 1;
        conditionalRefBranch(block, h, skip, at.c());
        stack.retype(ref, at.resultType(at.resultCount() - 1));
    }

    /** The tested reference is on top; with a type, a cast decides. */
    private void conditionalRefBranch(LoweredBlock block, int h, int skip, int type) {
        operands.settleRange(h, stack.height());
        code.emit(word(skip, stack.slot(stack.height() - 1), 0));
        int fixup = Labels.fixup(code.count() - 1, Labels.IMM);
        if (type >= 0) {
            code.emit(type);
        }
        emitBranch(block, h);
        labels.patchHere(fixup);
    }
}
