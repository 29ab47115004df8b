package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** In a method that runs once the innermost loops of nests are methods of their own, so that HotSpot compiles each well. */
class InnerLoopsTest {
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);
    private static final int EMPTY = -64;

    /** Local 0 counts the outer loop, local 1 the inner one, whose sum is local 2. */
    private static Consumer<WasmEncoder.Code> nest(Consumer<WasmEncoder.Code> inner) {
        return c -> {
            c.locals("iii");
            c.op(OpBytes.I32_CONST, 30).op(OpBytes.LOCAL_SET, 0);
            c.op(OpBytes.LOOP, EMPTY).op(OpBytes.I32_CONST, 40).op(OpBytes.LOCAL_SET, 1);
            c.op(OpBytes.LOOP, EMPTY);
            inner.accept(c);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 2);
            step(c, 1);
            c.op(OpBytes.END);
            step(c, 0);
            c.op(OpBytes.END);
        };
    }

    private static void step(WasmEncoder.Code c, int local) {
        c.op(OpBytes.LOCAL_GET, local).op(OpBytes.I32_CONST, -1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, local)
                .op(OpBytes.BR_IF, 0);
    }

    /** Methods that are regions, of a class with all functions. */
    private static List<String> regions(WasmModule module, int function, int loop) {
        BatchClass batch = BatchClass.compile(module, GeneratedClassesTest.NOWHERE, function, loop, callee -> true, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream().map(m -> m.methodName().stringValue())
                .filter(name -> name.contains("$")).sorted().toList();
    }

    @Test
    void inAMethodThatTakesOverARunningLoop() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function(":", nest(c -> { }));
        WasmModule module = m.module("nest.wasm");
        for (int loop : GeneratedClassesTest.loops(module, f)) {
            assertEquals(List.of("loop$1"), regions(module, f, loop));
        }
    }

    @Test
    void notThoseThatCall() {
        WasmEncoder m = new WasmEncoder();
        int callee = m.function(":", c -> { });
        int f = m.function(":", nest(c -> c.op(OpBytes.CALL, callee)));
        WasmModule module = m.module("nest.wasm");
        GeneratedClassesTest.loops(module, f).forEach(loop -> assertEquals(List.of(), regions(module, f, loop)));
    }

    @Test
    void notInWhatMayBeCalledOften() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function(":", nest(c -> { }));
        assertEquals(List.of(), regions(m.module("nest.wasm"), f, -1));
    }

    @Test
    void inACommandsMain() {
        assertEquals(List.of("f1$1"), command("_start", c -> c.op(OpBytes.CALL, 1)));
    }

    @Test
    void notInWhatACommandCallsMoreThanOnce() {
        assertEquals(List.of(), command("_start", c -> c.op(OpBytes.CALL, 1).op(OpBytes.CALL, 1)));
        assertEquals(List.of(), command("_start", c -> {
            c.locals("i");
            c.op(OpBytes.LOOP, EMPTY).op(OpBytes.CALL, 1);
            step(c, 0);
            c.op(OpBytes.END);
        }));
        assertEquals(List.of(), command("_start", c -> c.op(OpBytes.CALL, 0)), "a command that calls itself");
    }

    /** Function 1 has a nest. */
    private static List<String> command(String name, Consumer<WasmEncoder.Code> body) {
        WasmEncoder m = new WasmEncoder();
        int start = m.function(":", body);
        m.function(":", nest(c -> { }));
        return regions(m.export(name, ExternKind.FUNC, start).module("command.wasm"), start, -1);
    }

    @Test
    void aCommandDoesTheSame() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        int main = m.function(":", c -> {
            nest(inner -> { }).accept(c);
            c.op(OpBytes.I32_CONST, 16).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_STORE, 2, 0);
        });
        int start = m.function(":", c -> c.op(OpBytes.CALL, main));
        WasmModule module = m.export("_start", ExternKind.FUNC, start).export("memory", ExternKind.MEMORY, 0).module("sum.wasm");
        try (Instance instance = Instance.instantiate(module, new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(JvmTier.always()))) {
            instance.exportedFunction("_start").apply();
            assertEquals(30 * 40 * 41 / 2, ((LinearMemory) instance.export("memory")).getInt(16));
        }
    }
}
