package wasmbpf.wasm.compile;

import java.lang.constant.ClassDesc;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/**
 * What makes a half of a vector from halves of the operands: a method of {@code PackedInts} or {@code WideLanes}.
 *
 * @param signBits the last argument, see {@code PackedInts}; 0: there is none
 */
record HalfMethod(ClassDesc owner, String name, long signBits) {
    static HalfMethod of(int op) {
        return switch (op) {
            case OpBytes.I8X16_POPCNT -> ofOneWidth("popcnt8");
            case OpBytes.I16X8_MUL -> ofOneWidth("mul16");
            case OpBytes.I16X8_Q15MULR_SAT_S, OpBytes.I16X8_RELAXED_Q15MULR_S -> ofOneWidth("q15mulrSatS");
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_S -> wide("i16x8ExtaddPairwiseI8x16S");
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_U -> wide("i16x8ExtaddPairwiseI8x16U");
            case OpBytes.I16X8_RELAXED_DOT_I8X16_I7X16_S -> wide("i16x8RelaxedDotI8x16I7x16S");
            case OpBytes.I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S -> wide("i32x4RelaxedDotAdd");
            default -> packed(Opcode.of(op).mnemonic());
        };
    }

    private static HalfMethod ofOneWidth(String name) {
        return new HalfMethod(Names.PACKED_INTS, name, 0);
    }

    private static HalfMethod wide(String name) {
        return new HalfMethod(Names.WIDE_LANES, name, 0);
    }

    /** {@code i16x8.add_sat_s}: {@code addSatS} with the sign bits of lanes of 16 bits. */
    private static HalfMethod packed(String mnemonic) {
        int dot = mnemonic.indexOf('.');
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (char c : mnemonic.substring(dot + 1).toCharArray()) {
            if (c != '_') {
                name.append(upper ? Character.toUpperCase(c) : c);
            }
            upper = c == '_';
        }
        long signBits = switch (mnemonic.substring(0, dot)) {
            case "i8x16" -> 0x8080808080808080L;
            case "i16x8" -> 0x8000800080008000L;
            case "i64x2" -> Long.MIN_VALUE;
            default -> throw new IllegalStateException("not translated: " + mnemonic);
        };
        return new HalfMethod(Names.PACKED_INTS, name.toString(), signBits);
    }
}
