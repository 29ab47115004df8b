package wasmbpf.wasm;

/**
 * Where in the interpreter's frame values lie at the head of a loop, besides the locals, which lie at its start one after the
 * other. An operand is in its slot, or it is a constant that no slot holds yet.
 */
public interface LoopFrame {
    /** Slots of the frame, in eight bytes each, that may hold one of these values. */
    int slots();

    /** The slot of an operand, counted from the bottom of the stack; -1: it is a constant. */
    int slot(int operand);

    /** A constant as a slot would hold it; 0 for a null reference. */
    long constant(int operand);

    /** The slot with the exception that the open {@code catch} of a block has caught; blocks count from the function's, 0. */
    int exceptionSlot(int block);
}
