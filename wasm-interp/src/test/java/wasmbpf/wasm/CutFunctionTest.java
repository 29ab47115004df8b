package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large functions do the same when they are cut into methods, whatever these methods' size. */
class CutFunctionTest {
    private static final int KEPT = 0;
    private static final int WAY = 1;
    private static final int SUM = 2;
    /** Of a table's arms, one of so many. */
    private static final int LOOPING_ARM = 9;
    private static final int ROUNDS = 1000;

    static IntStream methodBytes() {
        return IntStream.of(200, 250, 300, 350, 400, 450, 500, 600);
    }

    private static void pad(WasmEncoder.Code c, int count) {
        for (int i = 0; i < count; i++) {
            c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_CONST, 2 * i + 3).op(OpBytes.I32_MUL).op(OpBytes.LOCAL_SET, SUM);
        }
    }

    /**
     * As in Yosys's lexer: a local lives on behind a block; inside, code that does not go on there uses it for something else.
     * With methods of about these sizes the block is a method, and that code in others, so that the block's own code does not
     * name the local; it is to be the same behind the block all the same.
     */
    private static void large(WasmEncoder.Code c) {
        c.locals("i");
        c.op(OpBytes.BLOCK, -64);
        pad(c, 20);
        c.op(OpBytes.LOCAL_GET, WAY).op(OpBytes.I32_EQZ).op(OpBytes.IF, -64);
        for (int i = 0; i < 40; i++) {
            c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_CONST, i).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, KEPT)
                    .op(OpBytes.LOCAL_GET, KEPT).op(OpBytes.I32_XOR).op(OpBytes.LOCAL_SET, SUM);
        }
        pad(c, 40);
        c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.RETURN).op(OpBytes.END);
        pad(c, 20);
        c.op(OpBytes.END);
        // What is in a loop is moved out last.
        c.op(OpBytes.LOOP, -64);
        pad(c, 1000);
        c.op(OpBytes.END);
        c.op(OpBytes.LOCAL_GET, KEPT).op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_ADD);
    }

    @ParameterizedTest
    @MethodSource("methodBytes")
    void localPassesARegionThatOnlyNamesItInside(int methodBytes) {
        Tier tier = JvmTier.alwaysCut(methodBytes);
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        WasmEncoder m = new WasmEncoder();
        int large = m.function("ii:i", CutFunctionTest::large);
        m.export("run", ExternKind.FUNC, m.function("ii:i",
                c -> c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, large)));
        try (Instance instance = Instance.instantiate(m.module("m"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            assertEquals(77, (int) instance.exportedFunction("run").invoke(1, 77)[0]);
            assertEquals(0, (int) instance.exportedFunction("run").invoke(0, 77)[0]);
        }
    }

    private static Object[] run(WasmModule module, long... args) {
        return run(module, JvmTier.always(), args);
    }

    private static Object[] run(WasmModule module, Tier tier, long... args) {
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            GuestFunction run = (GuestFunction) instance.exportedFunction("run");
            long[] results = run.invoke(args);
            assertNotNull(run.compiled, "it is compiled");
            return new Object[] {results, instance.memory(0).bytes(0, 64)};
        }
    }

    /** As in position-independent modules, what adjusts addresses in data. Such a function needs no frame. */
    @Test
    void functionWithoutLocalsIsCut() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        m.export("run", ExternKind.FUNC, m.function(":", c -> {
            for (int i = 0; i < 2000; i++) {
                c.op(OpBytes.I32_CONST, 4 * (i % 16)).op(OpBytes.I32_CONST, i).op(OpBytes.I32_STORE, 2, 0);
            }
        }));
        byte[] memory = (byte[]) run(m.module("m"))[1];
        assertEquals(1984, ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    }

    private static int mixed(int x, int y, int rounds) {
        int value = x;
        for (int i = 0; i < rounds; i++) {
            value = (value * (2 * i + 3) ^ y) + (value >>> 7 == i ? 1 : 0);
            y += value;
        }
        return value;
    }

    /** As wasm-opt makes of hash functions that clang has unrolled: one store, whose value is an expression of thousands. */
    @Test
    void expressionOfAnySizeIsCut() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        int rounds = 3000;
        m.export("run", ExternKind.FUNC, m.function("ii:", c -> {
            c.locals("i");
            c.op(OpBytes.I32_CONST, 8).op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_TEE, 2);
            for (int i = 0; i < rounds; i++) {
                c.op(OpBytes.I32_CONST, 2 * i + 3).op(OpBytes.I32_MUL).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_XOR)
                        .op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 7).op(OpBytes.I32_SHR_U).op(OpBytes.I32_CONST, i).op(OpBytes.I32_EQ)
                        .op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_ADD)
                        .op(OpBytes.LOCAL_SET, 1);
            }
            c.op(OpBytes.I32_STORE, 2, 0);
        }));
        byte[] memory = (byte[]) run(m.module("m"), 5, 6)[1];
        assertEquals(mixed(5, 6, rounds), ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).getInt(8));
    }

    /** What an arm of {@link #tableOfArms} makes of a number, and where it goes on: the next arm, the end, or the table. */
    private static int arms(int count, int first) {
        int value = first;
        int fuel = 40;
        int at = first % count;
        while (at < count && fuel > 0) {
            value = (value * (at + 3)) ^ fuel;
            for (int i = 0; at % 50 == LOOPING_ARM && i < ROUNDS; i++) {
                value = value * 5 + 1;
            }
            if (at % 3 == 0) {
                fuel--;
                at = Integer.remainderUnsigned(value, count);
            } else if (at % 7 == 1) {
                return value;
            } else {
                at++;
            }
        }
        return value;
    }

    /** As in lexers: each state is an arm that few instructions are in, too many for one method. */
    private static WasmModule tableOfArms(int count) {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        m.export("run", ExternKind.FUNC, m.function("i:i", c -> {
            c.locals("iii");
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, count).op(OpBytes.I32_REM_U).op(OpBytes.LOCAL_SET, 2);
            c.op(OpBytes.I32_CONST, 40).op(OpBytes.LOCAL_SET, 1);
            c.op(OpBytes.BLOCK, -64).op(OpBytes.LOOP, -64);
            for (int i = 0; i < count; i++) {
                c.op(OpBytes.BLOCK, -64);
            }
            c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.BR_TABLE, LongStream.range(0, count).toArray());
            for (int i = 0; i < count; i++) {
                c.op(OpBytes.END);
                c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, i + 3).op(OpBytes.I32_MUL).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_XOR)
                        .op(OpBytes.LOCAL_SET, 0);
                if (i % 50 == LOOPING_ARM) {
                    c.op(OpBytes.I32_CONST, ROUNDS).op(OpBytes.LOCAL_SET, 3).op(OpBytes.LOOP, -64)
                            .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 5).op(OpBytes.I32_MUL).op(OpBytes.I32_CONST, 1)
                            .op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 0)
                            .op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 3)
                            .op(OpBytes.BR_IF, 0).op(OpBytes.END);
                }
                int loop = count - 1 - i;
                if (i % 3 == 0) {
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, count).op(OpBytes.I32_REM_U).op(OpBytes.LOCAL_SET, 2);
                    c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 1)
                            .op(OpBytes.BR_IF, loop).op(OpBytes.BR, loop + 1);
                } else if (i % 7 == 1) {
                    c.op(OpBytes.BR, loop + 1);
                }
            }
            c.op(OpBytes.END).op(OpBytes.END).op(OpBytes.LOCAL_GET, 0);
        }));
        return m.module("m");
    }

    static Stream<Arguments> tablesOfArms() {
        return Stream.of(Arguments.of(400, JvmTier.always()), Arguments.of(60, JvmTier.alwaysCutAnywhere(1000)),
                Arguments.of(30, JvmTier.alwaysCutAnywhere(600)),
                Arguments.of(60, JvmTier.whenHotCutAnywhere(Integer.MAX_VALUE, 0, 1000)));
    }

    /** Each arm is where the function comes to first. */
    @ParameterizedTest
    @MethodSource("tablesOfArms")
    void tableOfArmsIsCut(int count, Tier tier) {
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        try (Instance instance = Instance.instantiate(tableOfArms(count), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            GuestFunction run = (GuestFunction) instance.exportedFunction("run");
            for (int first = 0; first < count; first++) {
                assertEquals(arms(count, first), (int) run.invoke(first)[0]);
            }
            assertNotNull(run.compiled, "it is compiled");
        }
    }

    /** The arm's loop is hot, so a method begins there, and calls those with the other arms. */
    @Test
    void loopInOneOfManyArmsIsTakenOver() {
        int count = 400;
        long[] results = (long[]) run(tableOfArms(count), JvmTier.whenHot(Integer.MAX_VALUE, 100), LOOPING_ARM)[0];
        assertEquals(arms(count, LOOPING_ARM), (int) results[0]);
    }

    /** As in lexers of tree-sitter, and Rust's clone of a large enum: many small cases, each of which ends in a branch out of all. */
    private static WasmModule tableOfSmallCases(int cases) {
        WasmEncoder m = new WasmEncoder();
        m.export("run", ExternKind.FUNC, m.function("i:i", c -> {
            c.locals("i");
            for (int i = 0; i <= cases; i++) {
                c.op(OpBytes.BLOCK, -64);
            }
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.BR_TABLE, LongStream.range(0, cases).toArray());
            for (int i = 0; i < cases; i++) {
                c.op(OpBytes.END).op(OpBytes.I32_CONST, 3 * i).op(OpBytes.LOCAL_SET, 1).op(OpBytes.BR, cases - 1 - i);
            }
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 1);
        }));
        return m.module("m");
    }

    /** The launcher has HotSpot compile methods of any size. */
    @Test
    void tableOfManySmallCasesIsOneMethodWhereThatIsCompiled() {
        Tier tier = JvmTier.alwaysHuge();
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        try (Instance instance = Instance.instantiate(tableOfSmallCases(1500), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            GuestFunction run = (GuestFunction) instance.exportedFunction("run");
            assertEquals(3 * 1234, (int) run.invoke(1234)[0]);
            assertNotNull(run.compiled);
        }
    }

    /**
     * Less is in each of its arms than it takes to enter one in a method of its own, so it stays interpreted, also where its nested blocks are too many for the compiler on the
     * thread's stack.
     */
    @ParameterizedTest
    @ValueSource(ints = {1500, 8000})
    void tableOfManySmallCasesIsLeftToTheInterpreter(int cases) throws InterruptedException {
        Tier tier = JvmTier.always();
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        WasmModule module = tableOfSmallCases(cases);
        List<Object> seen = new ArrayList<>();
        Thread guest = new Thread(null, () -> {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(),
                    InstanceOptions.DEFAULT.withTier(tier))) {
                GuestFunction run = (GuestFunction) instance.exportedFunction("run");
                for (int i : new int[] {0, 1234, -1}) {
                    seen.add((int) run.invoke(i)[0]);
                }
                seen.add(run.compiled == null);
            } catch (WasmException e) {
                seen.add(e);
            }
        }, "guest", 1 << 18);
        guest.start();
        guest.join();
        assertEquals(List.of(0, 3 * 1234, 3 * (cases - 1), true), seen);
    }

    /** Compilers without optimisation make a local of every intermediate value: clang -O0 many thousands in a large function. */
    @Test
    void manyLocalsInManyMethodsAreCompiledInTime() {
        Tier tier = JvmTier.alwaysCut(300);
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        int locals = 40_000;
        WasmEncoder m = new WasmEncoder();
        m.export("run", ExternKind.FUNC, m.function("i:i", c -> {
            c.locals("i".repeat(locals - 1));
            for (int i = 1; i < locals; i++) {
                c.op(OpBytes.LOCAL_GET, i - 1).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, i);
            }
            c.op(OpBytes.LOCAL_GET, locals - 1);
        }));
        try (Instance instance = Instance.instantiate(m.module("m"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            WasmFunction run = instance.exportedFunction("run");
            assertTimeout(Duration.ofSeconds(20), () -> assertEquals(locals + 4, (int) run.invoke(5)[0]));
        }
    }
}
