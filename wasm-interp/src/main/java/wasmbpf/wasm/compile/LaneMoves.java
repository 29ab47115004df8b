package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.OpBytes;

/** Lanes of vectors to and from the JVM stack, whatever they are kept as. */
final class LaneMoves {
    private final MethodCode m;
    private final CodeBuilder code;

    LaneMoves(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    /** Pushes a lane as a form has it. */
    void push(Vector vector, LaneForm form, int lane) {
        switch (vector) {
            case Vector.Literal literal -> constant(literal, form, lane);
            case Vector.Unread unread -> read(unread.addressLocal(), form, lane);
            case Vector.Held held -> {
                if (held.form() == form) {
                    code.loadLocal(form.kind, held.lanes()[lane]);
                } else {
                    convert(held, form, lane);
                }
            }
        }
    }

    /** Pushes the vector as its two halves. */
    void pushHalves(Vector vector) {
        push(vector, LaneForm.LONGS, 0);
        push(vector, LaneForm.LONGS, 1);
    }

    private void constant(Vector.Literal literal, LaneForm form, int lane) {
        switch (form) {
            case LONGS -> code.loadConstant(literal.half(lane));
            case DOUBLES -> NumberOps.constant(Double.longBitsToDouble(literal.half(lane)), code);
            case INTS -> code.loadConstant(literal.word(lane));
            case FLOATS -> NumberOps.constant(Float.intBitsToFloat(literal.word(lane)), code);
        }
    }

    private void read(int address, LaneForm form, int lane) {
        address(address, form, lane);
        switch (form) {
            case LONGS -> m.unsafeGet("getLong", J);
            case DOUBLES -> m.unsafeGet("getDouble", D);
            case INTS -> m.unsafeGet("getInt", I);
            case FLOATS -> m.unsafeGet("getFloat", F);
        }
    }

    /** Pushes what an access to a lane of a vector in memory begins with. */
    void address(int address, LaneForm form, int lane) {
        m.batch.unsafe(code);
        code.lload(address);
        if (lane > 0) {
            code.loadConstant((long) lane * form.laneBytes()).ladd();
        }
    }

    private void convert(Vector.Held held, LaneForm form, int lane) {
        switch (form) {
            case LONGS -> {
                if (held.form() == LaneForm.DOUBLES) {
                    code.dload(held.lanes()[lane]);
                    NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
                } else {
                    push(held, LaneForm.INTS, 2 * lane);
                    push(held, LaneForm.INTS, 2 * lane + 1);
                    code.invokestatic(Names.LANES, "pair", Names.type(J, I, I));
                }
            }
            case DOUBLES -> {
                push(held, LaneForm.LONGS, lane);
                NumberOps.emit(OpBytes.F64_REINTERPRET_I64, code);
            }
            case INTS -> {
                if (held.form() == LaneForm.FLOATS) {
                    code.fload(held.lanes()[lane]);
                    NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                } else {
                    push(held, LaneForm.LONGS, lane >> 1);
                    if ((lane & 1) != 0) {
                        code.loadConstant(32).lushr();
                    }
                    code.l2i();
                }
            }
            case FLOATS -> {
                push(held, LaneForm.INTS, lane);
                NumberOps.emit(OpBytes.F32_REINTERPRET_I32, code);
            }
        }
    }

    /** Copies a vector that lies elsewhere into the slots from one on. */
    void copy(Vector vector, LaneForm form, int firstSlot) {
        int[] slots = form.slots(firstSlot);
        for (int i = 0; i < form.count; i++) {
            push(vector, form, i);
            code.storeLocal(form.kind, slots[i]);
        }
    }
}
