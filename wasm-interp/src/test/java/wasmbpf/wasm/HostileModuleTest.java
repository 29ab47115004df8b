package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.wasm.OpBytes.*;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules written to hurt: each is refused, or read, quickly. */
class HostileModuleTest {
    private static final int EMPTY = -0x40;

    private static void section(int id, int... contents) {
        byte[] bytes = new WasmBytes().raw(0, 'a', 's', 'm', 1, 0, 0, 0).raw(id)
                .sized(new WasmBytes().raw(contents).toBytes()).toBytes();
        WasmModule.decode("t", bytes);
    }

    private static String body(Consumer<WasmEncoder.Code> body) {
        WasmEncoder m = new WasmEncoder();
        m.function(":", body);
        WasmModule module = m.module("t");
        String[] message = new String[1];
        within(5, () -> message[0] = assertThrows(WasmException.class, module::validate).getMessage());
        return message[0];
    }

    /** CPU time, as the machine may be busy with other things. */
    private static void within(int seconds, Runnable action) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            long start = threads.getCurrentThreadCpuTime();
            action.run();
            long used = threads.getCurrentThreadCpuTime() - start;
            assertTrue(used < seconds * 1_000_000_000L, () -> used / 1_000_000 + " ms");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13})
    void hugeCountsAreRefusedBeforeAnythingIsAllocated(int section) {
        MalformedException e = assertThrows(MalformedException.class,
                () -> section(section, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F));
        assertTrue(e.getMessage().contains("fit in the 0 bytes") || e.getMessage().contains("inconsistent"),
                e.getMessage());
    }

    @Test
    void aCountBeyondTheBytesLeftIsRefused() {
        // A recursion group of 2^31 - 1 types; a struct of 2^28 fields.
        assertThrows(MalformedException.class, () -> section(1, 1, 0x4E, 0xFF, 0xFF, 0xFF, 0xFF, 0x07));
        assertThrows(MalformedException.class, () -> section(1, 1, 0x5F, 0x80, 0x80, 0x80, 0x80, 0x01));
    }

    @Test
    void overlongNumbersAreRefused() {
        // Six bytes where five are the most; five bytes with bits beyond the 32nd.
        assertTrue(assertThrows(MalformedException.class, () -> section(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00))
                .getMessage().endsWith("integer representation too long: 32 bits are expected"));
        assertTrue(assertThrows(MalformedException.class, () -> section(1, 0x80, 0x80, 0x80, 0x80, 0x10))
                .getMessage().endsWith("integer too large: 32 bits are expected"));
        assertEquals("t: function 0 at 0x17: i32.const: integer representation too long: 32 bits are expected",
                body(c -> c.raw(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).replaceAll("0x[0-9a-f]+", "0x17"));
    }

    @Test
    void localsAreCountedBeforeTheyAreStored() {
        assertTrue(body(c -> c.locals(0xFFFFFFFFL, TypeCode.I32)).contains("too many locals: 4294967295"));
        assertTrue(body(c -> c.locals(49_999, TypeCode.I32).locals(2, TypeCode.I64))
                .contains("too many locals: 50001"));
        assertTrue(body(c -> {
            for (int i = 0; i < 60_000; i++) {
                c.locals(0xFFFFFFFFL, TypeCode.I64);
            }
        }).contains("too many locals"));
    }

    @Test
    void manyGroupsOfLocalsWithoutDefaultTakeLinearTime() {
        WasmEncoder m = new WasmEncoder();
        m.function(":", c -> {
            for (int i = 0; i < 49_999; i++) {
                // One (ref func): the type takes two bytes.
                c.locals(1, 0x64).localsRaw(0x70);
            }
        });
        WasmModule module = m.module("t");
        within(2, module::validate);
    }

    @Test
    void aMillionNestedBlocksAreRefused() {
        assertTrue(body(c -> {
            for (int i = 0; i < 1_000_000; i++) {
                c.op(BLOCK, EMPTY);
            }
        }).contains("nested blocks"));
    }

    @Test
    void manyNestedBlocksAreRead() {
        WasmEncoder m = new WasmEncoder();
        m.function(":", c -> {
            for (int i = 0; i < 99_000; i++) {
                c.op(BLOCK, EMPTY);
            }
            for (int i = 0; i < 99_000; i++) {
                c.op(END);
            }
        });
        WasmModule module = m.module("t");
        within(5, module::validate);
    }

    @Test
    void aBranchTableBeyondTheBytesLeftIsRefused() {
        assertTrue(body(c -> c.op(I32_CONST, 0).raw(0x0E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)).contains("labels do not fit"));
    }

    @Test
    void aBranchTableOfMillionsOfLabelsIsRead() {
        WasmEncoder m = new WasmEncoder();
        long[] labels = new long[3_000_000];
        Arrays.setAll(labels, i -> i & 1);
        m.function(":", c -> c.op(BLOCK, EMPTY).op(I32_CONST, 0).op(BR_TABLE, labels).op(END));
        WasmModule module = m.module("t");
        within(5, module::validate);
    }

    @Test
    void operandsAreBounded() {
        WasmEncoder m = new WasmEncoder();
        String thousand = "i".repeat(1000);
        int many = m.importFunction("env", "many", ":" + thousand);
        m.function(":", c -> {
            for (int i = 0; i < 100_000; i++) {
                c.op(CALL, many);
            }
        });
        WasmModule module = m.module("t");
        assertTrue(assertThrows(InvalidException.class, module::validate).getMessage()
                .contains("operands on the stack"));
    }

    @Test
    void aFunctionTypeOfThousandsOfParametersIsRefused() {
        WasmEncoder m = new WasmEncoder();
        m.type("i".repeat(1001) + ":");
        assertThrows(InvalidException.class, () -> m.module("t"));
    }

    @Test
    void longChainsOfSupertypesAreRefused() {
        WasmEncoder m = new WasmEncoder();
        m.rawType(1, 0x50, 0, 0x5F, 0);
        for (int i = 1; i < 120; i++) {
            m.rawType(1, 0x50, 1, i - 1, 0x5F, 0);
        }
        assertTrue(assertThrows(InvalidException.class, () -> m.module("t")).getMessage().contains("supertypes"));
    }

    @Test
    void manyDistinctTypesAreReadInLinearTime() {
        WasmEncoder m = new WasmEncoder();
        for (int i = 0; i < 200_000; i++) {
            int[] type = new int[3 + 18 + 1];
            type[0] = 0x60;
            type[1] = 18;
            for (int bit = 0; bit < 18; bit++) {
                type[2 + bit] = (i >>> bit & 1) != 0 ? TypeCode.I64 : TypeCode.I32;
            }
            type[20] = 1;
            type[21] = TypeCode.F32;
            m.rawType(1, type);
        }
        byte[] bytes = m.encode();
        within(5, () -> WasmModule.decode("t", bytes));
    }

    @Test
    void aNameSectionThatLiesIsIgnored() {
        WasmEncoder m = new WasmEncoder();
        m.function(":", c -> c.op(NOP));
        // Function names: 2^28 entries, of which the first is whole.
        m.custom("name", new WasmBytes().raw(1, 8, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, 'f', 5).toBytes());
        WasmModule module = m.module("t");
        assertDoesNotThrow(module::validate);
        assertEquals("0 \"f\"", module.functionLabel(0));
    }

    @Test
    void namesOfNothingAndOfMegabytesMakeLinesThatCanBeRead() {
        WasmEncoder m = new WasmEncoder();
        int inner = m.named("", ":", c -> c.op(OpBytes.UNREACHABLE));
        int outer = m.named("x".repeat(2_000_000), ":", c -> c.op(OpBytes.CALL, inner));
        m.export("run", ExternKind.FUNC, outer);
        WasmModule module = m.module("t.wasm");
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT)) {
            Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("run").invoke());
            String[] lines = trap.report().split("\n");
            assertTrue(lines[1].startsWith("    at function 0 (t.wasm+0x"), lines[1]);
            assertTrue(lines[2].length() < 1100 && lines[2].contains("xx... (t.wasm+0x"), lines[2]);
        }
    }
}
