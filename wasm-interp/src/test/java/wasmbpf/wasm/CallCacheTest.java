package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call through a table means what the table holds now, however often it has been made before. */
class CallCacheTest {
    private static final TableType TABLE = new TableType(ValType.FUNCREF, 600, true, 600, false);

    private WasmTable table;
    private Instance instance;

    /** {@code call(element)} calls twice through the imported table 0, {@code other(element)} through a table of its own. */
    private static WasmModule module(int constant) {
        WasmEncoder m = new WasmEncoder();
        m.importTable("env", "table", 'r', 600, 600);
        int own = m.table('r', 4, 4);
        int type = m.type(":i");
        int one = m.function(type, c -> c.op(OpBytes.I32_CONST, constant));
        int two = m.function(type, c -> c.op(OpBytes.I32_CONST, constant + 1));
        int other = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0));
        m.export("one", ExternKind.FUNC, one);
        m.export("two", ExternKind.FUNC, two);
        m.export("taker", ExternKind.FUNC, other);
        m.elements(0, one, two);
        m.export("call", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL_INDIRECT, type, 0)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL_INDIRECT, type, 0).op(OpBytes.I32_ADD)));
        m.export("other", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL_INDIRECT, type, own)));
        m.export("own", ExternKind.TABLE, own);
        m.export("set", ExternKind.FUNC, m.function("i:", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.REF_FUNC, two).op(OpBytes.TABLE_SET, 0)));
        m.export("copy", ExternKind.FUNC, m.function("ii:", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 1).op(OpBytes.TABLE_COPY, 0, 0)));
        m.export("fill", ExternKind.FUNC, m.function("i:", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.REF_FUNC, two).op(OpBytes.I32_CONST, 1).op(OpBytes.TABLE_FILL, 0)));
        return m.module("calls.wasm");
    }

    private static Instance instance(WasmTable table, int constant) {
        return Instance.instantiate(module(constant), new ImportLinker().add("env", "table", table), InstanceOptions.DEFAULT);
    }

    @BeforeEach
    void twoCalls() {
        table = new WasmTable(TABLE, null);
        instance = instance(table, 10);
        assertEquals(20, call(0));
        assertEquals(22, call(1));
    }

    private int call(int element) {
        return run("call", element);
    }

    private int run(String name, int... arguments) {
        long[] values = new long[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i];
        }
        long[] results = instance.exportedFunction(name).invoke(values);
        return results.length == 0 ? 0 : (int) results[0];
    }

    private Trap.Kind trap(int element) {
        return assertThrows(Trap.class, () -> call(element)).kind();
    }

    @Test
    void elementsThatTheGuestSets() {
        run("set", 0);
        assertEquals(22, call(0));
    }

    @Test
    void elementsThatAreCopied() {
        run("copy", 0, 1);
        assertEquals(22, call(0));
    }

    @Test
    void elementsThatAreFilled() {
        run("fill", 0);
        assertEquals(22, call(0));
    }

    @Test
    void elementsThatTheHostSets() {
        table.set(0, instance.exportedFunction("two"));
        assertEquals(22, call(0));
        table.set(0, null);
        assertEquals(Trap.Kind.UNINITIALIZED_ELEMENT, trap(0));
        table.set(0, instance.exportedFunction("taker"));
        assertEquals(Trap.Kind.INDIRECT_CALL_TYPE, trap(0));
    }

    @Test
    void elementsOfOneSlot() {
        table.set(256, instance.exportedFunction("two"));
        for (int i = 0; i < 3; i++) {
            assertEquals(20, call(0));
            assertEquals(22, call(256));
        }
        assertEquals(Trap.Kind.UNINITIALIZED_ELEMENT, trap(512));
        assertEquals(Trap.Kind.UNDEFINED_ELEMENT, trap(600));
        assertEquals(Trap.Kind.UNDEFINED_ELEMENT, trap(-1));
    }

    /** The callee's frame begins with the arguments, so a local of it lies where the element's number did. */
    @Test
    void elementsWhoseNumberTheCalleeOverwrites() {
        WasmEncoder m = new WasmEncoder();
        m.table('r', 2, 2);
        int type = m.type(":i");
        int one = m.function(type, c -> c.locals("l").op(OpBytes.I32_CONST, 1));
        int two = m.function(type, c -> c.locals("l").op(OpBytes.I32_CONST, 2));
        m.elements(0, one, two);
        m.export("call", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_AND).op(OpBytes.CALL_INDIRECT, type, 0)));
        instance = Instance.instantiate(m.module("overwritten.wasm"), new ImportLinker(), InstanceOptions.DEFAULT);
        assertEquals(2, call(1));
        assertEquals(1, call(0));
        assertEquals(2, call(1));
    }

    @Test
    void otherTables() {
        assertThrows(Trap.class, () -> run("other", 0));
        ((WasmTable) instance.export("own")).set(0, instance.exportedFunction("two"));
        assertEquals(11, run("other", 0));
        assertEquals(20, call(0));
    }

    @Test
    void functionsOfAnotherInstanceThroughTheSameTable() {
        Instance second = instance(table, 30);
        assertEquals(60, call(0));
        for (int i = 0; i < 3; i++) {
            assertEquals(62, (int) second.exportedFunction("call").invoke(1)[0]);
            assertEquals(62, call(1));
        }
        table.set(1, instance.exportedFunction("one"));
        assertEquals(List.of(20, 20), List.of((int) second.exportedFunction("call").invoke(1)[0], call(1)));
    }

    @Test
    void elementsOfATableByI64() {
        WasmEncoder m = new WasmEncoder();
        m.table('r', 4, 4, 4);
        int type = m.type(":i");
        m.tableElements(0, true, m.function(type, c -> c.op(OpBytes.I32_CONST, 5)));
        m.export("call", ExternKind.FUNC, m.function("l:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL_INDIRECT, type, 0)));
        instance = Instance.instantiate(m.module("wide.wasm"), new ImportLinker(), InstanceOptions.DEFAULT);
        WasmFunction call = instance.exportedFunction("call");
        for (int i = 0; i < 3; i++) {
            assertEquals(5, (int) call.invoke(0)[0]);
            assertEquals(Trap.Kind.UNDEFINED_ELEMENT, assertThrows(Trap.class, () -> call.invoke(1L << 32)).kind());
        }
    }

    @Test
    void localsAreZeroInEachCall() {
        WasmEncoder m = new WasmEncoder();
        m.table('r', 1, 1);
        int type = m.type("i:i");
        // Gives what its second local was, and leaves something there.
        int leaves = m.function(type, c -> c.locals("il").op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_WRAP_I64)
                .op(OpBytes.I32_OR).op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_SET, 1).op(OpBytes.I64_CONST, 7).op(OpBytes.LOCAL_SET, 2));
        m.elements(0, leaves);
        m.export("direct", ExternKind.FUNC, m.function("i:i", c -> threeTimes(c, call -> call.op(OpBytes.CALL, leaves))));
        m.export("byTable", ExternKind.FUNC, m.function("i:i", c -> threeTimes(c,
                call -> call.op(OpBytes.I32_CONST, 0).op(OpBytes.CALL_INDIRECT, type, 0))));
        instance = Instance.instantiate(m.module("locals.wasm"), new ImportLinker(), InstanceOptions.DEFAULT);
        for (int i = 0; i < 3; i++) {
            assertEquals(0, run("direct", 9));
            assertEquals(0, run("byTable", 9));
        }
    }

    /** The sum of three calls with the caller's argument. */
    private static void threeTimes(WasmEncoder.Code code, Consumer<WasmEncoder.Code> call) {
        for (int i = 0; i < 3; i++) {
            code.op(OpBytes.LOCAL_GET, 0);
            call.accept(code);
        }
        code.op(OpBytes.I32_ADD).op(OpBytes.I32_ADD);
    }

    /** Functions of one type with more and fewer locals, called by computed numbers between writes of all kinds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void callsAndWritesInAnyOrder(long seed) {
        int functions = 6;
        int elements = 300;
        WasmEncoder m = new WasmEncoder();
        m.table('r', elements, elements);
        int type = m.type("i:i");
        for (int i = 0; i < functions; i++) {
            int number = i;
            m.elements(i, m.function(type, c -> c.locals("l".repeat(number % 3))
                    .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1000 * (number + 1)).op(OpBytes.I32_ADD)));
        }
        m.export("table", ExternKind.TABLE, 0);
        m.export("call", ExternKind.FUNC, m.function("ii:i", c -> c.op(OpBytes.LOCAL_GET, 1)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_AND).op(OpBytes.CALL_INDIRECT, type, 0)));
        m.export("copy", ExternKind.FUNC, m.function("iii:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1)
                .op(OpBytes.LOCAL_GET, 2).op(OpBytes.TABLE_COPY, 0, 0)));
        instance = Instance.instantiate(m.module("any.wasm"), new ImportLinker(), InstanceOptions.DEFAULT);
        WasmTable own = (WasmTable) instance.export("table");
        int[] model = new int[elements];
        for (int i = 0; i < functions; i++) {
            model[i] = i + 1;
        }
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            // Few, and some that share a slot of the cache.
            int element = random.nextInt(8) + 256 * random.nextInt(2);
            int other = random.nextInt(8);
            switch (random.nextInt(20)) {
                case 0 -> {
                    own.set(element, instance.functions[other % functions]);
                    model[element] = other % functions + 1;
                }
                case 1 -> {
                    run("copy", element, other, 4);
                    System.arraycopy(model, other, model, element, 4);
                }
                default -> {
                    if (model[element] == 0) {
                        assertThrows(Trap.class, () -> run("call", element, 7));
                    } else {
                        assertEquals(1000 * model[element] + 7, run("call", element, 7));
                    }
                }
            }
        }
    }
}
