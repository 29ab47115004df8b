package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing of a function's body is looked at before its first call, whoever calls it and in which tier. */
class LazinessTest {
    static Stream<Tier> tiers() {
        return Stream.concat(Stream.of((Tier) null), JvmTier.always() == null ? Stream.of() : RandomTiers.tiers().values().stream());
    }

    /** {@code run(0)} gives 5, {@code run(1)} calls a function that is not valid, {@code run(2)} one that is no code at all. */
    private static WasmModule module() {
        WasmEncoder m = new WasmEncoder();
        int invalid = m.named("invalid", ":i", c -> c.op(OpBytes.I64_CONST, 1));
        int malformed = m.named("malformed", ":i", c -> c.raw(0xF5));
        m.export("run", ExternKind.FUNC, m.function("i:i", c -> c
                .op(OpBytes.BLOCK, -64).op(OpBytes.BLOCK, -64).op(OpBytes.BLOCK, -64)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.BR_TABLE, 0, 1, 2).op(OpBytes.END)
                .op(OpBytes.I32_CONST, 5).op(OpBytes.RETURN).op(OpBytes.END)
                .op(OpBytes.CALL, invalid).op(OpBytes.RETURN).op(OpBytes.END)
                .op(OpBytes.CALL, malformed)));
        return m.module("lazy.wasm");
    }

    @ParameterizedTest
    @MethodSource("tiers")
    void aBadFunctionIsToldOfWhenItIsCalled(Tier tier) {
        WasmModule module = module();
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            WasmFunction run = instance.exportedFunction("run");
            for (int i = 0; i < 5; i++) {
                assertEquals(5, run.invoke(0)[0]);
                InvalidException invalid = assertThrows(InvalidException.class, () -> run.invoke(1));
                assertEquals("lazy.wasm: function 0 \"invalid\" at 0x" + Integer.toHexString(module.bodyEnd(0) - 1)
                        + ": type mismatch: end expects i32, found i64", invalid.getMessage());
                MalformedException malformed = assertThrows(MalformedException.class, () -> run.invoke(2));
                assertEquals("lazy.wasm: function 1 \"malformed\" at 0x" + Integer.toHexString(module.bodyStart(1) + 1)
                        + ": illegal opcode 0xf5", malformed.getMessage());
            }
        }
    }
}
