package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Conversions against exact arithmetic; the rest is held by the official suite. */
class NumericsTest {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private static BigInteger unsigned(long a) {
        return a >= 0 ? BigInteger.valueOf(a) : BigInteger.valueOf(a).add(TWO_64);
    }

    @Property
    void convertsUnsignedLongsAsExactArithmeticDoes(@ForAll long a) {
        assertEquals(unsigned(a).doubleValue(), Numerics.f64ConvertI64U(a));
        assertEquals(unsigned(a).floatValue(), Numerics.f32ConvertI64U(a));
    }

    @Property
    void convertsUnsignedLongsNearTiesAsExactArithmeticDoes(@ForAll @LongRange(min = -4, max = 4) long near,
            @ForAll @LongRange(min = 24, max = 63) long bit) {
        long tie = Long.MIN_VALUE | 1L << 63 - bit;
        convertsUnsignedLongsAsExactArithmeticDoes(tie + near);
        convertsUnsignedLongsAsExactArithmeticDoes(-1 - (1L << bit) + near);
    }

    @Property
    void truncatesAnyDouble(@ForAll long bits) {
        check(Double.longBitsToDouble(bits));
    }

    @Property
    void truncatesDoublesNearTheBounds(@ForAll @LongRange(min = -3, max = 3) long ulps, @ForAll boolean negative,
            @ForAll @LongRange(min = 0, max = 3) long which) {
        double bound = new double[] {0x1p31, 0x1p32, 0x1p63, 0x1p64}[(int) which];
        double a = Double.longBitsToDouble(Double.doubleToRawLongBits(negative ? -bound : bound) + ulps);
        check(a);
        check(negative ? a - 0.5 : a + 0.5);
    }

    private static void check(double a) {
        BigInteger whole = Double.isFinite(a) ? new BigDecimal(a).toBigInteger() : null;
        compare(a, whole, BigInteger.ONE.shiftLeft(31).negate(), BigInteger.ONE.shiftLeft(31),
                () -> Numerics.i32TruncS(a), Numerics.i32TruncSatS(a), 32);
        compare(a, whole, BigInteger.ZERO, BigInteger.ONE.shiftLeft(32), () -> Numerics.i32TruncU(a),
                Numerics.i32TruncSatU(a), 32);
        compare(a, whole, BigInteger.ONE.shiftLeft(63).negate(), BigInteger.ONE.shiftLeft(63),
                () -> Numerics.i64TruncS(a), Numerics.i64TruncSatS(a), 64);
        compare(a, whole, BigInteger.ZERO, TWO_64, () -> Numerics.i64TruncU(a), Numerics.i64TruncSatU(a), 64);
    }

    private interface Truncation {
        long get();
    }

    /** Bounds: min included, end not. */
    private static void compare(double a, BigInteger whole, BigInteger min, BigInteger end, Truncation trapping,
            long saturated, int bits) {
        if (Double.isNaN(a)) {
            assertEquals(Trap.Kind.INVALID_CONVERSION, assertThrows(Trap.class, trapping::get).kind());
            assertEquals(0, saturated);
            return;
        }
        boolean low = whole == null ? a < 0 : whole.compareTo(min) < 0;
        boolean high = whole == null ? a > 0 : whole.compareTo(end) >= 0;
        BigInteger expected = low ? min : high ? end.subtract(BigInteger.ONE) : whole;
        long cut = bits == 32 ? expected.intValue() : expected.longValue();
        assertEquals(cut, saturated);
        if (low || high) {
            assertEquals(Trap.Kind.INTEGER_OVERFLOW, assertThrows(Trap.class, trapping::get).kind());
        } else {
            assertEquals(cut, trapping.get());
        }
    }
}
