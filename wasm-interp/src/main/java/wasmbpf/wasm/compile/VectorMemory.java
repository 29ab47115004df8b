package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.LaneForm.INTS;
import static wasmbpf.wasm.compile.LaneForm.LONGS;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import wasmbpf.wasm.OpBytes;

/** Loads and stores of vectors and of their lanes. */
final class VectorMemory {
    private final MethodCode m;
    private final CodeBuilder code;
    private final MemoryAccess memory;
    private final Vectors vectors;
    private final LaneOps lanes;

    VectorMemory(MethodCode m, MemoryAccess memory, Vectors vectors, LaneOps lanes) {
        this.m = m;
        this.memory = memory;
        this.vectors = vectors;
        this.lanes = lanes;
        code = m.code;
    }

    static boolean is(int op) {
        return op >= OpBytes.V128_LOAD && op <= OpBytes.V128_STORE
                || op >= OpBytes.V128_LOAD8_LANE && op <= OpBytes.V128_LOAD64_ZERO;
    }

    void emit(int op, int h) {
        switch (op) {
            case OpBytes.V128_LOAD -> {
                memory.address(16);
                vectors.push(h, vectors.unread());
            }
            case OpBytes.V128_STORE -> {
                Vector value = vectors.pop(h + 1);
                int address = m.temp(1, TypeKind.LONG);
                memory.address(16);
                code.lstore(address);
                vectors.read();
                vectors.write(value, address);
            }
            case OpBytes.V128_LOAD8_LANE -> loadLane(OpBytes.I32_LOAD8_U, OpBytes.I8X16_REPLACE_LANE, h);
            case OpBytes.V128_LOAD16_LANE -> loadLane(OpBytes.I32_LOAD16_U, OpBytes.I16X8_REPLACE_LANE, h);
            case OpBytes.V128_LOAD32_LANE -> loadLane(OpBytes.I32_LOAD, OpBytes.I32X4_REPLACE_LANE, h);
            case OpBytes.V128_LOAD64_LANE -> loadLane(OpBytes.I64_LOAD, OpBytes.I64X2_REPLACE_LANE, h);
            case OpBytes.V128_STORE8_LANE -> storeLane(OpBytes.I8X16_EXTRACT_LANE_U, OpBytes.I32_STORE8, h);
            case OpBytes.V128_STORE16_LANE -> storeLane(OpBytes.I16X8_EXTRACT_LANE_U, OpBytes.I32_STORE16, h);
            case OpBytes.V128_STORE32_LANE -> storeLane(OpBytes.I32X4_EXTRACT_LANE, OpBytes.I32_STORE, h);
            case OpBytes.V128_STORE64_LANE -> storeLane(OpBytes.I64X2_EXTRACT_LANE, OpBytes.I64_STORE, h);
            case OpBytes.V128_LOAD8_SPLAT -> splat(OpBytes.I32_LOAD8_U, OpBytes.I8X16_SPLAT, h);
            case OpBytes.V128_LOAD16_SPLAT -> splat(OpBytes.I32_LOAD16_U, OpBytes.I16X8_SPLAT, h);
            case OpBytes.V128_LOAD32_SPLAT -> splat(OpBytes.I32_LOAD, OpBytes.I32X4_SPLAT, h);
            case OpBytes.V128_LOAD64_SPLAT -> splat(OpBytes.I64_LOAD, OpBytes.I64X2_SPLAT, h);
            case OpBytes.V128_LOAD32_ZERO -> zero(OpBytes.I32_LOAD, INTS, h);
            case OpBytes.V128_LOAD64_ZERO -> zero(OpBytes.I64_LOAD, LONGS, h);
            default -> {
                memory.emit(OpBytes.I64_LOAD);
                Vector.Held half = vectors.splat(LONGS);
                vectors.push(h, half);
                lanes.emit(switch (op) {
                    case OpBytes.V128_LOAD8X8_S -> OpBytes.I16X8_EXTEND_LOW_I8X16_S;
                    case OpBytes.V128_LOAD8X8_U -> OpBytes.I16X8_EXTEND_LOW_I8X16_U;
                    case OpBytes.V128_LOAD16X4_S -> OpBytes.I32X4_EXTEND_LOW_I16X8_S;
                    case OpBytes.V128_LOAD16X4_U -> OpBytes.I32X4_EXTEND_LOW_I16X8_U;
                    case OpBytes.V128_LOAD32X2_S -> OpBytes.I64X2_EXTEND_LOW_I32X4_S;
                    default -> OpBytes.I64X2_EXTEND_LOW_I32X4_U;
                }, h);
            }
        }
    }

    private void splat(int load, int splat, int h) {
        memory.emit(load);
        lanes.emit(splat, h);
    }

    private void zero(int load, LaneForm form, int h) {
        memory.emit(load);
        Vector.Held result = vectors.result(form);
        code.storeLocal(form.kind, result.lanes()[0]);
        for (int i = 1; i < form.count; i++) {
            vectors.moves.push(new Vector.Literal(0, 0), form, i);
            code.storeLocal(form.kind, result.lanes()[i]);
        }
        vectors.push(h, result);
    }

    /** The address below the vector. */
    private void loadLane(int load, int replace, int h) {
        Vector vector = vectors.pop(h + 1);
        memory.emit(load);
        vectors.push(h, vector);
        lanes.replace(replace, m.at.c(), h);
    }

    private void storeLane(int extract, int store, int h) {
        vectors.push(h + 1, vectors.pop(h + 1));
        lanes.extract(extract, m.at.c(), h + 1);
        vectors.read();
        memory.emit(store);
    }
}
