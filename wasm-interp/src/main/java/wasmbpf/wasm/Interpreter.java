package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import jdk.internal.misc.Unsafe;

/**
 * The dispatch loop. One Java call runs one guest call; the frame lies on the {@link GuestStack}, the code outside the heap.
 *
 * <p>The loop must stay under 8000 bytes of bytecode: HotSpot never compiles a longer method, and then everything is some
 * thirty times slower ({@code DispatchSizeTest} holds this). So it has what hot code needs, and {@link ColdOps} the rest.
 * It names Unsafe itself: helper methods around it would be inlined up to a budget of 8000 bytes too, which this method
 * exceeds several times over.
 */
final class Interpreter {
    private static final long SLOT = 0x7FFF8;
    private static final long U32 = 0xFFFFFFFFL;

    private Interpreter() {
    }

    /**
     * Runs a function whose frame is set up.
     *
     * @param fp the frame's address
     * @param depth open calls, this one included
     * @return the function a tail call wants next, else null
     */
    static WasmFunction run(GuestFunction f, GuestStack stack, long fp, int depth) {
        final Unsafe u = RawMemory.unsafe();
        final LinearMemory memory = f.instance.memory0;
        final WasmFunction[] functions = f.instance.functions;
        final long base = memory.base;
        long limit = memory.size;
        long pc = f.code();
        while (true) {
            try {
                while (true) {
                    final long w = u.getLong(pc);
                    pc += 8;
                    final long a = fp + (w >>> 13 & SLOT);
                    final long b = fp + (w >>> 29 & SLOT);
                    final long c = fp + (w >>> 45 & SLOT);
                    switch ((int) w & 0xFFFF) {
                        case BR -> pc += w >> 32 << 3;
                        case BR_NZ -> {
                            if (u.getInt(a) != 0) {
                                pc += w >> 32 << 3;
                            }
                        }
                        case BR_Z -> {
                            if (u.getInt(a) == 0) {
                                pc += w >> 32 << 3;
                            }
                        }
                        case BR_TABLE -> {
                            long n = w >>> 32;
                            long i = u.getInt(a) & U32;
                            pc += (u.getLong(pc + (Math.min(i, n) << 3)) + n + 1) << 3;
                        }
                        case RETURN -> {
                            return null;
                        }
                        case RETURN_1 -> {
                            u.putLong(fp, u.getLong(a));
                            return null;
                        }
                        case CALL -> {
                            functions[(int) (w >>> 32)].run(stack, a, depth + 1);
                            limit = memory.size;
                        }
                        case CALL_INDIRECT -> {
                            pc += 8;
                            f.callee((int) (w >>> 48), u.getLong(b), (int) u.getLong(pc - 8)).run(stack, a, depth + 1);
                            limit = memory.size;
                        }
                        case CALL_REF -> {
                            ColdOps.function(stack, b).run(stack, a, depth + 1);
                            limit = memory.size;
                        }
                        case TAIL_CALL -> {
                            return ColdOps.tailCall(functions[(int) (w >>> 32)], stack, fp, a);
                        }
                        case TAIL_CALL_INDIRECT -> {
                            pc += 8;
                            return ColdOps.tailCall(f.callee((int) (w >>> 48), u.getLong(b), (int) u.getLong(pc - 8)),
                                    stack, fp, a);
                        }
                        case TAIL_CALL_REF -> {
                            return ColdOps.tailCall(ColdOps.function(stack, b), stack, fp, a);
                        }
                        case COPY -> u.putLong(a, u.getLong(b));
                        case CONST -> u.putLong(a, w >> 32);
                        case CONST64 -> {
                            u.putLong(a, u.getLong(pc));
                            pc += 8;
                        }
                        case GLOBAL_GET -> {
                            u.putLong(a, u.getLong(u.getLong(pc)));
                            pc += 8;
                        }
                        case GLOBAL_SET -> {
                            u.putLong(u.getLong(pc), u.getLong(a));
                            pc += 8;
                        }
                        case SELECT -> {
                            u.putLong(a, u.getLong(u.getInt(fp + (u.getLong(pc) << 3)) != 0 ? b : c));
                            pc += 8;
                        }

                        case LOAD8_S -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getByte(base + ea));
                        }
                        case LOAD8_U -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getByte(base + ea) & 0xFF);
                        }
                        case LOAD16_S -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getShort(base + ea));
                        }
                        case LOAD16_U -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getShort(base + ea) & 0xFFFF);
                        }
                        case LOAD32_S -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getInt(base + ea));
                        }
                        case LOAD32_U -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getInt(base + ea) & U32);
                        }
                        case LOAD64 -> {
                            long ea = (u.getInt(b) & U32) + (w >>> 48);
                            if (ea + 8 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getLong(base + ea));
                        }
                        case STORE8 -> {
                            long ea = (u.getInt(a) & U32) + (w >>> 48);
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putByte(base + ea, (byte) u.getInt(b));
                        }
                        case STORE16 -> {
                            long ea = (u.getInt(a) & U32) + (w >>> 48);
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putShort(base + ea, (short) u.getInt(b));
                        }
                        case STORE32 -> {
                            long ea = (u.getInt(a) & U32) + (w >>> 48);
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putInt(base + ea, u.getInt(b));
                        }
                        case STORE64 -> {
                            long ea = (u.getInt(a) & U32) + (w >>> 48);
                            if (ea + 8 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(base + ea, u.getLong(b));
                        }

                        // The offset of these is below 2^32, so the sum is no wider than 33 bits here too.
                        case LOAD8_S + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getByte(base + ea));
                        }
                        case LOAD8_U + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getByte(base + ea) & 0xFF);
                        }
                        case LOAD16_S + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getShort(base + ea));
                        }
                        case LOAD16_U + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getShort(base + ea) & 0xFFFF);
                        }
                        case LOAD32_S + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getInt(base + ea));
                        }
                        case LOAD32_U + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getInt(base + ea) & U32);
                        }
                        case LOAD64 + WIDE -> {
                            long ea = (u.getInt(b) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 8 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(a, u.getLong(base + ea));
                        }
                        case STORE8 + WIDE -> {
                            long ea = (u.getInt(a) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea >= limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putByte(base + ea, (byte) u.getInt(b));
                        }
                        case STORE16 + WIDE -> {
                            long ea = (u.getInt(a) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 2 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putShort(base + ea, (short) u.getInt(b));
                        }
                        case STORE32 + WIDE -> {
                            long ea = (u.getInt(a) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 4 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putInt(base + ea, u.getInt(b));
                        }
                        case STORE64 + WIDE -> {
                            long ea = (u.getInt(a) & U32) + u.getLong(pc);
                            pc += 8;
                            if (ea + 8 > limit) {
                                throw outOfBounds(ea, limit);
                            }
                            u.putLong(base + ea, u.getLong(b));
                        }

                        case I32_ADD -> u.putLong(a, u.getInt(b) + u.getInt(c));
                        case I32_SUB -> u.putLong(a, u.getInt(b) - u.getInt(c));
                        case I32_MUL -> u.putLong(a, u.getInt(b) * u.getInt(c));
                        case I32_SHL -> u.putLong(a, u.getInt(b) << u.getInt(c));
                        case I32_SHR_S -> u.putLong(a, u.getInt(b) >> u.getInt(c));
                        case I32_SHR_U -> u.putLong(a, u.getInt(b) >>> u.getInt(c));
                        case I32_ROTL -> u.putLong(a, Integer.rotateLeft(u.getInt(b), u.getInt(c)));
                        case I64_ADD -> u.putLong(a, u.getLong(b) + u.getLong(c));
                        case I64_SUB -> u.putLong(a, u.getLong(b) - u.getLong(c));
                        case I64_MUL -> u.putLong(a, u.getLong(b) * u.getLong(c));
                        case I64_SHL -> u.putLong(a, u.getLong(b) << u.getInt(c));
                        case I64_SHR_S -> u.putLong(a, u.getLong(b) >> u.getInt(c));
                        case I64_SHR_U -> u.putLong(a, u.getLong(b) >>> u.getInt(c));
                        case I64_ROTL -> u.putLong(a, Long.rotateLeft(u.getLong(b), u.getInt(c)));
                        case AND -> u.putLong(a, u.getLong(b) & u.getLong(c));
                        case OR -> u.putLong(a, u.getLong(b) | u.getLong(c));
                        case XOR -> u.putLong(a, u.getLong(b) ^ u.getLong(c));
                        case I32_ADD_K -> u.putLong(a, u.getInt(b) + (int) (w >> 48));
                        case I32_MUL_K -> u.putLong(a, u.getInt(b) * (int) (w >> 48));
                        case I32_SHL_K -> u.putLong(a, u.getInt(b) << (int) (w >>> 48));
                        case I32_SHR_S_K -> u.putLong(a, u.getInt(b) >> (int) (w >>> 48));
                        case I32_SHR_U_K -> u.putLong(a, u.getInt(b) >>> (int) (w >>> 48));
                        case I32_ROTL_K -> u.putLong(a, Integer.rotateLeft(u.getInt(b), (int) (w >>> 48)));
                        case I64_ADD_K -> u.putLong(a, u.getLong(b) + (w >> 48));
                        case I64_SHL_K -> u.putLong(a, u.getLong(b) << (int) (w >>> 48));
                        case I64_SHR_S_K -> u.putLong(a, u.getLong(b) >> (int) (w >>> 48));
                        case I64_SHR_U_K -> u.putLong(a, u.getLong(b) >>> (int) (w >>> 48));
                        case I64_ROTL_K -> u.putLong(a, Long.rotateLeft(u.getLong(b), (int) (w >>> 48)));
                        case AND_K -> u.putLong(a, u.getLong(b) & w >> 48);
                        case OR_K -> u.putLong(a, u.getLong(b) | w >> 48);
                        case XOR_K -> u.putLong(a, u.getLong(b) ^ w >> 48);
                        case WRAP -> u.putLong(a, u.getInt(b));
                        case EXTEND_U -> u.putLong(a, u.getInt(b) & U32);
                        case EXTEND8 -> u.putLong(a, u.getByte(b));
                        case EXTEND16 -> u.putLong(a, u.getShort(b));

                        case EQ -> u.putLong(a, u.getLong(b) == u.getLong(c) ? 1 : 0);
                        case NE -> u.putLong(a, u.getLong(b) != u.getLong(c) ? 1 : 0);
                        case LT_S -> u.putLong(a, u.getLong(b) < u.getLong(c) ? 1 : 0);
                        case GE_S -> u.putLong(a, u.getLong(b) >= u.getLong(c) ? 1 : 0);
                        case LT_U -> u.putLong(a, Long.compareUnsigned(u.getLong(b), u.getLong(c)) < 0 ? 1 : 0);
                        case GE_U -> u.putLong(a, Long.compareUnsigned(u.getLong(b), u.getLong(c)) >= 0 ? 1 : 0);
                        case EQ + K -> u.putLong(a, u.getLong(b) == w >> 48 ? 1 : 0);
                        case NE + K -> u.putLong(a, u.getLong(b) != w >> 48 ? 1 : 0);
                        case LT_S + K -> u.putLong(a, u.getLong(b) < w >> 48 ? 1 : 0);
                        case GE_S + K -> u.putLong(a, u.getLong(b) >= w >> 48 ? 1 : 0);
                        case LT_U + K -> u.putLong(a, Long.compareUnsigned(u.getLong(b), w >> 48) < 0 ? 1 : 0);
                        case GE_U + K -> u.putLong(a, Long.compareUnsigned(u.getLong(b), w >> 48) >= 0 ? 1 : 0);
                        case EQ + COMPARE_BR -> {
                            if (u.getLong(a) == u.getLong(b)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case NE + COMPARE_BR -> {
                            if (u.getLong(a) != u.getLong(b)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case LT_S + COMPARE_BR -> {
                            if (u.getLong(a) < u.getLong(b)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case GE_S + COMPARE_BR -> {
                            if (u.getLong(a) >= u.getLong(b)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case LT_U + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(a), u.getLong(b)) < 0) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case GE_U + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(a), u.getLong(b)) >= 0) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case EQ + K + COMPARE_BR -> {
                            if (u.getLong(a) == (short) (w >> 32)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case NE + K + COMPARE_BR -> {
                            if (u.getLong(a) != (short) (w >> 32)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case LT_S + K + COMPARE_BR -> {
                            if (u.getLong(a) < (short) (w >> 32)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case GE_S + K + COMPARE_BR -> {
                            if (u.getLong(a) >= (short) (w >> 32)) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case LT_U + K + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(a), (short) (w >> 32)) < 0) {
                                pc += w >> 48 << 3;
                            }
                        }
                        case GE_U + K + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(a), (short) (w >> 32)) >= 0) {
                                pc += w >> 48 << 3;
                            }
                        }

                        case F32_ADD -> u.putLong(a, Float.floatToRawIntBits(u.getFloat(b) + u.getFloat(c)));
                        case F32_SUB -> u.putLong(a, Float.floatToRawIntBits(u.getFloat(b) - u.getFloat(c)));
                        case F32_MUL -> u.putLong(a, Float.floatToRawIntBits(u.getFloat(b) * u.getFloat(c)));
                        case F32_DIV -> u.putLong(a, Float.floatToRawIntBits(u.getFloat(b) / u.getFloat(c)));
                        case F64_ADD -> u.putDouble(a, u.getDouble(b) + u.getDouble(c));
                        case F64_SUB -> u.putDouble(a, u.getDouble(b) - u.getDouble(c));
                        case F64_MUL -> u.putDouble(a, u.getDouble(b) * u.getDouble(c));
                        case F64_DIV -> u.putDouble(a, u.getDouble(b) / u.getDouble(c));
                        case F64_LT -> u.putLong(a, u.getDouble(b) < u.getDouble(c) ? 1 : 0);
                        case F64_LE -> u.putLong(a, u.getDouble(b) <= u.getDouble(c) ? 1 : 0);
                        case F64_EQ -> u.putLong(a, u.getDouble(b) == u.getDouble(c) ? 1 : 0);
                        case F64_NE -> u.putLong(a, u.getDouble(b) != u.getDouble(c) ? 1 : 0);
                        case LOOP -> {
                            if (--f.loopsLeft < 0) {
                                pc = f.loop((int) (w >> 32), pc, fp, stack, depth);
                                if (pc == 0) {
                                    return stack.takeNext();
                                }
                            }
                        }
                        default -> {
                            pc = ColdOps.execute(w, pc, fp, stack, f);
                            limit = memory.size;
                        }
                    }
                }
            } catch (GuestException e) {
                pc = f.handle(e, pc, fp, stack);
                limit = memory.size;
            } catch (Trap trap) {
                throw f.passing(trap, pc);
            }
        }
    }

    private static Trap outOfBounds(long address, long size) {
        return new Trap(Trap.Kind.MEMORY_OUT_OF_BOUNDS, Trap.Kind.MEMORY_OUT_OF_BOUNDS + ": address 0x"
                + Long.toHexString(address) + " of " + size + " bytes");
    }
}
