package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.classfile.ClassFile;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** What the host calls is made twice where it has nests of loops: for calls that take long, and for many that do not. */
class HostRunsTest {
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);
    private static final int EMPTY = -64;
    private static final int CALLS = 8;

    /** Sums {@code (outer + inner) / argument} for 30 times 40 of them. */
    private static final Consumer<WasmEncoder.Code> NEST_BODY = c -> {
        c.op(OpBytes.I32_CONST, 30).op(OpBytes.LOCAL_SET, 1);
        c.op(OpBytes.LOOP, EMPTY).op(OpBytes.I32_CONST, 40).op(OpBytes.LOCAL_SET, 2);
        c.op(OpBytes.LOOP, EMPTY);
        c.op(OpBytes.LOCAL_GET, 3).op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_ADD)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_DIV_S).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 3);
        step(c, 2);
        c.op(OpBytes.END);
        step(c, 1);
        c.op(OpBytes.END);
    };
    private static final Consumer<WasmEncoder.Code> NEST = c -> {
        c.locals("iii");
        NEST_BODY.accept(c);
        c.op(OpBytes.LOCAL_GET, 3);
    };

    private static void step(WasmEncoder.Code c, int local) {
        c.op(OpBytes.LOCAL_GET, local).op(OpBytes.I32_CONST, -1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, local)
                .op(OpBytes.BR_IF, 0);
    }

    private static void call(WasmEncoder.Code c, int function) {
        c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, function);
    }

    /** Methods of the class with all functions but the functions' own. */
    private static List<String> methods(WasmModule module, int function) {
        BatchClass batch = BatchClass.compile(module, GeneratedClassesTest.NOWHERE, function, -1, callee -> true, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream().map(m -> m.methodName().stringValue())
                .filter(name -> name.matches("f.*[a-z$].*")).sorted().toList();
    }

    @Test
    void anExport() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", NEST);
        assertEquals(List.of("f0once", "f0once$1", "f0run"), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void whatItCallsOnce() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> call(c, 1));
        m.function("i:i", c -> call(c, 2));
        m.function("i:i", NEST);
        assertEquals(List.of("f0once", "f0run", "f1once", "f2once", "f2once$1"),
                methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void whatItCallsInALoopAsOftenAsThatIsNotBrief() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", HostRunsTest::callInALoop);
        m.function("i:i", NEST);
        assertEquals(List.of("f0once", "f0run", "f1once", "f1once$1", "f1run"),
                methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    private static void callInALoop(WasmEncoder.Code c) {
        c.locals("ii").op(OpBytes.I32_CONST, 5).op(OpBytes.LOCAL_SET, 1);
        c.op(OpBytes.LOOP, EMPTY);
        call(c, 1);
        c.op(OpBytes.LOCAL_SET, 2);
        step(c, 1);
        c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 2);
    }

    @Test
    void notWhatCallsItself() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> call(c, 1));
        m.function("i:i", c -> {
            NEST.accept(c);
            c.op(OpBytes.DROP).op(OpBytes.BLOCK, EMPTY).op(OpBytes.LOCAL_GET, 0).op(OpBytes.BR_IF, 0);
            call(c, 1);
            c.op(OpBytes.DROP).op(OpBytes.END).op(OpBytes.LOCAL_GET, 3);
        });
        assertEquals(List.of("f1copy"), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void notWithoutNests() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            c.op(OpBytes.LOOP, EMPTY);
            step(c, 0);
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 0);
        });
        assertEquals(List.of(), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void notWhatIsCalledAtManyPlaces() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", NEST);
        int g = m.function("i:i", c -> {
            for (int i = 0; i < 3; i++) {
                call(c, f);
            }
            c.op(OpBytes.I32_ADD).op(OpBytes.I32_ADD);
        });
        assertEquals(List.of(), methods(m.export("f", ExternKind.FUNC, f).export("g", ExternKind.FUNC, g).module("m.wasm"), g));
    }

    @Test
    void notWhatCallsItselfByAnother() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> call(c, 1));
        for (int other : new int[] {2, 1}) {
            m.function("i:i", c -> {
                NEST.accept(c);
                c.op(OpBytes.DROP).op(OpBytes.BLOCK, EMPTY).op(OpBytes.LOCAL_GET, 0).op(OpBytes.BR_IF, 0);
                call(c, other);
                c.op(OpBytes.DROP).op(OpBytes.END).op(OpBytes.LOCAL_GET, 3);
            });
        }
        // The copies of CopiesTest.
        assertEquals(List.of("f1copy", "f2copy"), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void notALargeProgram() {
        WasmEncoder wide = new WasmEncoder();
        WasmEncoder deep = new WasmEncoder();
        int functions = 100;
        int f = wide.function("i:i", c -> {
            for (int i = 1; i <= functions; i++) {
                call(c, i);
                c.op(OpBytes.DROP);
            }
            c.op(OpBytes.LOCAL_GET, 0);
        });
        int g = deep.function("i:i", c -> call(c, 1));
        for (int i = 1; i <= functions; i++) {
            int next = i + 1;
            Consumer<WasmEncoder.Code> nests = c -> {
                c.locals("iii");
                for (int nest = 0; nest < 20; nest++) {
                    NEST_BODY.accept(c);
                }
                c.op(OpBytes.LOCAL_GET, 3);
            };
            wide.function("i:i", nests);
            deep.function("i:i", next > functions ? nests : c -> {
                nests.accept(c);
                c.op(OpBytes.CALL, next);
            });
        }
        assertEquals(List.of(), methods(wide.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
        assertEquals(List.of(), methods(deep.export("f", ExternKind.FUNC, g).module("m.wasm"), g));
    }

    /** A loop with more locals than a method may have parameters takes them from memory, and what is around it is large then. */
    @Test
    void notWhatDoesNotFitIntoAMethodSo() {
        int locals = 61;
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            c.locals("i".repeat(locals + 2)).op(OpBytes.I32_CONST, 3).op(OpBytes.LOCAL_SET, 1);
            c.op(OpBytes.LOOP, EMPTY).op(OpBytes.I32_CONST, 4).op(OpBytes.LOCAL_SET, 2).op(OpBytes.LOOP, EMPTY);
            for (int i = 0; i < locals; i++) {
                c.op(OpBytes.LOCAL_GET, 3 + i).op(OpBytes.DROP);
            }
            step(c, 2);
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 1);
            for (int i = 0; i < 1800; i++) {
                c.op(OpBytes.LOCAL_TEE, 3 + i % locals);
            }
            c.op(OpBytes.DROP);
            step(c, 1);
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 3);
        });
        assertEquals(List.of(), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
        assertEquals(List.of(), methods(m.export("_start", ExternKind.FUNC, f).module("m.wasm"), f), "a command");
    }

    @Test
    void noLoopsOfNothing() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            for (int i = 1; i <= 110; i++) {
                call(c, i);
                c.op(OpBytes.DROP);
            }
            c.op(OpBytes.LOCAL_GET, 0);
        });
        for (int i = 1; i <= 110; i++) {
            m.function("i:i", c -> {
                c.op(OpBytes.LOOP, EMPTY);
                for (int loop = 0; loop < 400; loop++) {
                    c.op(OpBytes.LOOP, EMPTY).op(OpBytes.END);
                }
                c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 0);
            });
        }
        assertEquals(List.of(), methods(m.export("f", ExternKind.FUNC, f).module("m.wasm"), f));
    }

    @Test
    void allGiveTheSameResultsAndTraps() {
        same(c -> call(c, 1));
        same(HostRunsTest::callInALoop);
    }

    /** Function 1 has a nest. */
    private static void same(Consumer<WasmEncoder.Code> export) {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", export);
        m.function("i:i", NEST);
        WasmModule module = m.export("f", ExternKind.FUNC, f).module("m.wasm");
        for (Tier tier : new Tier[] {null, JvmTier.always(), JvmTier.alwaysCut(60), JvmTier.alwaysCutAnywhere(60), JvmTier.whenHot(2, 3)}) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                WasmFunction function = instance.exportedFunction("f");
                for (int i = 0; i < CALLS; i++) {
                    assertEquals(30 * 40 * 36, function.apply(1)[0], "call " + i);
                    Trap trap = assertThrows(Trap.class, () -> function.apply(0));
                    assertEquals(List.of(1, 0), trap.stack().stream().map(WasmFrame::function).toList(), "call " + i);
                    assertEquals(module.bodyStart(1) + 24, trap.stack().getFirst().offset(), "call " + i);
                }
            }
        }
    }
}
