package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compiled code takes over a loop that the interpreter runs, wherever in its function that loop is. */
class LoopEntryTest {
    private static final int LIMIT = 10;
    private static final int EMPTY = -64;

    /** Counts the loops that the compiler was asked for, and those it gave. */
    private static final class Counting implements Tier {
        final Tier tier;
        int asked;
        int given;
        /** How many loops to refuse first. */
        int refuse;

        Counting(int targetBytes) {
            tier = targetBytes == 0 ? JvmTier.whenHot(Integer.MAX_VALUE, LIMIT)
                    : JvmTier.whenHotCut(Integer.MAX_VALUE, LIMIT, targetBytes);
        }

        @Override
        public int callThreshold() {
            return tier.callThreshold();
        }

        @Override
        public int loopThreshold() {
            return tier.loopThreshold();
        }

        @Override
        public CompiledCode compile(GuestFunction function) {
            return tier.compile(function);
        }

        @Override
        public CompiledCode compileLoop(GuestFunction function, int offset) {
            asked++;
            CompiledCode code = asked <= refuse ? null : tier.compileLoop(function, offset);
            given += code == null ? 0 : 1;
            return code;
        }
    }

    @BeforeEach
    void needsUnsafe() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
    }

    /** Runs f(100) interpreted, taken over and taken over in pieces; each call must leave the interpreter once. */
    private static void check(WasmEncoder encoder, int f, String expected) {
        encoder.export("f", ExternKind.FUNC, f);
        WasmModule module = encoder.module("loop.wasm");
        module.validate();
        assertEquals(expected, run(module, null));
        for (int cut : new int[] {0, 20, 60, 200, 400}) {
            Counting tier = new Counting(cut);
            assertEquals(expected, run(module, tier), "cut at " + cut);
            assertTrue(tier.asked > 0, "the loop was hot");
            assertEquals(tier.asked, tier.given, "every loop asked for was compiled");
        }
    }

    private static String run(WasmModule module, Tier tier) {
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            try {
                List<String> results = new ArrayList<>();
                for (Object result : instance.exportedFunction("f").apply(100)) {
                    results.add(String.valueOf(result));
                }
                return results.toString();
            } catch (GuestException e) {
                return "exception " + e.values();
            } catch (Trap trap) {
                return trap.kind() + " at " + trap.stack();
            }
        }
    }

    /** loop ... br_if 0 end: runs the body until local 0 has come to zero. */
    private static Consumer<WasmEncoder.Code> countDown(Consumer<WasmEncoder.Code> body) {
        return c -> {
            c.op(OpBytes.LOOP, EMPTY);
            body.accept(c);
            step(c).op(OpBytes.BR_IF, 0).op(OpBytes.END);
        };
    }

    /** Pushes local 0 less one, which it is from now on. */
    private static WasmEncoder.Code step(WasmEncoder.Code c) {
        return c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0);
    }

    /** local 1 += local 0. */
    private static void sum(WasmEncoder.Code c) {
        c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 1);
    }

    @Test
    void operandsBelowTheLoopAreWhereTheInterpreterHasThem() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:ilfdi", c -> {
            c.locals("id");
            // A value computed, constants of each type, a local that the loop changes.
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 7).op(OpBytes.I32_MUL).op(OpBytes.I64_CONST, -1L << 40);
            c.op(OpBytes.F32_CONST, Float.floatToRawIntBits(-1.5f)).op(OpBytes.F64_CONST, Double.doubleToRawLongBits(2.5));
            c.op(OpBytes.LOCAL_GET, 0);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD);
        });
        check(m, f, "[700, -1099511627776, -1.5, 2.5, 5150]");
    }

    @Test
    void vectorsAndReferencesMayBeBelow() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:ivr", c -> {
            c.locals("i");
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32X4_SPLAT).op(OpBytes.REF_NULL, -16).op(OpBytes.I32_CONST, 3);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.DROP).op(OpBytes.DROP).op(OpBytes.I32X4_EXTRACT_LANE, 3).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD);
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32X4_SPLAT).op(OpBytes.REF_NULL, -16);
        });
        check(m, f, "[5150, V128[low=0, high=0], null]");
    }

    @Test
    void aLoopInALoopWithOperandsBelowBoth() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            c.locals("iii");
            c.op(OpBytes.I32_CONST, 1000);
            c.op(OpBytes.I32_CONST, 3).op(OpBytes.LOCAL_SET, 2);
            c.op(OpBytes.LOOP, EMPTY);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 5);
            c.op(OpBytes.I32_CONST, 20).op(OpBytes.LOCAL_SET, 0);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.I32_ADD).op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 3);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.BR_IF, 0);
            c.op(OpBytes.END);
            c.op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_ADD);
        });
        // 210 a round: before them 0, 210, 420; 5 each.
        check(m, f, "[1645]");
    }

    @Test
    void anInnerLoopThatIsLeftInManyWays() {
        WasmEncoder m = new WasmEncoder();
        int f = m.named("f", "i:i", c -> {
            c.locals("iii");
            c.op(OpBytes.I32_CONST, 7).op(OpBytes.LOCAL_SET, 2);
            c.op(OpBytes.BLOCK, EMPTY).op(OpBytes.LOOP, EMPTY);
            c.op(OpBytes.I32_CONST, 50).op(OpBytes.LOCAL_SET, 0);
            c.op(OpBytes.BLOCK, EMPTY);
            c.op(OpBytes.LOOP, EMPTY);
            // Out of it at 3, in the first round; to the next round of the outer one at 5, in the second; of both at 9, in the fourth.
            sum(c);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 7).op(OpBytes.I32_EQ);
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 3).op(OpBytes.I32_EQ).op(OpBytes.I32_AND).op(OpBytes.BR_IF, 1);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 4).op(OpBytes.I32_EQ);
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 9).op(OpBytes.I32_EQ).op(OpBytes.I32_AND).op(OpBytes.BR_IF, 3);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 6).op(OpBytes.I32_EQ);
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 5).op(OpBytes.I32_EQ).op(OpBytes.I32_AND).op(OpBytes.IF, EMPTY);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_SET, 2);
            c.op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_CONST, 1000).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 3);
            c.op(OpBytes.BR, 3).op(OpBytes.END);
            step(c).op(OpBytes.BR_IF, 0).op(OpBytes.END);
            c.op(OpBytes.END);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.BR_IF, 0);
            c.op(OpBytes.END).op(OpBytes.END);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_ADD);
        });
        // 50 down to 3, 5, 1 and 9, and 1000.
        check(m, f, "[" + (1272 + 1265 + 1275 + 1239 + 1000) + "]");
    }

    @Test
    void anInnerLoopAmongMuchElse() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            c.locals("ii");
            c.op(OpBytes.I32_CONST, 9).op(OpBytes.LOCAL_SET, 2);
            c.op(OpBytes.LOOP, EMPTY);
            c.op(OpBytes.I32_CONST, 20).op(OpBytes.LOCAL_SET, 0);
            much(c);
            countDown(LoopEntryTest::sum).accept(c);
            much(c);
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.BR_IF, 0);
            c.op(OpBytes.END);
            c.op(OpBytes.LOCAL_GET, 1);
        });
        check(m, f, "[" + 9 * (210 + 2 * 30) + "]");
    }

    /** Adds 30 to local 1. */
    private static void much(WasmEncoder.Code c) {
        for (int i = 0; i < 30; i++) {
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 1);
        }
    }

    @Test
    void aTrapInAnInnerLoopHasItsPlace() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        int f = m.named("f", "i:i", c -> {
            c.locals("i");
            c.op(OpBytes.LOOP, EMPTY).op(OpBytes.LOOP, EMPTY);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_STORE, 2, 0);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 4).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, 1);
            c.op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.BR, 0).op(OpBytes.END).op(OpBytes.UNREACHABLE);
        });
        WasmModule module = m.export("f", ExternKind.FUNC, f).module("loop.wasm");
        assertEquals(run(module, null), run(module, new Counting(0)));
        assertEquals(run(module, null), run(module, new Counting(20)));
    }

    @Test
    void aLoopMayHaveParameters() {
        WasmEncoder m = new WasmEncoder();
        int type = m.type("fl:l");
        int f = m.function("i:l", c -> {
            c.locals("l");
            c.op(OpBytes.I64_CONST, 5).op(OpBytes.F32_CONST, Float.floatToRawIntBits(0.5f)).op(OpBytes.I64_CONST, 1);
            c.op(OpBytes.LOOP, type);
            c.op(OpBytes.I64_CONST, 3).op(OpBytes.I64_ADD);
            step(c).op(OpBytes.BR_IF, 0);
            c.op(OpBytes.LOCAL_SET, 1).op(OpBytes.I32_TRUNC_SAT_F32_S).op(OpBytes.I64_EXTEND_I32_S).op(OpBytes.LOCAL_GET, 1);
            c.op(OpBytes.I64_ADD).op(OpBytes.END).op(OpBytes.I64_ADD);
        });
        check(m, f, "[306]");
    }

    @Test
    void anExceptionInTheLoopIsCaughtByTheTryTableAroundIt() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int f = m.function("i:i", c -> {
            c.locals("i");
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.BLOCK, -1).op(OpBytes.I32_CONST, 40);
            c.op(OpBytes.TRY_TABLE, EMPTY, 0, tag, 0);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.THROW, tag);
            c.op(OpBytes.END).op(OpBytes.END).op(OpBytes.I32_ADD);
        });
        check(m, f, "[5150]");
    }

    @Test
    void anExceptionBehindTheTryLeavesTheFunction() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int f = m.function("i:i", c -> {
            c.locals("i");
            c.op(OpBytes.BLOCK, EMPTY).op(OpBytes.TRY_TABLE, EMPTY, 2, -1, 0);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 1).op(OpBytes.THROW, tag).op(OpBytes.END);
            c.op(OpBytes.I32_CONST, -1);
        });
        check(m, f, "exception [5050]");
    }

    @Test
    void aLoopInALegacyTry() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int other = m.tag(":");
        int f = m.function("i:i", c -> {
            c.locals("i");
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.TRY, -1);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.THROW, tag);
            c.op(OpBytes.CATCH, other).op(OpBytes.I32_CONST, -1);
            c.op(OpBytes.CATCH, tag).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD);
            c.op(OpBytes.END).op(OpBytes.I32_ADD);
        });
        check(m, f, "[5151]");
    }

    @Test
    void aLoopInACatchMayRethrow() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int f = m.function("i:i", c -> {
            c.locals("i");
            c.op(OpBytes.LOCAL_GET, 0);
            c.op(OpBytes.TRY, -1);
            c.op(OpBytes.TRY, EMPTY).op(OpBytes.I32_CONST, 77).op(OpBytes.THROW, tag);
            c.op(OpBytes.CATCH, tag);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.RETHROW, 0).op(OpBytes.END);
            c.op(OpBytes.I32_CONST, -1);
            c.op(OpBytes.CATCH, tag).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD).op(OpBytes.END);
            c.op(OpBytes.I32_ADD);
        });
        // A catch leaves 77 on the stack below the loop: dropped by the rethrow.
        check(m, f, "[5227]");
    }

    @Test
    void aDelegateAroundTheLoop() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int f = m.function("i:i", c -> {
            c.locals("i");
            c.op(OpBytes.TRY, -1).op(OpBytes.LOCAL_GET, 0);
            c.op(OpBytes.TRY, EMPTY);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.THROW, tag);
            c.op(OpBytes.DELEGATE, 0);
            c.op(OpBytes.CATCH, tag).op(OpBytes.END);
        });
        check(m, f, "[5050]");
    }

    @Test
    void aTrapInTheLoopHasItsCallOnce() {
        WasmEncoder m = new WasmEncoder();
        int f = m.named("f", "i:i", c -> {
            c.locals("i");
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.TRY_TABLE, EMPTY);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.I32_CONST, 1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_DIV_S).op(OpBytes.DROP).op(OpBytes.END);
        });
        WasmModule module = m.export("f", ExternKind.FUNC, f).module("loop.wasm");
        assertEquals(run(module, null), run(module, new Counting(0)));
    }

    @Test
    void aLoopThatIsRefusedDoesNotKeepOthersFromIt() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> {
            c.locals("i");
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.I32_CONST, 1000).op(OpBytes.LOCAL_SET, 0);
            countDown(LoopEntryTest::sum).accept(c);
            c.op(OpBytes.LOCAL_GET, 1);
        });
        WasmModule module = m.export("f", ExternKind.FUNC, f).module("loop.wasm");
        Counting tier = new Counting(0);
        tier.refuse = 2;
        assertEquals("[505550]", run(module, tier));
        assertEquals(1, tier.given, "the second loop was compiled");
        assertEquals(3, tier.asked);
    }
}
