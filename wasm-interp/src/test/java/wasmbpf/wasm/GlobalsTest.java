package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Globals of an instance, of another one and of the host, changed on either side and in turn. */
class GlobalsTest {
    private static final List<ValType> NUMBERS = List.of(ValType.I32, ValType.I64, ValType.F32, ValType.F64);
    private static final String LETTERS = "ilfd";
    /** What the owner has before its numbers: one is in no array, one takes two places in it. */
    private static final int BEFORE = 2;

    private static WasmModule owner() {
        WasmEncoder m = new WasmEncoder();
        m.global('e', true, c -> c.op(OpBytes.REF_NULL, -17));
        m.global('v', true, c -> c.op(OpBytes.V128_CONST, 0, 0));
        for (char type : LETTERS.toCharArray()) {
            m.export("" + type, ExternKind.GLOBAL, m.global(type, true, c -> zero(c, type)));
        }
        functions(m, BEFORE);
        return m.module("owner.wasm");
    }

    /** Has the owner's as its first, then the host's, then its own. */
    private static WasmModule user() {
        WasmEncoder m = new WasmEncoder();
        for (String from : new String[] {"owner", "host"}) {
            for (char type : LETTERS.toCharArray()) {
                m.importGlobal(from, "" + type, type, true);
            }
        }
        for (char type : LETTERS.toCharArray()) {
            m.global(type, true, c -> zero(c, type));
        }
        for (int set = 0; set < 3; set++) {
            functions(m, set * LETTERS.length());
        }
        return m.module("user.wasm");
    }

    private static void zero(WasmEncoder.Code c, char type) {
        switch (type) {
            case 'i' -> c.op(OpBytes.I32_CONST, 0);
            case 'l' -> c.op(OpBytes.I64_CONST, 0);
            case 'f' -> c.op(OpBytes.F32_CONST, 0);
            default -> c.op(OpBytes.F64_CONST, 0);
        }
    }

    /** For each number one that sets it and gives what it was. */
    private static void functions(WasmEncoder m, int first) {
        for (int i = 0; i < LETTERS.length(); i++) {
            char type = LETTERS.charAt(i);
            int global = first + i;
            m.export("swap" + global, ExternKind.FUNC, m.function(type + ":" + type, c -> c.op(OpBytes.GLOBAL_GET, global)
                    .op(OpBytes.LOCAL_GET, 0).op(OpBytes.GLOBAL_SET, global)));
        }
    }

    private static Map<String, Tier> tiers() {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        tiers.put("interpreted", null);
        tiers.putAll(RandomTiers.tiers());
        return tiers;
    }

    @TestFactory
    Stream<DynamicTest> areSharedByAllWhoHaveThem() {
        return tiers().entrySet().stream()
                .map(tier -> DynamicTest.dynamicTest(tier.getKey(), () -> share(InstanceOptions.DEFAULT.withTier(tier.getValue()))));
    }

    @TestFactory
    Stream<DynamicTest> thatAreConstantKeepTheirBits() {
        long[] bits = {Integer.MIN_VALUE, 0x1234_5678_9ABCL, 0x7FA0_1234, 0x7FF4_0000_0000_1234L};
        int[] constants = {OpBytes.I32_CONST, OpBytes.I64_CONST, OpBytes.F32_CONST, OpBytes.F64_CONST};
        WasmEncoder m = new WasmEncoder();
        for (int i = 0; i < bits.length; i++) {
            int number = i;
            int global = m.global(LETTERS.charAt(i), false, c -> c.op(constants[number], bits[number]));
            m.export("bits" + i, ExternKind.FUNC, m.function(":" + "ilil".charAt(i), c -> {
                c.op(OpBytes.GLOBAL_GET, global);
                if (number >= 2) {
                    c.op(number == 2 ? OpBytes.I32_REINTERPRET_F32 : OpBytes.I64_REINTERPRET_F64);
                }
            }));
        }
        WasmModule module = m.module("constants.wasm");
        return tiers().entrySet().stream().map(tier -> DynamicTest.dynamicTest(tier.getKey(), () -> {
            try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier.getValue()))) {
                for (int i = 0; i < bits.length; i++) {
                    assertEquals(bits[i], ((Number) instance.exportedFunction("bits" + i).apply()[0]).longValue());
                }
            }
        }));
    }

    private static void share(InstanceOptions options) {
        WasmGlobal[] host = NUMBERS.stream().map(type -> new WasmGlobal(new GlobalType(type, true), value(type, 0)))
                .toArray(WasmGlobal[]::new);
        try (Instance owner = Instance.instantiate(owner(), new ImportLinker(), options)) {
            ImportLinker linker = new ImportLinker().add("owner", owner);
            for (int i = 0; i < host.length; i++) {
                linker.add("host", "" + LETTERS.charAt(i), host[i]);
            }
            try (Instance user = Instance.instantiate(user(), linker, options)) {
                for (int round = 0; round < 6; round++) {
                    for (int i = 0; i < host.length; i++) {
                        ValType type = NUMBERS.get(i);
                        WasmGlobal shared = (WasmGlobal) owner.export("" + LETTERS.charAt(i));
                        Object last = value(type, -round);
                        Object next = value(type, -round - 1);
                        assertEquals(last, swap(owner, BEFORE + i, value(type, 1000)), "the owner's");
                        assertEquals(value(type, 1000), swap(user, i, value(type, 2000)), "the owner's, by the user");
                        assertEquals(value(type, 2000), shared.get());
                        shared.set(next);
                        assertEquals(last, swap(user, host.length + i, value(type, 3000)), "the host's");
                        assertEquals(value(type, 3000), host[i].get());
                        host[i].set(next);
                        assertEquals(last, swap(user, 2 * host.length + i, next), "the user's");
                    }
                }
            }
        }
    }

    private static Object swap(Instance instance, int global, Object value) {
        return instance.exportedFunction("swap" + global).apply(value)[0];
    }

    /** Numbers that are other bits in each type. */
    private static Object value(ValType type, int n) {
        return type == ValType.I32 ? (Object) n : type == ValType.I64 ? (Object) (n * 0x1_0000_0001L)
                : type == ValType.F32 ? (Object) (n / 4f) : (Object) (n / 3.0);
    }
}
