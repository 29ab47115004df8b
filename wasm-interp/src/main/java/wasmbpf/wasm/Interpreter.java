package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import jdk.internal.misc.Unsafe;

/**
 * The dispatch loop, and calls within the instance around it. Frames lie on the {@link GuestStack}, the code in one array per
 * instance ({@link CodeSpace}), so that such a call is a push of two words. What needs Java ends both, and {@link Activations}
 * does it and comes back.
 *
 * <p>The shape is what HotSpot's compiler makes good code of. Each of these was worth a factor:
 * <ul>
 * <li>Calls and returns are not in the loop's method but in the one that calls it: a call costs some nanoseconds more, and all that
 * the loop uses is in registers, fp, memory's base and limit as well, whatever the profile of the moment is.
 * <li>Under 8000 bytes of bytecode: a longer method is never compiled ({@code DispatchSizeTest} holds this).
 * <li>No Java call in the loop. A value that lives across a call is kept in memory, and then everywhere, for every instruction.
 * <li>The code is an array, not an address: of an address the compiler makes a copy for each offset at the head of the loop, and
 * pc then goes through memory or vector registers.
 * <li>Results meet in {@code v} or {@code d} and are stored at one place, branches are taken at one place, and pc is added to
 * at the heads of two loops. {@code pc + 8} in several cases would be computed before the switch, and cost a register.
 * <li>Operands are spelled out as {@code fp + ((long) u.getChar(code, pc + 4) << 3)}, the slot of b. Fields cut out of a word
 * read before the switch are common to all cases: all of them would be computed there. And accesses have a base, though null:
 * those are intrinsics themselves, the others methods that call them, of which each costs an inlining (two thirds of the time to
 * compile the loop).
 * </ul>
 * <pre>
 *   pc  op      pc + 2  a      pc + 4  b, or imm32      pc + 6  c      pc + 8  further words
 * </pre>
 */
final class Interpreter {
    private static final long U32 = 0xFFFFFFFFL;

    private Interpreter() {
    }

    /**
     * Runs until an instruction comes that it leaves to {@link Activations}, or an access out of bounds. The frame and the
     * open calls come from {@code state} and go back there.
     *
     * @param u the JDK's Unsafe; first, with pc, as the first words of locals are the shortest to name
     * @param globals numbers, each in its cell
     * @param pc the address of the instruction to begin with
     * @param base of memory 0
     * @param limit its size in bytes
     * @param state of the activation, see {@link Activations}
     * @return the address of the instruction that ended it, which has done nothing yet
     */
    static long run(Unsafe u, long[] code, long[] globals, long pc, long base, long limit, long state) {
        long fp = u.getLong(null, state + Activations.FP);
        long calls = u.getLong(null, state + Activations.CALLS);
        leave: while (true) {
            pc = loop(u, code, pc, base, limit, fp, globals);
            long cell;
            switch (u.getChar(code, pc)) {
                case CALL:
                    cell = u.getLong(code, pc + 8);
                    break;
                case CALL_INDIRECT:
                    long element = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32;
                    long recent = u.getLong(null, state + Activations.RECENT_CALLS)
                            + ((element & CallCache.SLOT_MASK) << CallCache.SLOT_SHIFT);
                    // A call through another table has its number in c, and is not there.
                    if (u.getLong(null, recent) != (u.getLong(code, pc + 8) | element) || u.getChar(code, pc + 6) != 0) {
                        break leave;
                    }
                    cell = u.getLong(null, recent + CallCache.CELL);
                    break;
                case RETURN_1:
                    u.putLong(null, fp, u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3)));
                    // fall through
                case RETURN:
                    calls -= 16;
                    fp = u.getLong(null, calls + 8);
                    pc = u.getLong(null, calls) + Activations.STEP;
                    continue;
                default:
                    break leave;
            }
            long entry = u.getLong(null, cell + Activations.ENTRY);
            long args = fp + ((long) u.getChar(code, pc + 2) << 3);
            int left = u.getInt(null, cell + Activations.CALLS_LEFT);
            if (entry == 0 || left == 0 || calls == u.getLong(null, state + Activations.LAST_CALL) || args
                    + u.getInt(null, cell + Activations.FRAME_BYTES) > u.getLong(null, state + Activations.STACK_END)) {
                break;
            }
            u.putInt(null, cell + Activations.CALLS_LEFT, left - 1);
            u.putLong(null, calls, pc);
            u.putLong(null, calls + 8, fp);
            calls += 16;
            fp = args;
            long end = fp + u.getInt(null, cell + Activations.LOCALS_END);
            // Not "<": that would be a loop to be unrolled and vectorised, and most functions have few locals.
            for (long at = fp + u.getInt(null, cell + Activations.PARAMS_END); at != end; at += 8) {
                u.putLong(null, at, 0);
            }
            pc = entry + Activations.STEP;
        }
        u.putLong(null, state + Activations.FP, fp);
        u.putLong(null, state + Activations.CALLS, calls);
        return pc;
    }

    /**
     * Runs until a call, a return, or an instruction that is not here, or an access out of bounds.
     *
     * @param fp the address of the frame
     * @return the address of that instruction, which has done nothing yet
     */
    private static long loop(Unsafe u, long[] code, long pc, long base, long limit, long fp, long[] globals) {
        // Said once: there is an array. Else each access would ask whether it is one to the heap.
        if (code.length == 0) {
            throw new IllegalArgumentException();
        }
        wide: for (;; pc += 16) {
            narrow: for (;; pc += 8) {
                long ea;
                long v;
                double d;
                two: { taken: { real: {
                switch (u.getChar(code, pc)) {
                    case BR -> {
                        pc += (long) u.getInt(code, pc + 4) << 3;
                        continue narrow;
                    }
                    case BR_NZ -> {
                        if (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) != 0) {
                            pc += (long) u.getInt(code, pc + 4) << 3;
                        }
                        continue narrow;
                    }
                    case BR_Z -> {
                        if (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) == 0) {
                            pc += (long) u.getInt(code, pc + 4) << 3;
                        }
                        continue narrow;
                    }
                    case BR_TABLE -> {
                        long n = u.getInt(code, pc + 4);
                        long i = u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) & U32;
                        pc += (u.getLong(code, pc + (Math.min(i, n) + 1 << 3)) + n + 1) << 3;
                        continue narrow;
                    }
                    case COPY -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case CONST -> v = u.getInt(code, pc + 4);
                    case CONST64 -> {
                        v = u.getLong(code, pc + 8);
                        break two;
                    }
                    case GLOBAL_GET -> v = globals[u.getInt(code, pc + 4)];
                    case GLOBAL_SET -> {
                        globals[u.getInt(code, pc + 4)] = u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3));
                        continue narrow;
                    }
                    case SELECT -> {
                        // Not a branch, which half of them would have the CPU guess wrong.
                        long chosen = u.getLong(null, fp + (u.getLong(code, pc + 8) << 3));
                        v = u.getLong(null, fp
                                + ((long) u.getChar(code, pc + 6 - ((chosen | -chosen) >>> 63 << 1)) << 3));
                        break two;
                    }
                    case LOAD8_S -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea >= limit) {
                            return pc;
                        }
                        v = u.getByte(null, base + ea);
                    }
                    case LOAD8_U -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea >= limit) {
                            return pc;
                        }
                        v = u.getByte(null, base + ea) & 0xFF;
                    }
                    case LOAD16_S -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        v = u.getShort(null, base + ea);
                    }
                    case LOAD16_U -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        v = u.getShort(null, base + ea) & 0xFFFF;
                    }
                    case LOAD32_S -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        v = u.getInt(null, base + ea);
                    }
                    case LOAD32_U -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        v = u.getInt(null, base + ea) & U32;
                    }
                    case LOAD64 -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 8 > limit) {
                            return pc;
                        }
                        v = u.getLong(null, base + ea);
                    }
                    case STORE8 -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea >= limit) {
                            return pc;
                        }
                        u.putByte(null, base + ea,
                                (byte) u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue narrow;
                    }
                    case STORE16 -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        u.putShort(null, base + ea,
                                (short) u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue narrow;
                    }
                    case STORE32 -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        u.putInt(null, base + ea, u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue narrow;
                    }
                    case STORE64 -> {
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) & U32)
                                + u.getChar(code, pc + 6);
                        if (ea + 8 > limit) {
                            return pc;
                        }
                        u.putLong(null, base + ea, u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue narrow;
                    }
                    case LOAD8_S + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea >= limit) {
                            return pc;
                        }
                        v = u.getByte(null, base + ea);
                        break two;
                    }
                    case LOAD8_U + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea >= limit) {
                            return pc;
                        }
                        v = u.getByte(null, base + ea) & 0xFF;
                        break two;
                    }
                    case LOAD16_S + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        v = u.getShort(null, base + ea);
                        break two;
                    }
                    case LOAD16_U + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        v = u.getShort(null, base + ea) & 0xFFFF;
                        break two;
                    }
                    case LOAD32_S + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        v = u.getInt(null, base + ea);
                        break two;
                    }
                    case LOAD32_U + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        v = u.getInt(null, base + ea) & U32;
                        break two;
                    }
                    case LOAD64 + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 8 > limit) {
                            return pc;
                        }
                        v = u.getLong(null, base + ea);
                        break two;
                    }
                    case STORE8 + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea >= limit) {
                            return pc;
                        }
                        u.putByte(null, base + ea,
                                (byte) u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue wide;
                    }
                    case STORE16 + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 2 > limit) {
                            return pc;
                        }
                        u.putShort(null, base + ea,
                                (short) u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue wide;
                    }
                    case STORE32 + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 4 > limit) {
                            return pc;
                        }
                        u.putInt(null, base + ea, u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue wide;
                    }
                    case STORE64 + X -> {
                        int o = u.getInt(code, pc + 12);
                        ea = (u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3)) + u.getInt(code, pc + 8)
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) << o) & U32)
                                + (o >>> 5);
                        if (ea + 8 > limit) {
                            return pc;
                        }
                        u.putLong(null, base + ea, u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        continue wide;
                    }
                    case I32_ADD -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            + u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_SUB -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            - u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_MUL -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            * u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_SHL -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            << u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_SHR_S -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >> u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_SHR_U -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >>> u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_ADD -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            + u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_SUB -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            - u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_MUL -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            * u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_SHL -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            << u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_SHR_S -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >> u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I64_SHR_U -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >>> u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case AND -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            & u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case OR -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            | u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case XOR -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            ^ u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                    case I32_ADD_K -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            + u.getShort(code, pc + 6);
                    case I32_MUL_K -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            * u.getShort(code, pc + 6);
                    case I32_SHL_K -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            << u.getShort(code, pc + 6);
                    case I32_SHR_S_K -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >> u.getShort(code, pc + 6);
                    case I32_SHR_U_K -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >>> u.getShort(code, pc + 6);
                    case I32_ROTL_K -> {
                        v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        v = (int) ((v & U32 | v << 32) << u.getShort(code, pc + 6) >>> 32);
                    }
                    case I64_ADD_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            + u.getShort(code, pc + 6);
                    case I64_SHL_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            << u.getShort(code, pc + 6);
                    case I64_SHR_S_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >> u.getShort(code, pc + 6);
                    case I64_SHR_U_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >>> u.getShort(code, pc + 6);
                    case I64_ROTL_K -> v = Long.rotateLeft(u.getLong(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)), u.getShort(code, pc + 6));
                    case AND_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            & u.getShort(code, pc + 6);
                    case OR_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            | u.getShort(code, pc + 6);
                    case XOR_K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            ^ u.getShort(code, pc + 6);
                    case WRAP -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case EXTEND_U -> v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32;
                    case EXTEND8 -> v = u.getByte(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case EXTEND16 -> v = u.getShort(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case EQ -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            == u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case NE -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            != u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case LT_S -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            < u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case GE_S -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >= u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case LT_U -> v = Long.compareUnsigned(u.getLong(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)),
                            u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3))) < 0 ? 1 : 0;
                    case GE_U -> v = Long.compareUnsigned(u.getLong(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)),
                            u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3))) >= 0 ? 1 : 0;
                    case EQ + K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            == u.getShort(code, pc + 6) ? 1 : 0;
                    case NE + K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            != u.getShort(code, pc + 6) ? 1 : 0;
                    case LT_S + K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            < u.getShort(code, pc + 6) ? 1 : 0;
                    case GE_S + K -> v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            >= u.getShort(code, pc + 6) ? 1 : 0;
                    case LT_U
                            + K -> v = Long.compareUnsigned(u.getLong(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)), u.getShort(code, pc + 6)) < 0 ? 1 : 0;
                    case GE_U
                            + K -> v = Long.compareUnsigned(u.getLong(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)), u.getShort(code, pc + 6)) >= 0 ? 1 : 0;
                    case EQ + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                == u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case NE + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                != u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case LT_S + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                < u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case GE_S + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                >= u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case LT_U + COMPARE_BR -> {
                        if (Long.compareUnsigned(u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3)),
                                u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) < 0) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case GE_U + COMPARE_BR -> {
                        if (Long.compareUnsigned(u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3)),
                                u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))) >= 0) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case EQ + K + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                == u.getShort(code, pc + 4)) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case NE + K + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                != u.getShort(code, pc + 4)) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case LT_S + K + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                < u.getShort(code, pc + 4)) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case GE_S + K + COMPARE_BR -> {
                        if (u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                >= u.getShort(code, pc + 4)) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case LT_U + K + COMPARE_BR -> {
                        if (Long.compareUnsigned(u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3)),
                                u.getShort(code, pc + 4)) < 0) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case GE_U + K + COMPARE_BR -> {
                        if (Long.compareUnsigned(u.getLong(null, fp + ((long) u.getChar(code, pc + 2) << 3)),
                                u.getShort(code, pc + 4)) >= 0) {
                            break taken;
                        }
                        continue narrow;
                    }
                    case F32_ADD -> v = Float.floatToRawIntBits(u.getFloat(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3))
                            + u.getFloat(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case F32_SUB -> v = Float.floatToRawIntBits(u.getFloat(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3))
                            - u.getFloat(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case F32_MUL -> v = Float.floatToRawIntBits(u.getFloat(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3))
                            * u.getFloat(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case F32_DIV -> v = Float.floatToRawIntBits(u.getFloat(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3))
                            / u.getFloat(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case F64_ADD -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                + u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        break real;
                    }
                    case F64_SUB -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                - u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        break real;
                    }
                    case F64_MUL -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                * u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        break real;
                    }
                    case F64_DIV -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                / u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        break real;
                    }
                    case F64_LT -> v = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            < u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case F64_LE -> v = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            <= u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case F64_EQ -> v = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                            == u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3)) ? 1 : 0;
                    case I32_ROTL -> v = Integer.rotateLeft(u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)),
                            u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case I64_ROTL -> v = Long.rotateLeft(u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)),
                            u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)));
                    case I32_DIV_S -> {
                        int divisor = u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        int dividend = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (divisor == 0 || divisor == -1 && dividend == Integer.MIN_VALUE) {
                            return pc;
                        }
                        v = dividend / divisor;
                    }
                    case I32_DIV_U, I32_REM_U -> {
                        long divisor = u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3)) & U32;
                        long dividend = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)) & U32;
                        if (divisor == 0) {
                            return pc;
                        }
                        v = (int) (u.getChar(code, pc) == I32_DIV_U ? dividend / divisor : dividend % divisor);
                    }
                    case REM_S -> {
                        long divisor = u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        if (divisor == 0) {
                            return pc;
                        }
                        v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)) % divisor;
                    }
                    case I64_DIV_U, I64_REM_U -> {
                        long divisor = u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        long dividend = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (divisor == 0) {
                            return pc;
                        }
                        v = u.getChar(code, pc) == I64_DIV_U ? Long.divideUnsigned(dividend, divisor)
                                : Long.remainderUnsigned(dividend, divisor);
                    }
                    case I32_TRUNC_S -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (!(d > Integer.MIN_VALUE - 1.0 && d < -(double) Integer.MIN_VALUE)) {
                            return pc;
                        }
                        v = (int) d;
                    }
                    case I64_DIV_S -> {
                        long divisor = u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        if (divisor == 0 || divisor == -1) {
                            return pc;
                        }
                        v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)) / divisor;
                    }
                    case I32_TRUNC_U -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (!(d > -1 && d < 0x1p32)) {
                            return pc;
                        }
                        v = (int) (long) d;
                    }
                    case I64_TRUNC_S, I64_TRUNC_U -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (!((u.getChar(code, pc) == I64_TRUNC_S ? d >= -0x1p63 : d > -1) && d < 0x1p63)) {
                            return pc;
                        }
                        v = (long) d;
                    }
                    case I32_TRUNC_SAT_S -> v = (int) u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case I64_TRUNC_SAT_S -> v = (long) u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                    case I32_TRUNC_SAT_U -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        v = d > 0 ? d < 0x1p32 ? (int) (long) d : -1 : 0;
                    }
                    case F64_CONVERT_U -> {
                        v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (v < 0) {
                            return pc;
                        }
                        d = v;
                        break real;
                    }
                    case F64_FLOOR, F64_CEIL -> {
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        if (d != d) {
                            return pc;
                        }
                        d = u.getChar(code, pc) == F64_FLOOR ? Math.floor(d) : Math.ceil(d);
                        break real;
                    }
                    case F64_MIN, F64_MAX -> {
                        double other = u.getDouble(null, fp + ((long) u.getChar(code, pc + 6) << 3));
                        d = u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        d = u.getChar(code, pc) == F64_MIN ? Math.min(d, other) : Math.max(d, other);
                        if (d != d) {
                            return pc;
                        }
                        break real;
                    }
                    case F64_CONVERT_S -> {
                        d = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        break real;
                    }
                    case F64_PROMOTE -> {
                        d = u.getFloat(null, fp + ((long) u.getChar(code, pc + 4) << 3));
                        break real;
                    }
                    case F32_DEMOTE -> v = Float.floatToRawIntBits((float) u.getDouble(null, fp
                            + ((long) u.getChar(code, pc + 4) << 3)));
                    case F64_SQRT -> {
                        d = Math.sqrt(u.getDouble(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                        break real;
                    }
                    case I32_CLZ -> v = Integer.numberOfLeadingZeros(u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                    case I64_CLZ -> v = Long.numberOfLeadingZeros(u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                    case CTZ -> v = Long.numberOfTrailingZeros(u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                    case POPCNT -> v = Long.bitCount(u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3)));
                    case LOOP -> {
                        long counters = u.getLong(code, pc + 8);
                        int left = u.getInt(null, counters + Activations.LOOPS_LEFT) - 1;
                        u.putInt(null, counters + Activations.LOOPS_LEFT, left);
                        if (left < 0) {
                            return pc;
                        }
                        continue wide;
                    }
                    case I32_ADD_SHL -> {
                        v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                + (u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3))
                                << u.getInt(code, pc + 8));
                        break two;
                    }
                    case XOR_I32_SHL -> {
                        v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                ^ u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3))
                                << u.getInt(code, pc + 8);
                        break two;
                    }
                    case XOR_I32_SHR_U -> {
                        v = u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                ^ u.getInt(null, fp + ((long) u.getChar(code, pc + 6) << 3))
                                >>> u.getInt(code, pc + 8);
                        break two;
                    }
                    case XOR_I64_SHL -> {
                        v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                ^ u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3))
                                << u.getInt(code, pc + 8);
                        break two;
                    }
                    case XOR_I64_SHR_U -> {
                        v = u.getLong(null, fp + ((long) u.getChar(code, pc + 4) << 3))
                                ^ u.getLong(null, fp + ((long) u.getChar(code, pc + 6) << 3))
                                >>> u.getInt(code, pc + 8);
                        break two;
                    }
                    case ADD_BR_NE -> {
                        int sum = u.getInt(null, fp + ((long) u.getChar(code, pc + 2) << 3))
                                + u.getInt(code, pc + 8);
                        u.putLong(null, fp + ((long) u.getChar(code, pc + 2) << 3), sum);
                        if (sum == u.getInt(null, fp + ((long) u.getChar(code, pc + 4) << 3))) {
                            continue wide;
                        }
                        break taken;
                    }
                    default -> {
                        return pc;
                    }
                }
                u.putLong(null, fp + ((long) u.getChar(code, pc + 2) << 3), v);
                continue narrow;
                } // real
                u.putDouble(null, fp + ((long) u.getChar(code, pc + 2) << 3), d);
                continue narrow;
                } // taken
                pc += (long) u.getShort(code, pc + 6) << 3;
                continue narrow;
                } // two
                u.putLong(null, fp + ((long) u.getChar(code, pc + 2) << 3), v);
                continue wide;
            }
        }
    }

    /** The same for {@link SegmentInterpreter}, which cannot name Unsafe. */
    static long run(long[] code, long[] globals, long pc, long base, long limit, long state) {
        return run(RawMemory.unsafe(), code, globals, pc, base, limit, state);
    }
}
