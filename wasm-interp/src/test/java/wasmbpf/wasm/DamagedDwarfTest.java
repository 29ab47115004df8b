package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Damaged debug information gives an answer, right or not, in bounded CPU time; no exception comes out. */
class DamagedDwarfTest {
    /** Of CPU time: other processes are not ours to blame. */
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final List<byte[]> ORIGINALS = new ArrayList<>();

    static {
        for (String name : List.of("divide-O2-v4", "divide-O2-v5", "shapes-O0-v4", "shapes-O2-v5", "slices-O2")) {
            try {
                ORIGINALS.add(DwarfTest.resource(name + ".wasm"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Property(tries = 4000, shrinking = ShrinkingMode.OFF)
    void givesAnAnswer(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = ORIGINALS.get(random.nextInt(ORIGINALS.size())).clone();
        List<CustomSection> sections = WasmModule.decode("m", bytes).customSections().stream()
                .filter(section -> section.name().startsWith(".debug")).toList();
        for (int rounds = 1 + random.nextInt(6); rounds > 0; rounds--) {
            CustomSection section = sections.get(random.nextInt(sections.size()));
            int at = section.start() + random.nextInt(section.length());
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(bytes, at, Math.min(section.start() + section.length(), at + 1 + random.nextInt(9)),
                        (byte) (random.nextBoolean() ? 0xFF : 0));
                default -> {
                    int from = section.start() + random.nextInt(section.length());
                    System.arraycopy(bytes, from, bytes, at, Math.min(1 + random.nextInt(20),
                            section.start() + section.length() - Math.max(from, at)));
                }
            }
        }
        WasmModule module = WasmModule.decode("m", bytes);
        long nanos = THREADS.getCurrentThreadCpuTime();
        try {
            int first = module.bodyStart(module.importedFunctionCount());
            int end = module.bodyEnd(module.functionCount() - 1);
            int[] offsets = IntStream.range(first - 4, end + 4).toArray();
            assertEquals(offsets.length, module.sources(offsets).size());
            DebugLines.of(module).rows(first, end);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("module " + HexFormat.of().formatHex(bytes), e);
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        if (nanos > MAX_NANOS) {
            throw new AssertionError(nanos / 1_000_000 + " ms of CPU for module " + HexFormat.of().formatHex(bytes));
        }
    }

    /** A thousand units share one abbreviation of 20,000 attributes that take no byte; each has many such entries. */
    @Property(tries = 1)
    void endsWhenWorkGrowsFasterThanTheSections() {
        WasmBytes abbreviations = new WasmBytes().u(1).u(0x11).raw(1);
        for (int i = 0; i < 20_000; i++) {
            abbreviations.u(0x3F).u(0x19);
        }
        abbreviations.raw(0, 0, 0);
        WasmBytes units = new WasmBytes();
        for (int i = 0; i < 1000; i++) {
            units.fixed(7 + 1000, 4).fixed(4, 2).fixed(0, 4).raw(4);
            for (int k = 0; k < 1000; k++) {
                units.raw(1);
            }
        }
        WasmEncoder m = new WasmEncoder();
        int f = m.function(":", c -> c.op(OpBytes.UNREACHABLE));
        m.custom(".debug_abbrev", abbreviations.toBytes()).custom(".debug_info", units.toBytes())
                .custom(".debug_line", new byte[1]);
        WasmModule module = m.module("m");
        long nanos = THREADS.getCurrentThreadCpuTime();
        assertEquals(List.of(List.of()), module.sources(module.bodyStart(f) + 1));
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        if (nanos > 2 * MAX_NANOS) {
            throw new AssertionError(nanos / 1_000_000 + " ms of CPU");
        }
    }
}
