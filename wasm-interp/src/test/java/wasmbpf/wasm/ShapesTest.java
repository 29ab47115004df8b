package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Calls between compiled classes by the shape of their types: of any number of types, with a bounded number of interfaces. */
class ShapesTest {
    private static final int MODULES = 12;
    private static final int TYPES = 60;
    /** Those for types as they are, and all combinations of up to 12 longs and references with three results. */
    private static final int MOST = 100 + 273;

    @Test
    void interfacesDoNotGrowWithTheTypesOfModules() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        Random random = new Random(5);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < MODULES; i++) {
            String[] types = new String[TYPES];
            for (int k = 0; k < TYPES; k++) {
                do {
                    types[k] = letters(random, random.nextInt(9)) + ":" + letters(random, random.nextInt(2)).replace("v", "l");
                } while (!seen.add(types[k]));
            }
            WasmModule module = module(types);
            assertArrayEquals(run(module, null), run(module, JvmTier.always()), Arrays.toString(types));
        }
        assertTrue(JvmTier.interfaces() <= MOST, () -> JvmTier.interfaces() + " interfaces");
    }

    private static String letters(Random random, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append("ilfdvre".charAt(random.nextInt(7)));
        }
        return letters.toString();
    }

    /** A function of each type, which makes a number of its arguments, and one that calls it through a table. */
    private static WasmModule module(String[] types) {
        WasmEncoder m = new WasmEncoder();
        int sum = m.global('l', true, c -> c.op(OpBytes.I64_CONST, 17));
        int[] functions = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            String type = types[i];
            int colon = type.indexOf(':');
            functions[i] = m.function(type, c -> {
                for (int p = 0; p < colon; p++) {
                    c.op(OpBytes.LOCAL_GET, p);
                    toLong(type.charAt(p), c);
                    c.op(OpBytes.GLOBAL_GET, sum).op(OpBytes.I64_CONST, 31).op(OpBytes.I64_MUL).op(OpBytes.I64_ADD)
                            .op(OpBytes.GLOBAL_SET, sum);
                }
                if (colon + 1 < type.length()) {
                    constant(type.charAt(colon + 1), colon - 7, c);
                }
            });
        }
        m.table('r', types.length, types.length);
        m.elements(0, functions);
        int f = m.function("i:l", c -> {
            for (int i = 0; i < types.length; i++) {
                String type = types[i];
                int colon = type.indexOf(':');
                for (int p = 0; p < colon; p++) {
                    constant(type.charAt(p), 3 * p - 10, c);
                }
                c.op(OpBytes.I32_CONST, i).op(OpBytes.CALL_INDIRECT, m.type(type), 0);
                if (colon + 1 < type.length()) {
                    toLong(type.charAt(colon + 1), c);
                    c.op(OpBytes.GLOBAL_GET, sum).op(OpBytes.I64_ADD).op(OpBytes.GLOBAL_SET, sum);
                }
            }
            c.op(OpBytes.GLOBAL_GET, sum);
        });
        return m.export("f", ExternKind.FUNC, f).module("shapes.wasm");
    }

    private static void constant(char letter, int value, WasmEncoder.Code c) {
        switch (letter) {
            case 'i' -> c.op(OpBytes.I32_CONST, value);
            case 'l' -> c.op(OpBytes.I64_CONST, (long) value << 33);
            case 'f' -> c.op(OpBytes.F32_CONST, Float.floatToRawIntBits(value + 0.25f));
            case 'd' -> c.op(OpBytes.F64_CONST, Double.doubleToRawLongBits(value - 0.125));
            case 'v' -> c.op(OpBytes.V128_CONST, value, -value);
            case 'r' -> c.op(OpBytes.REF_NULL, -16);
            default -> c.op(OpBytes.REF_NULL, -17);
        }
    }

    private static void toLong(char letter, WasmEncoder.Code c) {
        switch (letter) {
            case 'i' -> c.op(OpBytes.I64_EXTEND_I32_S);
            case 'l' -> { }
            case 'f' -> c.op(OpBytes.I32_REINTERPRET_F32).op(OpBytes.I64_EXTEND_I32_U);
            case 'd' -> c.op(OpBytes.I64_REINTERPRET_F64);
            case 'v' -> c.op(OpBytes.I64X2_EXTRACT_LANE, 1);
            default -> c.op(OpBytes.REF_IS_NULL).op(OpBytes.I64_EXTEND_I32_U);
        }
    }

    private static long[] run(WasmModule module, Tier tier) {
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            return instance.exportedFunction("f").invoke(0);
        }
    }
}
