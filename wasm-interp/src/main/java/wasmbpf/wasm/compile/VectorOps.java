package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashSet;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/**
 * Vector instructions that are translated; a vector is two longs on the JVM stack, low half first. Those that work on each half
 * alone call the method of {@code Lanes} that has their name.
 */
final class VectorOps {
    /** Names of the methods of {@code Lanes}, each with the number of its parameters. */
    private static final Set<String> LANES = lanes();

    private VectorOps() {
    }

    private static Set<String> lanes() {
        Set<String> names = new HashSet<>();
        try {
            for (var method : Class.forName(Names.PACKAGE + ".Lanes").getDeclaredMethods()) {
                boolean halves = method.getReturnType() == long.class;
                for (Class<?> param : method.getParameterTypes()) {
                    halves &= param == long.class;
                }
                if (halves) {
                    names.add(method.getName() + method.getParameterCount());
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return names;
    }

    /** {@code i16x8.add_sat_s} as {@code i16x8AddSatS}. */
    static String name(int op) {
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (char c : Opcode.of(op).mnemonic().toCharArray()) {
            if (c == '.' || c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.toString();
    }

    private static int halves(int op) {
        return switch (String.valueOf(Opcode.of(op).signature())) {
            case "v:v" -> 1;
            case "vv:v" -> 2;
            default -> 0;
        };
    }

    /** A load or store of a whole vector in memory 0 with 32-bit addresses. */
    static boolean isFastAccess(FuncValidator at) {
        return (at.op() == OpBytes.V128_LOAD || at.op() == OpBytes.V128_STORE) && at.a() == 0
                && !at.module().memory(0).memory64() || LaneOps.isFastAccess(at);
    }

    static boolean isInline(FuncValidator at) {
        int op = at.op();
        if (op < OpBytes.SIMD) {
            return false;
        }
        return switch (op) {
            case OpBytes.V128_LOAD, OpBytes.V128_STORE -> isFastAccess(at);
            case OpBytes.I32X4_SPLAT, OpBytes.I64X2_SPLAT, OpBytes.F32X4_SPLAT, OpBytes.F64X2_SPLAT,
                    OpBytes.I32X4_EXTRACT_LANE, OpBytes.I64X2_EXTRACT_LANE, OpBytes.F32X4_EXTRACT_LANE,
                    OpBytes.F64X2_EXTRACT_LANE, OpBytes.V128_BITSELECT, OpBytes.I8X16_SHUFFLE -> true;
            default -> {
                int halves = halves(op);
                yield halves > 0 && LANES.contains(name(op) + halves) || LaneOps.isInline(at);
            }
        };
    }

    static void emit(MethodCode m, MemoryAccess memory) {
        FuncValidator at = m.at;
        CodeBuilder code = m.code;
        int op = at.op();
        switch (op) {
            case OpBytes.V128_LOAD, OpBytes.V128_STORE -> memory.vector(op == OpBytes.V128_STORE);
            case OpBytes.I32X4_SPLAT -> pair(code);
            case OpBytes.I64X2_SPLAT -> code.dup2();
            case OpBytes.F32X4_SPLAT -> {
                NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                pair(code);
            }
            case OpBytes.F64X2_SPLAT -> {
                NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
                code.dup2();
            }
            case OpBytes.I32X4_EXTRACT_LANE, OpBytes.F32X4_EXTRACT_LANE -> {
                half(at.c() >>> 1, m);
                if ((at.c() & 1) != 0) {
                    code.loadConstant(32).lushr();
                }
                code.l2i();
                if (op == OpBytes.F32X4_EXTRACT_LANE) {
                    NumberOps.emit(OpBytes.F32_REINTERPRET_I32, code);
                }
            }
            case OpBytes.I64X2_EXTRACT_LANE -> half(at.c(), m);
            case OpBytes.F64X2_EXTRACT_LANE -> {
                half(at.c(), m);
                NumberOps.emit(OpBytes.F64_REINTERPRET_I64, code);
            }
            case OpBytes.V128_BITSELECT -> byHalves("bitselect", 3, m);
            case OpBytes.I8X16_SHUFFLE -> {
                int[] locals = pop(4, m);
                shuffled(at.value(), locals, code);
                shuffled(at.valueHigh(), locals, code);
            }
            default -> {
                if (LaneOps.isInline(at)) {
                    LaneOps.emit(m, memory);
                } else {
                    byHalves(name(op), halves(op), m);
                }
            }
        }
    }

    /** Half of i8x16.shuffle, whose indices are constants: bytes that move equally far from one source move together. */
    private static void shuffled(long indices, int[] sources, CodeBuilder code) {
        boolean first = true;
        for (int source = 0; source < sources.length; source++) {
            for (int left = -7; left <= 7; left++) {
                long mask = 0;
                for (int to = 0; to < 8; to++) {
                    int index = (int) (indices >>> 8 * to) & 31;
                    if (index >>> 3 == source && to - (index & 7) == left) {
                        mask |= 0xFFL << 8 * to;
                    }
                }
                if (mask == 0) {
                    continue;
                }
                code.lload(sources[source]);
                if (left > 0) {
                    code.loadConstant(8 * left).lshl();
                } else if (left < 0) {
                    code.loadConstant(-8 * left).lushr();
                }
                if (mask != (left < 0 ? -1L >>> -8 * left : -1L << 8 * left)) {
                    code.loadConstant(mask).land();
                }
                if (!first) {
                    code.lor();
                }
                first = false;
            }
        }
    }

    /** An i32 twice in a long, and that twice. */
    static void pair(CodeBuilder code) {
        code.dup().invokestatic(Names.LANES, "pair", Names.type(J, I, I)).dup2();
    }

    static void half(int which, MethodCode m) {
        CodeBuilder code = m.code;
        if (which == 0) {
            code.pop2();
        } else {
            int high = m.temp(20, TypeKind.LONG);
            code.lstore(high).pop2().lload(high);
        }
    }

    static int[] pop(int longs, MethodCode m) {
        CodeBuilder code = m.code;
        int[] locals = new int[longs];
        for (int i = longs - 1; i >= 0; i--) {
            locals[i] = m.temp(20 + i, TypeKind.LONG);
            code.lstore(locals[i]);
        }
        return locals;
    }

    private static void byHalves(String name, int operands, MethodCode m) {
        CodeBuilder code = m.code;
        int[] locals = pop(2 * operands, m);
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < operands; i++) {
                code.lload(locals[2 * i + half]);
            }
            code.invokestatic(Names.LANES, name, switch (operands) {
                case 1 -> Names.type(J, J);
                case 2 -> Names.type(J, J, J);
                default -> Names.type(J, J, J, J);
            });
        }
    }
}
