package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.FuncValidator;

/** Vector instructions that are translated; a vector is two longs on the JVM stack, low half first. */
final class VectorOps {
    private VectorOps() {
    }

    static boolean isInline(FuncValidator at) {
        return false;
    }

    static void emit(FunctionCompiler compiler, FuncValidator at, CodeBuilder code) {
        throw new IllegalStateException("no inline vector instruction: " + at.op());
    }
}
