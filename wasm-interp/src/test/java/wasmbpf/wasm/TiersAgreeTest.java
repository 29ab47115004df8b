package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Generated modules, run interpreted, compiled at the first call, and compiled when warm: results, memory, globals and traps
 * with their stacks must be the same. The modules are made to trap: divisions, truncations, accesses around the end of memory,
 * indirect calls of the wrong type, recursion.
 */
class TiersAgreeTest {
    private static final String LETTERS = "ilfd";
    private static final int PAGE = 65_536;

    private final Tier compiled = JvmTier.always();

    @BeforeEach
    void needsUnsafe() {
        Assumptions.assumeTrue(compiled != null, "jdk.internal.misc is not exported: nothing is compiled");
    }

    /** What a run shows to the outside. */
    private record Outcome(List<String> calls, long memory, List<Object> globals) {
    }

    private static Outcome run(WasmModule module, Tier tier, int calls) {
        List<String> outcomes = new ArrayList<>();
        HostFunction host = HostFunction.of("host", "f", new FuncType(List.of(ValType.I32), List.of(ValType.I32)),
                List.of("x"), (caller, args) -> {
                    if ((args[0] & 15) == 7) {
                        throw new Trap(Trap.Kind.HOST);
                    }
                    return args[0] * 3;
                });
        InstanceOptions options = InstanceOptions.DEFAULT.withMaxCallDepth(100).withMaxMemoryBytes(1 << 20).withTier(tier);
        try (Instance instance = Instance.instantiate(module, new ImportLinker().add(host), options)) {
            for (int call = 0; call < calls; call++) {
                WasmFunction function = instance.exportedFunction("f" + call % Program.FUNCTIONS);
                Object[] args = function.type().params().stream().map(TiersAgreeTest::argument).toArray();
                try {
                    outcomes.add(Arrays.toString(function.apply(args)));
                } catch (Trap trap) {
                    outcomes.add(trap.kind() + " " + trap.stack() + " and " + trap.omittedFrames());
                }
            }
            List<Object> globals = new ArrayList<>();
            for (int i = 0; i < LETTERS.length(); i++) {
                globals.add(((WasmGlobal) instance.export("g" + i)).get());
            }
            LinearMemory memory = instance.memory(0);
            return new Outcome(outcomes, Arrays.hashCode(memory.bytes(0, (int) memory.sizeBytes())), globals);
        }
    }

    private static Object argument(ValType type) {
        return switch (type.code()) {
            case TypeCode.I32 -> (Object) 65_500;
            case TypeCode.I64 -> (Object) (-3L);
            case TypeCode.F32 -> (Object) 2.5f;
            default -> (Object) 1e10;
        };
    }

    @Property(tries = 150)
    void doTheSame(@ForAll long seed) {
        if (compiled == null) {
            return;
        }
        WasmModule module = new Program(seed).encoder.module("random.wasm");
        module.validate();
        int calls = 3 * Program.FUNCTIONS;
        Outcome expected = run(module, null, calls);
        assertEquals(expected, run(module, compiled, calls), "compiled at the first call");
        assertEquals(expected, run(module, JvmTier.whenHot(2, 3), calls), "compiled when warm");
    }

    /** A module of functions that call each other. */
    private static final class Program {
        static final int FUNCTIONS = 4;
        private static final int[][] BINARY = {
            {OpBytes.I32_ADD, OpBytes.I32_SUB, OpBytes.I32_MUL, OpBytes.I32_DIV_S, OpBytes.I32_DIV_U, OpBytes.I32_REM_S,
                OpBytes.I32_REM_U, OpBytes.I32_SHL, OpBytes.I32_SHR_S, OpBytes.I32_ROTR, OpBytes.I32_XOR},
            {OpBytes.I64_ADD, OpBytes.I64_SUB, OpBytes.I64_MUL, OpBytes.I64_DIV_S, OpBytes.I64_DIV_U, OpBytes.I64_REM_S,
                OpBytes.I64_REM_U, OpBytes.I64_SHL, OpBytes.I64_SHR_U, OpBytes.I64_ROTL, OpBytes.I64_AND},
            {OpBytes.F32_ADD, OpBytes.F32_SUB, OpBytes.F32_MUL, OpBytes.F32_DIV, OpBytes.F32_MIN, OpBytes.F32_MAX},
            {OpBytes.F64_ADD, OpBytes.F64_SUB, OpBytes.F64_MUL, OpBytes.F64_DIV, OpBytes.F64_MIN, OpBytes.F64_MAX}};
        private static final int[][] CONVERT = {
            {OpBytes.I32_CLZ, OpBytes.I32_WRAP_I64, OpBytes.I32_TRUNC_F32_S, OpBytes.I32_TRUNC_F64_U},
            {OpBytes.I64_EXTEND_I32_U, OpBytes.I64_POPCNT, OpBytes.I64_TRUNC_F32_U, OpBytes.I64_TRUNC_F64_S},
            {OpBytes.F32_CONVERT_I32_U, OpBytes.F32_CONVERT_I64_S, OpBytes.F32_NEAREST, OpBytes.F32_DEMOTE_F64},
            {OpBytes.F64_CONVERT_I32_S, OpBytes.F64_CONVERT_I64_U, OpBytes.F64_PROMOTE_F32, OpBytes.F64_FLOOR}};
        private static final int[] LOAD = {OpBytes.I32_LOAD, OpBytes.I64_LOAD, OpBytes.F32_LOAD, OpBytes.F64_LOAD};
        private static final int[] STORE = {OpBytes.I32_STORE, OpBytes.I64_STORE, OpBytes.F32_STORE, OpBytes.F64_STORE};

        final WasmEncoder encoder = new WasmEncoder();
        private final Random random;
        private final String[] signatures = new String[FUNCTIONS];
        private String self;
        private int current;
        private int budget;

        Program(long seed) {
            random = new Random(seed);
            int host = encoder.importFunction("host", "f", "i:i");
            encoder.memory(1, 2);
            encoder.table('r', 6, 6);
            for (int i = 0; i < FUNCTIONS; i++) {
                signatures[i] = letters(random.nextInt(4)) + ":" + letters(random.nextInt(10) == 0 ? 2 : 1);
            }
            for (int i = 0; i < LETTERS.length(); i++) {
                int type = i;
                encoder.global(LETTERS.charAt(i), true, c -> constant(c, type));
                encoder.export("g" + i, ExternKind.GLOBAL, i);
            }
            for (int i = 0; i < FUNCTIONS; i++) {
                self = signatures[i];
                current = i;
                budget = 40;
                int index = encoder.named("n" + i, self, this::body);
                encoder.export("f" + i, ExternKind.FUNC, index);
            }
            encoder.elements(0, host + 1, host + 2, host + 3, host + 4, host);
        }

        private String letters(int count) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.append(LETTERS.charAt(random.nextInt(4)));
            }
            return text.toString();
        }

        private String params() {
            return self.substring(0, self.indexOf(':'));
        }

        /** Locals: the parameters, then one of each type, then the counter of loops. */
        private void body(WasmEncoder.Code code) {
            code.locals("ilfdi");
            for (int i = random.nextInt(4); i > 0; i--) {
                statement(code);
            }
            String results = self.substring(self.indexOf(':') + 1);
            for (int i = 0; i < results.length(); i++) {
                value(code, LETTERS.indexOf(results.charAt(i)));
            }
        }

        private int local(int type) {
            return params().length() + type;
        }

        private void constant(WasmEncoder.Code code, int type) {
            switch (type) {
                case 0 -> code.op(OpBytes.I32_CONST, random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(9) - 2);
                case 1 -> code.op(OpBytes.I64_CONST, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(9) - 2);
                case 2 -> code.op(OpBytes.F32_CONST, Float.floatToRawIntBits(random.nextInt(100) / 4f));
                default -> code.op(OpBytes.F64_CONST, Double.doubleToRawLongBits(random.nextInt(100) * 1e9));
            }
        }

        private void address(WasmEncoder.Code code) {
            if (random.nextInt(3) == 0) {
                value(code, 0);
            } else {
                code.op(OpBytes.I32_CONST, random.nextInt(5) == 0 ? PAGE - random.nextInt(12) : random.nextInt(PAGE));
            }
        }

        private void statement(WasmEncoder.Code code) {
            int type = random.nextInt(4);
            switch (random.nextInt(8)) {
                case 0 -> {
                    value(code, type);
                    code.op(OpBytes.LOCAL_SET, local(type));
                }
                case 1 -> {
                    value(code, type);
                    code.op(OpBytes.GLOBAL_SET, type);
                }
                case 2, 3 -> {
                    // No float: the bits of a NaN are free.
                    type &= 1;
                    address(code);
                    value(code, type);
                    code.op(STORE[type], 0, random.nextInt(8));
                }
                case 4 -> {
                    int counter = params().length() + 4;
                    code.op(OpBytes.I32_CONST, 6).op(OpBytes.LOCAL_SET, counter).op(OpBytes.LOOP, -64);
                    value(code, type);
                    code.op(OpBytes.GLOBAL_SET, type);
                    code.op(OpBytes.LOCAL_GET, counter).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB)
                            .op(OpBytes.LOCAL_TEE, counter).op(OpBytes.I32_CONST, 0).op(OpBytes.I32_GT_S)
                            .op(OpBytes.BR_IF, 0).op(OpBytes.END);
                }
                case 5 -> {
                    value(code, 0);
                    code.op(OpBytes.IF, -64);
                    value(code, type);
                    code.op(OpBytes.LOCAL_SET, local(type)).op(OpBytes.END);
                }
                case 6 -> {
                    code.op(OpBytes.I32_CONST, random.nextInt(3)).op(OpBytes.MEMORY_GROW, 0).op(OpBytes.DROP);
                }
                default -> {
                    value(code, 0);
                    code.op(OpBytes.IF, -64);
                    if (random.nextInt(6) == 0) {
                        code.op(OpBytes.UNREACHABLE);
                    }
                    code.op(OpBytes.END);
                }
            }
        }

        private void value(WasmEncoder.Code code, int type) {
            if (--budget < 0) {
                constant(code, type);
                return;
            }
            switch (random.nextInt(9)) {
                case 0 -> constant(code, type);
                case 1 -> code.op(OpBytes.LOCAL_GET, local(type));
                case 2 -> code.op(OpBytes.GLOBAL_GET, type);
                case 3, 4 -> {
                    value(code, type);
                    value(code, type);
                    code.op(BINARY[type][random.nextInt(BINARY[type].length)]);
                }
                case 5 -> {
                    int op = CONVERT[type][random.nextInt(4)];
                    String operands = Opcode.of(op).signature();
                    value(code, LETTERS.indexOf(operands.charAt(0)));
                    code.op(op);
                }
                case 6 -> {
                    address(code);
                    code.op(LOAD[type], 0, random.nextInt(8));
                }
                case 7 -> call(code, type);
                default -> {
                    value(code, type);
                    value(code, type);
                    value(code, 0);
                    code.op(OpBytes.SELECT);
                }
            }
        }

        /** A call whose last result has the type; else a constant. */
        private void call(WasmEncoder.Code code, int type) {
            // Only later functions, so that every program ends.
            int callee = random.nextInt(2) == 0 ? 0 : Math.min(FUNCTIONS, current + 2 + random.nextInt(3));
            String signature = callee == 0 ? "i:i" : signatures[callee - 1];
            if (callee != 0 && callee - 1 <= current || signature.length() - signature.indexOf(':') != 2
                    || signature.charAt(signature.length() - 1) != LETTERS.charAt(type)) {
                constant(code, type);
                return;
            }
            for (int i = 0; i < signature.indexOf(':'); i++) {
                value(code, LETTERS.indexOf(signature.charAt(i)));
            }
            if (random.nextInt(3) == 0) {
                // Usually the right one: element i is function i + 1.
                code.op(OpBytes.I32_CONST, random.nextInt(4) == 0 ? current + 1 + random.nextInt(7 - current)
                        : callee == 0 ? 4 : callee - 1);
                code.op(OpBytes.CALL_INDIRECT, encoder.type(signature), 0);
            } else {
                code.op(OpBytes.CALL, callee);
            }
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
}
