package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.SimdOps.put;

/** Arithmetic on integer lanes that keeps their width; the rules are in {@link PackedInts}. */
final class SimdIntOps {
    private SimdIntOps() {
    }

    /**
     * Operands in b and c (a shift's count there too), the result in a.
     *
     * @param h the highest bit of each lane
     */
    static void execute(int op, long h, long a, long b, long c) {
        long x = getLong(b);
        long high = getLong(b + 8);
        long y = getLong(c);
        // Of a unary instruction, any slot; of a shift, the slot behind the count. Either lies on the stack.
        long highY = getLong(c + 8);
        switch (op) {
            case OpBytes.I8X16_EQ, OpBytes.I16X8_EQ, OpBytes.I32X4_EQ, OpBytes.I64X2_EQ ->
                put(a, PackedInts.eq(x, y, h), PackedInts.eq(high, highY, h));
            case OpBytes.I8X16_NE, OpBytes.I16X8_NE, OpBytes.I32X4_NE, OpBytes.I64X2_NE ->
                put(a, PackedInts.ne(x, y, h), PackedInts.ne(high, highY, h));
            case OpBytes.I8X16_LT_S, OpBytes.I16X8_LT_S, OpBytes.I32X4_LT_S, OpBytes.I64X2_LT_S ->
                put(a, PackedInts.ltS(x, y, h), PackedInts.ltS(high, highY, h));
            case OpBytes.I8X16_LT_U, OpBytes.I16X8_LT_U, OpBytes.I32X4_LT_U ->
                put(a, PackedInts.ltU(x, y, h), PackedInts.ltU(high, highY, h));
            case OpBytes.I8X16_GT_S, OpBytes.I16X8_GT_S, OpBytes.I32X4_GT_S, OpBytes.I64X2_GT_S ->
                put(a, PackedInts.gtS(x, y, h), PackedInts.gtS(high, highY, h));
            case OpBytes.I8X16_GT_U, OpBytes.I16X8_GT_U, OpBytes.I32X4_GT_U ->
                put(a, PackedInts.gtU(x, y, h), PackedInts.gtU(high, highY, h));
            case OpBytes.I8X16_LE_S, OpBytes.I16X8_LE_S, OpBytes.I32X4_LE_S, OpBytes.I64X2_LE_S ->
                put(a, PackedInts.leS(x, y, h), PackedInts.leS(high, highY, h));
            case OpBytes.I8X16_LE_U, OpBytes.I16X8_LE_U, OpBytes.I32X4_LE_U ->
                put(a, PackedInts.leU(x, y, h), PackedInts.leU(high, highY, h));
            case OpBytes.I8X16_GE_S, OpBytes.I16X8_GE_S, OpBytes.I32X4_GE_S, OpBytes.I64X2_GE_S ->
                put(a, PackedInts.geS(x, y, h), PackedInts.geS(high, highY, h));
            case OpBytes.I8X16_GE_U, OpBytes.I16X8_GE_U, OpBytes.I32X4_GE_U ->
                put(a, PackedInts.geU(x, y, h), PackedInts.geU(high, highY, h));
            case OpBytes.I8X16_ADD, OpBytes.I16X8_ADD, OpBytes.I32X4_ADD, OpBytes.I64X2_ADD ->
                put(a, PackedInts.add(x, y, h), PackedInts.add(high, highY, h));
            case OpBytes.I8X16_SUB, OpBytes.I16X8_SUB, OpBytes.I32X4_SUB, OpBytes.I64X2_SUB ->
                put(a, PackedInts.sub(x, y, h), PackedInts.sub(high, highY, h));
            case OpBytes.I8X16_ADD_SAT_S, OpBytes.I16X8_ADD_SAT_S ->
                put(a, PackedInts.addSatS(x, y, h), PackedInts.addSatS(high, highY, h));
            case OpBytes.I8X16_ADD_SAT_U, OpBytes.I16X8_ADD_SAT_U ->
                put(a, PackedInts.addSatU(x, y, h), PackedInts.addSatU(high, highY, h));
            case OpBytes.I8X16_SUB_SAT_S, OpBytes.I16X8_SUB_SAT_S ->
                put(a, PackedInts.subSatS(x, y, h), PackedInts.subSatS(high, highY, h));
            case OpBytes.I8X16_SUB_SAT_U, OpBytes.I16X8_SUB_SAT_U ->
                put(a, PackedInts.subSatU(x, y, h), PackedInts.subSatU(high, highY, h));
            case OpBytes.I8X16_MIN_S, OpBytes.I16X8_MIN_S, OpBytes.I32X4_MIN_S ->
                put(a, PackedInts.minS(x, y, h), PackedInts.minS(high, highY, h));
            case OpBytes.I8X16_MIN_U, OpBytes.I16X8_MIN_U, OpBytes.I32X4_MIN_U ->
                put(a, PackedInts.minU(x, y, h), PackedInts.minU(high, highY, h));
            case OpBytes.I8X16_MAX_S, OpBytes.I16X8_MAX_S, OpBytes.I32X4_MAX_S ->
                put(a, PackedInts.maxS(x, y, h), PackedInts.maxS(high, highY, h));
            case OpBytes.I8X16_MAX_U, OpBytes.I16X8_MAX_U, OpBytes.I32X4_MAX_U ->
                put(a, PackedInts.maxU(x, y, h), PackedInts.maxU(high, highY, h));
            case OpBytes.I8X16_AVGR_U, OpBytes.I16X8_AVGR_U ->
                put(a, PackedInts.avgrU(x, y, h), PackedInts.avgrU(high, highY, h));
            case OpBytes.I8X16_ABS, OpBytes.I16X8_ABS, OpBytes.I32X4_ABS, OpBytes.I64X2_ABS ->
                put(a, PackedInts.abs(x, h), PackedInts.abs(high, h));
            case OpBytes.I8X16_NEG, OpBytes.I16X8_NEG, OpBytes.I32X4_NEG, OpBytes.I64X2_NEG ->
                put(a, PackedInts.neg(x, h), PackedInts.neg(high, h));
            case OpBytes.I8X16_SHL, OpBytes.I16X8_SHL, OpBytes.I32X4_SHL, OpBytes.I64X2_SHL ->
                put(a, PackedInts.shl(x, (int) y, h), PackedInts.shl(high, (int) y, h));
            case OpBytes.I8X16_SHR_S, OpBytes.I16X8_SHR_S, OpBytes.I32X4_SHR_S, OpBytes.I64X2_SHR_S ->
                put(a, PackedInts.shrS(x, (int) y, h), PackedInts.shrS(high, (int) y, h));
            case OpBytes.I8X16_SHR_U, OpBytes.I16X8_SHR_U, OpBytes.I32X4_SHR_U, OpBytes.I64X2_SHR_U ->
                put(a, PackedInts.shrU(x, (int) y, h), PackedInts.shrU(high, (int) y, h));
            case OpBytes.I8X16_POPCNT -> put(a, PackedInts.popcnt8(x), PackedInts.popcnt8(high));
            case OpBytes.I16X8_MUL -> put(a, PackedInts.mul16(x, y), PackedInts.mul16(high, highY));
            case OpBytes.I32X4_MUL -> put(a, PackedInts.mul32(x, y), PackedInts.mul32(high, highY));
            case OpBytes.I64X2_MUL -> put(a, x * y, high * highY);
            case OpBytes.I16X8_Q15MULR_SAT_S, OpBytes.I16X8_RELAXED_Q15MULR_S ->
                put(a, PackedInts.q15mulrSatS(x, y), PackedInts.q15mulrSatS(high, highY));
            default -> throw new IllegalStateException("instruction " + op);
        }
    }
}
