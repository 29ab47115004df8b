package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Copies and fills of constant lengths, which compiled code makes by loads and stores, beside arrays of Java. */
class ShortRangesTest {
    private static final int LENGTHS = 36;
    private static final int PAGE = 65536;

    private static WasmModule module() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        encoder.export("memory", ExternKind.MEMORY, 0);
        for (int length = 0; length < LENGTHS; length++) {
            int n = length;
            encoder.export("copy" + n, ExternKind.FUNC, encoder.function("ii:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1)
                    .op(OpBytes.I32_CONST, n).op(OpBytes.MEMORY_COPY, 0, 0)));
            encoder.export("fill" + n, ExternKind.FUNC, encoder.function("ii:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1)
                    .op(OpBytes.I32_CONST, n).op(OpBytes.MEMORY_FILL, 0)));
        }
        return encoder.module("ranges.wasm");
    }

    private static byte[] numbers() {
        byte[] bytes = new byte[PAGE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    private static void run(Tier tier) {
        byte[] before = numbers();
        try (Instance instance = Instance.instantiate(module(), new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            LinearMemory memory = instance.memory(0);
            for (int length = 0; length < LENGTHS; length++) {
                for (int from : List.of(0, 40, 41, 60_000, PAGE - 40, PAGE - length)) {
                    for (int distance = -LENGTHS; distance <= LENGTHS; distance++) {
                        int to = from + distance;
                        if (to < 0 || to + length > PAGE) {
                            continue;
                        }
                        memory.write(0, before, 0, PAGE);
                        instance.exportedFunction("copy" + length).invoke(to, from);
                        byte[] expected = before.clone();
                        System.arraycopy(before, from, expected, to, length);
                        assertEquals(-1, Arrays.mismatch(expected, memory.bytes(0, PAGE)), length + " bytes from " + from + " to " + to);
                    }
                }
                for (int to : List.of(0, 1, 7, 60_000, PAGE - length)) {
                    memory.write(0, before, 0, PAGE);
                    instance.exportedFunction("fill" + length).invoke(to, 0x1F5);
                    byte[] expected = before.clone();
                    Arrays.fill(expected, to, to + length, (byte) 0xF5);
                    assertEquals(-1, Arrays.mismatch(expected, memory.bytes(0, PAGE)), length + " bytes at " + to);
                }
            }
        }
    }

    /** A range that is not all in memory traps, at the instruction, and nothing of it is written. */
    private static void outOfBounds(Tier tier) {
        byte[] before = numbers();
        WasmModule module = module();
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            LinearMemory memory = instance.memory(0);
            memory.write(0, before, 0, PAGE);
            for (int length = 1; length < LENGTHS; length++) {
                for (int past : List.of(PAGE - length + 1, PAGE, -1, Integer.MIN_VALUE)) {
                    for (Object[] call : new Object[][] {{"copy", past, 8}, {"copy", 8, past}, {"copy", past, past}, {"fill", past, 8}}) {
                        WasmFunction f = instance.exportedFunction(call[0] + "" + length);
                        Trap trap = assertThrows(Trap.class, () -> f.invoke((int) call[1], (int) call[2]));
                        assertEquals("out of bounds memory access: " + length + " bytes at 0x" + Integer.toHexString(past) + " of 65536",
                                trap.getMessage());
                        assertEquals(module.bodyStart(2 * length + ("fill".equals(call[0]) ? 1 : 0)) + 7, trap.stack().get(0).offset());
                    }
                }
            }
            assertArrayEquals(before, memory.bytes(0, PAGE));
        }
    }

    @Test
    void copiesAndFills() {
        run(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        run(JvmTier.always());
    }

    @Test
    void leavesNothingOfARangeOutOfBounds() {
        outOfBounds(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        outOfBounds(JvmTier.always());
    }
}
