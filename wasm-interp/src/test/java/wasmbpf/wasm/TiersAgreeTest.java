package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@link RandomModule Generated modules}, run interpreted, compiled at the first call, when warm, with loops taken over, and
 * with functions cut into pieces: results, exceptions, memories, globals, tables and traps with their stacks must be the same.
 * See also {@link RandomTiers}, whose main method runs as many as one likes.
 */
class TiersAgreeTest {
    private final Tier compiled = JvmTier.always();

    @BeforeEach
    void needsUnsafe() {
        Assumptions.assumeTrue(compiled != null, "jdk.internal.misc is not exported: nothing is compiled");
    }

    @Property(tries = 300)
    void doTheSame(@ForAll long seed) {
        if (compiled != null) {
            RandomTiers.compare(seed);
        }
    }

    @Property(tries = 300)
    void doTheSameWithVectors(@ForAll long seed) {
        if (compiled != null) {
            RandomVectors.compare(seed);
        }
    }

    /** The interpreter makes one instruction of the two, which must still be the load's place. */
    @Test
    void anAddressThatIsASumTrapsAtTheLoad() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        int f = encoder.named("f", "ii:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD)
                .op(OpBytes.I32_LOAD, 0, 0));
        encoder.export("f", ExternKind.FUNC, f);
        WasmModule module = encoder.module("sum.wasm");
        for (Tier tier : Arrays.asList(null, compiled)) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("f").invoke(65_000, 600));
                assertEquals(module.bodyStart(f) + 6, trap.stack().get(0).offset());
            }
        }
    }

    @Test
    void aCastThatFailsSaysWhatWasWantedAndWhatThereIs() {
        WasmEncoder m = new WasmEncoder();
        int wide = m.rawType(1, 0x5F, 1, 0x7E, 1);
        int narrow = m.rawType(1, 0x5F, 1, 0x7F, 1);
        // 0 null, 1 an i31, 2 a narrow struct, else a wide one
        m.export("f", ExternKind.FUNC, m.function("i:", c -> c.op(OpBytes.BLOCK, -18)
                .op(OpBytes.REF_NULL, -18).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ).op(OpBytes.BR_IF, 0).op(OpBytes.DROP)
                .op(OpBytes.I32_CONST, -3).op(OpBytes.REF_I31)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_EQ).op(OpBytes.BR_IF, 0).op(OpBytes.DROP)
                .op(OpBytes.STRUCT_NEW_DEFAULT, narrow)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 2).op(OpBytes.I32_EQ).op(OpBytes.BR_IF, 0).op(OpBytes.DROP)
                .op(OpBytes.STRUCT_NEW_DEFAULT, wide).op(OpBytes.END)
                .op(OpBytes.REF_CAST, wide).op(OpBytes.DROP)));
        WasmModule module = m.module("cast.wasm");
        String[] given = {"null", "i31 -3", "a struct of type 1"};
        for (Tier tier : Arrays.asList(null, compiled)) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                WasmFunction f = instance.exportedFunction("f");
                for (int i = 0; i < given.length; i++) {
                    int which = i;
                    assertEquals("cast failure: (ref 0) wanted, given " + given[i],
                            assertThrows(Trap.class, () -> f.invoke(which)).getMessage());
                }
                f.invoke(3);
            }
        }
    }

    /** Of each width, near and far offsets, 32- and 64-bit addresses, sums that wrap. */
    @Test
    void anAccessOutOfBoundsSaysWhatAndWhereInTheSameWords() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        encoder.memory(4, 1, 1);
        Object[][] cases = {
            {OpBytes.I32_LOAD8_S, 0L, 65_536L, "1 bytes at 0x10000 of 65536"},
            {OpBytes.I64_LOAD16_U, 4L, 65_531L, "2 bytes at 0xffff of 65536"},
            {OpBytes.F32_LOAD, 0L, -1L, "4 bytes at 0xffffffff of 65536"},
            {OpBytes.I64_LOAD, 4088L, 65_535L, "8 bytes at 0x10ff7 of 65536"},
            {OpBytes.I64_LOAD, 0xFFFFFFFFL, -1L, "8 bytes at 0x1fffffffe of 65536"},
            {OpBytes.V128_LOAD, 1L, 65_520L, "16 bytes at 0xfff1 of 65536"},
        };
        for (int memory = 0; memory < 2; memory++) {
            for (int i = 0; i < cases.length; i++) {
                int op = (int) cases[i][0];
                long flags = memory == 0 ? 0 : 64;
                String wide = memory == 0 ? "i" : "l";
                int m = memory;
                long offset = (long) cases[i][1];
                int f = encoder.function(wide + ":", c -> {
                    c.op(OpBytes.LOCAL_GET, 0);
                    if (m == 0) {
                        c.op(op, flags, offset);
                    } else {
                        c.op(op, flags, m, offset);
                    }
                    c.op(OpBytes.DROP);
                });
                encoder.export("f" + memory + i, ExternKind.FUNC, f);
            }
        }
        WasmModule module = encoder.module("bounds.wasm");
        for (Tier tier : Arrays.asList(null, compiled)) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                for (int i = 0; i < cases.length; i++) {
                    Object[] row = cases[i];
                    WasmFunction f = instance.exportedFunction("f0" + i);
                    Trap trap = assertThrows(Trap.class, () -> f.invoke((long) row[2]));
                    assertEquals("out of bounds memory access: " + row[3], trap.getMessage());
                }
                WasmFunction f = instance.exportedFunction("f13");
                assertEquals("out of bounds memory access: 8 bytes at 0x10000000000000ff7 of 65536",
                        assertThrows(Trap.class, () -> f.invoke(-1)).getMessage());
            }
        }
    }

    /** The interpreter runs f, a long loop that calls g, whose load traps in the end. */
    @Test
    void aLoopIsLeftToTheCompilerWithTheSameTrap() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        int g = encoder.named("g", "i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD, 0, 0));
        int f = encoder.named("f", "i:i", c -> c.locals("i").op(OpBytes.LOOP, -64)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.CALL, g).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_ADD)
                .op(OpBytes.LOCAL_SET, 0).op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD)
                .op(OpBytes.LOCAL_SET, 1).op(OpBytes.BR, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 0));
        encoder.export("f", ExternKind.FUNC, f);
        WasmModule module = encoder.module("loop.wasm");
        List<String> reports = new ArrayList<>();
        for (Tier tier : Arrays.asList(null, compiled, JvmTier.whenHot(1000, 5000), JvmTier.whenHot(1000, 10))) {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
                Trap trap = assertThrows(Trap.class,
                        () -> instance.exportedFunction("f").invoke(0));
                assertEquals(Trap.Kind.MEMORY_OUT_OF_BOUNDS, trap.kind());
                reports.add(trap.stack().toString());
                if (tier != null && tier != compiled) {
                    assertNotNull(((GuestFunction) instance.functions[f]).compiled, "the loop was entered");
                }
            }
        }
        assertEquals(1, reports.stream().distinct().count(), reports.toString());
    }

    /** In compiled code f and a copy of it call each other, and count calls differently. */
    @Test
    void aRecursionEndsAtTheSameDepthWhoseverCallIsTheLast() {
        WasmEncoder encoder = new WasmEncoder();
        int calls = encoder.global('i', true, c -> c.op(OpBytes.I32_CONST, 0));
        int g = encoder.named("g", ":", c -> c.op(OpBytes.GLOBAL_GET, calls).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_ADD)
                .op(OpBytes.GLOBAL_SET, calls));
        int f = g + 1;
        encoder.named("f", "i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ).op(OpBytes.IF, -64)
                .op(OpBytes.CALL, g).op(OpBytes.ELSE).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB)
                .op(OpBytes.CALL, f).op(OpBytes.DROP).op(OpBytes.END).op(OpBytes.GLOBAL_GET, calls));
        encoder.export("f", ExternKind.FUNC, f);
        WasmModule module = encoder.module("depth.wasm");
        for (int limit = 5; limit <= 8; limit++) {
            InstanceOptions options = InstanceOptions.DEFAULT.withMaxCallDepth(limit);
            List<String> stacks = new ArrayList<>();
            for (Tier tier : Arrays.asList(null, compiled)) {
                try (Instance instance = Instance.instantiate(module, new ImportLinker(), options.withTier(tier))) {
                    WasmFunction function = instance.exportedFunction("f");
                    assertEquals(1, function.invoke(limit - 2)[0], "f so often and g");
                    for (int depth = limit - 1; depth <= limit; depth++) {
                        int more = depth;
                        Trap trap = assertThrows(Trap.class, () -> function.invoke(more));
                        assertEquals(Trap.Kind.STACK_EXHAUSTED, trap.kind());
                        stacks.add(trap.stack().toString());
                    }
                    assertEquals(2, function.invoke(0)[0], "g is not called below the limit");
                }
            }
            assertEquals(stacks.subList(0, 2), stacks.subList(2, 4));
        }
    }

    /** In compiled code there are two copies of f and of h: f calls h, that f's copy, that h's copy, and that f. */
    @Test
    void soDoesOneOfTwoFunctionsThatCallEachOther() {
        WasmEncoder encoder = new WasmEncoder();
        int g = encoder.named("g", ":", c -> { });
        int f = g + 1;
        int h = f + 1;
        // What comes back tells who was called, and how often: 2x + 1 by f, 3x by h.
        encoder.named("f", "i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ).op(OpBytes.IF, -1)
                .op(OpBytes.CALL, g).op(OpBytes.I32_CONST, 1).op(OpBytes.ELSE).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1)
                .op(OpBytes.I32_SUB).op(OpBytes.CALL, h).op(OpBytes.I32_CONST, 2).op(OpBytes.I32_MUL).op(OpBytes.I32_CONST, 1)
                .op(OpBytes.I32_ADD).op(OpBytes.END));
        encoder.named("h", "i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_EQZ).op(OpBytes.IF, -1)
                .op(OpBytes.CALL, g).op(OpBytes.I32_CONST, 5).op(OpBytes.ELSE).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1)
                .op(OpBytes.I32_SUB).op(OpBytes.CALL, f).op(OpBytes.I32_CONST, 3).op(OpBytes.I32_MUL).op(OpBytes.END));
        encoder.export("f", ExternKind.FUNC, f);
        encoder.export("h", ExternKind.FUNC, h);
        WasmModule module = encoder.module("depths.wasm");
        for (int limit = 3; limit <= 14; limit++) {
            InstanceOptions options = InstanceOptions.DEFAULT.withMaxCallDepth(limit);
            List<String> seen = new ArrayList<>();
            for (Tier tier : Arrays.asList(null, compiled)) {
                try (Instance instance = Instance.instantiate(module, new ImportLinker(), options.withTier(tier))) {
                    for (String name : List.of("f", "h")) {
                        WasmFunction function = instance.exportedFunction(name);
                        seen.add("" + function.invoke(limit - 2)[0]);
                        for (int depth = limit - 1; depth <= limit; depth++) {
                            int more = depth;
                            Trap trap = assertThrows(Trap.class, () -> function.invoke(more));
                            assertEquals(Trap.Kind.STACK_EXHAUSTED, trap.kind());
                            seen.add(trap.stack().toString());
                        }
                    }
                    assertEquals(0, instance.stack.depth);
                }
            }
            assertEquals(seen.subList(0, 6), seen.subList(6, 12));
        }
    }

    @Test
    void hostFunctionsGetTheSameNumbersAndTrapAtTheSamePlace() {
        String kinds = "ilfd";
        for (char result : kinds.toCharArray()) {
            WasmEncoder encoder = new WasmEncoder();
            int host = encoder.importFunction("env", "host", "ilfd:" + result);
            int f = encoder.named("f", "ilfd:" + result, c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1)
                    .op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, 3).op(OpBytes.CALL, host));
            encoder.export("f", ExternKind.FUNC, f);
            WasmModule module = encoder.module("host.wasm");
            FuncType type = ((ExternType.Func) module.imports().get(0).type()).type().func();
            List<String> seen = new ArrayList<>();
            for (Tier tier : Arrays.asList(null, compiled)) {
                HostFunction function = HostFunction.of("env", "host", type, List.of("a", "b", "c", "d"), (caller, args) -> {
                    if (args[0] == 0) {
                        throw new Trap(Trap.Kind.UNREACHABLE);
                    }
                    seen.add(Arrays.toString(args));
                    return args[kinds.indexOf(result)] | 0x7_0000_0000L * (result == 'i' || result == 'f' ? 1 : 0);
                });
                for (int limit = 1; limit <= 2; limit++) {
                    InstanceOptions options = InstanceOptions.DEFAULT.withTier(tier).withMaxCallDepth(limit);
                    try (Instance instance = Instance.instantiate(module, new ImportLinker().add(function), options)) {
                        for (int first : new int[] {-5, 0}) {
                            try {
                                seen.add(Arrays.toString(instance.exportedFunction("f").invoke(first, -1L << 40,
                                        Float.floatToRawIntBits(-2.5f), Double.doubleToRawLongBits(-0.1))));
                            } catch (Trap trap) {
                                seen.add(trap.kind() + " " + trap.stack());
                            }
                        }
                        assertEquals(0, instance.stack.depth);
                    }
                }
            }
            int half = seen.size() / 2;
            assertEquals(5, half, seen.toString());
            assertEquals(seen.subList(0, half), seen.subList(half, seen.size()));
        }
    }
}
