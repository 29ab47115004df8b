package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is compiled, and when. */
class TierChoiceTest {
    private static final int CALLS = 640;

    @BeforeEach
    void compilerIsThere() {
        Assumptions.assumeTrue(RawMemory.UNSAFE, "there is no compiled tier where jdk.internal.misc is not exported");
    }

    /** {@code outer(n)} calls {@code often} each time and {@code seldom} if n is 0. */
    private static Instance instance(long nanosPerByte) {
        return instance(JvmTier.whenHot(CALLS, CALLS, nanosPerByte), false);
    }

    private static Instance instance(Tier tier, boolean interruptible) {
        WasmEncoder m = new WasmEncoder();
        int often = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD));
        int seldom = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 2).op(OpBytes.I32_ADD));
        m.export("often", ExternKind.FUNC, often);
        m.export("seldom", ExternKind.FUNC, seldom);
        m.export("outer", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, often)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ).op(OpBytes.IF, -64)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, seldom).op(OpBytes.DROP).op(OpBytes.END)));
        return Instance.instantiate(m.module("choice.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier).withInterruptible(interruptible));
    }

    private static void run(Instance instance, int times) {
        for (int i = 0; i < times; i++) {
            assertEquals(i + 1, (int) instance.exportedFunction("outer").invoke(i)[0]);
        }
    }

    private static CompiledCode compiled(Instance instance, String name) {
        return ((GuestFunction) instance.exportedFunction(name)).compiled;
    }

    @Test
    void aFunctionAndWhatItCallsOften() {
        Instance instance = instance(0);
        run(instance, CALLS);
        assertNull(compiled(instance, "outer"));
        run(instance, 1);
        assertNotNull(compiled(instance, "outer"));
        assertNotNull(compiled(instance, "often"));
        assertNull(compiled(instance, "seldom"), "called twice");
    }

    /** Such an instance looks at the interrupt each thousand calls, and counts those thousands. */
    @Test
    void whatIsCalledOftenWhereCallsMayBeInterrupted() {
        Instance instance = instance(JvmTier.whenHot(200 * CALLS, 200 * CALLS), true);
        for (int i = 0; i < 201 * CALLS && compiled(instance, "outer") == null; i++) {
            instance.exportedFunction("outer").invoke(i);
        }
        assertSame(compiled(instance, "outer").getClass(), compiled(instance, "often").getClass());
        assertNull(compiled(instance, "seldom"), "called twice");
    }

    @Test
    void noLoopThatWouldCostMoreThanTheRunDidSoFar() {
        WasmEncoder m = new WasmEncoder();
        m.export("loop", ExternKind.FUNC, m.function("i:", c -> c.op(OpBytes.LOOP, -64)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0)
                .op(OpBytes.BR_IF, 0).op(OpBytes.END)));
        Instance instance = Instance.instantiate(m.module("loop.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(JvmTier.whenHot(CALLS, CALLS, 3_600_000_000_000L)));
        instance.exportedFunction("loop").invoke(10 * CALLS);
        assertEquals(0, instance.compilersNanos);
    }

    @Test
    void nothingThatWouldCostMoreThanTheRunDidSoFar() {
        Instance instance = instance(3_600_000_000_000L);
        run(instance, 10 * CALLS);
        assertNull(compiled(instance, "outer"));
    }

    @Test
    void whatCostsNoMoreThanTheRunDidSoFar() throws InterruptedException {
        Instance instance = instance(1);
        // What the first function costs beside its bytes.
        Thread.sleep(100);
        run(instance, 3 * CALLS);
        assertNotNull(compiled(instance, "outer"));
    }

    @Test
    void allThatIsCompiledAtOnceCostsNoMoreThanTheRunDidSoFar() throws InterruptedException {
        WasmEncoder m = new WasmEncoder();
        int[] callees = new int[60];
        for (int i = 0; i < callees.length; i++) {
            callees[i] = m.function(":", TierChoiceTest::largeBody);
        }
        m.export("outer", ExternKind.FUNC, m.function(":", c -> {
            largeBody(c);
            for (int callee : callees) {
                c.op(OpBytes.CALL, callee);
            }
        }));
        // Each function may be compiled after 100 ms, all of them after two and a half seconds.
        Instance instance = Instance.instantiate(m.module("many.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(JvmTier.whenHot(CALLS, CALLS, 20_000)));
        Thread.sleep(200);
        for (int i = 0; i <= CALLS; i++) {
            instance.exportedFunction("outer").invoke();
        }
        assertNotNull(compiled(instance, "outer"));
        assertTrue(instance.compilersNanos <= System.nanoTime() - instance.born, instance.compilersNanos + " ns");
    }

    private static void largeBody(WasmEncoder.Code code) {
        for (int i = 0; i < 2000; i++) {
            code.op(OpBytes.NOP);
        }
    }
}
