package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An exception that nobody catches says which tag it has and which calls it has ended, in each tier the same. */
class ExceptionStackTest {
    private static final int EMPTY = -64;

    private static List<Tier> tiers() {
        List<Tier> tiers = new ArrayList<>(Collections.singletonList(null));
        if (JvmTier.always() != null) {
            tiers.addAll(List.of(JvmTier.always(), JvmTier.alwaysCut(20), JvmTier.alwaysCutAnywhere(20), JvmTier.whenHot(2, 3)));
        }
        return tiers;
    }

    /** Of the last of several calls of "top", so that a function may have become hot. */
    private static GuestException thrown(WasmModule module, Tier tier) {
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            WasmFunction top = instance.exportedFunction("top");
            for (int i = 0; i < 5; i++) {
                assertThrows(GuestException.class, () -> top.invoke(7));
            }
            return assertThrows(GuestException.class, () -> top.invoke(7));
        }
    }

    private static void check(WasmEncoder m, List<String> functions, List<Integer> offsets) {
        WasmModule module = m.module("thrower.wasm");
        for (Tier tier : tiers()) {
            GuestException e = thrown(module, tier);
            assertEquals(functions, e.stack().stream().map(WasmFrame::functionName).toList());
            List<Integer> inBodies = e.stack().stream().map(f -> f.offset() - module.bodyStart(f.function())).toList();
            assertEquals(offsets, inBodies);
            StringBuilder report = new StringBuilder("uncaught exception: tag failure [7]");
            e.stack().forEach(frame -> report.append("\n    at ").append(frame));
            assertEquals(report.toString(), e.report());
        }
    }

    /** Bodies: no locals, so that the first instruction is at offset 1 and local.get takes two bytes. */
    private static int bottom(WasmEncoder m, int tag) {
        return m.named("bottom", "i:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.THROW, tag));
    }

    @Test
    void everyCallIsNoted() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        m.export("failure", ExternKind.TAG, tag);
        int bottom = bottom(m, tag);
        int middle = m.named("middle", "i:", c -> c.op(OpBytes.NOP).op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, bottom));
        int top = m.named("top", "i:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, middle).op(OpBytes.NOP));
        m.export("top", ExternKind.FUNC, top);
        check(m, List.of("bottom", "middle", "top"), List.of(3, 4, 3));
    }

    @Test
    void aCleanUpThatThrowsItOnIsAPlaceOfItsOwn() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        m.export("failure", ExternKind.TAG, tag);
        int bottom = bottom(m, tag);
        int[] rethrow = new int[1];
        int middle = m.named("middle", "i:", c -> {
            c.op(OpBytes.BLOCK, -23).op(OpBytes.TRY_TABLE, EMPTY, 3, -1, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, bottom);
            c.op(OpBytes.END).op(OpBytes.RETURN).op(OpBytes.END);
            rethrow[0] = 1 + c.size();
            c.op(OpBytes.THROW_REF);
        });
        int top = m.named("top", "i:", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, middle));
        m.export("top", ExternKind.FUNC, top);
        check(m, List.of("bottom", "middle", "top"), List.of(3, rethrow[0], 3));
    }

    /** The exception leaves a function that is cut into methods from inside one of them. */
    @Test
    void aFunctionOfManyMethodsIsOneCall() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        m.export("failure", ExternKind.TAG, tag);
        int bottom = bottom(m, tag);
        int[] call = new int[1];
        int top = m.named("top", "i:", c -> {
            c.op(OpBytes.BLOCK, EMPTY);
            for (int i = 0; i < 40; i++) {
                c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 0).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 0);
            }
            call[0] = 3 + c.size();
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, bottom).op(OpBytes.END);
        });
        m.export("top", ExternKind.FUNC, top);
        check(m, List.of("bottom", "top"), List.of(3, call[0]));
    }

    /** A tag without a name is known by its number, one of the host by what it was imported as. */
    @Test
    void tagsWithoutANameInTheModule() {
        WasmEncoder m = new WasmEncoder();
        m.export("top", ExternKind.FUNC, bottom(m, m.tag("i:")));
        assertEquals("uncaught exception: tag 0 [7]", thrown(m.module("t.wasm"), null).report().lines().findFirst().orElseThrow());
        WasmTag tag = new WasmTag(new FuncType(List.of(ValType.I32), List.of()));
        WasmEncoder importing = new WasmEncoder();
        int imported = importing.importTag("env", "problem", "i:");
        importing.export("top", ExternKind.FUNC, bottom(importing, imported));
        ImportLinker linker = new ImportLinker().add("env", "problem", tag);
        try (Instance instance = Instance.instantiate(importing.module("t.wasm"), linker, InstanceOptions.DEFAULT)) {
            GuestException e = assertThrows(GuestException.class, () -> instance.exportedFunction("top").invoke(7));
            assertEquals("uncaught exception: tag env.problem [7]", e.report().lines().findFirst().orElseThrow());
        }
    }
}
