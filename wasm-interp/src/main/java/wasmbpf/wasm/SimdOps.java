package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getByte;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.getShort;
import static wasmbpf.wasm.RawMemory.putLong;

import java.nio.charset.StandardCharsets;

/**
 * The codes after 0xFD: vectors. They lie in two slots of the frame like in memory. Every result is written as two words: a
 * processor has to wait before it reads a word that was written in parts.
 */
final class SimdOps {
    /**
     * Who runs an instruction, by its number: m {@link SimdMemoryOps}; 1 2 4 8 {@link SimdIntOps}, bytes a lane; f d {@link
     * SimdFloatOps}; x {@link SimdWidthOps}; here l one lane, t three vectors, v others.
     */
    private static final byte[] FAMILIES = (""
            + "mmmmmmmmmmmm.vvv" // 0x00
            + "vvvvvlllllllllll" // 0x10
            + "lll1111111111222"
            + "2222222444444444"
            + "4ffffffddddddvvv" // 0x40
            + "vvtvmmmmmmmmmmxx"
            + "111vvxxffff11111"
            + "1111dd1111d1xxxx"
            + "222vvxxxxxx22222" // 0x80
            + "2222d22222.2xxxx"
            + "44.vv..xxxx4444."
            + ".4...44444x.xxxx"
            + "88.vv..xxxx8888." // 0xC0
            + ".8...8888888xxxx"
            + "ff.fffffffffdd.d"
            + "ddddddddxxxxxxxx"
            + "vxxxxttttttttffd" // 0x100
            + "d2xt").getBytes(StandardCharsets.ISO_8859_1);

    private SimdOps() {
    }

    /** As {@link ColdOps#next}. */
    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        long a = ColdOps.a(w, fp);
        long b = ColdOps.b(w, fp);
        long c = ColdOps.c(w, fp);
        switch (FAMILIES[op - OpBytes.SIMD]) {
            case 'm' -> {
                return SimdMemoryOps.execute(op, w, pc, fp, f);
            }
            case '1' -> SimdIntOps.execute(op, PackedInts.H8, a, b, c);
            case '2' -> SimdIntOps.execute(op, PackedInts.H16, a, b, c);
            case '4' -> SimdIntOps.execute(op, PackedInts.H32, a, b, c);
            case '8' -> SimdIntOps.execute(op, PackedInts.H64, a, b, c);
            case 'f' -> SimdFloatOps.floats(op, a, b, c);
            case 'd' -> SimdFloatOps.doubles(op, a, b, c);
            case 'x' -> SimdWidthOps.execute(op, a, b, c);
            case 'l' -> {
                lane(op, f.half(pc), a, b, c);
                return pc + 8;
            }
            case 't' -> {
                ternary(op, a, b, c, fp + 8 * (f.word(pc) & 0xFFFF));
                return pc + 8;
            }
            default -> {
                if (op == OpBytes.I8X16_SHUFFLE) {
                    long low = chosen(b, c, f.word(pc));
                    put(a, low, chosen(b, c, f.word(pc + 8)));
                    return pc + 16;
                }
                others(op, a, b, c);
            }
        }
        return pc;
    }

    /** A vector: a slot and the one behind it. */
    static void put(long a, long low, long high) {
        putLong(a, low);
        putLong(a + 8, high);
    }

    /** Half of i8x16.shuffle: indices 0 to 15 choose from the first vector, 16 to 31 from the second. */
    private static long chosen(long b, long c, long indices) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            long index = indices >>> i & 31;
            result |= (getByte((index < 16 ? b : c - 16) + index) & 0xFFL) << i;
        }
        return result;
    }

    private static void ternary(int op, long a, long b, long c, long d) {
        long x = getLong(b);
        long y = getLong(c);
        long z = getLong(d);
        long high = getLong(b + 8);
        long highY = getLong(c + 8);
        long highZ = getLong(d + 8);
        switch (op) {
            case OpBytes.F32X4_RELAXED_MADD, OpBytes.F32X4_RELAXED_NMADD, OpBytes.F64X2_RELAXED_MADD,
                    OpBytes.F64X2_RELAXED_NMADD -> SimdFloatOps.madd(op, a, b, c, d);
            case OpBytes.I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S ->
                put(a, WideLanes.i32x4RelaxedDotAdd(x, y, z), WideLanes.i32x4RelaxedDotAdd(high, highY, highZ));
            default -> put(a, Lanes.bitselect(x, y, z), Lanes.bitselect(high, highY, highZ));
        }
    }

    /** extract_lane and replace_lane. */
    private static void lane(int op, int lane, long a, long b, long c) {
        switch (op) {
            case OpBytes.I8X16_EXTRACT_LANE_S -> putLong(a, getByte(b + lane));
            case OpBytes.I8X16_EXTRACT_LANE_U -> putLong(a, getByte(b + lane) & 0xFF);
            case OpBytes.I16X8_EXTRACT_LANE_S -> putLong(a, getShort(b + 2L * lane));
            case OpBytes.I16X8_EXTRACT_LANE_U -> putLong(a, getShort(b + 2L * lane) & 0xFFFF);
            case OpBytes.I32X4_EXTRACT_LANE, OpBytes.F32X4_EXTRACT_LANE -> putLong(a, getInt(b + 4L * lane));
            case OpBytes.I64X2_EXTRACT_LANE, OpBytes.F64X2_EXTRACT_LANE -> putLong(a, getLong(b + 8L * lane));
            case OpBytes.I8X16_REPLACE_LANE -> replace(a, b, getLong(c), 8 * lane, 0xFF);
            case OpBytes.I16X8_REPLACE_LANE -> replace(a, b, getLong(c), 16 * lane, 0xFFFF);
            case OpBytes.I32X4_REPLACE_LANE, OpBytes.F32X4_REPLACE_LANE -> replace(a, b, getLong(c), 32 * lane, 0xFFFFFFFFL);
            default -> replace(a, b, getLong(c), 64 * lane, -1);
        }
    }

    /**
     * A vector with another lane.
     *
     * @param bit its first
     * @param mask of a lane, not shifted
     */
    static void replace(long a, long b, long value, int bit, long mask) {
        long low = getLong(b);
        long high = getLong(b + 8);
        if (bit < 64) {
            put(a, Lanes.replace(low, value, bit, mask), high);
        } else {
            put(a, low, Lanes.replace(high, value, bit - 64, mask));
        }
    }

    private static void others(int op, long a, long b, long c) {
        long low = getLong(b);
        long high = getLong(b + 8);
        switch (op) {
            case OpBytes.V128_NOT -> put(a, ~low, ~high);
            case OpBytes.V128_AND -> put(a, low & getLong(c), high & getLong(c + 8));
            case OpBytes.V128_ANDNOT -> put(a, low & ~getLong(c), high & ~getLong(c + 8));
            case OpBytes.V128_OR -> put(a, low | getLong(c), high | getLong(c + 8));
            case OpBytes.V128_XOR -> put(a, low ^ getLong(c), high ^ getLong(c + 8));
            case OpBytes.I8X16_SPLAT -> splat(a, Lanes.i8x16Splat((int) low));
            case OpBytes.I16X8_SPLAT -> splat(a, Lanes.i16x8Splat((int) low));
            case OpBytes.I32X4_SPLAT, OpBytes.F32X4_SPLAT -> splat(a, Lanes.i32x4Splat((int) low));
            case OpBytes.I64X2_SPLAT, OpBytes.F64X2_SPLAT -> splat(a, low);
            case OpBytes.I8X16_SWIZZLE, OpBytes.I8X16_RELAXED_SWIZZLE ->
                put(a, Lanes.swizzle(low, high, getLong(c)), Lanes.swizzle(low, high, getLong(c + 8)));
            case OpBytes.V128_ANY_TRUE -> putLong(a, Lanes.anyTrue(low, high));
            case OpBytes.I8X16_ALL_TRUE -> putLong(a, Lanes.allTrue(low, high, 8));
            case OpBytes.I16X8_ALL_TRUE -> putLong(a, Lanes.allTrue(low, high, 16));
            case OpBytes.I32X4_ALL_TRUE -> putLong(a, Lanes.allTrue(low, high, 32));
            case OpBytes.I64X2_ALL_TRUE -> putLong(a, Lanes.allTrue(low, high, 64));
            case OpBytes.I8X16_BITMASK -> putLong(a, Lanes.bitmask(low, high, 8));
            case OpBytes.I16X8_BITMASK -> putLong(a, Lanes.bitmask(low, high, 16));
            case OpBytes.I32X4_BITMASK -> putLong(a, Lanes.bitmask(low, high, 32));
            case OpBytes.I64X2_BITMASK -> putLong(a, Lanes.bitmask(low, high, 64));
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    static void splat(long a, long half) {
        put(a, half, half);
    }
}
