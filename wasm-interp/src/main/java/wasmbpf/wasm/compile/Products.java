package wasmbpf.wasm.compile;

import java.util.HashMap;
import java.util.Map;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/** Finds sums with a product by 2^n - 1 or 2^n + 1 in a function, as hashes have them; {@link ProductSums} makes them. */
final class Products {
    /** A smaller factor, or 9 = 2^3 + 1, is one instruction of the processor. */
    private static final int MIN_SHIFT = 3;
    private static final int MIN_SHIFT_PLUS = 4;
    private static final int MAX_SHIFT = 30;
    private static final int NONE = -1;

    /**
     * A sum with a product.
     *
     * @param factor of the product; its other operand is on the stack before it
     * @param multiplication offset of that instruction
     * @param addition offset of that of the sum
     * @param first whether the product is the sum's first operand; else the other one lies below it already
     */
    record Sum(long factor, int multiplication, int addition, boolean first) {
        /** Whether it is by 2^n + 1. */
        boolean plus() {
            return (factor & 2) == 0;
        }

        int shift() {
            return Long.numberOfTrailingZeros(plus() ? factor - 1 : factor + 1);
        }
    }

    /** By offset of the factor's instruction. */
    private final Map<Integer, Sum> sums = new HashMap<>();
    /** The last instruction, if it is a constant: its offset and value. */
    private int constant = NONE;
    private long value;
    /** A multiplication whose product is on the stack yet, its factor, and the height below the product. */
    private int multiplication = NONE;
    private int factor;
    private long factorValue;
    private int below;

    /** The sum whose product has the constant at an offset as its factor, or null. */
    Sum of(int constant) {
        return sums.get(constant);
    }

    /**
     * The walk comes to an instruction.
     *
     * @param before how many operands there are before it
     */
    void op(FuncValidator at, int before) {
        int op = at.op();
        boolean follows = at.reachable() && goesOn(op);
        if (multiplication != NONE && (!follows || at.height() <= below)) {
            boolean first = at.height() == below;
            if (follows && (op == OpBytes.I32_ADD || op == OpBytes.I64_ADD) && (first || before == below + 1)) {
                sums.put(factor, new Sum(factorValue, multiplication, at.offset(), first));
            }
            multiplication = NONE;
        }
        if (multiplication == NONE && follows && constant != NONE && (op == OpBytes.I32_MUL || op == OpBytes.I64_MUL)
                && isNearPower(value)) {
            multiplication = at.offset();
            factor = constant;
            factorValue = value;
            below = at.height();
        }
        constant = op == OpBytes.I32_CONST || op == OpBytes.I64_CONST ? at.offset() : NONE;
        value = at.value();
    }

    private static boolean isNearPower(long factor) {
        return isPower(factor + 1, MIN_SHIFT) || isPower(factor - 1, MIN_SHIFT_PLUS);
    }

    private static boolean isPower(long number, int minShift) {
        int shift = Long.numberOfTrailingZeros(number);
        return number == 1L << shift && shift >= minShift && shift <= MAX_SHIFT;
    }

    /** Whether an instruction may come between product and sum: nothing happens but on the JVM's stack and in its locals. */
    private static boolean goesOn(int op) {
        return switch (op) {
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE, OpBytes.I32_CONST, OpBytes.I64_CONST -> true;
            default -> NumberOps.isNumber(op) || MemoryAccess.isPlain(op) && !MemoryAccess.isStore(op);
        };
    }
}
