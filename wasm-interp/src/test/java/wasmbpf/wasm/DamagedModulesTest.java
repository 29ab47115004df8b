package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Damaged modules are read or refused, in bounded time and memory: no other exception comes out. The originals are
 * modules written here and, where the official suite is at hand, its modules, which use every instruction.
 */
class DamagedModulesTest {
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 256L << 20;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    static final List<byte[]> ORIGINALS = originals();

    @Property(tries = 100_000, shrinking = ShrinkingMode.OFF)
    void endInAModuleOrOurException(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = damage(random, ORIGINALS.get(random.nextInt(ORIGINALS.size())));
        long nanos = System.nanoTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        try {
            WasmModule module = WasmModule.decode("damaged", bytes);
            module.validate();
        } catch (MalformedException | InvalidException e) {
            // One of the two permitted ends.
            if (e.getMessage() == null || !e.getMessage().startsWith("damaged: ")) {
                throw new AssertionError("a message without place: " + e.getMessage());
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("module " + HexFormat.of().formatHex(bytes), e);
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        nanos = System.nanoTime() - nanos;
        if (nanos > MAX_NANOS || allocated > MAX_BYTES) {
            throw new AssertionError(nanos / 1_000_000 + " ms, " + allocated + " bytes for module "
                    + HexFormat.of().formatHex(bytes));
        }
    }

    static byte[] damage(Random random, byte[] original) {
        byte[] bytes = original.clone();
        for (int rounds = 1 + random.nextInt(3); rounds > 0 && bytes.length > 8; rounds--) {
            int at = 8 + random.nextInt(bytes.length - 8);
            switch (random.nextInt(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) random.nextInt();
                case 3 -> {
                    // The largest numbers of each length.
                    int length = Math.min(1 + random.nextInt(5), bytes.length - at);
                    Arrays.fill(bytes, at, at + length, (byte) 0xFF);
                    bytes[at + length - 1] = 0x0F;
                }
                case 4 -> {
                    byte[] other = ORIGINALS.get(random.nextInt(ORIGINALS.size()));
                    int from = random.nextInt(other.length);
                    bytes = join(bytes, at, other, from, other.length);
                }
                default -> {
                    // A piece twice, or left out.
                    int from = 8 + random.nextInt(bytes.length - 8);
                    bytes = join(bytes, at, bytes, from, bytes.length);
                }
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] head, int headEnd, byte[] tail, int from, int to) {
        byte[] joined = Arrays.copyOf(head, headEnd + to - from);
        System.arraycopy(tail, from, joined, headEnd, to - from);
        return joined;
    }

    private static List<byte[]> originals() {
        List<byte[]> originals = new ArrayList<>();
        originals.add(written().encode());
        String suite = System.getProperty("wasm.testsuite", "");
        if (!suite.isEmpty() && Files.isRegularFile(Path.of(suite))) {
            try (SpecSuite open = SpecSuite.open()) {
                for (SpecSuite.Script script : open.scripts()) {
                    addSmall(originals, script);
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return originals;
    }

    private static void addSmall(List<byte[]> originals, SpecSuite.Script script) {
        int taken = 0;
        for (Map<String, Object> command : script.commands()) {
            if (taken < 4 && "module".equals(command.get("type"))) {
                byte[] bytes = script.module((String) command.get("filename"));
                if (bytes.length > 8 && bytes.length < 8000) {
                    originals.add(bytes);
                    taken++;
                }
            }
        }
    }

    /** A bit of everything. */
    private static WasmEncoder written() {
        WasmEncoder m = new WasmEncoder();
        int log = m.importFunction("env", "log", "il:i");
        m.importGlobal("env", "base", 'i', false);
        int array = m.rawType(1, 0x5E, 0x78, 1);
        int tag = m.tag("i:");
        m.table('r', 4, 10);
        m.memory(1, 2);
        m.global('l', true, c -> c.op(I64_CONST, 5));
        int f = m.named("f", "il:i", c -> c.locals("iild").op(BLOCK, -1).op(LOCAL_GET, 0).op(LOCAL_GET, 1).op(CALL, log)
                .op(LOCAL_TEE, 2).op(BR_IF, 1).op(LOOP, -0x40).op(LOCAL_GET, 0).op(BR_TABLE, 0, 1, 1).op(END)
                .op(I32_CONST, 3).op(END).op(DROP).op(I32_CONST, 0).op(I64_LOAD, 3, 16).op(LOCAL_SET, 4)
                .op(LOCAL_GET, 0).op(LOCAL_GET, 1).op(LOCAL_GET, 2).op(CALL_INDIRECT, m.type("il:i"), 0));
        m.function(":i", c -> c.op(BLOCK, -1).op(TRY_TABLE, -1, 0, tag, 0).op(I32_CONST, 1).op(THROW, tag).op(END)
                .op(END));
        m.function(":", c -> c.op(I32_CONST, 9).op(ARRAY_NEW_DEFAULT, array).op(I32_CONST, 0)
                .op(ARRAY_GET_U, array).op(I8X16_SPLAT).op(V128_NOT).op(DROP).op(REF_FUNC, f).op(DROP)
                .op(I32_CONST, 0).op(I32_CONST, 0).op(I32_CONST, 3).op(MEMORY_INIT, 1, 0));
        return m.elements(1, log, f).data(8, new byte[] {1, 2, 3}).passiveData(new byte[] {4, 5, 6})
                .export("f", ExternKind.FUNC, f).custom("producers", new byte[] {0});
    }
}
