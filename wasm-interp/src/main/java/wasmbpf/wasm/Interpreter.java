package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import jdk.internal.misc.Unsafe;

/**
 * The dispatch loop. One Java call runs one guest call; the frame lies on the {@link GuestStack}, the code outside the
 * heap.
 *
 * <p>The loop must stay under 8000 bytes of bytecode: HotSpot never compiles a longer method, and then everything is
 * some thirty times slower ({@code DispatchSizeTest} holds this). So it has what hot code needs, and {@link ColdOps}
 * the rest.
 *
 * <p>Why the operands are spelled out as {@code fp + ((long) u.getChar(pc + 4) << 3)}, the slot of b: as a load this
 * stays in its {@code case}. Fields cut out of a word read before the switch are common to all cases, so the compiler
 * computes all of them before the switch and spills the rest (fib(35) 630 ms so, 270 ms as loads). Methods with these
 * names would be inlined up to a budget of 8000 bytes in all, then called.
 *
 * <p>Why two loops, and why nothing but them adds to pc: {@code pc + 8} in several cases would be computed before the
 * switch too, and then pc itself goes through memory, some ten cycles an instruction. For the same reason pc does not
 * stay in a variable while something else runs: the frame keeps it, for the way back and for traps.
 * <pre>
 *   pc  op      pc + 2  a      pc + 4  b, or imm32      pc + 6  c      pc + 8  further words
 * </pre>
 */
final class Interpreter {
    private static final long U32 = 0xFFFFFFFFL;

    private Interpreter() {
    }

    /**
     * Runs a function whose frame is set up.
     *
     * @param u the JDK's Unsafe; first, with fp and pc, as the first four words of locals are the shortest to name
     * @param fp the frame's address
     * @param pc the address of the first instruction
     * @param depth open calls, this one included
     * @return the function a tail call wants next, else null
     */
    static WasmFunction run(Unsafe u, long fp, long pc, GuestFunction f, GuestStack stack, int depth) {
        final LinearMemory memory = f.instance.memory0;
        final WasmFunction[] functions = f.instance.functions;
        final long base = memory.base;
        final long saved = fp + f.pcOffset;
        long limit = memory.size;
        while (true) {
            try {
                long ea;
                bounds: for (;; pc += 16) {
                  one: for (;; pc += 8) {
                    switch (u.getChar(pc)) {
                        case BR -> pc += (long) u.getInt(pc + 4) << 3;
                        case BR_NZ -> {
                            if (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) != 0) {
                                pc += (long) u.getInt(pc + 4) << 3;
                            }
                        }
                        case BR_Z -> {
                            if (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) == 0) {
                                pc += (long) u.getInt(pc + 4) << 3;
                            }
                        }
                        case BR_TABLE -> {
                            long n = u.getInt(pc + 4);
                            long i = u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) & U32;
                            pc += (u.getLong(pc + (Math.min(i, n) + 1 << 3)) + n + 1) << 3;
                        }
                        case RETURN -> {
                            return null;
                        }
                        case RETURN_1 -> {
                            u.putLong(fp, u.getLong(fp + ((long) u.getChar(pc + 2) << 3)));
                            return null;
                        }
                        case CALL -> {
                            u.putLong(saved, pc);
                            functions[u.getInt(pc + 4)].run(stack, fp + ((long) u.getChar(pc + 2) << 3), depth + 1);
                            pc = u.getLong(saved);
                            limit = memory.size;
                        }
                        case CALL_INDIRECT -> {
                            u.putLong(saved, pc);
                            f.callee(u.getChar(pc + 6), u.getLong(fp + ((long) u.getChar(pc + 4) << 3)),
                                    u.getInt(pc + 8)).run(stack, fp + ((long) u.getChar(pc + 2) << 3), depth + 1);
                            pc = u.getLong(saved);
                            limit = memory.size;
                            break one;
                        }
                        case CALL_REF -> {
                            u.putLong(saved, pc);
                            ColdOps.function(stack, fp + ((long) u.getChar(pc + 4) << 3)).run(stack,
                                    fp + ((long) u.getChar(pc + 2) << 3), depth + 1);
                            pc = u.getLong(saved);
                            limit = memory.size;
                        }
                        case TAIL_CALL, TAIL_CALL_INDIRECT, TAIL_CALL_REF -> {
                            u.putLong(saved, pc);
                            return ColdOps.tailCall(u.getLong(pc), pc, fp, stack, f);
                        }
                        case COPY -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)));
                        case CONST -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getInt(pc + 4));
                        case CONST64 -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getLong(pc + 8));
                            break one;
                        }
                        case GLOBAL_GET -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getLong(u.getLong(pc + 8)));
                            break one;
                        }
                        case GLOBAL_SET -> {
                            u.putLong(u.getLong(pc + 8), u.getLong(fp + ((long) u.getChar(pc + 2) << 3)));
                            break one;
                        }
                        case SELECT -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getLong(u.getInt(fp + (u.getLong(pc + 8) << 3)) != 0
                                            ? fp + ((long) u.getChar(pc + 4) << 3)
                                                    : fp + ((long) u.getChar(pc + 6) << 3)));
                            break one;
                        }

                        case LOAD8_S -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getByte(base + ea));
                        }
                        case LOAD8_U -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getByte(base + ea) & 0xFF);
                        }
                        case LOAD16_S -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getShort(base + ea));
                        }
                        case LOAD16_U -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getShort(base + ea) & 0xFFFF);
                        }
                        case LOAD32_S -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getInt(base + ea));
                        }
                        case LOAD32_U -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getInt(base + ea) & U32);
                        }
                        case LOAD64 -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 8 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getLong(base + ea));
                        }
                        case STORE8 -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putByte(base + ea, (byte) u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                        }
                        case STORE16 -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putShort(base + ea, (short) u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                        }
                        case STORE32 -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putInt(base + ea, u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                        }
                        case STORE64 -> {
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) & U32) + u.getChar(pc + 6);
                            if (ea + 8 > limit) {
                                break bounds;
                            }
                            u.putLong(base + ea, u.getLong(fp + ((long) u.getChar(pc + 4) << 3)));
                        }

                        case LOAD8_S + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getByte(base + ea));
                            break one;
                        }
                        case LOAD8_U + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getByte(base + ea) & 0xFF);
                            break one;
                        }
                        case LOAD16_S + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getShort(base + ea));
                            break one;
                        }
                        case LOAD16_U + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getShort(base + ea) & 0xFFFF);
                            break one;
                        }
                        case LOAD32_S + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getInt(base + ea));
                            break one;
                        }
                        case LOAD32_U + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getInt(base + ea) & U32);
                            break one;
                        }
                        case LOAD64 + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 8 > limit) {
                                break bounds;
                            }
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), u.getLong(base + ea));
                            break one;
                        }
                        case STORE8 + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea >= limit) {
                                break bounds;
                            }
                            u.putByte(base + ea, (byte) u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                            break one;
                        }
                        case STORE16 + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 2 > limit) {
                                break bounds;
                            }
                            u.putShort(base + ea, (short) u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                            break one;
                        }
                        case STORE32 + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 4 > limit) {
                                break bounds;
                            }
                            u.putInt(base + ea, u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                            break one;
                        }
                        case STORE64 + X -> {
                            int o = u.getInt(pc + 12);
                            ea = (u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) + u.getInt(pc + 8)
                                    + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << o) & U32) + (o >>> 5);
                            if (ea + 8 > limit) {
                                break bounds;
                            }
                            u.putLong(base + ea, u.getLong(fp + ((long) u.getChar(pc + 4) << 3)));
                            break one;
                        }

                        case I32_ADD -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        + u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_SUB -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        - u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_MUL -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        * u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_SHL -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        << u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_SHR_S -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        >> u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_SHR_U -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                        >>> u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_ADD -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        + u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_SUB -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        - u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_MUL -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        * u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_SHL -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        << u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_SHR_S -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        >> u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I64_SHR_U -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        >>> u.getInt(fp + ((long) u.getChar(pc + 6) << 3)));
                        case AND -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        & u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case OR -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        | u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case XOR -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        ^ u.getLong(fp + ((long) u.getChar(pc + 6) << 3)));
                        case I32_ADD_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) + u.getShort(pc + 6));
                        case I32_MUL_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) * u.getShort(pc + 6));
                        case I32_SHL_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) << u.getShort(pc + 6));
                        case I32_SHR_S_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) >> u.getShort(pc + 6));
                        case I32_SHR_U_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) >>> u.getShort(pc + 6));
                        // C2 calls rotateLeft, as it inlines no more into a method of this size. Written out as shifts
                        // it took registers from everything else: sha256 180 ms so, 233 ms with shifts.
                        case I32_ROTL_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Integer.rotateLeft(u.getInt(fp + ((long) u.getChar(pc + 4) << 3)),
                                        u.getShort(pc + 6)));
                        case I64_ADD_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) + u.getShort(pc + 6));
                        case I64_SHL_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) << u.getShort(pc + 6));
                        case I64_SHR_S_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) >> u.getShort(pc + 6));
                        case I64_SHR_U_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) >>> u.getShort(pc + 6));
                        case I64_ROTL_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Long.rotateLeft(u.getLong(fp + ((long) u.getChar(pc + 4) << 3)), u.getShort(pc + 6)));
                        case AND_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) & u.getShort(pc + 6));
                        case OR_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) | u.getShort(pc + 6));
                        case XOR_K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) ^ u.getShort(pc + 6));
                        case WRAP -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)));
                        case EXTEND_U -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getInt(fp + ((long) u.getChar(pc + 4) << 3)) & U32);
                        case EXTEND8 -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getByte(fp + ((long) u.getChar(pc + 4) << 3)));
                        case EXTEND16 -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getShort(fp + ((long) u.getChar(pc + 4) << 3)));

                        case EQ -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        == u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case NE -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        != u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case LT_S -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        < u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case GE_S -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                        >= u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case LT_U -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 4) << 3)),
                                        u.getLong(fp + ((long) u.getChar(pc + 6) << 3))) < 0 ? 1 : 0);
                        case GE_U -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 4) << 3)),
                                        u.getLong(fp + ((long) u.getChar(pc + 6) << 3))) >= 0 ? 1 : 0);
                        case EQ + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) == u.getShort(pc + 6) ? 1 : 0);
                        case NE + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) != u.getShort(pc + 6) ? 1 : 0);
                        case LT_S + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) < u.getShort(pc + 6) ? 1 : 0);
                        case GE_S + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getLong(fp + ((long) u.getChar(pc + 4) << 3)) >= u.getShort(pc + 6) ? 1 : 0);
                        case LT_U + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 4) << 3)),
                                        u.getShort(pc + 6)) < 0 ? 1 : 0);
                        case GE_U + K -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 4) << 3)),
                                        u.getShort(pc + 6)) >= 0 ? 1 : 0);
                        case EQ + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3))
                                    == u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case NE + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3))
                                    != u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case LT_S + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3))
                                    < u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case GE_S + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3))
                                    >= u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case LT_U + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 2) << 3)),
                                    u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) < 0) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case GE_U + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 2) << 3)),
                                    u.getLong(fp + ((long) u.getChar(pc + 4) << 3))) >= 0) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case EQ + K + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3)) == u.getShort(pc + 4)) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case NE + K + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3)) != u.getShort(pc + 4)) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case LT_S + K + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3)) < u.getShort(pc + 4)) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case GE_S + K + COMPARE_BR -> {
                            if (u.getLong(fp + ((long) u.getChar(pc + 2) << 3)) >= u.getShort(pc + 4)) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case LT_U + K + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 2) << 3)),
                                    u.getShort(pc + 4)) < 0) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }
                        case GE_U + K + COMPARE_BR -> {
                            if (Long.compareUnsigned(u.getLong(fp + ((long) u.getChar(pc + 2) << 3)),
                                    u.getShort(pc + 4)) >= 0) {
                                pc += (long) u.getShort(pc + 6) << 3;
                            }
                        }

                        case F32_ADD -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Float.floatToRawIntBits(u.getFloat(fp + ((long) u.getChar(pc + 4) << 3))
                                        + u.getFloat(fp + ((long) u.getChar(pc + 6) << 3))));
                        case F32_SUB -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Float.floatToRawIntBits(u.getFloat(fp + ((long) u.getChar(pc + 4) << 3))
                                        - u.getFloat(fp + ((long) u.getChar(pc + 6) << 3))));
                        case F32_MUL -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Float.floatToRawIntBits(u.getFloat(fp + ((long) u.getChar(pc + 4) << 3))
                                        * u.getFloat(fp + ((long) u.getChar(pc + 6) << 3))));
                        case F32_DIV -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                Float.floatToRawIntBits(u.getFloat(fp + ((long) u.getChar(pc + 4) << 3))
                                        / u.getFloat(fp + ((long) u.getChar(pc + 6) << 3))));
                        case F64_ADD -> u.putDouble(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        + u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)));
                        case F64_SUB -> u.putDouble(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        - u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)));
                        case F64_MUL -> u.putDouble(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        * u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)));
                        case F64_DIV -> u.putDouble(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        / u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)));
                        case F64_LT -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        < u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case F64_LE -> u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                u.getDouble(fp + ((long) u.getChar(pc + 4) << 3))
                                        <= u.getDouble(fp + ((long) u.getChar(pc + 6) << 3)) ? 1 : 0);
                        case LOOP -> {
                            if (--f.loopsLeft < 0) {
                                u.putLong(saved, pc);
                                long next = f.loop(u.getInt(pc + 4), pc, fp, stack, depth);
                                if (next == 0) {
                                    return stack.takeNext();
                                }
                                pc = next;
                            }
                        }
                        case I32_ADD_SHL -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                            + (u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << u.getInt(pc + 8)));
                            break one;
                        }
                        case XOR_I32_SHL -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                            ^ u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) << u.getInt(pc + 8));
                            break one;
                        }
                        case XOR_I32_SHR_U -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getInt(fp + ((long) u.getChar(pc + 4) << 3))
                                            ^ u.getInt(fp + ((long) u.getChar(pc + 6) << 3)) >>> u.getInt(pc + 8));
                            break one;
                        }
                        case XOR_I64_SHL -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                            ^ u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) << u.getInt(pc + 8));
                            break one;
                        }
                        case XOR_I64_SHR_U -> {
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3),
                                    u.getLong(fp + ((long) u.getChar(pc + 4) << 3))
                                            ^ u.getLong(fp + ((long) u.getChar(pc + 6) << 3)) >>> u.getInt(pc + 8));
                            break one;
                        }
                        case ADD_BR_NE -> {
                            int sum = u.getInt(fp + ((long) u.getChar(pc + 2) << 3)) + u.getInt(pc + 8);
                            u.putLong(fp + ((long) u.getChar(pc + 2) << 3), sum);
                            if (sum == u.getInt(fp + ((long) u.getChar(pc + 4) << 3))) {
                                break one;
                            }
                            pc += (long) u.getShort(pc + 6) << 3;
                        }
                        default -> {
                            u.putLong(saved, pc);
                            if (u.getChar(pc) < COPY_V128) {
                                pc = ScalarOps.execute(u.getLong(pc), pc, fp);
                            } else {
                                pc = ColdOps.execute(u.getLong(pc), pc, fp, stack, f);
                                limit = memory.size;
                            }
                        }
                    }
                  }
                }
                u.putLong(saved, pc);
                throw outOfBounds(ea, limit);
            } catch (GuestException e) {
                pc = f.handle(e, u.getLong(saved) + 8, fp, stack);
                limit = memory.size;
            } catch (Trap trap) {
                throw f.passing(trap, u.getLong(saved) + 8);
            }
        }
    }

    /** The same for {@link SegmentInterpreter}, which cannot name Unsafe. */
    static WasmFunction run(long fp, long pc, GuestFunction f, GuestStack stack, int depth) {
        return run(RawMemory.unsafe(), fp, pc, f, stack, depth);
    }

    private static Trap outOfBounds(long address, long size) {
        return new Trap(Trap.Kind.MEMORY_OUT_OF_BOUNDS, Trap.Kind.MEMORY_OUT_OF_BOUNDS + ": address 0x"
                + Long.toHexString(address) + " of " + size + " bytes");
    }
}
