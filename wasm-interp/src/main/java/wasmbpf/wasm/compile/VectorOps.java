package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.LaneForm.INTS;
import static wasmbpf.wasm.compile.LaneForm.LONGS;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.Arrays;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/**
 * Vector instructions. Those on lanes of 32 and 64 bits are done lane by lane; those on 8 and 16 bits work on the halves of a
 * vector, all lanes of a long at once, by methods of {@code PackedInts} that have their names.
 */
final class VectorOps {
    private final CodeBuilder code;
    private final MethodCode m;
    private final Vectors vectors;
    private final LaneOps lanes;
    private final VectorMemory memory;
    private final Shuffles shuffles;

    VectorOps(MethodCode m, MemoryAccess memory, Vectors vectors) {
        this.m = m;
        this.vectors = vectors;
        code = m.code;
        lanes = new LaneOps(m, vectors);
        this.memory = new VectorMemory(m, memory, vectors, lanes);
        shuffles = new Shuffles(m, vectors);
    }

    /** How many vectors make a vector; 0: it is not like that. */
    private static int operands(int op) {
        return switch (String.valueOf(Opcode.of(op).signature())) {
            case "v:v" -> 1;
            case "vv:v" -> 2;
            case "vvv:v" -> 3;
            default -> 0;
        };
    }

    /** A load or store in memory 0 with 32-bit addresses. */
    static boolean isFastAccess(FuncValidator at) {
        return VectorMemory.is(at.op()) && at.a() == 0 && !at.module().memory(0).memory64();
    }

    static boolean isInline(FuncValidator at) {
        int op = at.op();
        return op >= OpBytes.SIMD && op <= OpBytes.I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S;
    }

    // Translation

    /** @param h the height below the operands */
    void emit(int op, int h) {
        if (op == OpBytes.V128_CONST) {
            vectors.push(h, new Vector.Literal(m.at.value(), m.at.valueHigh()));
        } else if (VectorMemory.is(op)) {
            memory.emit(op, h);
        } else if (LaneShapes.of(op) != null) {
            lanes.shape(LaneShapes.of(op), operands(op), h);
        } else if (isBitwise(op)) {
            bitwise(op, h);
        } else if (op == OpBytes.I8X16_SHUFFLE) {
            shuffles.shuffle(m.at.value(), m.at.valueHigh(), h);
        } else if (op == OpBytes.I8X16_SWIZZLE || op == OpBytes.I8X16_RELAXED_SWIZZLE) {
            shuffles.swizzle(h);
        } else if (!lanes.emit(op, h)) {
            byHalves(op, h);
        }
    }

    /** Operands from height h on, the topmost being popped first. */
    private Vector[] pop(int count, int h) {
        Vector[] operands = new Vector[count];
        for (int i = count - 1; i >= 0; i--) {
            operands[i] = vectors.pop(h + i);
        }
        return operands;
    }

    private void byHalves(int op, int h) {
        HalfMethod method = HalfMethod.of(op);
        Vector[] operands = pop(operands(op), h);
        Vector.Held result = vectors.result(LONGS);
        ClassDesc[] params = new ClassDesc[operands.length + (method.signBits() == 0 ? 0 : 1)];
        Arrays.fill(params, J);
        for (int half = 0; half < 2; half++) {
            for (Vector operand : operands) {
                vectors.moves.push(operand, LONGS, half);
            }
            if (method.signBits() != 0) {
                code.loadConstant(method.signBits());
            }
            code.invokestatic(method.owner(), method.name(), Names.type(J, params)).lstore(result.lanes()[half]);
        }
        give(h, result, operands);
    }

    private void give(int h, Vector.Held result, Vector... operands) {
        for (Vector operand : operands) {
            vectors.release(operand);
        }
        vectors.push(h, result);
    }

    private static boolean isBitwise(int op) {
        return switch (op) {
            case OpBytes.V128_AND, OpBytes.V128_ANDNOT, OpBytes.V128_OR, OpBytes.V128_XOR, OpBytes.V128_NOT, OpBytes.V128_BITSELECT,
                    OpBytes.I8X16_RELAXED_LANESELECT, OpBytes.I16X8_RELAXED_LANESELECT, OpBytes.I32X4_RELAXED_LANESELECT,
                    OpBytes.I64X2_RELAXED_LANESELECT -> true;
            default -> false;
        };
    }

    /** In ints if that is what more of the operands are, so that few lanes are taken apart and put together. */
    private void bitwise(int op, int h) {
        Vector[] operands = pop(operands(op), h);
        int halves = 0;
        int words = 0;
        for (Vector operand : operands) {
            if (operand instanceof Vector.Held held) {
                if (held.form().count == 2) {
                    halves++;
                } else {
                    words++;
                }
            }
        }
        LaneForm form = words > halves ? INTS : LONGS;
        Vector.Held result = vectors.result(form);
        for (int lane = 0; lane < form.count; lane++) {
            for (Vector operand : operands) {
                vectors.moves.push(operand, form, lane);
            }
            bits(op, form);
            code.storeLocal(form.kind, result.lanes()[lane]);
        }
        give(h, result, operands);
    }

    private void bits(int op, LaneForm form) {
        boolean ints = form == INTS;
        switch (op) {
            case OpBytes.V128_AND -> and(ints);
            case OpBytes.V128_OR -> {
                if (ints) {
                    code.ior();
                } else {
                    code.lor();
                }
            }
            case OpBytes.V128_XOR -> xor(ints);
            case OpBytes.V128_ANDNOT -> {
                not(ints);
                and(ints);
            }
            case OpBytes.V128_NOT -> not(ints);
            default -> code.invokestatic(Names.LANES, "bitselect", ints ? Names.type(I, I, I, I) : Names.type(J, J, J, J));
        }
    }

    private void and(boolean ints) {
        if (ints) {
            code.iand();
        } else {
            code.land();
        }
    }

    private void xor(boolean ints) {
        if (ints) {
            code.ixor();
        } else {
            code.lxor();
        }
    }

    private void not(boolean ints) {
        if (ints) {
            code.iconst_m1();
        } else {
            code.loadConstant(-1L);
        }
        xor(ints);
    }

    /** With the condition, an i32, on top of the JVM stack. */
    void select(int h) {
        int condition = m.temp(3, TypeKind.INT);
        code.istore(condition);
        Vector[] operands = pop(2, h);
        LaneForm form = operands[0] instanceof Vector.Held held ? held.form()
                : operands[1] instanceof Vector.Held held ? held.form() : LONGS;
        Vector.Held result = vectors.result(form);
        var second = code.newLabel();
        var end = code.newLabel();
        code.iload(condition).ifeq(second);
        vectors.moves.copy(operands[0], form, result.lanes()[0]);
        code.goto_(end).labelBinding(second);
        vectors.moves.copy(operands[1], form, result.lanes()[0]);
        code.labelBinding(end);
        give(h, result, operands);
    }
}
