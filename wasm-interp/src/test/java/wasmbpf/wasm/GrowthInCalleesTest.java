package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A function sees at once what another has grown the memory by, whatever its offsets are and however that one is called. */
class GrowthInCalleesTest {
    private static final int EMPTY = -64;
    private static final int PAGE = 65536;
    /** Within the margin of the quick check, and beyond. */
    private static final List<Integer> OFFSETS = List.of(0, 100, 4096, 60_000);

    private static WasmModule module() {
        WasmEncoder m = new WasmEncoder();
        m.importFunction("env", "grow", ":");
        m.memory(1, 2);
        m.table('r', 1, 1);
        int tag = m.tag(":");
        int type = m.type(":");
        int grow = m.function(":", c -> c.op(OpBytes.I32_CONST, 1).op(OpBytes.MEMORY_GROW, 0).op(OpBytes.DROP));
        int thrower = m.function(":", c -> c.op(OpBytes.CALL, grow).op(OpBytes.THROW, tag));
        m.elements(0, grow);
        Map<String, Consumer<WasmEncoder.Code>> ways = new LinkedHashMap<>();
        ways.put("itself", c -> c.op(OpBytes.I32_CONST, 1).op(OpBytes.MEMORY_GROW, 0).op(OpBytes.DROP));
        ways.put("directly", c -> c.op(OpBytes.CALL, grow));
        ways.put("by the host", c -> c.op(OpBytes.CALL, 0));
        ways.put("by table", c -> c.op(OpBytes.I32_CONST, 0).op(OpBytes.CALL_INDIRECT, type, 0));
        ways.put("by reference", c -> c.op(OpBytes.REF_FUNC, grow).op(OpBytes.CALL_REF, type));
        ways.put("before an exception", c -> c.op(OpBytes.BLOCK, EMPTY).op(OpBytes.TRY_TABLE, EMPTY, 2, -1, 0)
                .op(OpBytes.CALL, thrower).op(OpBytes.END).op(OpBytes.END));
        ways.forEach((way, growing) -> OFFSETS.forEach(offset -> m.export(way + " " + offset, ExternKind.FUNC,
                m.function("i:i", c -> {
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD8_U, 0, offset);
                    growing.accept(c);
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD8_U, 0, offset).op(OpBytes.I32_ADD);
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, PAGE).op(OpBytes.I32_ADD)
                            .op(OpBytes.I32_LOAD8_U, 0, offset).op(OpBytes.I32_ADD);
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD8_U, 0, offset + PAGE).op(OpBytes.I32_ADD);
                }))));
        return m.module("growth.wasm");
    }

    @TestFactory
    Stream<DynamicTest> isSeen() {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        tiers.put("interpreted", null);
        tiers.put("compiled", JvmTier.always());
        tiers.put("cut", JvmTier.alwaysCut(40));
        WasmModule module = module();
        return tiers.entrySet().stream().flatMap(tier -> module.exports().stream().map(Export::name)
                .map(name -> DynamicTest.dynamicTest(tier.getKey() + ", " + name, () -> run(module, name, tier.getValue()))));
    }

    /** Reads the last byte of the first page, and that of the second one in two ways. */
    private static void run(WasmModule module, String name, Tier tier) {
        ImportLinker linker = new ImportLinker().add(HostFunction.of("env", "grow",
                new FuncType(List.of(), List.of()), List.of(), (caller, args) -> caller.memory(0).grow(1)));
        try (Instance instance = Instance.instantiate(module, linker, InstanceOptions.DEFAULT.withTier(tier))) {
            int offset = Integer.parseInt(name.substring(name.lastIndexOf(' ') + 1));
            assertEquals(0, instance.exportedFunction(name).invoke(PAGE - 1 - offset)[0]);
            assertEquals(2, instance.memory(0).sizePages());
        }
    }
}
