package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.Opcode;

/** Instructions that are not translated: operands go into the frame, and the interpreter's method runs them. */
final class Interpreted {
    private static final long U32 = 0xFFFFFFFFL;
    /** {@code Code.WASM}. */
    private static final int WASM = 0x200;

    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final MemoryAccess memory;

    Interpreted(MethodCode m, GuestFrame frame, MemoryAccess memory) {
        this.m = m;
        this.frame = frame;
        this.memory = memory;
        code = m.code;
    }

    /** Whether the interpreter's method runs it. */
    static boolean is(FuncValidator at) {
        int op = at.op();
        return switch (op) {
            case OpBytes.TABLE_GET, OpBytes.TABLE_SET -> !Bulk.is(at);
            case OpBytes.MEMORY_GROW -> true;
            case OpBytes.ATOMIC_FENCE, OpBytes.V128_CONST -> false;
            default -> op >= OpBytes.GC && !ReferenceOps.is(op) && !NumberOps.isNumber(op) && !HeapObjects.is(at)
                    && !Bulk.is(at) && !VectorOps.isInline(at);
        };
    }

    /** As {@code Lowering.generic} encodes it, with the operands in the slots of this call's frame from 0 on. */
    void emit(int op, int h, int operands) {
        m.position();
        FuncValidator at = m.at;
        int[] kinds = new int[operands];
        int[] slots = new int[Math.max(operands, 4)];
        int slot = 0;
        for (int i = 0; i < operands; i++) {
            kinds[i] = at.type(h + i);
            slots[i] = slot;
            slot += Names.slots(kinds[i]);
        }
        frame.store(kinds, 0);
        int wasm = WASM + op;
        long word;
        long words = 0;
        switch (Opcode.of(op).immediates()) {
            case MEMARG, MEMARG_LANE -> {
                word = word(wasm, slots[0], at.a());
                words = m.linkage.words(at.value(), slots[1] | (long) slots[2] << 16 | (long) at.c() << 32);
            }
            case LANE -> {
                word = word(wasm, slots[0], slots[1]);
                words = m.linkage.words(at.c());
            }
            case SHUFFLE -> {
                word = word(wasm, slots[0], slots[1]);
                words = m.linkage.words(at.value(), at.valueHigh());
            }
            case NONE -> {
                word = word(wasm, slots[0], slots[1]);
                words = m.linkage.words(slots[2] | (long) slots[3] << 16);
            }
            default -> {
                word = wasm;
                words = m.linkage.words(at.a() & U32 | (long) at.b() << 32);
            }
        }
        code.loadConstant(word).loadConstant(words);
        frame.address();
        code.aload(m.stackLocal);
        m.self();
        m.support("cold", V, J, J, J, STACK, Names.GUEST_FUNCTION);
        slot = 0;
        for (int i = 0; i < at.resultCount(); i++) {
            frame.load(at.resultType(i), slot);
            slot += Names.slots(at.resultType(i));
        }
        if (op == OpBytes.MEMORY_GROW) {
            memory.loadLimit();
        }
    }

    private static long word(int op, int b, int c) {
        return op | (long) b << 32 | (long) c << 48;
    }
}
