package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Conversions of floats to integers that trap, beside exact arithmetic, in both tiers. */
class TruncationsTest {
    private static final double[] NUMBERS = {0, -0.0, 0.5, -0.5, 0.9999999, -0.9999999, 1, -1, 1e9, -1e9, 0x1p31, 0x1p31 - 1, 0x1p31 - 0.5,
        -0x1p31, -0x1p31 - 0.5, -0x1p31 - 1, 0x1p32, 0x1p32 - 1, 0x1p32 - 0.5, -0x1p32, 0x1p63, 0x1p63 - 1024, -0x1p63, -0x1p63 - 2048,
        0x1p64, 0x1p64 - 2048, -0x1p64, 1e300, -1e300, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
    private static final List<Integer> OPS = List.of(OpBytes.I32_TRUNC_F32_S, OpBytes.I32_TRUNC_F32_U, OpBytes.I32_TRUNC_F64_S,
            OpBytes.I32_TRUNC_F64_U, OpBytes.I64_TRUNC_F32_S, OpBytes.I64_TRUNC_F32_U, OpBytes.I64_TRUNC_F64_S, OpBytes.I64_TRUNC_F64_U);

    /** Of the same function as clang makes it: asks first whether the number's magnitude is below 2^31 or 2^63. */
    private static WasmModule module(int op, String signature, boolean guarded) {
        WasmEncoder encoder = new WasmEncoder();
        boolean single = signature.charAt(0) == 'f';
        boolean wide = signature.endsWith("l");
        int f = encoder.function(signature, c -> {
            if (guarded) {
                double limit = wide ? 0x1p63 : 0x1p31;
                c.op(OpBytes.BLOCK, -64).op(OpBytes.LOCAL_GET, 0).op(single ? OpBytes.F32_ABS : OpBytes.F64_ABS);
                c.op(single ? OpBytes.F32_CONST : OpBytes.F64_CONST,
                        single ? Float.floatToRawIntBits((float) limit) : Double.doubleToRawLongBits(limit)).op(single ? OpBytes.F32_LT : OpBytes.F64_LT).op(OpBytes.I32_EQZ).op(OpBytes.BR_IF, 0).op(OpBytes.LOCAL_GET, 0)
                        .op(op).op(OpBytes.RETURN).op(OpBytes.END);
            }
            c.op(OpBytes.LOCAL_GET, 0).op(op).op(OpBytes.NOP);
        });
        encoder.export("f", ExternKind.FUNC, f);
        return encoder.module("truncations.wasm");
    }

    private static void compare(int op, Tier tier, boolean guarded) {
        String mnemonic = Opcode.of(op).mnemonic();
        boolean single = mnemonic.contains("f32");
        boolean wide = mnemonic.startsWith("i64");
        boolean signed = mnemonic.endsWith("s");
        int bits = wide ? 64 : 32;
        BigInteger least = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
        BigInteger most = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
        WasmModule module = module(op, (single ? "f" : "d") + ":" + (wide ? "l" : "i"), guarded);
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            WasmFunction f = instance.exportedFunction("f");
            for (double n : NUMBERS) {
                double number = single ? (float) n : n;
                long slot = single ? Float.floatToRawIntBits((float) n) : Double.doubleToRawLongBits(n);
                BigInteger whole = Double.isFinite(number) ? new BigDecimal(number).toBigInteger() : null;
                if (whole != null && whole.compareTo(least) >= 0 && whole.compareTo(most) <= 0) {
                    long expected = wide ? whole.longValue() : whole.intValue();
                    long result = f.invoke(slot)[0];
                    assertEquals(expected, wide ? result : (int) result, mnemonic + " of " + number);
                } else {
                    Trap trap = assertThrows(Trap.class, () -> f.invoke(slot), mnemonic + " of " + number);
                    assertEquals(number != number ? Trap.Kind.INVALID_CONVERSION : Trap.Kind.INTEGER_OVERFLOW, trap.kind());
                    // The body's first conversion, or the one behind the block.
                    int first = single ? 17 : 21;
                    boolean inside = Math.abs(number) < (wide ? 0x1p63 : 0x1p31);
                    assertEquals(module.bodyStart(0) + (guarded ? inside ? first : first + 5 : 3), trap.stack().get(0).offset(), mnemonic);
                }
            }
        }
    }

    @Test
    void truncateOrTrapAtTheInstruction() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        for (int op : OPS) {
            for (Tier tier : Arrays.asList(null, JvmTier.always())) {
                compare(op, tier, false);
                compare(op, tier, true);
            }
        }
    }
}
