package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Selects that decide by bits of a number, which compiled code makes by masks, beside what they say. */
class SelectByBitsTest {
    private static final int[] MASKS = {0, 1, 2, 4, 0x40000000, 0x80000000, 3, 0xFF, -1};
    private static final int[] NUMBERS = {0, 1, 2, 3, 4, 7, 8, 0x40000000, 0x80000000, 0x80000001, -1, -2, 0x7FFFFFFF};
    /** Each operand in the bits of its type; NaNs with a payload, quiet and not. */
    private static final long[] OPERANDS = {0, 1, -1, 0x7FF0000000000001L, 0x7FF8000000000123L, 0x8000000000000000L, 0x7F800001L,
        0xFFC00123L, 0x3FF0000000000000L};

    private static void compare(Tier tier) {
        WasmEncoder encoder = new WasmEncoder();
        List<Character> types = List.of('i', 'l', 'f', 'd');
        for (char type : types) {
            for (int mask : MASKS) {
                for (boolean negated : new boolean[] {false, true}) {
                    for (boolean constant : new boolean[] {false, true}) {
                        int f = encoder.function("" + type + type + "ii:" + type, c -> {
                            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 2);
                            if (constant) {
                                c.op(OpBytes.I32_CONST, mask);
                            } else {
                                c.op(OpBytes.LOCAL_GET, 3);
                            }
                            c.op(OpBytes.I32_AND);
                            if (negated) {
                                c.op(OpBytes.I32_EQZ);
                            }
                            c.op(OpBytes.SELECT);
                        });
                        encoder.export("f" + f, ExternKind.FUNC, f);
                    }
                }
            }
        }
        try (Instance instance = Instance.instantiate(encoder.module("select.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            int f = 0;
            for (char type : types) {
                boolean wide = type == 'l' || type == 'd';
                for (int mask : MASKS) {
                    for (int way = 0; way < 4; way++) {
                        WasmFunction function = instance.exportedFunction("f" + f++);
                        for (int number : NUMBERS) {
                            for (int i = 0; i < OPERANDS.length; i++) {
                                long a = OPERANDS[i];
                                long b = OPERANDS[(i + 4) % OPERANDS.length];
                                long expected = (number & mask) != 0 ^ way >= 2 ? a : b;
                                long result = function.invoke(a, b, number, mask)[0];
                                assertEquals(wide ? expected : (int) expected, wide ? result : (int) result,
                                        type + " by " + number + " & " + mask + " way " + way);
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void choosesAsTheSelectSays() {
        compare(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        compare(JvmTier.always());
    }
}
