package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An instance is one thread's at a time: a second one is refused, and nothing happens to the first. */
@Timeout(60)
class OneThreadTest {
    static Stream<Tier> tiers() {
        return JvmTier.always() == null ? Stream.of((Tier) null) : Stream.of(null, JvmTier.always());
    }

    /** {@code wait(x)} says 1 at 0, waits until there is a 2, and gives x; {@code fib}. */
    private static Instance instance(Tier tier) {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        m.export("wait", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.I32_CONST, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_STORE, 2, 0)
                .op(OpBytes.LOOP, -64).op(OpBytes.I32_CONST, 0).op(OpBytes.I32_ATOMIC_LOAD, 2, 0).op(OpBytes.I32_CONST, 2)
                .op(OpBytes.I32_NE).op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 0)));
        m.export("fib", ExternKind.FUNC, m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 2)
                .op(OpBytes.I32_LT_S).op(OpBytes.IF, -1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.ELSE)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.CALL, 1)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 2).op(OpBytes.I32_SUB).op(OpBytes.CALL, 1)
                .op(OpBytes.I32_ADD).op(OpBytes.END)));
        return Instance.instantiate(m.module("threads.wasm"), new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier));
    }

    @ParameterizedTest
    @MethodSource("tiers")
    void aRefusedCallLeavesTheRunningOneAlone(Tier tier) throws Exception {
        Instance instance = instance(tier);
        LinearMemory memory = instance.memory(0);
        WasmFunction wait = instance.exportedFunction("wait");
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<long[]> running = other.submit(() -> wait.invoke(5));
            while (memory.getInt(0) != 1) {
                Thread.onSpinWait();
            }
            try {
                IllegalStateException refused = assertThrows(IllegalStateException.class, () -> wait.invoke(99));
                assertTrue(refused.getMessage().startsWith("threads.wasm runs on another thread: Thread"), refused.getMessage());
                assertThrows(IllegalStateException.class, () -> wait.apply(99));
                assertThrows(IllegalStateException.class, instance::close);
                assertFalse(running.isDone());
            } finally {
                memory.putInt(0, 2);
            }
            assertEquals(5, running.get()[0]);
        }
        assertEquals(55, instance.exportedFunction("fib").invoke(10)[0]);
        instance.close();
    }

    /** Without one taker by compare-and-set this ended the JVM. */
    @ParameterizedTest
    @MethodSource("tiers")
    void ofThreadsThatComeAtOnceOneRuns(Tier tier) throws Exception {
        Instance instance = instance(tier);
        long end = System.nanoTime() + 1_000_000_000;
        Callable<Integer> caller = () -> {
            int calls = 0;
            while (System.nanoTime() < end) {
                try {
                    assertEquals(89, instance.exportedFunction("fib").invoke(11)[0]);
                    calls++;
                } catch (IllegalStateException e) {
                    Thread.yield();
                }
            }
            return calls;
        };
        int calls = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(caller));
            }
            for (Future<Integer> result : results) {
                calls += result.get();
            }
        }
        assertTrue(calls > 0, "some ran");
        instance.close();
    }
}
