package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Whatever a guest does without end, ends when its time is over; it can be called again after that. */
@Timeout(60)
class TimeLimitTest {
    private static final Map<String, Consumer<WasmEncoder.Code>> ENDLESS = new LinkedHashMap<>();

    static {
        // Function 0 is "run", function 1 calls it in tail position.
        ENDLESS.put("loop", c -> c.op(OpBytes.LOOP, -64).op(OpBytes.BR, 0).op(OpBytes.END));
        ENDLESS.put("loop by br_table", c -> c.op(OpBytes.LOOP, -64).op(OpBytes.I32_CONST, 5).op(OpBytes.BR_TABLE, 0, 0)
                .op(OpBytes.END));
        ENDLESS.put("loop that catches", c -> c.op(OpBytes.LOOP, -64).op(OpBytes.BLOCK, -64)
                .op(OpBytes.TRY_TABLE, -64, 2, -1, 0).op(OpBytes.THROW, 0).op(OpBytes.END).op(OpBytes.END)
                .op(OpBytes.BR, 0).op(OpBytes.END));
        ENDLESS.put("legacy loop that catches", c -> c.op(OpBytes.LOOP, -64).op(OpBytes.TRY, -64).op(OpBytes.THROW, 0)
                .op(OpBytes.CATCH_ALL).op(OpBytes.BR, 1).op(OpBytes.END).op(OpBytes.END));
        ENDLESS.put("tail calls", c -> c.op(OpBytes.RETURN_CALL, 1));
        ENDLESS.put("calls in a loop", c -> c.op(OpBytes.LOOP, -64).op(OpBytes.CALL, 2).op(OpBytes.BR, 0).op(OpBytes.END));
    }

    private static WasmModule module(Consumer<WasmEncoder.Code> endless) {
        WasmEncoder m = new WasmEncoder();
        m.tag(":");
        int run = m.function(":", endless);
        m.function(":", c -> c.op(OpBytes.RETURN_CALL, run));
        int leaf = m.function(":", c -> { });
        m.export("run", ExternKind.FUNC, run).export("leaf", ExternKind.FUNC, leaf);
        return m.module("endless.wasm");
    }

    @TestFactory
    List<DynamicTest> endsWhatHasNoEnd() {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        tiers.put("interpreted", null);
        if (JvmTier.always() != null) {
            tiers.putAll(RandomTiers.tiers());
            tiers.put("compiled while it runs", JvmTier.whenHot(2000, 5000));
        }
        List<DynamicTest> tests = new ArrayList<>();
        ENDLESS.forEach((what, code) -> tiers.forEach((how, tier) -> tests.add(
                DynamicTest.dynamicTest(what + ", " + how, () -> ends(module(code), tier)))));
        return tests;
    }

    private static void ends(WasmModule module, Tier tier) {
        InstanceOptions options = InstanceOptions.DEFAULT.withInterruptible(true).withTier(tier);
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), options)) {
            for (int i = 0; i < 2; i++) {
                try (TimeLimit limit = TimeLimit.start(instance, Duration.ofMillis(30))) {
                    Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("run").invoke());
                    assertEquals(Trap.Kind.INTERRUPTED, trap.kind());
                    assertTrue(limit.expired());
                }
                instance.exportedFunction("leaf").invoke();
            }
        }
    }

    /** No other frame tells of a tail call. */
    @Test
    void anInterruptedTailCallIsNamed() {
        WasmEncoder m = new WasmEncoder();
        int host = m.importFunction("env", "interrupt", ":");
        m.export("run", ExternKind.FUNC, m.named("run", "i:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ)
                .op(OpBytes.IF, -64).op(OpBytes.CALL, host).op(OpBytes.END)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.RETURN_CALL, host + 1)));
        HostFunction interrupt = HostFunction.of("env", "interrupt", new FuncType(List.of(), List.of()), List.of(),
                (caller, args) -> {
                    caller.interrupt();
                    return 0;
                });
        InstanceOptions options = InstanceOptions.DEFAULT.withInterruptible(true);
        try (Instance instance = Instance.instantiate(m.module("tail.wasm"), new ImportLinker().add(interrupt), options)) {
            Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("run").invoke(100));
            assertEquals(Trap.Kind.INTERRUPTED, trap.kind());
            assertEquals("[run (tail.wasm+0x" + Integer.toHexString(instance.module().bodyStart(host + 1)) + ")]",
                    trap.stack().toString());
        }
    }

    @Test
    void foreverIsALimit() {
        InstanceOptions options = InstanceOptions.DEFAULT.withInterruptible(true);
        try (Instance instance = Instance.instantiate(module(ENDLESS.get("loop")), new ImportLinker(), options);
                TimeLimit limit = TimeLimit.start(instance, ChronoUnit.FOREVER.getDuration())) {
            instance.exportedFunction("leaf").invoke();
            assertFalse(limit.expired());
        }
    }

    @Test
    void leavesAloneWhatEndsInTime() throws InterruptedException {
        InstanceOptions options = InstanceOptions.DEFAULT.withInterruptible(true);
        try (Instance instance = Instance.instantiate(module(ENDLESS.get("loop")), new ImportLinker(), options)) {
            TimeLimit limit = TimeLimit.start(instance, Duration.ofMillis(20));
            instance.exportedFunction("leaf").invoke();
            limit.close();
            Thread.sleep(40);
            assertFalse(limit.expired());
            instance.exportedFunction("leaf").invoke();
        }
        try (Instance instance = Instance.instantiate(module(ENDLESS.get("loop")), new ImportLinker(),
                InstanceOptions.DEFAULT)) {
            assertThrows(IllegalStateException.class, () -> TimeLimit.start(instance, Duration.ofSeconds(1)));
        }
    }
}
