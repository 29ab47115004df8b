package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a {@link RandomModule} in every way there is: interpreted, compiled at the first call, compiled when warm, loops taken
 * over at their first iteration, compiled functions cut into many methods. For long runs by hand: {@code main FIRST-SEED COUNT}.
 */
final class RandomTiers {
    private static final int MAX_DEPTH = 60;
    /** From its fourth brief call on an export is another method. */
    private static final int CALLS = 5 * RandomModule.FUNCTIONS;
    private static final int FUEL = 150;

    private RandomTiers() {
    }

    static Map<String, Tier> tiers() {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        tiers.put("compiled at the first call", JvmTier.always());
        tiers.put("compiled when warm", JvmTier.whenHot(2, 3));
        tiers.put("loops taken over", JvmTier.whenHot(Integer.MAX_VALUE, 0));
        tiers.put("cut into many methods", JvmTier.alwaysCut(150));
        tiers.put("loops taken over and cut", JvmTier.whenHotCut(Integer.MAX_VALUE, 0, 150));
        tiers.put("compiled in pieces", JvmTier.alwaysCut(200));
        tiers.put("compiled in pieces when warm", JvmTier.whenHotCut(2, 3, 500));
        tiers.put("cut anywhere", JvmTier.alwaysCutAnywhere(150));
        tiers.put("loops taken over and cut anywhere", JvmTier.whenHotCutAnywhere(Integer.MAX_VALUE, 0, 300));
        tiers.put("cut anywhere when warm", JvmTier.whenHotCutAnywhere(2, 3, 500));
        return tiers;
    }

    /** Throws AssertionError with the first difference, if there is one. */
    static void compare(long seed) {
        WasmModule module = new RandomModule(seed).module();
        try {
            module.validate();
        } catch (InvalidException | MalformedException e) {
            throw new AssertionError("seed " + seed + " gives a module that is not valid: " + e.getMessage());
        }
        List<String> expected = run(module, null);
        tiers().forEach((name, tier) -> {
            List<String> actual = run(module, tier);
            for (int i = 0; i < expected.size(); i++) {
                if (!expected.get(i).equals(actual.get(i))) {
                    throw new AssertionError("seed " + seed + ", " + name + ", line " + i + ":\n  interpreted "
                            + expected.get(i) + "\n  compiled    " + actual.get(i));
                }
            }
        });
    }

    /** What a run shows to the outside, a line each: results or ends of calls, then the state after each. */
    static List<String> run(WasmModule module, Tier tier) {
        List<String> lines = new ArrayList<>();
        HostFunction numbers = HostFunction.of("host", "numbers", new FuncType(List.of(ValType.I32), List.of(ValType.I32)),
                List.of("x"), (caller, args) -> {
                    if ((args[0] & 63) == 7) {
                        throw new Trap(Trap.Kind.HOST);
                    }
                    return args[0] * 3;
                });
        HostFunction values = HostFunction.ofValues("host", "values",
                new FuncType(List.of(ValType.I64, ValType.F64, ValType.V128, ValType.EXTERNREF),
                        List.of(ValType.V128, ValType.F64)),
                List.of("a", "b", "c", "d"), (caller, args) -> new Object[] {
                    new V128((Long) args[0], Double.doubleToRawLongBits((Double) args[1])),
                    args[3] == null ? (Double) args[1] : Double.valueOf(((V128) args[2]).low())});
        InstanceOptions options = InstanceOptions.DEFAULT.withMaxCallDepth(MAX_DEPTH).withMaxMemoryBytes(1 << 20)
                .withTier(tier);
        try (Instance instance = Instance.instantiate(module, new ImportLinker().add(numbers).add(values), options)) {
            WasmGlobal fuel = (WasmGlobal) instance.export("fuel");
            for (int call = 0; call < CALLS; call++) {
                fuel.set(FUEL);
                WasmFunction function = instance.exportedFunction("f" + call % RandomModule.FUNCTIONS);
                int number = call;
                Object[] args = function.type().params().stream().map(type -> argument(type, number)).toArray();
                lines.add(outcome(function, args));
                lines.add("fuel " + fuel.get());
                for (int i = 0; i < RandomModule.GLOBALS.length(); i++) {
                    lines.add("global " + i + " " + text(((WasmGlobal) instance.export("g" + i)).get()));
                }
            }
            for (int i = 0; i < 2; i++) {
                LinearMemory memory = instance.memory(i);
                byte[] bytes = memory.bytes(0, (int) memory.sizeBytes());
                lines.add("memory " + i + " of " + bytes.length + ", hash " + Arrays.hashCode(bytes));
            }
            for (int t = 0; t < RandomModule.TABLES; t++) {
                WasmTable table = instance.table(t);
                StringBuilder text = new StringBuilder("table " + t);
                for (int i = 0; i < table.size(); i++) {
                    text.append(' ').append(text(table.get(i)));
                }
                lines.add(text.toString());
            }
        }
        return lines;
    }

    private static String outcome(WasmFunction function, Object[] args) {
        try {
            StringBuilder text = new StringBuilder("results");
            for (Object result : function.apply(args)) {
                text.append(' ').append(text(result));
            }
            return text.toString();
        } catch (Trap trap) {
            return trap.kind().name() + " " + trap.getMessage() + " " + trap.stack() + " and " + trap.omittedFrames();
        } catch (GuestException e) {
            StringBuilder text = new StringBuilder("exception at ").append(e.stack());
            for (Object value : e.values()) {
                text.append(' ').append(text(value));
            }
            return text.toString();
        }
    }

    private static Object argument(ValType type, int number) {
        return switch (type.code()) {
            case TypeCode.I32 -> (Object) (65_500 - 3 * number);
            case TypeCode.I64 -> (Object) (number - 3L);
            case TypeCode.F32 -> (Object) (2.5f * number);
            case TypeCode.F64 -> (Object) (1e10 / number);
            case TypeCode.V128 -> new V128(number, -1);
            case TypeCode.EXTERNREF -> number % 2 == 0 ? null : "object " + number;
            default -> null;
        };
    }

    /** Floats by their bits, references by what they refer to. */
    static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case Float f -> "f" + Integer.toHexString(Float.floatToRawIntBits(f));
            case Double d -> "d" + Long.toHexString(Double.doubleToRawLongBits(d));
            case V128 v -> Long.toHexString(v.high()) + "_" + Long.toHexString(v.low());
            case GuestFunction f -> "function " + f.index();
            case WasmFunction f -> "host function " + f.type();
            case WasmStruct s -> "struct " + Arrays.toString(s.slots) + Arrays.stream(s.refs == null ? new Object[0] : s.refs)
                    .map(RandomTiers::text).toList();
            case WasmArray a -> "array " + (a.bytes == null ? "of " + a.length : HexFormat.of().formatHex(a.bytes));
            default -> value.toString();
        };
    }

    /** Goes on after differences. */
    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        Map<String, Integer> ends = new java.util.TreeMap<>();
        int failures = 0;
        for (long seed = first; seed < first + count; seed++) {
            try {
                if (args.length > 2) {
                    for (String line : run(new RandomModule(seed).module(), null)) {
                        ends.merge(line.replaceAll("[ \\[].*", ""), 1, Integer::sum);
                    }
                    continue;
                }
                compare(seed);
            } catch (Throwable t) {
                System.out.println(t instanceof AssertionError ? t.getMessage() : "seed " + seed + ": " + t);
                if (!(t instanceof AssertionError)) {
                    t.printStackTrace(System.out);
                }
                if (++failures > 20) {
                    break;
                }
            }
            if (seed % 1000 == 0) {
                System.out.println("seed " + seed);
            }
        }
        System.out.println(count + " modules, " + failures + " failures " + ends);
    }
}
