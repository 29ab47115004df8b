package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls in and out of guests, and what ends them. */
class InstanceTest {
    private static final FuncType I32_TO_I32 = new FuncType(List.of(ValType.I32), List.of(ValType.I32));
    private static final FuncType NOTHING = new FuncType(List.of(), List.of());

    /** How instances of these tests run; another tier overrides it. */
    InstanceOptions options() {
        return InstanceOptions.DEFAULT;
    }

    private Instance instantiate(WasmEncoder module, HostFunction... hosts) {
        ImportLinker linker = new ImportLinker();
        for (HostFunction host : hosts) {
            linker.add(host);
        }
        return Instance.instantiate(module.module("test.wasm"), linker, options());
    }

    /** {@code callback(a, b, c)} adds a, b and the i32 at c in memory to a sum at 0 and returns a. */
    private static WasmEncoder callback() {
        WasmEncoder module = new WasmEncoder();
        module.memory(1, 1);
        int f = module.function("iii:i", code -> code
                .op(OpBytes.I32_CONST, 0)
                .op(OpBytes.I32_CONST, 0).op(OpBytes.I32_LOAD, 2, 0)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD)
                .op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_LOAD, 2, 0).op(OpBytes.I32_ADD)
                .op(OpBytes.I32_STORE, 2, 0)
                .op(OpBytes.LOCAL_GET, 0));
        module.table('r', 3, 3);
        module.elements(1, f);
        return module.export("cb", ExternKind.FUNC, f);
    }

    /** The interpreter keeps its pc behind the locals, where a result comes to lie here. */
    @Test
    void resultsMayTakeMoreRoomThanLocals() {
        WasmEncoder module = new WasmEncoder();
        int f = module.function("i:ivr", code -> code.locals("i").op(OpBytes.I32_CONST, 7)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32X4_SPLAT).op(OpBytes.REF_NULL, -16));
        module.export("f", ExternKind.FUNC, f);
        try (Instance instance = instantiate(module)) {
            Object[] results = instance.exportedFunction("f").apply(5);
            assertArrayEquals(new Object[] {7, new V128(0x5_0000_0005L, 0x5_0000_0005L), null}, results);
        }
    }

    /** A function that needs the guest stack only for what the function that it calls calls. */
    @Test
    void growsMemoryBelowTwoFunctionsThatCallEachOther() {
        WasmEncoder module = new WasmEncoder();
        module.memory(1, 2);
        int down = module.function("i:i", code -> code.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB)
                .op(OpBytes.CALL, 1));
        module.function("i:i", code -> code.op(OpBytes.LOCAL_GET, 0).op(OpBytes.IF, -1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, 0)
                .op(OpBytes.I32_CONST, 3).op(OpBytes.I32_MUL).op(OpBytes.ELSE).op(OpBytes.CALL, 2).op(OpBytes.END));
        module.function(":i", code -> code.op(OpBytes.I32_CONST, 1).op(OpBytes.MEMORY_GROW, 0));
        module.export("f", ExternKind.FUNC, down);
        try (Instance instance = instantiate(module)) {
            assertEquals(81, (int) instance.exportedFunction("f").invoke(5)[0]);
            assertEquals(-81, (int) instance.exportedFunction("f").invoke(5)[0]);
        }
    }

    @Test
    void callsTheEventCallback() {
        Instance instance = instantiate(callback());
        instance.memory(0).putInt(100, 5);
        assertEquals(-7, instance.tableFunction(0, 1).callI32(-7, 20, 100));
        assertEquals(18, instance.memory(0).getInt(0));
        instance.close();
    }

    @Test
    void callsTheEventCallbackWithoutAllocating() {
        Instance instance = instantiate(callback());
        WasmFunction cb = instance.exportedFunction("cb");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            cb.callI32(1, 2, 100);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            cb.callI32(1, 2, 100);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, () -> allocated + " bytes for 10,000 calls");
        instance.close();
    }

    @Test
    void refusesToCallOtherTypesAsCallback() {
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function("ii:i", code -> code.op(OpBytes.LOCAL_GET, 0)));
        Instance instance = instantiate(module);
        WasmFunction f = instance.exportedFunction("f");
        assertThrows(IllegalArgumentException.class, () -> f.callI32(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> f.invoke(1));
        assertThrows(IllegalArgumentException.class, () -> f.apply(1, "2"));
        assertArrayEquals(new Object[] {7}, f.apply(7, 8));
        assertNull(instance.exportedFunction("g"));
    }

    @Test
    void trapsOnFunctionPointersThatMeanNothing() {
        Instance instance = instantiate(callback());
        assertEquals(Trap.Kind.UNINITIALIZED_ELEMENT,
                assertThrows(Trap.class, () -> instance.tableFunction(0, 0)).kind());
        assertEquals(Trap.Kind.UNDEFINED_ELEMENT,
                assertThrows(Trap.class, () -> instance.tableFunction(0, 3)).kind());
        assertEquals(Trap.Kind.UNDEFINED_ELEMENT,
                assertThrows(Trap.class, () -> instance.tableFunction(0, -1)).kind());
        assertEquals(Trap.Kind.UNDEFINED_ELEMENT,
                assertThrows(Trap.class, () -> instance.tableFunction(1, 0)).kind());
    }

    /** f(n) = n if n <= 0, else host(n - 1) + 1. */
    private static WasmEncoder throughHost() {
        WasmEncoder module = new WasmEncoder();
        int host = module.importFunction("env", "host", "i:i");
        return module.export("f", ExternKind.FUNC, module.named("f", "i:i", code -> code
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_LT_S)
                .op(OpBytes.IF, -0x40).op(OpBytes.LOCAL_GET, 0).op(OpBytes.RETURN).op(OpBytes.END)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB)
                .op(OpBytes.CALL, host).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD)));
    }

    private static HostFunction host(HostCode code) {
        return HostFunction.of("env", "host", I32_TO_I32, List.of("n"), code);
    }

    @Test
    void entersTheGuestAgainFromHostFunctions() {
        Instance instance = instantiate(throughHost(), host((caller, args) -> {
            int n = (int) args[0];
            long result = caller.exportedFunction("f").invoke(n)[0];
            // The nested calls had arguments of their own.
            assertEquals(n, args[0]);
            return result;
        }));
        assertEquals(50, instance.exportedFunction("f").invoke(50)[0]);
        assertEquals(instance.stack.base, instance.stack.top);
    }

    @Test
    void givesHostFunctionsSignExtendedNumbersAndTakesTheLowHalf() {
        Instance instance = instantiate(throughHost(), host((caller, args) -> args[0] + (5L << 32)));
        assertEquals(7, instance.exportedFunction("f").invoke(7)[0]);
    }

    @Test
    void boundsRecursionThroughTheHost() {
        Instance instance = instantiate(throughHost(),
                host((caller, args) -> caller.exportedFunction("f").invoke(args[0] + 1)[0]));
        AtomicReference<Trap> trap = new AtomicReference<>();
        run(256 << 20, () -> trap.set(assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke(1))));
        assertEquals(Trap.Kind.STACK_EXHAUSTED, trap.get().kind());
        assertEquals(0, instance.stack.depth);
        assertEquals(instance.stack.base, instance.stack.top);
    }

    @Test
    void unwindsAnExitThroughGuestAndHostAlike() {
        Instance instance = instantiate(throughHost(), host((caller, args) -> {
            if (args[0] == 0) {
                throw new ProcExit(3);
            }
            return caller.exportedFunction("f").invoke(args[0])[0];
        }));
        assertEquals(3, assertThrows(ProcExit.class, () -> instance.exportedFunction("f").invoke(5)).status());
        assertEquals(instance.stack.base, instance.stack.top);
    }

    @Test
    void namesTheFramesOfATrap() {
        WasmEncoder module = new WasmEncoder();
        int inner = module.named("inner", "ii:i", code -> code.op(OpBytes.NOP).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_DIV_S));
        int outer = module.named("outer", ":i", code -> code.op(OpBytes.I32_CONST, 1).op(OpBytes.I32_CONST, 0)
                .op(OpBytes.CALL, inner));
        module.export("run", ExternKind.FUNC, outer);
        Instance instance = instantiate(module);
        Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("run").invoke());
        assertEquals(Trap.Kind.DIVIDE_BY_ZERO, trap.kind());
        assertEquals(List.of("inner", "outer"), trap.stack().stream().map(WasmFrame::functionName).toList());
        byte[] bytes = instance.module().bytes();
        assertEquals(OpBytes.I32_DIV_S, bytes[trap.stack().get(0).offset()]);
        assertEquals(OpBytes.CALL, bytes[trap.stack().get(1).offset()]);
        assertTrue(trap.report().startsWith("trap: integer divide by zero\n    at inner (test.wasm+0x"), trap.report());
    }

    @Test
    void namesTheHostFunctionThatTraps() {
        Instance instance = instantiate(throughHost(), host((caller, args) -> {
            throw new Trap(Trap.Kind.HOST, "no such thing");
        }));
        Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke(1));
        assertEquals(List.of("host", "f"), trap.stack().stream().map(WasmFrame::functionName).toList());
        assertEquals(-1, trap.stack().getFirst().offset());
    }

    /** Ackermann's function of 3 and 11, a usual benchmark, nests 16,381 calls. */
    @Test
    void recursesAsDeepAsProgramsDo() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.export("f", ExternKind.FUNC, encoder.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ)
                .op(OpBytes.IF, -1).op(OpBytes.I32_CONST, 0).op(OpBytes.ELSE).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1)
                .op(OpBytes.I32_SUB).op(OpBytes.CALL, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD).op(OpBytes.END)));
        Instance instance = instantiate(encoder);
        AtomicReference<Object> result = new AtomicReference<>();
        run(64 << 20, () -> result.set(instance.exportedFunction("f").invoke(40_000)[0]));
        assertEquals(40_000L, result.get());
    }

    @Test
    void keepsTheInnermostFramesOfAnEndlessRecursion() {
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function(":", code -> code.op(OpBytes.CALL, 0)));
        Instance instance = instantiate(module);
        AtomicReference<Trap> trap = new AtomicReference<>();
        run(256 << 20, () -> trap.set(assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke())));
        assertEquals(Trap.Kind.STACK_EXHAUSTED, trap.get().kind());
        assertEquals(64, trap.get().stack().size());
        assertEquals(InstanceOptions.DEFAULT.maxCallDepth() - 64, trap.get().omittedFrames());
    }

    @Test
    void turnsAShortJavaStackIntoTheSameTrap() {
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function(":", code -> code.op(OpBytes.CALL, 0)));
        Instance instance = instantiate(module);
        AtomicReference<Trap> trap = new AtomicReference<>();
        run(256 << 10, () -> trap.set(assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke())));
        assertEquals(Trap.Kind.STACK_EXHAUSTED, trap.get().kind());
        assertEquals(0, instance.stack.depth);
    }

    private static void run(long stackBytes, Runnable action) {
        Thread thread = new Thread(null, action, "guest", stackBytes);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WasmEncoder endlessLoop() {
        WasmEncoder module = new WasmEncoder();
        int entered = module.importFunction("env", "entered", ":");
        return module.export("f", ExternKind.FUNC, module.function(":", code -> code.op(OpBytes.CALL, entered)
                .op(OpBytes.LOOP, -0x40).op(OpBytes.BR, 0).op(OpBytes.END)));
    }

    @Test
    @Timeout(20)
    void endsAnEndlessLoopWhenInterrupted() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        ImportLinker linker = new ImportLinker().add(HostFunction.of("env", "entered", NOTHING, List.of(),
                (caller, args) -> {
                    entered.countDown();
                    return 0;
                }));
        Instance instance = Instance.instantiate(endlessLoop().module("loop.wasm"), linker,
                options().withInterruptible(true));
        AtomicReference<Trap> trap = new AtomicReference<>();
        Thread guest = new Thread(() -> trap.set(assertThrows(Trap.class,
                () -> instance.exportedFunction("f").invoke())));
        guest.start();
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        assertThrows(IllegalStateException.class, instance::close);
        assertThrows(IllegalStateException.class, () -> instance.exportedFunction("f").invoke());
        instance.interrupt();
        guest.join();
        assertEquals(Trap.Kind.INTERRUPTED, trap.get().kind());
        assertEquals(Trap.Kind.INTERRUPTED,
                assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke()).kind());
        instance.close();
    }

    @Test
    void trapsWhenTheHostClosesTheInstanceUnderTheGuest() {
        WasmEncoder module = new WasmEncoder();
        int host = module.importFunction("env", "entered", ":");
        module.memory(1, 1);
        module.export("f", ExternKind.FUNC, module.function(":i", code -> code.op(OpBytes.CALL, host)
                .op(OpBytes.I32_CONST, 0).op(OpBytes.I32_LOAD, 2, 0)));
        Instance instance = instantiate(module, HostFunction.of("env", "entered", NOTHING, List.of(),
                (caller, args) -> {
                    caller.close();
                    return 0;
                }));
        assertEquals(Trap.Kind.MEMORY_OUT_OF_BOUNDS,
                assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke()).kind());
        assertThrows(IllegalStateException.class, () -> instance.exportedFunction("f").invoke());
    }

    @Test
    void saysWhatAnImportWantsAndWhatThereIs() {
        LinkException unknown = assertThrows(LinkException.class, () -> instantiate(throughHost()));
        assertEquals("unknown import: function \"env\" \"host\" (i32) -> (i32)", unknown.getMessage());
        LinkException other = assertThrows(LinkException.class, () -> instantiate(throughHost(),
                HostFunction.of("env", "host", NOTHING, List.of(), (caller, args) -> 0)));
        assertEquals("incompatible import type: function \"env\" \"host\" (i32) -> (i32), the host has "
                + "[env.host() -> ()]", other.getMessage());
    }

    @Test
    void bindsHostFunctionsByDeclaredType() {
        Instance instance = instantiate(throughHost(), HostFunction.of("env", "host", NOTHING, List.of(), (c, a) -> 0),
                host((caller, args) -> 40));
        assertEquals(41, instance.exportedFunction("f").invoke(9)[0]);
    }

    @Test
    void passesReferencesToAndFromTheHost() {
        WasmEncoder module = new WasmEncoder();
        int host = module.importFunction("env", "swap", "ee:ee");
        module.export("f", ExternKind.FUNC, module.function("ee:ee", code -> code.op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.CALL, host)));
        FuncType type = new FuncType(List.of(ValType.EXTERNREF, ValType.EXTERNREF),
                List.of(ValType.EXTERNREF, ValType.EXTERNREF));
        Instance instance = instantiate(module, HostFunction.ofValues("env", "swap", type, List.of("a", "b"),
                (caller, args) -> new Object[] {args[1], args[0]}));
        Object thing = new Object();
        Object[] swapped = instance.exportedFunction("f").apply(thing, null);
        assertNull(swapped[0]);
        assertSame(thing, swapped[1]);
    }

    @Test
    void branchesFurtherThanAnInstructionCanName() {
        // A loop whose body is longer than 32,767 words: its compare-and-branch does not reach.
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function("i:i", code -> {
            code.locals("i").op(OpBytes.LOOP, -0x40);
            for (int i = 0; i < 40_000; i++) {
                code.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 1);
            }
            code.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0)
                    .op(OpBytes.I32_CONST, 0).op(OpBytes.I32_GT_S).op(OpBytes.BR_IF, 0).op(OpBytes.END)
                    .op(OpBytes.LOCAL_GET, 1);
        }));
        Instance instance = instantiate(module);
        assertEquals(120_000, instance.exportedFunction("f").invoke(3)[0]);
    }

    @Test
    void refusesFramesThatNoInstructionCanName() {
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function(":", code -> {
            code.locals(50_000, 0x7B);
        }));
        Instance instance = instantiate(module);
        InvalidException e = assertThrows(InvalidException.class, () -> instance.exportedFunction("f").invoke());
        assertTrue(e.getMessage().contains("65536 slots"), e.getMessage());
    }

    @Test
    void returnsSeveralResultsThatAreStillInLocals() {
        WasmEncoder module = new WasmEncoder();
        module.export("f", ExternKind.FUNC, module.function("ii:ii", code -> code.op(OpBytes.LOCAL_GET, 1)
                .op(OpBytes.LOCAL_GET, 0)));
        assertArrayEquals(new long[] {2, 1}, instantiate(module).exportedFunction("f").invoke(1, 2));
    }

    @Test
    void keepsTheOldValueOfALocalThatIsOnTheStack() {
        WasmEncoder module = new WasmEncoder();
        // x; x = x + 1; old x * 10 + new x
        module.export("f", ExternKind.FUNC, module.function("i:i", code -> code.op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 0)
                .op(OpBytes.I32_CONST, 10).op(OpBytes.I32_MUL).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD)));
        assertEquals(45, instantiate(module).exportedFunction("f").invoke(4)[0]);
    }

    /** What lay on the operand stack before must not matter to a br_table that does not leave the function. */
    @Test
    void countsTheValuesInLocalsRightPastABranchTable() {
        WasmEncoder module = new WasmEncoder();
        // (x, 7)
        module.export("f", ExternKind.FUNC, module.function("i:ii", code -> code
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.DROP).op(OpBytes.DROP)
                .op(OpBytes.BLOCK, -0x40).op(OpBytes.I32_CONST, 0).op(OpBytes.BR_TABLE, 0, 0).op(OpBytes.END)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 7).op(OpBytes.LOCAL_SET, 0).op(OpBytes.LOCAL_GET, 0)));
        assertArrayEquals(new long[] {4, 7}, instantiate(module).exportedFunction("f").invoke(4));
    }

    /** Addresses with the highest bit set, and the last bytes of a memory. */
    @Test
    void accessesReachAllOfALargeMemory() {
        WasmEncoder module = new WasmEncoder();
        long pages = (1L << 15) + 2;
        module.memory(pages, pages);
        module.export("copy", ExternKind.FUNC, module.function("ii:i", f -> f.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1)
                .op(OpBytes.I32_STORE, 2, 4).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD, 2, 4)));
        try (Instance instance = Instance.instantiate(module.module("large.wasm"), new ImportLinker(), options())) {
            WasmFunction copy = instance.exportedFunction("copy");
            long end = pages << 16;
            for (long address : new long[] {0, (1L << 31) - 4104, (1L << 31) - 8, 1L << 31, end - 4104, end - 8}) {
                assertEquals(77, copy.invoke((int) address, 77)[0]);
                assertEquals(77, instance.memory(0).getInt(address + 4));
            }
            for (long address : new long[] {end - 7, end - 4, end, (1L << 32) - 8, (1L << 32) - 4, (1L << 32) - 1}) {
                Trap trap = assertThrows(Trap.class, () -> copy.invoke((int) address, 1));
                assertEquals(Trap.Kind.MEMORY_OUT_OF_BOUNDS, trap.kind());
            }
        }
    }
}
