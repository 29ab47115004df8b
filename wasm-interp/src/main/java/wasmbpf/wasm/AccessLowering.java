package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

/**
 * Loads and stores of numbers in memory 0: the sum that gave an address becomes part of the access. Each method says
 * whether it emitted the instruction.
 *
 * <p>In what follows h is the height below the operands, as in {@link Lowering}.
 */
final class AccessLowering {
    private static final int NO_INDEX = -1;

    private final Instance instance;
    private final FuncValidator at;
    private final OperandStack stack;
    private final ConstantSlots constants;
    private final CodeWriter code;
    private final Operands operands;

    // The operands of an access, found by address(), see Code.X; the index is NO_INDEX where the short form will do.
    private int baseSlot;
    private int indexSlot;
    private int shift;
    private int number;
    private long offset;

    AccessLowering(Instance instance, FuncValidator at, OperandStack stack, ConstantSlots constants, CodeWriter code,
            Operands operands) {
        this.instance = instance;
        this.at = at;
        this.stack = stack;
        this.constants = constants;
        this.code = code;
        this.operands = operands;
    }

    /** A load or store, I32_LOAD to I64_STORE32; false leaves it to the general form. */
    boolean lower(int op, int h) {
        return isFastMemory() && switch (op) {
            case OpBytes.I32_LOAD, OpBytes.F32_LOAD, OpBytes.I64_LOAD32_S -> load(LOAD32_S, h);
            case OpBytes.I64_LOAD, OpBytes.F64_LOAD -> load(LOAD64, h);
            case OpBytes.I32_LOAD8_S, OpBytes.I64_LOAD8_S -> load(LOAD8_S, h);
            case OpBytes.I32_LOAD8_U, OpBytes.I64_LOAD8_U -> load(LOAD8_U, h);
            case OpBytes.I32_LOAD16_S, OpBytes.I64_LOAD16_S -> load(LOAD16_S, h);
            case OpBytes.I32_LOAD16_U, OpBytes.I64_LOAD16_U -> load(LOAD16_U, h);
            case OpBytes.I64_LOAD32_U -> load(LOAD32_U, h);
            case OpBytes.I32_STORE, OpBytes.F32_STORE, OpBytes.I64_STORE32 -> store(STORE32, h);
            case OpBytes.I64_STORE, OpBytes.F64_STORE -> store(STORE64, h);
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> store(STORE8, h);
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> store(STORE16, h);
            default -> false;
        };
    }

    private boolean isFastMemory() {
        return at.a() == 0 && !instance.memories[0].type().memory64() && at.value() <= MAX_X_OFFSET;
    }

    /** A slot that holds 0: with it one form of access serves all sums. */
    private int zero() {
        int slot = constants.find(0);
        if (slot < 0) {
            constants.reserveZero();
            throw new LowerAgain();
        }
        return slot;
    }

    /** @param canTakeBack whether the operands of sums may be left in their slots until the access */
    private void address(int h, boolean canTakeBack) {
        indexSlot = NO_INDEX;
        shift = 0;
        number = 0;
        offset = at.value();
        if (stack.isConst(h)) {
            baseSlot = zero();
            long address = stack.value(h) & 0xFFFFFFFFL;
            if (address + offset < 1 << 16) {
                offset += address;
            } else {
                number = (int) address;
            }
        } else {
            baseSlot = operands.reg(h);
            if (canTakeBack && stack.kind(h) == OperandStack.TEMP && code.isProducer(h)) {
                sum();
            }
        }
        if (indexSlot == NO_INDEX && (number != 0 || offset >= 1 << 16)) {
            indexSlot = zero();
        }
    }

    /** Takes back the additions and the shift that gave the address. */
    private void sum() {
        int sum = baseSlot;
        // For a number alone there must be a 0 to add it to; lowering again is more than that is worth.
        if (code.isLast(I32_ADD_K, sum) && constants.find(0) >= 0) {
            number = (short) Code.c(code.last());
            baseSlot = Code.b(code.last());
            code.takeBack();
            if (baseSlot != sum) {
                return;
            }
        }
        if (code.isLast(I32_ADD, sum)) {
            baseSlot = Code.b(code.last());
            indexSlot = Code.c(code.last());
            code.takeBack();
            if (code.isLast(I32_SHL_K, indexSlot) && operands.isOperand(indexSlot)) {
                takeBackShift();
            } else if (code.isLast(I32_SHL_K, baseSlot) && operands.isOperand(baseSlot)) {
                baseSlot = indexSlot;
                takeBackShift();
            }
        } else if (code.isLast(I32_SHL_K, sum) && constants.find(0) >= 0) {
            baseSlot = zero();
            takeBackShift();
        }
    }

    private void takeBackShift() {
        indexSlot = Code.b(code.last());
        shift = Code.c(code.last());
        code.takeBack();
    }

    private long sumWord() {
        return number & 0xFFFFFFFFL | (long) shift << 32 | offset << 37;
    }

    private boolean load(int op, int h) {
        address(h, true);
        if (indexSlot == NO_INDEX) {
            code.emitResult(h, word(op, stack.slot(h), baseSlot, (int) offset));
        } else {
            code.emitResult(h, word(op + X, stack.slot(h), baseSlot, indexSlot), sumWord());
        }
        stack.popTo(h);
        stack.pushTemp(at.resultType(0));
        return true;
    }

    private boolean store(int op, int h) {
        // A constant without a slot would be put where the second operand of the sum may lie.
        address(h, !stack.isConst(h + 1) || operands.constantSlot(h + 1) >= 0);
        int value = operands.reg(h + 1);
        if (indexSlot == NO_INDEX) {
            code.emit(word(op, baseSlot, value, (int) offset));
        } else {
            code.emit(word(op + X, baseSlot, value, indexSlot));
            code.emit(sumWord());
        }
        stack.popTo(h);
        return true;
    }
}
