package wasmbpf.wasm;

/**
 * The instructions that {@link Lowering} writes and {@link Interpreter} runs, in register form: every operand is a
 * slot of the frame, locals and operand stack alike.
 *
 * <pre>
 *   bit  0       16       32       48       64
 *        |  op   |   a    |   b    |   c    |      slots, or
 *        |  op   |   a    |     imm32       |      (branch distances in words, from the next instruction)
 *  op &lt; NUMBERS       below, run by the dispatch loop, calls by Activations where it cannot
 *  op &lt; COPY_V128     NUMBER + the number of {@link OpBytes}, run by ScalarOps: a = b op c
 *  op &lt; WASM          below, run by ColdOps and RefOps
 *  op &gt;= WASM         WASM + the number of {@link OpBytes}: a = result, b and c = operands; more in further words
 *                     memory accesses: b = address, c = memory; then the offset; then operands and lane (16 bits each)
 * </pre>
 *
 * An i32 or f32 fills its slot sign-extended. That makes one instruction of many pairs: i32.and and i64.and, i32.lt_u
 * and i64.lt_u (sign extension keeps the unsigned order), i32.load8_u and i64.load8_u; and i64.extend_i32_s is no
 * instruction.
 */
final class Code {
    // Control
    static final int BR = 0;
    /** Branch if slot a is not zero, or zero. */
    static final int BR_NZ = 1;
    static final int BR_Z = 2;
    /**
     * a = index, imm32 = count of labels without the default; then one word a distance, from the instruction after
     * them.
     */
    static final int BR_TABLE = 3;
    static final int RETURN = 4;
    /** Result from a. */
    static final int RETURN_1 = 5;
    /** a = first argument, imm32 = function; then its cell, see {@link Activations}. */
    static final int CALL = 6;
    /** a = first argument, b = element, c = table; then the type index in the upper half. */
    static final int CALL_INDIRECT = 7;
    /** As CALL without the cell, see {@link ColdOps#tailCall}. */
    static final int TAIL_CALL = 8;
    /** As CALL_INDIRECT. */
    static final int TAIL_CALL_INDIRECT = 9;
    /** a = first argument, b = function reference. */
    static final int TAIL_CALL_REF = 10;
    /** The same; then a word that means nothing: a call is two words. */
    static final int CALL_REF = 11;

    // Moves
    static final int COPY = 12;
    /** a = sign-extended imm32. */
    static final int CONST = 13;
    /** The value follows. */
    static final int CONST64 = 14;
    /** imm32 = the cell of one of the instance's own. */
    static final int GLOBAL_GET = 15;
    static final int GLOBAL_SET = 16;
    /** a = b or c; then the slot of the condition, of an i32 or, where it was compared with zero, of an i64. */
    static final int SELECT = 17;

    // Memory 0, 32-bit addresses: a = result, b = address, c = offset; stores: a = address, b = value
    static final int LOAD8_S = 18;
    static final int LOAD8_U = 19;
    static final int LOAD16_S = 20;
    static final int LOAD16_U = 21;
    static final int LOAD32_S = 22;
    static final int LOAD32_U = 23;
    static final int LOAD64 = 24;
    static final int STORE8 = 25;
    static final int STORE16 = 26;
    static final int STORE32 = 27;
    static final int STORE64 = 28;
    /**
     * The same eleven at a sum modulo 2^32, plus X. A word of its parts follows, the lower half first.
     * <pre>
     *   (address + (slot c &lt;&lt; shift) + number) mod 2^32 + offset
     *   bit  0                  32      37         64
     *        |  number          | shift | offset    |
     * </pre>
     */
    static final int X = 11;
    /** The offset has 27 bits. */
    static final long MAX_X_OFFSET = (1 << 27) - 1;

    // Integers: a = b op c
    static final int I32_ADD = 40;
    static final int I32_SUB = 41;
    static final int I32_MUL = 42;
    static final int I32_SHL = 43;
    static final int I32_SHR_S = 44;
    static final int I32_SHR_U = 45;
    static final int I64_ADD = 47;
    static final int I64_SUB = 48;
    static final int I64_MUL = 49;
    static final int I64_SHL = 50;
    static final int I64_SHR_S = 51;
    static final int I64_SHR_U = 52;
    static final int AND = 54;
    static final int OR = 55;
    static final int XOR = 56;
    // ... and a = b op sign-extended c
    static final int I32_ADD_K = 57;
    static final int I32_MUL_K = 58;
    static final int I32_SHL_K = 59;
    static final int I32_SHR_S_K = 60;
    static final int I32_SHR_U_K = 61;
    static final int I32_ROTL_K = 62;
    static final int I64_ADD_K = 63;
    static final int I64_SHL_K = 64;
    static final int I64_SHR_S_K = 65;
    static final int I64_SHR_U_K = 66;
    static final int I64_ROTL_K = 67;
    static final int AND_K = 68;
    static final int OR_K = 69;
    static final int XOR_K = 70;
    static final int WRAP = 71;
    static final int EXTEND_U = 72;
    static final int EXTEND8 = 73;
    static final int EXTEND16 = 74;

    // Comparisons: a = b op c; pairs that negate each other differ in bit 0
    static final int EQ = 76;
    static final int NE = 77;
    static final int LT_S = 78;
    /** b >= c. */
    static final int GE_S = 79;
    static final int LT_U = 80;
    static final int GE_U = 81;
    /** The same with sign-extended c: plus K. */
    static final int K = 6;
    /** Branch by one of the twelve: a op b, distance c; with K b is the constant: plus COMPARE_BR. */
    static final int COMPARE_BR = 12;
    static final int COMPARE_END = EQ + 2 * K;
    static final int COMPARE_BR_END = COMPARE_END + COMPARE_BR;

    // Floating point
    static final int F32_ADD = 100;
    static final int F32_SUB = 101;
    static final int F32_MUL = 102;
    static final int F32_DIV = 103;
    static final int F64_ADD = 104;
    static final int F64_SUB = 105;
    static final int F64_MUL = 106;
    static final int F64_DIV = 107;
    static final int F64_LT = 108;
    static final int F64_LE = 109;
    static final int F64_EQ = 110;
    /** The head of a loop, where someone wants to know: interruption, counting. imm32 = offset in the module; then the cell. */
    static final int LOOP = 112;

    // Two in one. a = b op (c shifted by the word that follows)
    static final int I32_ADD_SHL = 113;
    static final int XOR_I32_SHL = 114;
    static final int XOR_I32_SHR_U = 115;
    static final int XOR_I64_SHL = 116;
    static final int XOR_I64_SHR_U = 117;
    /** The end of a loop: a += the word that follows, an i32; branch (distance c) if it is not b. */
    static final int ADD_BR_NE = 118;
    /** The end of an activation, see {@link Activations}. */
    static final int EXIT = 119;

    // Less frequent numbers, see ofNumber and exact
    static final int I32_DIV_S = 120;
    static final int I32_DIV_U = 121;
    static final int I32_REM_U = 122;
    static final int REM_S = 123;
    static final int I64_DIV_U = 124;
    static final int I64_REM_U = 125;
    static final int I32_TRUNC_S = 126;
    static final int F64_CONVERT_S = 127;
    static final int F64_PROMOTE = 128;
    static final int F32_DEMOTE = 129;
    static final int F64_SQRT = 130;
    static final int I32_CLZ = 131;
    static final int I64_CLZ = 133;
    static final int CTZ = 134;
    static final int POPCNT = 135;
    static final int I32_ROTL = 136;
    static final int I64_ROTL = 137;

    static final int I64_DIV_S = 132;
    static final int I32_TRUNC_U = 138;
    static final int I64_TRUNC_S = 139;
    static final int I64_TRUNC_U = 140;
    static final int F64_CONVERT_U = 141;
    static final int F64_FLOOR = 142;
    static final int F64_CEIL = 143;
    static final int F64_MIN = 144;
    static final int F64_MAX = 145;
    static final int I32_TRUNC_SAT_S = 146;
    static final int I32_TRUNC_SAT_U = 147;
    static final int I64_TRUNC_SAT_S = 148;

    /** An instruction on numbers of which {@link ScalarOps} runs the whole: NUMBER + its opcode, from 0xA0 to 0x11F. */
    static final int NUMBERS = 0xA0;
    static final int NUMBER = NUMBERS - OpBytes.I32_EQZ;

    // Internal, outlined
    static final int COPY_V128 = 0x120;
    static final int COPY_REF = 0x121;
    static final int NULL_REF = 0x122;
    static final int CONST_V128 = 0x123;
    /** a = result, b = global. */
    static final int GLOBAL_GET_REF = 0x124;
    static final int GLOBAL_SET_REF = 0x125;
    static final int GLOBAL_GET_V128 = 0x126;
    static final int GLOBAL_SET_V128 = 0x127;
    static final int SELECT_V128 = 0x128;
    static final int SELECT_REF = 0x129;
    /** a = first operand, imm32 = tag. */
    static final int THROW = 0x12B;
    static final int THROW_REF = 0x12C;
    /** Branch (imm32) if the reference in a is null, or not null. */
    static final int BR_NULL = 0x12D;
    static final int BR_NOT_NULL = 0x12E;
    /**
     * Branch (imm32) if the reference in a is of the type that follows, or is not: 1 bit nullable, then the heap type.
     */
    static final int BR_CAST = 0x12F;
    static final int BR_NOT_CAST = 0x130;
    static final int REF_TEST = 0x131;
    static final int REF_CAST = 0x132;
    /** a = result, or value, imm32 = global: a number of another instance. */
    static final int GLOBAL_GET_IMPORTED = 0x133;
    static final int GLOBAL_SET_IMPORTED = 0x134;

    static final int WASM = 0x200;

    private static final int SLOT_MASK = 0xFFFF;

    private Code() {
    }

    /**
     * How an instruction on numbers is coded, one of those from I32_EQZ to I64_EXTEND32_S: as the dispatch loop runs it, or for
     * {@link ScalarOps}. What a slot holds of an i32 is its i64 too: several are one.
     */
    static int ofNumber(int op) {
        return switch (op) {
            case OpBytes.I32_DIV_S -> I32_DIV_S;
            case OpBytes.I32_DIV_U -> I32_DIV_U;
            case OpBytes.I32_REM_U -> I32_REM_U;
            case OpBytes.I32_REM_S, OpBytes.I64_REM_S -> REM_S;
            case OpBytes.I64_DIV_S -> I64_DIV_S;
            case OpBytes.I64_DIV_U -> I64_DIV_U;
            case OpBytes.I64_REM_U -> I64_REM_U;
            case OpBytes.I32_TRUNC_F64_S -> I32_TRUNC_S;
            case OpBytes.I32_TRUNC_F64_U -> I32_TRUNC_U;
            case OpBytes.I64_TRUNC_F64_S -> I64_TRUNC_S;
            case OpBytes.I64_TRUNC_F64_U -> I64_TRUNC_U;
            case OpBytes.F64_CONVERT_I64_U -> F64_CONVERT_U;
            case OpBytes.F64_FLOOR -> F64_FLOOR;
            case OpBytes.F64_CEIL -> F64_CEIL;
            case OpBytes.F64_MIN -> F64_MIN;
            case OpBytes.F64_MAX -> F64_MAX;
            case OpBytes.F64_CONVERT_I32_S, OpBytes.F64_CONVERT_I64_S -> F64_CONVERT_S;
            case OpBytes.F64_EQ -> F64_EQ;
            case OpBytes.F64_PROMOTE_F32 -> F64_PROMOTE;
            case OpBytes.F32_DEMOTE_F64 -> F32_DEMOTE;
            case OpBytes.I32_ROTL -> I32_ROTL;
            case OpBytes.I64_ROTL -> I64_ROTL;
            case OpBytes.F64_SQRT -> F64_SQRT;
            case OpBytes.I32_CLZ -> I32_CLZ;
            case OpBytes.I64_CLZ -> I64_CLZ;
            case OpBytes.I64_CTZ -> CTZ;
            case OpBytes.I64_POPCNT -> POPCNT;
            default -> NUMBER + op;
        };
    }

    /**
     * The instruction of {@link #NUMBER} for what the dispatch loop leaves of one that it has: a trap, or a rare case such as a
     * NaN that is to be made quiet. 0 for those that it has whole.
     */
    static int exact(int op) {
        return switch (op) {
            case I32_DIV_S -> NUMBER + OpBytes.I32_DIV_S;
            case I32_DIV_U -> NUMBER + OpBytes.I32_DIV_U;
            case I32_REM_U -> NUMBER + OpBytes.I32_REM_U;
            case REM_S -> NUMBER + OpBytes.I64_REM_S;
            case I64_DIV_S -> NUMBER + OpBytes.I64_DIV_S;
            case I64_DIV_U -> NUMBER + OpBytes.I64_DIV_U;
            case I64_REM_U -> NUMBER + OpBytes.I64_REM_U;
            case I32_TRUNC_S -> NUMBER + OpBytes.I32_TRUNC_F64_S;
            case I32_TRUNC_U -> NUMBER + OpBytes.I32_TRUNC_F64_U;
            case I64_TRUNC_S -> NUMBER + OpBytes.I64_TRUNC_F64_S;
            case I64_TRUNC_U -> NUMBER + OpBytes.I64_TRUNC_F64_U;
            case F64_CONVERT_U -> NUMBER + OpBytes.F64_CONVERT_I64_U;
            case F64_FLOOR -> NUMBER + OpBytes.F64_FLOOR;
            case F64_CEIL -> NUMBER + OpBytes.F64_CEIL;
            case F64_MIN -> NUMBER + OpBytes.F64_MIN;
            case F64_MAX -> NUMBER + OpBytes.F64_MAX;
            default -> 0;
        };
    }

    static long word(int op, int a, int b, int c) {
        return op | (long) a << 16 | (long) b << 32 | (long) c << 48;
    }

    static long word(int op, int a, int imm) {
        return op | (long) a << 16 | (long) imm << 32;
    }

    static int op(long word) {
        return (int) word & SLOT_MASK;
    }

    static int a(long word) {
        return (int) word >>> 16;
    }

    static int b(long word) {
        return (int) (word >>> 32) & SLOT_MASK;
    }

    static int c(long word) {
        return (int) (word >>> 48);
    }

    static int imm(long word) {
        return (int) (word >>> 32);
    }
}
