package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Loops that end where a local is equal to a limit, whose iterations compiled code counts, beside what they say. */
class StridesTest {
    private static final int[] STEPS = {1, 2, 3, 4, 8, 12, 640, -1, -2, -3, -8, -640, 0x40000000, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final int[] NUMBERS = {0, 1, 2, 3, 8, 24, 96, 100, 6400, -1, -8, -96, -6400, Integer.MAX_VALUE, Integer.MIN_VALUE,
        Integer.MAX_VALUE - 7, Integer.MIN_VALUE + 8};
    private static final int MOST = 300;

    /** How a loop compares. */
    private enum Form {
        /** What the local has become with its limit. */
        TEE,
        /** The other way round. */
        LIMIT_FIRST,
        /** The local was moved on before. */
        EARLY,
        /** The local alone. */
        ALONE,
        /** The local is moved on every other time. */
        SOMETIMES,
        /** In two places. */
        TWICE,
        /** In a loop in the loop, twice. */
        NESTED
    }

    private record Case(Form form, int step, int function) {
        /** How many iterations from start on, but no more than MOST, and where the local is then. */
        long run(int start, int limit) {
            int local = start;
            for (int i = 1;; i++) {
                local += switch (form) {
                    case SOMETIMES -> i % 2 * step;
                    case TWICE, NESTED -> 2 * step;
                    default -> step;
                };
                if (i == MOST || local == (form == Form.ALONE ? 0 : limit)) {
                    return (long) i << 32 | local & 0xFFFFFFFFL;
                }
            }
        }
    }

    private final WasmEncoder encoder = new WasmEncoder();
    private final List<Case> cases = new ArrayList<>();

    private void add(Form form, int step) {
        int get = OpBytes.LOCAL_GET;
        int set = OpBytes.LOCAL_SET;
        // Locals: 2 counts, 3 moves on by 5, 4 is the result, 5 has floating-point numbers, 6 counts in the inner loop.
        int f = encoder.function("ii:l", c -> {
            c.locals("iiidi").op(OpBytes.BLOCK, -64).op(OpBytes.LOOP, -64);
            moveOn(c, 3, 5, set);
            moveOn(c, 2, 1, set);
            c.op(get, 5).op(get, 5).op(OpBytes.F64_ADD).op(set, 5);
            switch (form) {
                case SOMETIMES -> {
                    c.op(get, 2).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_AND).op(OpBytes.IF, -64);
                    moveOn(c, 0, step, set);
                    c.op(OpBytes.END);
                }
                case EARLY -> moveOn(c, 0, step, set);
                case TWICE -> {
                    moveOn(c, 0, step, set);
                    moveOn(c, 0, step, set);
                }
                case NESTED -> {
                    c.op(OpBytes.LOOP, -64);
                    moveOn(c, 0, step, set);
                    c.op(get, 6).op(OpBytes.I32_EQZ).op(OpBytes.LOCAL_TEE, 6).op(OpBytes.BR_IF, 0).op(OpBytes.END);
                }
                default -> {
                }
            }
            boolean late = form == Form.TEE || form == Form.LIMIT_FIRST || form == Form.ALONE;
            c.op(get, 0).op(OpBytes.I32_CONST, late ? step : 0).op(OpBytes.I32_ADD).op(set, 4);
            c.op(get, 2).op(OpBytes.I32_CONST, MOST).op(OpBytes.I32_EQ).op(OpBytes.BR_IF, 1);
            if (form == Form.LIMIT_FIRST) {
                c.op(get, 1);
            }
            if (late) {
                moveOn(c, 0, step, OpBytes.LOCAL_TEE);
            } else {
                c.op(get, 0);
            }
            if (form != Form.LIMIT_FIRST && form != Form.ALONE) {
                c.op(get, 1);
            }
            if (form != Form.ALONE) {
                c.op(OpBytes.I32_NE);
            }
            c.op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.END);
            c.op(get, 2).op(OpBytes.I64_EXTEND_I32_U).op(OpBytes.I64_CONST, 32).op(OpBytes.I64_SHL);
            c.op(get, 4).op(OpBytes.I64_EXTEND_I32_U).op(OpBytes.I64_OR);
        });
        encoder.export("f" + f, ExternKind.FUNC, f);
        cases.add(new Case(form, step, f));
    }

    private static void moveOn(WasmEncoder.Code code, int local, int step, int setOrTee) {
        code.op(OpBytes.LOCAL_GET, local).op(OpBytes.I32_CONST, step).op(OpBytes.I32_ADD).op(setOrTee, local);
    }

    private void compare(Tier tier) {
        try (Instance instance = Instance.instantiate(encoder.module("strides.wasm"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            for (Case c : cases) {
                WasmFunction f = instance.exportedFunction("f" + c.function);
                for (int start : NUMBERS) {
                    for (int limit : NUMBERS) {
                        assertEquals(Long.toHexString(c.run(start, limit)), Long.toHexString(f.invoke(start, limit)[0]),
                                () -> c + " from " + start + " to " + limit);
                    }
                }
            }
        }
    }

    @Test
    void loopsEndWhereTheLocalIsEqual() {
        for (Form form : Form.values()) {
            for (int step : STEPS) {
                add(form, step);
            }
        }
        compare(null);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        compare(JvmTier.always());
        compare(JvmTier.whenHot(Integer.MAX_VALUE, 20));
        compare(JvmTier.alwaysCutAnywhere(60));
        compare(JvmTier.whenHotCutAnywhere(Integer.MAX_VALUE, 20, 60));
    }
}
