package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/** The codes after 0xFD: vectors. The arithmetic itself is in {@link Lanes}. */
final class SimdOps {
    private SimdOps() {
    }

    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        switch (op) {
            case OpBytes.V128_LOAD, OpBytes.V128_LOAD8X8_S, OpBytes.V128_LOAD8X8_U, OpBytes.V128_LOAD16X4_S,
                    OpBytes.V128_LOAD16X4_U, OpBytes.V128_LOAD32X2_S, OpBytes.V128_LOAD32X2_U,
                    OpBytes.V128_LOAD8_SPLAT, OpBytes.V128_LOAD16_SPLAT, OpBytes.V128_LOAD32_SPLAT,
                    OpBytes.V128_LOAD64_SPLAT, OpBytes.V128_LOAD32_ZERO, OpBytes.V128_LOAD64_ZERO,
                    OpBytes.V128_STORE, OpBytes.V128_LOAD8_LANE, OpBytes.V128_LOAD16_LANE, OpBytes.V128_LOAD32_LANE,
                    OpBytes.V128_LOAD64_LANE, OpBytes.V128_STORE8_LANE, OpBytes.V128_STORE16_LANE,
                    OpBytes.V128_STORE32_LANE, OpBytes.V128_STORE64_LANE -> {
                memory(op, w, pc, fp, f);
                return pc + 16;
            }
            case OpBytes.I8X16_SHUFFLE -> {
                long b = ColdOps.b(w, fp);
                long c = ColdOps.c(w, fp);
                long low = Lanes.shuffle(getLong(b), getLong(b + 8), getLong(c), getLong(c + 8), f.word(pc));
                long high = Lanes.shuffle(getLong(b), getLong(b + 8), getLong(c), getLong(c + 8), f.word(pc + 8));
                put(ColdOps.a(w, fp), low, high);
                return pc + 16;
            }
            case OpBytes.V128_BITSELECT, OpBytes.I8X16_RELAXED_LANESELECT, OpBytes.I16X8_RELAXED_LANESELECT,
                    OpBytes.I32X4_RELAXED_LANESELECT, OpBytes.I64X2_RELAXED_LANESELECT, OpBytes.F32X4_RELAXED_MADD,
                    OpBytes.F32X4_RELAXED_NMADD, OpBytes.F64X2_RELAXED_MADD, OpBytes.F64X2_RELAXED_NMADD,
                    OpBytes.I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S -> {
                long b = ColdOps.b(w, fp);
                long c = ColdOps.c(w, fp);
                long d = fp + 8 * (f.word(pc) & 0xFFFF);
                long low = ternary(op, getLong(b), getLong(c), getLong(d));
                put(ColdOps.a(w, fp), low, ternary(op, getLong(b + 8), getLong(c + 8), getLong(d + 8)));
                return pc + 8;
            }
            default -> {
                int signature = OpBytes.SIGNATURES[op];
                if (OpBytes.IMMEDIATES[op] == Imm.LANE.ordinal()) {
                    lane(op, signature >>> 12, w, f.word(pc), fp);
                    return pc + 8;
                }
                special(op, signature, w, fp);
                return pc;
            }
        }
    }

    private static void put(long a, long low, long high) {
        putLong(a, low);
        putLong(a + 8, high);
    }

    private static long ternary(int op, long x, long y, long z) {
        return switch (op) {
            case OpBytes.F32X4_RELAXED_MADD -> Lanes.f32x4Madd(x, y, z);
            case OpBytes.F32X4_RELAXED_NMADD -> Lanes.f32x4Nmadd(x, y, z);
            case OpBytes.F64X2_RELAXED_MADD -> Lanes.f64x2Madd(x, y, z);
            case OpBytes.F64X2_RELAXED_NMADD -> Lanes.f64x2Nmadd(x, y, z);
            case OpBytes.I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S -> Lanes.i32x4RelaxedDotAdd(x, y, z);
            default -> Lanes.bitselect(x, y, z);
        };
    }

    private static void memory(int op, long w, long pc, long fp, GuestFunction f) {
        int bytes = 1 << (OpBytes.SIGNATURES[op] >>> 12);
        long at = MemoryOps.address(f, w, pc, fp, bytes);
        long a = ColdOps.a(w, fp);
        long vector = fp + 8 * (f.word(pc + 8) & 0xFFFF);
        int lane = f.half(pc + 12);
        switch (op) {
            case OpBytes.V128_LOAD -> put(a, getLong(at), getLong(at + 8));
            case OpBytes.V128_STORE -> put(at, getLong(vector), getLong(vector + 8));
            case OpBytes.V128_LOAD8X8_S -> put(a, Lanes.extend8S(getLong(at), 0), Lanes.extend8S(getLong(at), 1));
            case OpBytes.V128_LOAD8X8_U -> put(a, Lanes.extend8U(getLong(at), 0), Lanes.extend8U(getLong(at), 1));
            case OpBytes.V128_LOAD16X4_S -> put(a, Lanes.extend16S(getLong(at), 0), Lanes.extend16S(getLong(at), 1));
            case OpBytes.V128_LOAD16X4_U -> put(a, Lanes.extend16U(getLong(at), 0), Lanes.extend16U(getLong(at), 1));
            case OpBytes.V128_LOAD32X2_S -> put(a, Lanes.extend32S(getLong(at), 0), Lanes.extend32S(getLong(at), 1));
            case OpBytes.V128_LOAD32X2_U -> put(a, Lanes.extend32U(getLong(at), 0), Lanes.extend32U(getLong(at), 1));
            case OpBytes.V128_LOAD8_SPLAT, OpBytes.V128_LOAD16_SPLAT, OpBytes.V128_LOAD32_SPLAT,
                    OpBytes.V128_LOAD64_SPLAT -> splat(a, read(at, bytes), bytes);
            case OpBytes.V128_LOAD32_ZERO, OpBytes.V128_LOAD64_ZERO -> put(a, read(at, bytes), 0);
            case OpBytes.V128_LOAD8_LANE, OpBytes.V128_LOAD16_LANE, OpBytes.V128_LOAD32_LANE,
                    OpBytes.V128_LOAD64_LANE -> {
                long value = read(at, bytes);
                long high = getLong(vector + 8);
                put(a, getLong(vector), high);
                write(a + (long) lane * bytes, bytes, value);
            }
            default -> write(at, bytes, read(vector + (long) lane * bytes, bytes));
        }
    }

    private static long read(long at, int bytes) {
        return switch (bytes) {
            case 1 -> RawMemory.getByte(at) & 0xFF;
            case 2 -> RawMemory.getShort(at) & 0xFFFF;
            case 4 -> getInt(at) & 0xFFFFFFFFL;
            default -> getLong(at);
        };
    }

    private static void write(long at, int bytes, long value) {
        switch (bytes) {
            case 1 -> RawMemory.putByte(at, (byte) value);
            case 2 -> RawMemory.putShort(at, (short) value);
            case 4 -> RawMemory.putInt(at, (int) value);
            default -> putLong(at, value);
        }
    }

    private static void splat(long a, long value, int bytes) {
        long half = switch (bytes) {
            case 1 -> (value & 0xFF) * 0x0101010101010101L;
            case 2 -> (value & 0xFFFF) * 0x0001000100010001L;
            case 4 -> (value & 0xFFFFFFFFL) * 0x0000000100000001L;
            default -> value;
        };
        put(a, half, half);
    }

    /** extract_lane and replace_lane: a vector's lanes lie in its two slots like in memory. */
    private static void lane(int op, int widthLog2, long w, long lane, long fp) {
        int bytes = 1 << widthLog2;
        long at = lane << widthLog2;
        long a = ColdOps.a(w, fp);
        long b = ColdOps.b(w, fp);
        switch (op) {
            case OpBytes.I8X16_EXTRACT_LANE_S -> putLong(a, RawMemory.getByte(b + at));
            case OpBytes.I16X8_EXTRACT_LANE_S -> putLong(a, RawMemory.getShort(b + at));
            case OpBytes.I32X4_EXTRACT_LANE, OpBytes.F32X4_EXTRACT_LANE -> putLong(a, getInt(b + at));
            case OpBytes.I8X16_EXTRACT_LANE_U, OpBytes.I16X8_EXTRACT_LANE_U, OpBytes.I64X2_EXTRACT_LANE,
                    OpBytes.F64X2_EXTRACT_LANE -> putLong(a, read(b + at, bytes));
            default -> {
                long value = getLong(ColdOps.c(w, fp));
                long high = getLong(b + 8);
                put(a, getLong(b), high);
                write(a + at, bytes, value);
            }
        }
    }

    /** Operands in b and c, the result in a. */
    private static void special(int op, int signature, long w, long fp) {
        long a = ColdOps.a(w, fp);
        long b = ColdOps.b(w, fp);
        long c = ColdOps.c(w, fp);
        long low = getLong(b);
        switch (op) {
            case OpBytes.I8X16_SPLAT -> splat(a, low, 1);
            case OpBytes.I16X8_SPLAT -> splat(a, low, 2);
            case OpBytes.I32X4_SPLAT, OpBytes.F32X4_SPLAT -> splat(a, low, 4);
            case OpBytes.I64X2_SPLAT, OpBytes.F64X2_SPLAT -> splat(a, low, 8);
            case OpBytes.I8X16_SWIZZLE, OpBytes.I8X16_RELAXED_SWIZZLE -> {
                long first = Lanes.swizzle(low, getLong(b + 8), getLong(c));
                put(a, first, Lanes.swizzle(low, getLong(b + 8), getLong(c + 8)));
            }
            case OpBytes.V128_ANY_TRUE -> putLong(a, (low | getLong(b + 8)) != 0 ? 1 : 0);
            case OpBytes.I8X16_ALL_TRUE -> allTrue(a, b, 8);
            case OpBytes.I16X8_ALL_TRUE -> allTrue(a, b, 16);
            case OpBytes.I32X4_ALL_TRUE -> allTrue(a, b, 32);
            case OpBytes.I64X2_ALL_TRUE -> allTrue(a, b, 64);
            case OpBytes.I8X16_BITMASK -> bitmask(a, b, 8);
            case OpBytes.I16X8_BITMASK -> bitmask(a, b, 16);
            case OpBytes.I32X4_BITMASK -> bitmask(a, b, 32);
            case OpBytes.I64X2_BITMASK -> bitmask(a, b, 64);
            case OpBytes.I8X16_NARROW_I16X8_S -> {
                long first = Lanes.narrow16S(low, getLong(b + 8));
                put(a, first, Lanes.narrow16S(getLong(c), getLong(c + 8)));
            }
            case OpBytes.I8X16_NARROW_I16X8_U -> {
                long first = Lanes.narrow16U(low, getLong(b + 8));
                put(a, first, Lanes.narrow16U(getLong(c), getLong(c + 8)));
            }
            case OpBytes.I16X8_NARROW_I32X4_S -> {
                long first = Lanes.narrow32S(low, getLong(b + 8));
                put(a, first, Lanes.narrow32S(getLong(c), getLong(c + 8)));
            }
            case OpBytes.I16X8_NARROW_I32X4_U -> {
                long first = Lanes.narrow32U(low, getLong(b + 8));
                put(a, first, Lanes.narrow32U(getLong(c), getLong(c + 8)));
            }
            case OpBytes.F32X4_DEMOTE_F64X2_ZERO -> put(a, Lanes.pair(demote(low), demote(getLong(b + 8))), 0);
            case OpBytes.F64X2_PROMOTE_LOW_F32X4 -> put(a, Lanes.bits(Lanes.f32((int) low)),
                    Lanes.bits(Lanes.f32((int) (low >> 32))));
            case OpBytes.I32X4_TRUNC_SAT_F64X2_S_ZERO, OpBytes.I32X4_RELAXED_TRUNC_F64X2_S_ZERO ->
                put(a, Lanes.pair(Numerics.i32TruncSatS(Lanes.f64(low)),
                        Numerics.i32TruncSatS(Lanes.f64(getLong(b + 8)))), 0);
            case OpBytes.I32X4_TRUNC_SAT_F64X2_U_ZERO, OpBytes.I32X4_RELAXED_TRUNC_F64X2_U_ZERO ->
                put(a, Lanes.pair(Numerics.i32TruncSatU(Lanes.f64(low)),
                        Numerics.i32TruncSatU(Lanes.f64(getLong(b + 8)))), 0);
            case OpBytes.F64X2_CONVERT_LOW_I32X4_S -> put(a, Lanes.bits((int) low), Lanes.bits((int) (low >> 32)));
            case OpBytes.F64X2_CONVERT_LOW_I32X4_U -> put(a, Lanes.bits(Numerics.f64ConvertI32U((int) low)),
                    Lanes.bits(Numerics.f64ConvertI32U((int) (low >> 32))));
            default -> {
                int shape = signature & 0x1FF;
                if (isExtend(op)) {
                    extend(op, a, b, c);
                } else if (shape == VECTOR_I32) {
                    int count = getInt(c);
                    long first = shift(op, low, count);
                    put(a, first, shift(op, getLong(b + 8), count));
                } else if (shape == VECTOR) {
                    put(a, unary(op, low), unary(op, getLong(b + 8)));
                } else {
                    long first = binary(op, low, getLong(c));
                    put(a, first, binary(op, getLong(b + 8), getLong(c + 8)));
                }
            }
        }
    }

    /** Operands of a signature: see {@link OpBytes#SIGNATURES}. */
    private static final int VECTOR = 5;
    private static final int VECTOR_I32 = 5 | 1 << 3;

    private static int demote(long bits) {
        return Float.floatToRawIntBits((float) Lanes.f64(bits));
    }

    private static void allTrue(long a, long b, int laneBits) {
        putLong(a, Lanes.allTrue(getLong(b), laneBits) && Lanes.allTrue(getLong(b + 8), laneBits) ? 1 : 0);
    }

    private static void bitmask(long a, long b, int laneBits) {
        putLong(a, Lanes.bitmask(getLong(b), laneBits) | Lanes.bitmask(getLong(b + 8), laneBits) << 64 / laneBits);
    }

    private static boolean isExtend(int op) {
        return op >= OpBytes.I16X8_EXTEND_LOW_I8X16_S && op <= OpBytes.I16X8_EXTEND_HIGH_I8X16_U
                || op >= OpBytes.I32X4_EXTEND_LOW_I16X8_S && op <= OpBytes.I32X4_EXTEND_HIGH_I16X8_U
                || op >= OpBytes.I64X2_EXTEND_LOW_I32X4_S && op <= OpBytes.I64X2_EXTEND_HIGH_I32X4_U
                || op >= OpBytes.I16X8_EXTMUL_LOW_I8X16_S && op <= OpBytes.I16X8_EXTMUL_HIGH_I8X16_U
                || op >= OpBytes.I32X4_EXTMUL_LOW_I16X8_S && op <= OpBytes.I32X4_EXTMUL_HIGH_I16X8_U
                || op >= OpBytes.I64X2_EXTMUL_LOW_I32X4_S && op <= OpBytes.I64X2_EXTMUL_HIGH_I32X4_U;
    }

    /** extend and extmul: one half of each operand becomes a whole vector. */
    private static void extend(int op, long a, long b, long c) {
        switch (op) {
            case OpBytes.I16X8_EXTEND_LOW_I8X16_S -> {
                long x = getLong(b);
                put(a, Lanes.extend8S(x, 0), Lanes.extend8S(x, 1));
            }
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_S -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i16x8Mul(Lanes.extend8S(x, 0), Lanes.extend8S(y, 0)),
                        Lanes.i16x8Mul(Lanes.extend8S(x, 1), Lanes.extend8S(y, 1)));
            }
            case OpBytes.I16X8_EXTEND_LOW_I8X16_U -> {
                long x = getLong(b);
                put(a, Lanes.extend8U(x, 0), Lanes.extend8U(x, 1));
            }
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_U -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i16x8Mul(Lanes.extend8U(x, 0), Lanes.extend8U(y, 0)),
                        Lanes.i16x8Mul(Lanes.extend8U(x, 1), Lanes.extend8U(y, 1)));
            }
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_S -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend8S(x, 0), Lanes.extend8S(x, 1));
            }
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_S -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i16x8Mul(Lanes.extend8S(x, 0), Lanes.extend8S(y, 0)),
                        Lanes.i16x8Mul(Lanes.extend8S(x, 1), Lanes.extend8S(y, 1)));
            }
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_U -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend8U(x, 0), Lanes.extend8U(x, 1));
            }
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_U -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i16x8Mul(Lanes.extend8U(x, 0), Lanes.extend8U(y, 0)),
                        Lanes.i16x8Mul(Lanes.extend8U(x, 1), Lanes.extend8U(y, 1)));
            }
            case OpBytes.I32X4_EXTEND_LOW_I16X8_S -> {
                long x = getLong(b);
                put(a, Lanes.extend16S(x, 0), Lanes.extend16S(x, 1));
            }
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_S -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i32x4Mul(Lanes.extend16S(x, 0), Lanes.extend16S(y, 0)),
                        Lanes.i32x4Mul(Lanes.extend16S(x, 1), Lanes.extend16S(y, 1)));
            }
            case OpBytes.I32X4_EXTEND_LOW_I16X8_U -> {
                long x = getLong(b);
                put(a, Lanes.extend16U(x, 0), Lanes.extend16U(x, 1));
            }
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_U -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i32x4Mul(Lanes.extend16U(x, 0), Lanes.extend16U(y, 0)),
                        Lanes.i32x4Mul(Lanes.extend16U(x, 1), Lanes.extend16U(y, 1)));
            }
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_S -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend16S(x, 0), Lanes.extend16S(x, 1));
            }
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_S -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i32x4Mul(Lanes.extend16S(x, 0), Lanes.extend16S(y, 0)),
                        Lanes.i32x4Mul(Lanes.extend16S(x, 1), Lanes.extend16S(y, 1)));
            }
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_U -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend16U(x, 0), Lanes.extend16U(x, 1));
            }
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_U -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i32x4Mul(Lanes.extend16U(x, 0), Lanes.extend16U(y, 0)),
                        Lanes.i32x4Mul(Lanes.extend16U(x, 1), Lanes.extend16U(y, 1)));
            }
            case OpBytes.I64X2_EXTEND_LOW_I32X4_S -> {
                long x = getLong(b);
                put(a, Lanes.extend32S(x, 0), Lanes.extend32S(x, 1));
            }
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_S -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i64x2Mul(Lanes.extend32S(x, 0), Lanes.extend32S(y, 0)),
                        Lanes.i64x2Mul(Lanes.extend32S(x, 1), Lanes.extend32S(y, 1)));
            }
            case OpBytes.I64X2_EXTEND_LOW_I32X4_U -> {
                long x = getLong(b);
                put(a, Lanes.extend32U(x, 0), Lanes.extend32U(x, 1));
            }
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_U -> {
                long x = getLong(b);
                long y = getLong(c);
                put(a, Lanes.i64x2Mul(Lanes.extend32U(x, 0), Lanes.extend32U(y, 0)),
                        Lanes.i64x2Mul(Lanes.extend32U(x, 1), Lanes.extend32U(y, 1)));
            }
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_S -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend32S(x, 0), Lanes.extend32S(x, 1));
            }
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_S -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i64x2Mul(Lanes.extend32S(x, 0), Lanes.extend32S(y, 0)),
                        Lanes.i64x2Mul(Lanes.extend32S(x, 1), Lanes.extend32S(y, 1)));
            }
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_U -> {
                long x = getLong(b + 8);
                put(a, Lanes.extend32U(x, 0), Lanes.extend32U(x, 1));
            }
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_U -> {
                long x = getLong(b + 8);
                long y = getLong(c + 8);
                put(a, Lanes.i64x2Mul(Lanes.extend32U(x, 0), Lanes.extend32U(y, 0)),
                        Lanes.i64x2Mul(Lanes.extend32U(x, 1), Lanes.extend32U(y, 1)));
            }
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    private static long shift(int op, long x, int count) {
        return switch (op) {
            case OpBytes.I8X16_SHL -> Lanes.i8x16Shl(x, count);
            case OpBytes.I8X16_SHR_S -> Lanes.i8x16ShrS(x, count);
            case OpBytes.I8X16_SHR_U -> Lanes.i8x16ShrU(x, count);
            case OpBytes.I16X8_SHL -> Lanes.i16x8Shl(x, count);
            case OpBytes.I16X8_SHR_S -> Lanes.i16x8ShrS(x, count);
            case OpBytes.I16X8_SHR_U -> Lanes.i16x8ShrU(x, count);
            case OpBytes.I32X4_SHL -> Lanes.i32x4Shl(x, count);
            case OpBytes.I32X4_SHR_S -> Lanes.i32x4ShrS(x, count);
            case OpBytes.I32X4_SHR_U -> Lanes.i32x4ShrU(x, count);
            case OpBytes.I64X2_SHL -> x << count;
            case OpBytes.I64X2_SHR_S -> x >> count;
            case OpBytes.I64X2_SHR_U -> x >>> count;
            default -> throw new IllegalStateException("instruction " + op);
        };
    }

    private static long unary(int op, long x) {
        return switch (op) {
            case OpBytes.I8X16_ABS -> Lanes.i8x16Abs(x);
            case OpBytes.I8X16_NEG -> Lanes.i8x16Neg(x);
            case OpBytes.I8X16_POPCNT -> Lanes.i8x16Popcnt(x);
            case OpBytes.I16X8_ABS -> Lanes.i16x8Abs(x);
            case OpBytes.I16X8_NEG -> Lanes.i16x8Neg(x);
            case OpBytes.I32X4_ABS -> Lanes.i32x4Abs(x);
            case OpBytes.I32X4_NEG -> Lanes.i32x4Neg(x);
            case OpBytes.I64X2_ABS -> Lanes.i64x2Abs(x);
            case OpBytes.I64X2_NEG -> Lanes.i64x2Neg(x);
            case OpBytes.V128_NOT -> Lanes.v128Not(x);
            case OpBytes.F32X4_ABS -> Lanes.f32x4Abs(x);
            case OpBytes.F32X4_NEG -> Lanes.f32x4Neg(x);
            case OpBytes.F32X4_CEIL -> Lanes.f32x4Ceil(x);
            case OpBytes.F32X4_FLOOR -> Lanes.f32x4Floor(x);
            case OpBytes.F32X4_TRUNC -> Lanes.f32x4Trunc(x);
            case OpBytes.F32X4_NEAREST -> Lanes.f32x4Nearest(x);
            case OpBytes.F32X4_SQRT -> Lanes.f32x4Sqrt(x);
            case OpBytes.I32X4_TRUNC_SAT_F32X4_S -> Lanes.i32x4TruncSatF32x4S(x);
            case OpBytes.I32X4_TRUNC_SAT_F32X4_U -> Lanes.i32x4TruncSatF32x4U(x);
            case OpBytes.F32X4_CONVERT_I32X4_S -> Lanes.f32x4ConvertI32x4S(x);
            case OpBytes.F32X4_CONVERT_I32X4_U -> Lanes.f32x4ConvertI32x4U(x);
            case OpBytes.F64X2_ABS -> Lanes.f64x2Abs(x);
            case OpBytes.F64X2_NEG -> Lanes.f64x2Neg(x);
            case OpBytes.F64X2_CEIL -> Lanes.f64x2Ceil(x);
            case OpBytes.F64X2_FLOOR -> Lanes.f64x2Floor(x);
            case OpBytes.F64X2_TRUNC -> Lanes.f64x2Trunc(x);
            case OpBytes.F64X2_NEAREST -> Lanes.f64x2Nearest(x);
            case OpBytes.F64X2_SQRT -> Lanes.f64x2Sqrt(x);
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_S -> Lanes.i16x8ExtaddPairwiseI8x16S(x);
            case OpBytes.I16X8_EXTADD_PAIRWISE_I8X16_U -> Lanes.i16x8ExtaddPairwiseI8x16U(x);
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_S -> Lanes.i32x4ExtaddPairwiseI16x8S(x);
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_U -> Lanes.i32x4ExtaddPairwiseI16x8U(x);
            case OpBytes.I32X4_RELAXED_TRUNC_F32X4_S -> Lanes.i32x4TruncSatF32x4S(x);
            case OpBytes.I32X4_RELAXED_TRUNC_F32X4_U -> Lanes.i32x4TruncSatF32x4U(x);
            default -> throw new IllegalStateException("instruction " + op);
        };
    }

    private static long binary(int op, long x, long y) {
        return switch (op) {
            case OpBytes.I8X16_EQ -> Lanes.i8x16Eq(x, y);
            case OpBytes.I8X16_NE -> Lanes.i8x16Ne(x, y);
            case OpBytes.I8X16_LT_S -> Lanes.i8x16LtS(x, y);
            case OpBytes.I8X16_LT_U -> Lanes.i8x16LtU(x, y);
            case OpBytes.I8X16_GT_S -> Lanes.i8x16GtS(x, y);
            case OpBytes.I8X16_GT_U -> Lanes.i8x16GtU(x, y);
            case OpBytes.I8X16_LE_S -> Lanes.i8x16LeS(x, y);
            case OpBytes.I8X16_LE_U -> Lanes.i8x16LeU(x, y);
            case OpBytes.I8X16_GE_S -> Lanes.i8x16GeS(x, y);
            case OpBytes.I8X16_GE_U -> Lanes.i8x16GeU(x, y);
            case OpBytes.I8X16_ADD -> Lanes.i8x16Add(x, y);
            case OpBytes.I8X16_SUB -> Lanes.i8x16Sub(x, y);
            case OpBytes.I8X16_ADD_SAT_S -> Lanes.i8x16AddSatS(x, y);
            case OpBytes.I8X16_ADD_SAT_U -> Lanes.i8x16AddSatU(x, y);
            case OpBytes.I8X16_SUB_SAT_S -> Lanes.i8x16SubSatS(x, y);
            case OpBytes.I8X16_SUB_SAT_U -> Lanes.i8x16SubSatU(x, y);
            case OpBytes.I8X16_MIN_S -> Lanes.i8x16MinS(x, y);
            case OpBytes.I8X16_MIN_U -> Lanes.i8x16MinU(x, y);
            case OpBytes.I8X16_MAX_S -> Lanes.i8x16MaxS(x, y);
            case OpBytes.I8X16_MAX_U -> Lanes.i8x16MaxU(x, y);
            case OpBytes.I8X16_AVGR_U -> Lanes.i8x16AvgrU(x, y);
            case OpBytes.I16X8_EQ -> Lanes.i16x8Eq(x, y);
            case OpBytes.I16X8_NE -> Lanes.i16x8Ne(x, y);
            case OpBytes.I16X8_LT_S -> Lanes.i16x8LtS(x, y);
            case OpBytes.I16X8_LT_U -> Lanes.i16x8LtU(x, y);
            case OpBytes.I16X8_GT_S -> Lanes.i16x8GtS(x, y);
            case OpBytes.I16X8_GT_U -> Lanes.i16x8GtU(x, y);
            case OpBytes.I16X8_LE_S -> Lanes.i16x8LeS(x, y);
            case OpBytes.I16X8_LE_U -> Lanes.i16x8LeU(x, y);
            case OpBytes.I16X8_GE_S -> Lanes.i16x8GeS(x, y);
            case OpBytes.I16X8_GE_U -> Lanes.i16x8GeU(x, y);
            case OpBytes.I16X8_ADD -> Lanes.i16x8Add(x, y);
            case OpBytes.I16X8_SUB -> Lanes.i16x8Sub(x, y);
            case OpBytes.I16X8_MUL -> Lanes.i16x8Mul(x, y);
            case OpBytes.I16X8_ADD_SAT_S -> Lanes.i16x8AddSatS(x, y);
            case OpBytes.I16X8_ADD_SAT_U -> Lanes.i16x8AddSatU(x, y);
            case OpBytes.I16X8_SUB_SAT_S -> Lanes.i16x8SubSatS(x, y);
            case OpBytes.I16X8_SUB_SAT_U -> Lanes.i16x8SubSatU(x, y);
            case OpBytes.I16X8_MIN_S -> Lanes.i16x8MinS(x, y);
            case OpBytes.I16X8_MIN_U -> Lanes.i16x8MinU(x, y);
            case OpBytes.I16X8_MAX_S -> Lanes.i16x8MaxS(x, y);
            case OpBytes.I16X8_MAX_U -> Lanes.i16x8MaxU(x, y);
            case OpBytes.I16X8_AVGR_U -> Lanes.i16x8AvgrU(x, y);
            case OpBytes.I16X8_Q15MULR_SAT_S -> Lanes.i16x8Q15mulrSatS(x, y);
            case OpBytes.I32X4_EQ -> Lanes.i32x4Eq(x, y);
            case OpBytes.I32X4_NE -> Lanes.i32x4Ne(x, y);
            case OpBytes.I32X4_LT_S -> Lanes.i32x4LtS(x, y);
            case OpBytes.I32X4_LT_U -> Lanes.i32x4LtU(x, y);
            case OpBytes.I32X4_GT_S -> Lanes.i32x4GtS(x, y);
            case OpBytes.I32X4_GT_U -> Lanes.i32x4GtU(x, y);
            case OpBytes.I32X4_LE_S -> Lanes.i32x4LeS(x, y);
            case OpBytes.I32X4_LE_U -> Lanes.i32x4LeU(x, y);
            case OpBytes.I32X4_GE_S -> Lanes.i32x4GeS(x, y);
            case OpBytes.I32X4_GE_U -> Lanes.i32x4GeU(x, y);
            case OpBytes.I32X4_ADD -> Lanes.i32x4Add(x, y);
            case OpBytes.I32X4_SUB -> Lanes.i32x4Sub(x, y);
            case OpBytes.I32X4_MUL -> Lanes.i32x4Mul(x, y);
            case OpBytes.I32X4_MIN_S -> Lanes.i32x4MinS(x, y);
            case OpBytes.I32X4_MIN_U -> Lanes.i32x4MinU(x, y);
            case OpBytes.I32X4_MAX_S -> Lanes.i32x4MaxS(x, y);
            case OpBytes.I32X4_MAX_U -> Lanes.i32x4MaxU(x, y);
            case OpBytes.I64X2_EQ -> Lanes.i64x2Eq(x, y);
            case OpBytes.I64X2_NE -> Lanes.i64x2Ne(x, y);
            case OpBytes.I64X2_LT_S -> Lanes.i64x2LtS(x, y);
            case OpBytes.I64X2_GT_S -> Lanes.i64x2GtS(x, y);
            case OpBytes.I64X2_LE_S -> Lanes.i64x2LeS(x, y);
            case OpBytes.I64X2_GE_S -> Lanes.i64x2GeS(x, y);
            case OpBytes.I64X2_ADD -> Lanes.i64x2Add(x, y);
            case OpBytes.I64X2_SUB -> Lanes.i64x2Sub(x, y);
            case OpBytes.I64X2_MUL -> Lanes.i64x2Mul(x, y);
            case OpBytes.V128_AND -> Lanes.v128And(x, y);
            case OpBytes.V128_ANDNOT -> Lanes.v128Andnot(x, y);
            case OpBytes.V128_OR -> Lanes.v128Or(x, y);
            case OpBytes.V128_XOR -> Lanes.v128Xor(x, y);
            case OpBytes.F32X4_EQ -> Lanes.f32x4Eq(x, y);
            case OpBytes.F32X4_NE -> Lanes.f32x4Ne(x, y);
            case OpBytes.F32X4_LT -> Lanes.f32x4Lt(x, y);
            case OpBytes.F32X4_GT -> Lanes.f32x4Gt(x, y);
            case OpBytes.F32X4_LE -> Lanes.f32x4Le(x, y);
            case OpBytes.F32X4_GE -> Lanes.f32x4Ge(x, y);
            case OpBytes.F32X4_ADD -> Lanes.f32x4Add(x, y);
            case OpBytes.F32X4_SUB -> Lanes.f32x4Sub(x, y);
            case OpBytes.F32X4_MUL -> Lanes.f32x4Mul(x, y);
            case OpBytes.F32X4_DIV -> Lanes.f32x4Div(x, y);
            case OpBytes.F32X4_MIN -> Lanes.f32x4Min(x, y);
            case OpBytes.F32X4_MAX -> Lanes.f32x4Max(x, y);
            case OpBytes.F32X4_PMIN -> Lanes.f32x4Pmin(x, y);
            case OpBytes.F32X4_PMAX -> Lanes.f32x4Pmax(x, y);
            case OpBytes.F64X2_EQ -> Lanes.f64x2Eq(x, y);
            case OpBytes.F64X2_NE -> Lanes.f64x2Ne(x, y);
            case OpBytes.F64X2_LT -> Lanes.f64x2Lt(x, y);
            case OpBytes.F64X2_GT -> Lanes.f64x2Gt(x, y);
            case OpBytes.F64X2_LE -> Lanes.f64x2Le(x, y);
            case OpBytes.F64X2_GE -> Lanes.f64x2Ge(x, y);
            case OpBytes.F64X2_ADD -> Lanes.f64x2Add(x, y);
            case OpBytes.F64X2_SUB -> Lanes.f64x2Sub(x, y);
            case OpBytes.F64X2_MUL -> Lanes.f64x2Mul(x, y);
            case OpBytes.F64X2_DIV -> Lanes.f64x2Div(x, y);
            case OpBytes.F64X2_MIN -> Lanes.f64x2Min(x, y);
            case OpBytes.F64X2_MAX -> Lanes.f64x2Max(x, y);
            case OpBytes.F64X2_PMIN -> Lanes.f64x2Pmin(x, y);
            case OpBytes.F64X2_PMAX -> Lanes.f64x2Pmax(x, y);
            case OpBytes.I32X4_DOT_I16X8_S -> Lanes.i32x4DotI16x8S(x, y);
            case OpBytes.I16X8_RELAXED_DOT_I8X16_I7X16_S -> Lanes.i16x8RelaxedDotI8x16I7x16S(x, y);
            case OpBytes.F32X4_RELAXED_MIN -> Lanes.f32x4Min(x, y);
            case OpBytes.F32X4_RELAXED_MAX -> Lanes.f32x4Max(x, y);
            case OpBytes.F64X2_RELAXED_MIN -> Lanes.f64x2Min(x, y);
            case OpBytes.F64X2_RELAXED_MAX -> Lanes.f64x2Max(x, y);
            case OpBytes.I16X8_RELAXED_Q15MULR_S -> Lanes.i16x8Q15mulrSatS(x, y);
            default -> throw new IllegalStateException("instruction " + op);
        };
    }
}
