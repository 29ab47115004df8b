package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/** Instructions on ranges of memory and on elements of tables, where addresses and indices have 32 bits. */
final class Bulk {
    private final MethodCode m;
    private final CodeBuilder code;

    Bulk(MethodCode m) {
        this.m = m;
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

    void emit(int op) {
        m.position();
        int first = m.at.a();
        switch (op) {
            case OpBytes.MEMORY_COPY -> {
                m.constant(Constant.Kind.MEMORY, first);
                m.constant(Constant.Kind.MEMORY, m.at.b());
                m.support("copy", V, I, I, I, Names.MEMORY, Names.MEMORY);
            }
            case OpBytes.MEMORY_FILL -> {
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
