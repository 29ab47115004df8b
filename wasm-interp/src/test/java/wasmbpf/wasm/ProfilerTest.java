package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a profiler sees of calls, in every way functions are run. */
class ProfilerTest {
    private static final FuncType NOTHING = new FuncType(List.of(), List.of());

    /** How instances run; the names say how in messages. */
    enum Way {
        INTERPRETED, COMPILED, COMPILED_IN_PIECES, LOOPS_TAKEN_OVER;

        InstanceOptions options() {
            Assumptions.assumeTrue(this == INTERPRETED || JvmTier.always() != null,
                    "jdk.internal.misc is not exported: nothing is compiled");
            return InstanceOptions.DEFAULT.withTier(switch (this) {
                case INTERPRETED -> null;
                case COMPILED -> JvmTier.always();
                case COMPILED_IN_PIECES -> JvmTier.alwaysCut(60);
                case LOOPS_TAKEN_OVER -> JvmTier.whenHot(Integer.MAX_VALUE, 0);
            });
        }
    }

    static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    private static HostFunction host(String name, Runnable code) {
        return HostFunction.of("env", name, NOTHING, List.of(), (caller, args) -> {
            code.run();
            return 0;
        });
    }

    /** {@code run} calls {@code hot}, {@code cold} with a hundredth of its iterations, and a host function that sleeps. */
    private static WasmModule hotAndCold() {
        WasmEncoder m = new WasmEncoder();
        int sleep = m.importFunction("env", "sleep", ":");
        int[] loops = new int[2];
        for (int i = 0; i < 2; i++) {
            loops[i] = m.named(i == 0 ? "hot;loop" : "cold", "i:i", c -> c.locals("i").op(OpBytes.LOOP, -64)
                    .op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD).op(OpBytes.I32_CONST, 7)
                    .op(OpBytes.I32_ROTL).op(OpBytes.LOCAL_SET, 1)
                    .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0)
                    .op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 1));
        }
        m.export("run", ExternKind.FUNC, m.named("run", "i:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, loops[0])
                .op(OpBytes.DROP).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 100).op(OpBytes.I32_DIV_U)
                .op(OpBytes.CALL, loops[1]).op(OpBytes.DROP).op(OpBytes.CALL, sleep)));
        return m.module("test.wasm");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void findsTheHotFunctionAndWhoWaits(Way way) throws IOException {
        StringBuilder text = new StringBuilder();
        HostFunction sleep = host("sleep", () -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (Profiler profiler = Profiler.start(Duration.ofMillis(1));
                Instance instance = Instance.instantiate(hotAndCold(), new ImportLinker().add(sleep),
                        way.options().withProfiler(profiler))) {
            WasmFunction run = instance.exportedFunction("run");
            // Of CPU, as that is counted: on a busy machine a look comes late now and then, and must not weigh much.
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long end = threads.getCurrentThreadCpuTime() + 200_000_000;
            do {
                run.invoke(20_000_000);
            } while (threads.getCurrentThreadCpuTime() < end);
            profiler.close();
            profiler.writeFolded(text);
        }
        Map<String, Long> counts = new TreeMap<>();
        for (String line : text.toString().split("\n")) {
            int space = line.lastIndexOf(' ');
            counts.merge(line.substring(0, space), Long.parseLong(line.substring(space + 1)), Long::sum);
        }
        long running = counts.entrySet().stream().filter(e -> !e.getKey().endsWith("[waiting]"))
                .mapToLong(Map.Entry::getValue).sum();
        long hot = counts.getOrDefault("test.wasm;run;hot:loop", 0L);
        assertTrue(hot > 5_000 && hot > running * 7 / 10, counts::toString);
        assertTrue(counts.getOrDefault("test.wasm;run;env.sleep;[waiting]", 0L) > 20_000, counts::toString);
    }

    /** The names of the open calls. */
    private static List<String> open(Instance instance) {
        CallMarks marks = instance.stack.marks;
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= marks.depth(); i++) {
            names.add(marks.at(i).frame(-1).functionName());
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void callsThatEndedInAnyWayAreNotSeen(Way way) {
        WasmEncoder m = new WasmEncoder();
        int look = m.importFunction("env", "look", ":");
        int tag = m.tag(":");
        int leaf = m.named("leaf", ":", c -> c.op(OpBytes.CALL, look));
        int thrower = m.named("thrower", ":", c -> c.op(OpBytes.CALL, leaf).op(OpBytes.THROW, tag));
        int tail = m.named("tail", ":", c -> c.op(OpBytes.RETURN_CALL, leaf));
        int trapper = m.named("trapper", ":", c -> c.op(OpBytes.CALL, leaf).op(OpBytes.UNREACHABLE));
        m.export("trapper", ExternKind.FUNC, trapper);
        m.export("run", ExternKind.FUNC, m.named("run", ":", c -> c
                .op(OpBytes.BLOCK, -64).op(OpBytes.TRY_TABLE, -64, 2, -1, 0).op(OpBytes.CALL, thrower).op(OpBytes.END)
                .op(OpBytes.END).op(OpBytes.CALL, look).op(OpBytes.CALL, tail).op(OpBytes.CALL, look)));
        List<List<String>> seen = new ArrayList<>();
        Instance[] self = new Instance[1];
        try (Profiler profiler = Profiler.start(Duration.ofSeconds(1));
                Instance instance = Instance.instantiate(m.module("m"),
                        new ImportLinker().add(host("look", () -> seen.add(open(self[0])))),
                        way.options().withProfiler(profiler))) {
            self[0] = instance;
            instance.exportedFunction("run").invoke();
            assertEquals(List.of(List.of("run", "thrower", "leaf", "look"), List.of("run", "look"),
                    List.of("run", "leaf", "look"), List.of("run", "look")), seen);
            assertEquals(List.of(), open(instance));
            assertThrows(Trap.class, () -> instance.exportedFunction("trapper").invoke());
            assertEquals(List.of(), open(instance));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void otherInstancesHaveNoMarks(Way way) {
        try (Instance instance = Instance.instantiate(hotAndCold(), new ImportLinker().add(host("sleep", () -> { })),
                way.options())) {
            assertNull(instance.stack.marks);
            assertEquals(GuestFunction.class, instance.exportedFunction("run").getClass());
        }
    }
}
