package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

/**
 * Instructions on numbers that the dispatch loop runs itself: small constants become part of them, and an instruction
 * before that only one of them needs does too. Each method says whether it emitted the instruction.
 *
 * <p>In what follows h is the height below the operands, as in {@link Lowering}.
 */
final class NumberLowering {
    private final FuncValidator at;
    private final OperandStack stack;
    private final CodeWriter code;
    private final Operands operands;

    NumberLowering(FuncValidator at, OperandStack stack, CodeWriter code, Operands operands) {
        this.at = at;
        this.stack = stack;
        this.code = code;
        this.operands = operands;
    }

    /** Any other instruction on numbers than a load or store; false leaves it to the general form. */
    boolean lower(int op, int h) {
        return switch (op) {
            // The bits of a slot stay as they are.
            case OpBytes.I64_EXTEND_I32_S, OpBytes.I32_REINTERPRET_F32, OpBytes.F32_REINTERPRET_I32,
                    OpBytes.I64_REINTERPRET_F64, OpBytes.F64_REINTERPRET_I64 -> {
                stack.retype(h, at.resultType(0));
                yield true;
            }
            case OpBytes.I32_WRAP_I64, OpBytes.I64_EXTEND32_S -> {
                if (stack.isConst(h)) {
                    long value = (int) stack.value(h);
                    stack.popTo(h);
                    stack.pushConst(at.resultType(0), value);
                    yield true;
                }
                yield unary(WRAP, h);
            }
            case OpBytes.I64_EXTEND_I32_U -> unary(EXTEND_U, h);
            case OpBytes.I32_EXTEND8_S, OpBytes.I64_EXTEND8_S -> unary(EXTEND8, h);
            case OpBytes.I32_EXTEND16_S, OpBytes.I64_EXTEND16_S -> unary(EXTEND16, h);
            case OpBytes.I32_EQZ, OpBytes.I64_EQZ -> equalsZero(h);
            case OpBytes.I32_EQ, OpBytes.I64_EQ -> commutative(EQ, EQ + K, h);
            case OpBytes.I32_NE, OpBytes.I64_NE -> commutative(NE, NE + K, h);
            case OpBytes.I32_LT_S, OpBytes.I64_LT_S -> compare(LT_S, h, h + 1);
            case OpBytes.I32_LT_U, OpBytes.I64_LT_U -> compare(LT_U, h, h + 1);
            case OpBytes.I32_GT_S, OpBytes.I64_GT_S -> compare(LT_S, h + 1, h);
            case OpBytes.I32_GT_U, OpBytes.I64_GT_U -> compare(LT_U, h + 1, h);
            case OpBytes.I32_LE_S, OpBytes.I64_LE_S -> compare(GE_S, h + 1, h);
            case OpBytes.I32_LE_U, OpBytes.I64_LE_U -> compare(GE_U, h + 1, h);
            case OpBytes.I32_GE_S, OpBytes.I64_GE_S -> compare(GE_S, h, h + 1);
            case OpBytes.I32_GE_U, OpBytes.I64_GE_U -> compare(GE_U, h, h + 1);
            case OpBytes.I32_ADD -> commutative(I32_ADD, I32_ADD_K, h);
            case OpBytes.I64_ADD -> commutative(I64_ADD, I64_ADD_K, h);
            case OpBytes.I32_SUB -> subtract(I32_SUB, I32_ADD_K, h);
            case OpBytes.I64_SUB -> subtract(I64_SUB, I64_ADD_K, h);
            case OpBytes.I32_MUL -> commutative(I32_MUL, I32_MUL_K, h);
            case OpBytes.I64_MUL -> binary(I64_MUL, h, h + 1);
            case OpBytes.I32_AND, OpBytes.I64_AND -> commutative(AND, AND_K, h);
            case OpBytes.I32_OR, OpBytes.I64_OR -> commutative(OR, OR_K, h);
            case OpBytes.I32_XOR, OpBytes.I64_XOR -> commutative(XOR, XOR_K, h);
            case OpBytes.I32_SHL -> shift(I32_SHL, I32_SHL_K, 31, h);
            case OpBytes.I32_SHR_S -> shift(I32_SHR_S, I32_SHR_S_K, 31, h);
            case OpBytes.I32_SHR_U -> shift(I32_SHR_U, I32_SHR_U_K, 31, h);
            case OpBytes.I32_ROTL -> stack.isConst(h + 1) && withConst(I32_ROTL_K, h, h, (int) stack.value(h + 1) & 31);
            case OpBytes.I64_SHL -> shift(I64_SHL, I64_SHL_K, 63, h);
            case OpBytes.I64_SHR_S -> shift(I64_SHR_S, I64_SHR_S_K, 63, h);
            case OpBytes.I64_SHR_U -> shift(I64_SHR_U, I64_SHR_U_K, 63, h);
            case OpBytes.I64_ROTL -> stack.isConst(h + 1) && withConst(I64_ROTL_K, h, h, (int) stack.value(h + 1) & 63);
            case OpBytes.I32_ROTR -> stack.isConst(h + 1) && withConst(I32_ROTL_K, h, h, (int) -stack.value(h + 1) & 31);
            case OpBytes.I64_ROTR -> stack.isConst(h + 1) && withConst(I64_ROTL_K, h, h, (int) -stack.value(h + 1) & 63);
            case OpBytes.F32_ADD -> binary(F32_ADD, h, h + 1);
            case OpBytes.F32_SUB -> binary(F32_SUB, h, h + 1);
            case OpBytes.F32_MUL -> binary(F32_MUL, h, h + 1);
            case OpBytes.F32_DIV -> binary(F32_DIV, h, h + 1);
            case OpBytes.F64_ADD -> binary(F64_ADD, h, h + 1);
            case OpBytes.F64_SUB -> binary(F64_SUB, h, h + 1);
            case OpBytes.F64_MUL -> binary(F64_MUL, h, h + 1);
            case OpBytes.F64_DIV -> binary(F64_DIV, h, h + 1);
            case OpBytes.F64_LT -> binary(F64_LT, h, h + 1);
            case OpBytes.F64_GT -> binary(F64_LT, h + 1, h);
            case OpBytes.F64_LE -> binary(F64_LE, h, h + 1);
            case OpBytes.F64_GE -> binary(F64_LE, h + 1, h);
            case OpBytes.F64_NE -> {
                binary(F64_EQ, h, h + 1);
                yield equalsZero(h);
            }
            case OpBytes.F64_ABS -> withMask(AND, Long.MAX_VALUE, h);
            case OpBytes.F64_NEG -> withMask(XOR, Long.MIN_VALUE, h);
            case OpBytes.F32_ABS -> withMask(AND, Integer.MAX_VALUE, h);
            case OpBytes.F32_NEG -> withMask(XOR, Integer.MIN_VALUE, h);
            default -> byWayOfOthers(op, h);
        };
    }

    /** What several instructions of the dispatch loop give exactly: a double has all of a float and of an i32. */
    private boolean byWayOfOthers(int op, int h) {
        return switch (op) {
            // A bit that is found where the i32 has none.
            case OpBytes.I32_CTZ -> withMask(OR, 1L << 32, h) && chain(h, CTZ);
            case OpBytes.I32_POPCNT -> chain(h, EXTEND_U, POPCNT);
            case OpBytes.F64_CONVERT_I32_U -> chain(h, EXTEND_U, F64_CONVERT_S);
            case OpBytes.F32_CONVERT_I32_S -> chain(h, F64_CONVERT_S, F32_DEMOTE);
            case OpBytes.F32_CONVERT_I32_U -> chain(h, EXTEND_U, F64_CONVERT_S, F32_DEMOTE);
            case OpBytes.I32_TRUNC_F32_S -> chain(h, F64_PROMOTE, I32_TRUNC_S);
            case OpBytes.I32_TRUNC_F32_U -> chain(h, F64_PROMOTE, I32_TRUNC_U);
            case OpBytes.I64_TRUNC_F32_S -> chain(h, F64_PROMOTE, I64_TRUNC_S);
            case OpBytes.I64_TRUNC_F32_U -> chain(h, F64_PROMOTE, I64_TRUNC_U);
            case OpBytes.I32_TRUNC_SAT_F32_S -> chain(h, F64_PROMOTE, I32_TRUNC_SAT_S);
            case OpBytes.I32_TRUNC_SAT_F32_U -> chain(h, F64_PROMOTE, I32_TRUNC_SAT_U);
            case OpBytes.I64_TRUNC_SAT_F32_S -> chain(h, F64_PROMOTE, I64_TRUNC_SAT_S);
            case OpBytes.I32_TRUNC_SAT_F64_S -> unary(I32_TRUNC_SAT_S, h);
            case OpBytes.I32_TRUNC_SAT_F64_U -> unary(I32_TRUNC_SAT_U, h);
            case OpBytes.I64_TRUNC_SAT_F64_S -> unary(I64_TRUNC_SAT_S, h);
            case OpBytes.F32_FLOOR -> chain(h, F64_PROMOTE, F64_FLOOR, F32_DEMOTE);
            case OpBytes.F32_CEIL -> chain(h, F64_PROMOTE, F64_CEIL, F32_DEMOTE);
            case OpBytes.F32_MIN -> promoted(F64_MIN, h, h, h + 1) && demote(h);
            case OpBytes.F32_MAX -> promoted(F64_MAX, h, h, h + 1) && demote(h);
            // Rounded twice, to 53 bits and to 24, it is what rounding once gives.
            case OpBytes.F32_SQRT -> chain(h, F64_PROMOTE, F64_SQRT, F32_DEMOTE);
            case OpBytes.F32_EQ -> promoted(F64_EQ, h, h, h + 1);
            case OpBytes.F32_NE -> promoted(F64_EQ, h, h, h + 1) && equalsZero(h);
            case OpBytes.F32_LT -> promoted(F64_LT, h, h, h + 1);
            case OpBytes.F32_GT -> promoted(F64_LT, h, h + 1, h);
            case OpBytes.F32_LE -> promoted(F64_LE, h, h, h + 1);
            case OpBytes.F32_GE -> promoted(F64_LE, h, h + 1, h);
            default -> false;
        };
    }

    /** Instructions of one operand, each on the result of the one before. */
    private boolean chain(int h, int... ops) {
        int from = operands.reg(h);
        for (int op : ops) {
            code.emitResult(h, word(op, stack.slot(h), from, 0));
            from = stack.slot(h);
        }
        return pushResult(h);
    }

    private boolean promoted(int op, int h, int left, int right) {
        code.emit(word(F64_PROMOTE, stack.slot(h), operands.reg(h), 0));
        code.emit(word(F64_PROMOTE, stack.slot(h + 1), operands.reg(h + 1), 0));
        code.emitResult(h, word(op, stack.slot(h), stack.slot(left), stack.slot(right)));
        return pushResult(h);
    }

    private boolean demote(int h) {
        code.emitResult(h, word(F32_DEMOTE, stack.slot(h), stack.slot(h), 0));
        return true;
    }

    private boolean withMask(int op, long mask, int h) {
        stack.pushConst(TypeCode.I64, mask);
        return binary(op, h, h + 1);
    }

    private boolean isSmall(int entry) {
        return stack.isConst(entry) && stack.value(entry) == (short) stack.value(entry);
    }

    private boolean pushResult(int h) {
        stack.popTo(h);
        stack.pushTemp(at.resultType(0));
        return true;
    }

    private boolean unary(int op, int h) {
        int from = operands.reg(h);
        code.emitResult(h, word(op, stack.slot(h), from, 0));
        return pushResult(h);
    }

    /** a = left op right; the result is entry h, the lower of the two. */
    private boolean binary(int op, int left, int right) {
        int b = operands.reg(left);
        int c = operands.reg(right);
        int h = Math.min(left, right);
        code.emitResult(h, word(op, stack.slot(h), b, c));
        return pushResult(h);
    }

    private boolean withConst(int op, int operand, int h, int constant) {
        int from = operands.reg(operand);
        code.emitResult(h, word(op, stack.slot(h), from, constant & 0xFFFF));
        return pushResult(h);
    }

    private boolean commutative(int op, int opK, int h) {
        if (isSmall(h + 1)) {
            if (stack.value(h + 1) == 0 && (opK == I32_ADD_K || opK == I64_ADD_K || opK == OR_K || opK == XOR_K)) {
                stack.popTo(h + 1);
                return true;
            }
            return withConst(opK, h, h, (int) stack.value(h + 1));
        }
        if (isSmall(h)) {
            return withConst(opK, h + 1, h, (int) stack.value(h));
        }
        return withShift(op, h) || binary(op, h, h + 1);
    }

    /** a = b op (c shifted by a constant), where that shift was the last instruction. */
    private boolean withShift(int op, int h) {
        if (op != I32_ADD && op != XOR || !code.hasProducer()) {
            return false;
        }
        int b = operands.reg(h);
        int c = operands.reg(h + 1);
        if (!isShift(op, c)) {
            int other = b;
            b = c;
            c = other;
            if (!isShift(op, c)) {
                return false;
            }
        }
        long shift = code.last();
        int fused = op == I32_ADD ? I32_ADD_SHL : switch (Code.op(shift)) {
            case I32_SHL_K -> XOR_I32_SHL;
            case I32_SHR_U_K -> XOR_I32_SHR_U;
            case I64_SHL_K -> XOR_I64_SHL;
            default -> XOR_I64_SHR_U;
        };
        code.takeBack();
        code.emitResult(h, word(fused, stack.slot(h), b, Code.b(shift)), Code.c(shift));
        return pushResult(h);
    }

    private boolean isShift(int op, int slot) {
        if (!operands.isOperand(slot)) {
            return false;
        }
        if (at.resultType(0) == TypeCode.I32) {
            return code.isLast(I32_SHL_K, slot) || op == XOR && code.isLast(I32_SHR_U_K, slot);
        }
        return op == XOR && (code.isLast(I64_SHL_K, slot) || code.isLast(I64_SHR_U_K, slot));
    }

    private boolean subtract(int op, int addK, int h) {
        if (stack.isConst(h + 1) && -stack.value(h + 1) == (short) -stack.value(h + 1)) {
            return withConst(addK, h, h, (int) -stack.value(h + 1));
        }
        return binary(op, h, h + 1);
    }

    private boolean shift(int op, int opK, int mask, int h) {
        return stack.isConst(h + 1) ? withConst(opK, h, h, (int) stack.value(h + 1) & mask) : binary(op, h, h + 1);
    }

    private boolean equalsZero(int h) {
        if (stack.kind(h) == OperandStack.TEMP && code.isComparison(h)) {
            code.negateComparison();
            stack.retype(h, TypeCode.I32);
            return true;
        }
        return withConst(EQ + K, h, h, 0);
    }

    /** {@code left < right} or {@code left >= right}; a small constant on the left moves to the right. */
    private boolean compare(int op, int left, int right) {
        int h = Math.min(left, right);
        if (isSmall(right)) {
            return withConst(op + K, left, h, (int) stack.value(right));
        }
        if (isSmall(left)) {
            // k < x is x >= k + 1, k >= x is x < k + 1, unless k + 1 is no such constant.
            long next = stack.value(left) + 1;
            if (next == (short) next && (next != 0 || op == LT_S || op == GE_S)) {
                return withConst((op ^ 1) + K, right, h, (int) next);
            }
        }
        return binary(op, left, right);
    }
}
