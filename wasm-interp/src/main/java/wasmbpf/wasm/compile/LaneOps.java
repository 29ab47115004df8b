package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/**
 * Vector instructions that are not the same for both halves: shifts, lanes to and from numbers, changes of width, loads that
 * fill a vector. By their names, which follow a few patterns.
 */
final class LaneOps {
    private enum Group {
        NONE, SHIFT, SPLAT, EXTRACT, REPLACE, TEST, EXTEND, NARROW, LOAD
    }

    private static final Map<Integer, Group> GROUPS = new ConcurrentHashMap<>();

    private LaneOps() {
    }

    private static Group group(int op) {
        return GROUPS.computeIfAbsent(op, o -> find(Opcode.of(o).mnemonic()));
    }

    private static Group find(String name) {
        if (name.startsWith("v128.load") && !name.endsWith("_lane") && !name.equals("v128.load")) {
            return Group.LOAD;
        }
        String rest = name.substring(name.indexOf('.') + 1);
        if (rest.equals("shl") || rest.equals("shr_s") || rest.equals("shr_u")) {
            return Group.SHIFT;
        }
        if (rest.equals("splat") && (name.startsWith("i8") || name.startsWith("i16"))) {
            return Group.SPLAT;
        }
        if (rest.startsWith("extract_lane_")) {
            return Group.EXTRACT;
        }
        if (rest.equals("replace_lane")) {
            return Group.REPLACE;
        }
        if (rest.equals("any_true") || rest.equals("all_true") || rest.equals("bitmask")) {
            return Group.TEST;
        }
        if (rest.startsWith("extend_")) {
            return Group.EXTEND;
        }
        return rest.startsWith("narrow_") ? Group.NARROW : Group.NONE;
    }

    /** A load of memory 0 with 32-bit addresses. */
    static boolean isFastAccess(FuncValidator at) {
        return at.op() >= OpBytes.SIMD && group(at.op()) == Group.LOAD && at.a() == 0 && !at.module().memory(0).memory64();
    }

    static boolean isInline(FuncValidator at) {
        Group group = group(at.op());
        return group == Group.LOAD ? isFastAccess(at) : group != Group.NONE;
    }

    static void emit(MethodCode m, MemoryAccess memory) {
        FuncValidator at = m.at;
        CodeBuilder code = m.code;
        String name = Opcode.of(at.op()).mnemonic();
        switch (group(at.op())) {
            case SHIFT -> shift(VectorOps.name(at.op()), m);
            case SPLAT -> code.invokestatic(Names.LANES, VectorOps.name(at.op()), Names.type(J, I)).dup2();
            case EXTRACT -> extract(bits(name), at.c(), name.endsWith("_s"), m);
            case REPLACE -> replace(name, at.c(), m);
            case TEST -> test(name, code);
            case EXTEND -> {
                VectorOps.half(name.contains("_low_") ? 0 : 1, m);
                extend(bits(name) / 2, name.endsWith("_s"), m);
            }
            case NARROW -> narrow(bits(name) * 2, name.endsWith("_s"), m);
            default -> load(name, m, memory);
        }
    }

    /** Of a lane, by the shape before the point. */
    private static int bits(String name) {
        return Integer.parseInt(name.substring(1, name.indexOf('x')));
    }

    private static void shift(String method, MethodCode m) {
        CodeBuilder code = m.code;
        int count = m.temp(20, TypeKind.INT);
        code.istore(count);
        int[] halves = VectorOps.pop(2, m);
        for (int half : halves) {
            code.lload(half).iload(count).invokestatic(Names.LANES, method, Names.type(J, J, I));
        }
    }

    private static void extract(int bits, int lane, boolean signed, MethodCode m) {
        CodeBuilder code = m.code;
        int inHalf = 64 / bits;
        VectorOps.half(lane / inHalf, m);
        code.loadConstant(lane % inHalf * bits).lushr().l2i();
        if (!signed) {
            code.loadConstant((1 << bits) - 1).iand();
        } else if (bits == 8) {
            code.i2b();
        } else {
            code.i2s();
        }
    }

    private static void replace(String name, int lane, MethodCode m) {
        CodeBuilder code = m.code;
        int bits = bits(name);
        switch (name.substring(0, name.indexOf('.'))) {
            case "f32x4" -> {
                NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                code.i2l();
            }
            case "f64x2" -> NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
            case "i64x2" -> {
            }
            default -> code.i2l();
        }
        int[] values = VectorOps.pop(3, m);
        int inHalf = 64 / bits;
        for (int half = 0; half < 2; half++) {
            code.lload(values[half]);
            if (lane / inHalf == half) {
                code.lload(values[2]).loadConstant(lane % inHalf * bits).loadConstant(-1L >>> 64 - bits);
                code.invokestatic(Names.LANES, "replace", Names.type(J, J, J, I, J));
            }
        }
    }

    private static void test(String name, CodeBuilder code) {
        if (name.endsWith("any_true")) {
            code.invokestatic(Names.LANES, "anyTrue", Names.type(I, J, J));
        } else {
            code.loadConstant(bits(name)).invokestatic(Names.LANES, name.endsWith("bitmask") ? "bitmask" : "allTrue",
                    Names.type(I, J, J, I));
        }
    }

    /** From a half on the stack to a vector of lanes twice as wide. */
    private static void extend(int bits, boolean signed, MethodCode m) {
        CodeBuilder code = m.code;
        int[] half = VectorOps.pop(1, m);
        for (int part = 0; part < 2; part++) {
            code.lload(half[0]).loadConstant(part).invokestatic(Names.LANES, "extend" + bits + (signed ? "S" : "U"),
                    Names.type(J, J, I));
        }
    }

    private static void narrow(int bits, boolean signed, MethodCode m) {
        CodeBuilder code = m.code;
        int[] halves = VectorOps.pop(4, m);
        for (int i = 0; i < 4; i += 2) {
            code.lload(halves[i]).lload(halves[i + 1]).invokestatic(Names.LANES, "narrow" + bits + (signed ? "S" : "U"),
                    Names.type(J, J, J));
        }
    }

    private static void load(String name, MethodCode m, MemoryAccess memory) {
        CodeBuilder code = m.code;
        switch (name) {
            case "v128.load8_splat" -> {
                memory.emit(OpBytes.I32_LOAD8_U);
                code.invokestatic(Names.LANES, "i8x16Splat", Names.type(J, I)).dup2();
            }
            case "v128.load16_splat" -> {
                memory.emit(OpBytes.I32_LOAD16_U);
                code.invokestatic(Names.LANES, "i16x8Splat", Names.type(J, I)).dup2();
            }
            case "v128.load32_splat" -> {
                memory.emit(OpBytes.I32_LOAD);
                VectorOps.pair(code);
            }
            case "v128.load64_splat" -> {
                memory.emit(OpBytes.I64_LOAD);
                code.dup2();
            }
            case "v128.load32_zero" -> {
                memory.emit(OpBytes.I64_LOAD32_U);
                code.lconst_0();
            }
            case "v128.load64_zero" -> {
                memory.emit(OpBytes.I64_LOAD);
                code.lconst_0();
            }
            default -> {
                memory.emit(OpBytes.I64_LOAD);
                int bits = Integer.parseInt(name.substring("v128.load".length(), name.indexOf('x')));
                extend(bits, name.endsWith("_s"), m);
            }
        }
    }
}
