package wasmbpf.wasm;

/**
 * The frame at the head of a loop, as the lowering of the function knows it there.
 *
 * @param operandSlots -1 for a constant
 * @param constants their values; of no meaning for the other operands
 * @param exceptionSlots one for each open block, -1 if it is no catch
 */
record LoweredLoopFrame(int slots, int[] operandSlots, long[] constants, int[] exceptionSlots) implements LoopFrame {
    /** What the operands are now. None of them is still in a local. */
    static LoweredLoopFrame of(OperandStack stack, int[] exceptionSlots) {
        int[] slots = new int[stack.height()];
        long[] constants = new long[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = stack.isConst(i) ? -1 : stack.slot(i);
            constants[i] = stack.value(i);
        }
        return new LoweredLoopFrame(stack.slot(stack.height()), slots, constants, exceptionSlots);
    }

    @Override
    public int slot(int operand) {
        return operandSlots[operand];
    }

    @Override
    public long constant(int operand) {
        return constants[operand];
    }

    @Override
    public int exceptionSlot(int block) {
        return exceptionSlots[block];
    }
}
