package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.LaneForm.DOUBLES;
import static wasmbpf.wasm.compile.LaneForm.FLOATS;
import static wasmbpf.wasm.compile.LaneForm.INTS;
import static wasmbpf.wasm.compile.LaneForm.LONGS;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/** Vector instructions that look at lanes: the same to each, shifts, lanes to and from numbers, changes of width, tests. */
final class LaneOps {
    private static final ClassDesc LANE = ClassDesc.of(Names.PACKAGE, "Lane");

    private final MethodCode m;
    private final CodeBuilder code;
    private final Vectors vectors;
    private final LaneMoves moves;

    LaneOps(MethodCode m, Vectors vectors) {
        this.m = m;
        this.vectors = vectors;
        code = m.code;
        moves = vectors.moves;
    }

    /** Of the vectors from height h on. */
    void shape(LaneShapes.LaneOp op, int operandCount, int h) {
        Vector[] operands = new Vector[operandCount];
        for (int i = operandCount - 1; i >= 0; i--) {
            operands[i] = vectors.pop(h + i);
        }
        Vector.Held result = vectors.result(op.to());
        for (int lane = 0; lane < op.to().count; lane++) {
            if (lane < op.from().count) {
                for (Vector operand : operands) {
                    moves.push(operand, op.from(), lane);
                }
                op.emit().accept(code);
            } else {
                moves.push(new Vector.Literal(0, 0), op.to(), lane);
            }
            code.storeLocal(op.to().kind, result.lanes()[lane]);
        }
        give(h, result, operands);
    }

    private void give(int h, Vector.Held result, Vector... operands) {
        for (Vector operand : operands) {
            vectors.release(operand);
        }
        vectors.push(h, result);
    }

    /** @return whether it is one of these */
    boolean emit(int op, int h) {
        switch (op) {
            case OpBytes.I32X4_SHL -> shift(INTS, CodeBuilder::ishl, h);
            case OpBytes.I32X4_SHR_S -> shift(INTS, CodeBuilder::ishr, h);
            case OpBytes.I32X4_SHR_U -> shift(INTS, CodeBuilder::iushr, h);
            case OpBytes.I64X2_SHL -> shift(LONGS, CodeBuilder::lshl, h);
            case OpBytes.I64X2_SHR_S -> shift(LONGS, CodeBuilder::lshr, h);
            case OpBytes.I64X2_SHR_U -> shift(LONGS, CodeBuilder::lushr, h);
            case OpBytes.I8X16_SHL, OpBytes.I8X16_SHR_S, OpBytes.I8X16_SHR_U, OpBytes.I16X8_SHL, OpBytes.I16X8_SHR_S,
                    OpBytes.I16X8_SHR_U -> {
                HalfMethod method = HalfMethod.of(op);
                shift(LONGS, c -> c.loadConstant(method.signBits()).invokestatic(method.owner(), method.name(), Names.type(J, J, I, J)),
                        h);
            }
            case OpBytes.I8X16_SPLAT -> splat("i8x16Splat", h);
            case OpBytes.I16X8_SPLAT -> splat("i16x8Splat", h);
            case OpBytes.I32X4_SPLAT -> vectors.push(h, vectors.splat(INTS));
            case OpBytes.F32X4_SPLAT -> vectors.push(h, vectors.splat(FLOATS));
            case OpBytes.I64X2_SPLAT -> vectors.push(h, vectors.splat(LONGS));
            case OpBytes.F64X2_SPLAT -> vectors.push(h, vectors.splat(DOUBLES));
            case OpBytes.I8X16_EXTRACT_LANE_S, OpBytes.I8X16_EXTRACT_LANE_U, OpBytes.I16X8_EXTRACT_LANE_S,
                    OpBytes.I16X8_EXTRACT_LANE_U, OpBytes.I32X4_EXTRACT_LANE, OpBytes.I64X2_EXTRACT_LANE,
                    OpBytes.F32X4_EXTRACT_LANE, OpBytes.F64X2_EXTRACT_LANE -> extract(op, m.at.c(), h);
            case OpBytes.I8X16_REPLACE_LANE, OpBytes.I16X8_REPLACE_LANE, OpBytes.I32X4_REPLACE_LANE,
                    OpBytes.I64X2_REPLACE_LANE, OpBytes.F32X4_REPLACE_LANE, OpBytes.F64X2_REPLACE_LANE ->
                replace(op, m.at.c(), h);
            case OpBytes.V128_ANY_TRUE -> test("anyTrue", 8, h);
            case OpBytes.I8X16_ALL_TRUE -> test("allTrue", 8, h);
            case OpBytes.I16X8_ALL_TRUE -> test("allTrue", 16, h);
            case OpBytes.I32X4_ALL_TRUE -> test("allTrue", 32, h);
            case OpBytes.I64X2_ALL_TRUE -> test("allTrue", 64, h);
            case OpBytes.I8X16_BITMASK -> test("bitmask", 8, h);
            case OpBytes.I16X8_BITMASK -> test("bitmask", 16, h);
            case OpBytes.I32X4_BITMASK -> test("bitmask", 32, h);
            case OpBytes.I64X2_BITMASK -> test("bitmask", 64, h);
            case OpBytes.I8X16_NARROW_I16X8_S, OpBytes.I8X16_NARROW_I16X8_U -> narrow(LONGS, op, h);
            case OpBytes.I16X8_NARROW_I32X4_S, OpBytes.I16X8_NARROW_I32X4_U -> narrow(INTS, op, h);
            case OpBytes.F32X4_RELAXED_MADD -> madd(FLOATS, false, h);
            case OpBytes.F32X4_RELAXED_NMADD -> madd(FLOATS, true, h);
            case OpBytes.F64X2_RELAXED_MADD -> madd(DOUBLES, false, h);
            case OpBytes.F64X2_RELAXED_NMADD -> madd(DOUBLES, true, h);
            default -> {
                return width(op, h);
            }
        }
        return true;
    }

    /** With the number on the JVM stack. */
    private void splat(String method, int h) {
        code.invokestatic(Names.LANES, method, Names.type(J, I));
        vectors.push(h, vectors.splat(LONGS));
    }

    /** With the count on the JVM stack. */
    private void shift(LaneForm form, Consumer<CodeBuilder> emit, int h) {
        int count = m.temp(3, TypeKind.INT);
        code.istore(count);
        Vector vector = vectors.pop(h);
        Vector.Held result = vectors.result(form);
        for (int i = 0; i < form.count; i++) {
            moves.push(vector, form, i);
            code.iload(count);
            emit.accept(code);
            code.storeLocal(form.kind, result.lanes()[i]);
        }
        give(h, result, vector);
    }

    /**
     * Not fused: one of the two allowed results, and {@code Math.fma} is a thousand times slower without the instruction.
     *
     * @param negated whether the product is taken off
     */
    private void madd(LaneForm form, boolean negated, int h) {
        Vector c = vectors.pop(h + 2);
        Vector b = vectors.pop(h + 1);
        Vector a = vectors.pop(h);
        Vector.Held result = vectors.result(form);
        boolean floats = form == FLOATS;
        for (int i = 0; i < form.count; i++) {
            moves.push(a, form, i);
            if (negated) {
                NumberOps.emit(floats ? OpBytes.F32_NEG : OpBytes.F64_NEG, code);
            }
            moves.push(b, form, i);
            NumberOps.emit(floats ? OpBytes.F32_MUL : OpBytes.F64_MUL, code);
            moves.push(c, form, i);
            NumberOps.emit(floats ? OpBytes.F32_ADD : OpBytes.F64_ADD, code);
            code.storeLocal(form.kind, result.lanes()[i]);
        }
        give(h, result, a, b, c);
    }

    // Single lanes

    /** Pushes a lane of the vector at height h onto the JVM stack. */
    void extract(int op, int lane, int h) {
        Vector vector = vectors.pop(h);
        switch (op) {
            case OpBytes.I32X4_EXTRACT_LANE -> moves.push(vector, INTS, lane);
            case OpBytes.F32X4_EXTRACT_LANE -> moves.push(vector, FLOATS, lane);
            case OpBytes.I64X2_EXTRACT_LANE -> moves.push(vector, LONGS, lane);
            case OpBytes.F64X2_EXTRACT_LANE -> moves.push(vector, DOUBLES, lane);
            case OpBytes.I8X16_EXTRACT_LANE_S -> {
                small(vector, 8, lane);
                code.i2b();
            }
            case OpBytes.I8X16_EXTRACT_LANE_U -> {
                small(vector, 8, lane);
                code.loadConstant(0xFF).iand();
            }
            case OpBytes.I16X8_EXTRACT_LANE_S -> {
                small(vector, 16, lane);
                code.i2s();
            }
            default -> {
                small(vector, 16, lane);
                code.loadConstant(0xFFFF).iand();
            }
        }
        vectors.release(vector);
    }

    private void small(Vector vector, int bits, int lane) {
        int inHalf = 64 / bits;
        moves.push(vector, LONGS, lane / inHalf);
        if (lane % inHalf > 0) {
            code.loadConstant(lane % inHalf * bits).lushr();
        }
        code.l2i();
    }

    /** With the new value on the JVM stack. */
    void replace(int op, int lane, int h) {
        LaneForm form = switch (op) {
            case OpBytes.I32X4_REPLACE_LANE -> INTS;
            case OpBytes.F32X4_REPLACE_LANE -> FLOATS;
            case OpBytes.F64X2_REPLACE_LANE -> DOUBLES;
            default -> LONGS;
        };
        switch (op) {
            case OpBytes.I8X16_REPLACE_LANE -> replaceSmall(8, lane, h);
            case OpBytes.I16X8_REPLACE_LANE -> replaceSmall(16, lane, h);
            default -> {
                Vector.Held value = vectors.splat(form);
                Vector.Held vector = vectors.hold(vectors.pop(h), form);
                int[] lanes = vector.lanes().clone();
                lanes[lane] = value.lanes()[0];
                vectors.push(h, vectors.arranged(form, lanes, vector, value));
            }
        }
    }

    private void replaceSmall(int bits, int lane, int h) {
        code.i2l();
        Vector.Held value = vectors.splat(LONGS);
        Vector.Held vector = vectors.hold(vectors.pop(h), LONGS);
        Vector.Held result = vectors.result(LONGS);
        int inHalf = 64 / bits;
        int half = lane / inHalf;
        code.lload(vector.lanes()[half]).lload(value.lanes()[0]).loadConstant(lane % inHalf * bits).loadConstant(-1L >>> 64 - bits);
        code.invokestatic(Names.LANES, "replace", Names.type(J, J, J, I, J)).lstore(result.lanes()[half]);
        code.lload(vector.lanes()[1 - half]).lstore(result.lanes()[1 - half]);
        give(h, result, vector, value);
    }

    private void test(String method, int bits, int h) {
        Vector vector = vectors.pop(h);
        boolean words = vector instanceof Vector.Held held && held.form().count == 4 || bits == 32;
        if (words && (bits == 32 || method.equals("anyTrue"))) {
            for (int i = 0; i < 4; i++) {
                moves.push(vector, INTS, i);
            }
            code.invokestatic(LANE, method, Names.type(I, I, I, I, I));
        } else {
            moves.pushHalves(vector);
            if (method.equals("anyTrue")) {
                code.invokestatic(Names.LANES, method, Names.type(I, J, J));
            } else {
                code.loadConstant(bits).invokestatic(Names.LANES, method, Names.type(I, J, J, I));
            }
        }
        vectors.release(vector);
    }

    // Changes of width

    private void narrow(LaneForm form, int op, int h) {
        Vector b = vectors.pop(h + 1);
        Vector a = vectors.pop(h);
        Vector.Held result = vectors.result(LONGS);
        boolean signed = Opcode.of(op).mnemonic().endsWith("_s");
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < form.count; i++) {
                moves.push(half == 0 ? a : b, form, i);
            }
            String method = (form == INTS ? "narrow32" : "narrow16") + (signed ? "S" : "U");
            code.invokestatic(Names.WIDE_LANES, method, form == INTS ? Names.type(J, I, I, I, I) : Names.type(J, J, J));
            code.lstore(result.lanes()[half]);
        }
        give(h, result, a, b);
    }

    private boolean width(int op, int h) {
        switch (op) {
            case OpBytes.I16X8_EXTEND_LOW_I8X16_S -> bytesToShorts("extend8S", 1, 0, h);
            case OpBytes.I16X8_EXTEND_LOW_I8X16_U -> bytesToShorts("extend8U", 1, 0, h);
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_S -> bytesToShorts("extend8S", 1, 1, h);
            case OpBytes.I16X8_EXTEND_HIGH_I8X16_U -> bytesToShorts("extend8U", 1, 1, h);
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_S -> bytesToShorts("extmul8S", 2, 0, h);
            case OpBytes.I16X8_EXTMUL_LOW_I8X16_U -> bytesToShorts("extmul8U", 2, 0, h);
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_S -> bytesToShorts("extmul8S", 2, 1, h);
            case OpBytes.I16X8_EXTMUL_HIGH_I8X16_U -> bytesToShorts("extmul8U", 2, 1, h);
            case OpBytes.I32X4_EXTEND_LOW_I16X8_S -> shortsToInts(true, 0, h);
            case OpBytes.I32X4_EXTEND_LOW_I16X8_U -> shortsToInts(false, 0, h);
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_S -> shortsToInts(true, 1, h);
            case OpBytes.I32X4_EXTEND_HIGH_I16X8_U -> shortsToInts(false, 1, h);
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_S -> product("productS", 0, h);
            case OpBytes.I32X4_EXTMUL_LOW_I16X8_U -> product("productU", 0, h);
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_S -> product("productS", 1, h);
            case OpBytes.I32X4_EXTMUL_HIGH_I16X8_U -> product("productU", 1, h);
            case OpBytes.I64X2_EXTEND_LOW_I32X4_S -> intsToLongs(1, true, 0, h);
            case OpBytes.I64X2_EXTEND_LOW_I32X4_U -> intsToLongs(1, false, 0, h);
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_S -> intsToLongs(1, true, 2, h);
            case OpBytes.I64X2_EXTEND_HIGH_I32X4_U -> intsToLongs(1, false, 2, h);
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_S -> intsToLongs(2, true, 0, h);
            case OpBytes.I64X2_EXTMUL_LOW_I32X4_U -> intsToLongs(2, false, 0, h);
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_S -> intsToLongs(2, true, 2, h);
            case OpBytes.I64X2_EXTMUL_HIGH_I32X4_U -> intsToLongs(2, false, 2, h);
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_S -> pairs("pairSumS", 1, h);
            case OpBytes.I32X4_EXTADD_PAIRWISE_I16X8_U -> pairs("pairSumU", 1, h);
            case OpBytes.I32X4_DOT_I16X8_S -> pairs("dot", 2, h);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Vector.Held[] longs(int count, int h) {
        Vector.Held[] operands = new Vector.Held[count];
        for (int i = count - 1; i >= 0; i--) {
            operands[i] = vectors.hold(vectors.pop(h + i), LONGS);
        }
        return operands;
    }

    private void each(LaneForm form, Vector[] operands, int h, IntConsumer lane) {
        Vector.Held result = vectors.result(form);
        for (int i = 0; i < form.count; i++) {
            lane.accept(i);
            code.storeLocal(form.kind, result.lanes()[i]);
        }
        give(h, result, operands);
    }

    /** From a half of each operand, the first or second, a part after the other. */
    private void bytesToShorts(String method, int count, int half, int h) {
        Vector.Held[] operands = longs(count, h);
        each(LONGS, operands, h, part -> {
            for (Vector.Held operand : operands) {
                code.lload(operand.lanes()[half]);
            }
            code.loadConstant(part).invokestatic(Names.WIDE_LANES, method, count == 1 ? Names.type(J, J, I) : Names.type(J, J, J, I));
        });
    }

    private void shortsToInts(boolean signed, int half, int h) {
        Vector.Held[] operands = longs(1, h);
        each(INTS, operands, h, lane -> {
            code.lload(operands[0].lanes()[half]);
            if (lane > 0) {
                code.loadConstant(16 * lane).lushr();
            }
            code.l2i();
            if (signed) {
                code.i2s();
            } else {
                code.i2c();
            }
        });
    }

    private void product(String method, int half, int h) {
        Vector.Held[] operands = longs(2, h);
        each(INTS, operands, h, lane -> code.lload(operands[0].lanes()[half]).lload(operands[1].lanes()[half])
                .loadConstant(16 * lane).invokestatic(LANE, method, Names.type(I, J, J, I)));
    }

    private void pairs(String method, int count, int h) {
        Vector.Held[] operands = longs(count, h);
        each(INTS, operands, h, lane -> {
            for (Vector.Held operand : operands) {
                code.lload(operand.lanes()[lane >> 1]);
            }
            code.loadConstant(32 * (lane & 1)).invokestatic(LANE, method, count == 1 ? Names.type(I, J, I) : Names.type(I, J, J, I));
        });
    }

    /** @param count of operands; two are multiplied */
    private void intsToLongs(int count, boolean signed, int first, int h) {
        Vector[] operands = new Vector[count];
        for (int i = count - 1; i >= 0; i--) {
            operands[i] = vectors.pop(h + i);
        }
        each(LONGS, operands, h, lane -> {
            for (Vector operand : operands) {
                moves.push(operand, INTS, first + lane);
                NumberOps.emit(signed ? OpBytes.I64_EXTEND_I32_S : OpBytes.I64_EXTEND_I32_U, code);
            }
            if (count == 2) {
                code.lmul();
            }
        });
    }
}
