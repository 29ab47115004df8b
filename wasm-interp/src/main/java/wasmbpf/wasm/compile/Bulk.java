package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/** Instructions on ranges of memory and on elements of tables, where addresses and indices have 32 bits. */
final class Bulk {
    /** The most bytes of a range that is worth loads and stores. */
    private static final int LONGEST = 32;

    private final MethodCode m;
    private final MemoryAccess memory;
    private final CodeBuilder code;

    Bulk(MethodCode m, MemoryAccess memory) {
        this.m = m;
        this.memory = memory;
        code = m.code;
    }

    static boolean is(FuncValidator at) {
        return switch (at.op()) {
            case OpBytes.MEMORY_COPY -> !at.module().memory(at.a()).memory64() && !at.module().memory(at.b()).memory64();
            case OpBytes.MEMORY_FILL -> !at.module().memory(at.a()).memory64();
            case OpBytes.TABLE_GET, OpBytes.TABLE_SET, OpBytes.TABLE_SIZE -> !at.module().table(at.a()).table64();
            default -> false;
        };
    }

    /** Whether it may be made by loads and stores, if its length is a small constant. */
    static boolean mayBeShort(FuncValidator at) {
        return switch (at.op()) {
            case OpBytes.MEMORY_COPY -> at.a() == 0 && at.b() == 0 && is(at);
            case OpBytes.MEMORY_FILL -> at.a() == 0 && is(at);
            default -> false;
        };
    }

    /** @param length of a range, if it is a constant; else 0 */
    void emit(int op, long length) {
        m.position();
        int first = m.at.a();
        boolean isShort = length > 0 && length <= LONGEST && mayBeShort(m.at);
        if (isShort) {
            memory.nearLimitAndBase();
            m.constant(Constant.Kind.MEMORY, 0);
        }
        switch (op) {
            case OpBytes.MEMORY_COPY -> {
                if (isShort) {
                    code.invokestatic(Names.SHORT_RANGES, "copy", Names.type(V, I, I, I, I, J, Names.MEMORY));
                    return;
                }
                m.constant(Constant.Kind.MEMORY, first);
                m.constant(Constant.Kind.MEMORY, m.at.b());
                m.support("copy", V, I, I, I, Names.MEMORY, Names.MEMORY);
            }
            case OpBytes.MEMORY_FILL -> {
                if (isShort) {
                    code.invokestatic(Names.SHORT_RANGES, "fill", Names.type(V, I, I, I, I, J, Names.MEMORY));
                    return;
                }
                m.constant(Constant.Kind.MEMORY, first);
                m.support("fill", V, I, I, I, Names.MEMORY);
            }
            case OpBytes.TABLE_GET -> {
                m.constant(Constant.Kind.TABLE, first);
                m.support("tableGet", OBJECT, I, Names.TABLE);
            }
            case OpBytes.TABLE_SET -> {
                m.constant(Constant.Kind.TABLE, first);
                m.support("tableSet", V, I, OBJECT, Names.TABLE);
            }
            default -> {
                m.constant(Constant.Kind.TABLE, first);
                code.getfield(Names.TABLE, "size", I);
            }
        }
    }
}
