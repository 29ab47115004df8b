package wasmbpf.wasm;

/**
 * Brings operands to where an instruction can use them: {@link OperandStack} says where they are, {@link ConstantSlots}
 * which constants a slot holds, {@link CodeWriter} takes the moves that are left. Entries are those of the stack.
 */
final class Operands {
    private final FuncValidator at;
    private final OperandStack stack;
    private final ConstantSlots constants;
    private final CodeWriter code;
    /** How many loops are open: what their code needs often may cost the call something. */
    private int loops;
    private boolean usesRefs;

    Operands(FuncValidator at, OperandStack stack, ConstantSlots constants, CodeWriter code) {
        this.at = at;
        this.stack = stack;
        this.constants = constants;
        this.code = code;
    }

    /** Starts anew; the parts are begun by whoever made them. */
    void begin() {
        loops = 0;
        usesRefs = false;
    }

    void enterLoop() {
        loops++;
    }

    void leaveLoop() {
        loops--;
    }

    /** Whether a slot ever holds a reference. */
    boolean usesRefs() {
        return usesRefs;
    }

    void noteRef() {
        usesRefs = true;
    }

    /** A value of this type occurs. */
    void noteType(int type) {
        usesRefs |= TypeCode.isRef(type);
    }

    /** The operands between two heights occur. */
    void noteTypes(int from, int to) {
        for (int i = from; i < to; i++) {
            noteType(stack.type(i));
        }
    }

    /** Whether a slot belongs to the operand stack, so that a value is gone once it is used. */
    boolean isOperand(int slot) {
        return slot >= stack.slot(0);
    }

    /** The slot in which an operand can be read. */
    int reg(int entry) {
        return switch (stack.kind(entry)) {
            case OperandStack.LOCAL -> (int) stack.value(entry);
            case OperandStack.CONST -> {
                int slot = constantSlot(entry);
                if (slot < 0) {
                    settle(entry);
                    slot = stack.slot(entry);
                }
                yield slot;
            }
            default -> stack.slot(entry);
        };
    }

    /** The slot that holds a constant from the start of the call; -1 if it has none: outside loops that is no gain. */
    int constantSlot(int entry) {
        if (TypeCode.isRef(stack.type(entry))) {
            return -1;
        }
        return loops > 0 ? constants.slot(stack.value(entry)) : constants.find(stack.value(entry));
    }

    /** Moves a value to its own slot. */
    void settle(int entry) {
        switch (stack.kind(entry)) {
            case OperandStack.LOCAL -> code.emitCopy(stack.type(entry), stack.slot(entry), (int) stack.value(entry));
            case OperandStack.CONST -> code.emitConst(stack.type(entry), stack.slot(entry), stack.value(entry));
            default -> {
                return;
            }
        }
        stack.settle(entry);
    }

    void settleRange(int from, int to) {
        for (int i = from; i < to; i++) {
            settle(i);
        }
    }

    /** Copies what is still in locals, for all entries below a height: a block may write those locals. */
    void settleLocals(int height) {
        for (int i = stack.settled(); i < height; i++) {
            if (stack.kind(i) == OperandStack.LOCAL) {
                settle(i);
            }
        }
        stack.setSettled(height);
    }

    /** Whether values of these types, from entry {@code first} on, lie elsewhere than in consecutive slots from {@code to}. */
    boolean needsCopies(int[] types, int first, int to) {
        int entry = first;
        for (int type : types) {
            if (stack.kind(entry) != OperandStack.TEMP || stack.slot(entry) != to) {
                return true;
            }
            to += OperandStack.slots(type);
            entry++;
        }
        return false;
    }

    /**
     * Copies values to consecutive slots, lowest first: the own slot of a value is never below where it goes, so no
     * value is overwritten before it is copied. Leaves the operand stack as it is.
     */
    void emitCopies(int[] types, int first, int to) {
        int entry = first;
        for (int type : types) {
            emitCopy(type, to, entry);
            to += OperandStack.slots(type);
            entry++;
        }
    }

    /** Copies a value to a slot, from wherever it is. Leaves the operand stack as it is. */
    void emitCopy(int type, int to, int entry) {
        switch (stack.kind(entry)) {
            case OperandStack.LOCAL -> code.emitCopy(type, to, (int) stack.value(entry));
            case OperandStack.CONST -> code.emitConst(type, to, stack.value(entry));
            default -> code.emitCopy(type, to, stack.slot(entry));
        }
    }

    /** Values in their own slots. */
    void pushTemps(int[] types) {
        for (int type : types) {
            stack.pushTemp(type);
        }
    }

    /** The results of the current instruction, in their own slots. */
    void pushResults() {
        for (int i = 0; i < at.resultCount(); i++) {
            noteType(at.resultType(i));
            stack.pushTemp(at.resultType(i));
        }
    }

    /** Replaces the operands from this height on by the results of the current instruction. */
    void replace(int height) {
        stack.popTo(height);
        pushResults();
    }
}
