package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Executes the commands of one script of the official test suite, in order, on one engine configuration. A command
 * that does not do what the script says is an {@link AssertionError}.
 */
final class SpecRunner {
    /** What the script calls {@code (ref.extern n)} and {@code (ref.host n)}. */
    private record HostReference(String number) {
    }

    private final SpecSuite.Script script;
    private final InstanceOptions options;
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, WasmModule> definitions = new HashMap<>();
    private final Map<String, Instance> registered = new HashMap<>();
    private final ImportLinker spectest;
    private Instance current;
    private WasmModule definition;

    SpecRunner(SpecSuite.Script script, InstanceOptions options) {
        this.script = script;
        this.options = options;
        this.spectest = spectest();
    }

    /** The host module that every script may import from. */
    private ImportLinker spectest() {
        ImportLinker linker = new ImportLinker();
        print(linker, "print");
        print(linker, "print_i32", ValType.I32);
        print(linker, "print_i64", ValType.I64);
        print(linker, "print_f32", ValType.F32);
        print(linker, "print_f64", ValType.F64);
        print(linker, "print_i32_f32", ValType.I32, ValType.F32);
        print(linker, "print_f64_f64", ValType.F64, ValType.F64);
        global(linker, "global_i32", ValType.I32, 666);
        global(linker, "global_i64", ValType.I64, 666L);
        global(linker, "global_f32", ValType.F32, 666.6f);
        global(linker, "global_f64", ValType.F64, 666.6);
        linker.add("spectest", "table", new WasmTable(new TableType(ValType.FUNCREF, 10, true, 20, false), null));
        linker.add("spectest", "table64", new WasmTable(new TableType(ValType.FUNCREF, 10, true, 20, true), null));
        linker.add("spectest", "memory", memory(false));
        if (script.group().equals("threads")) {
            linker.add("spectest", "shared_memory", memory(true));
        }
        return linker;
    }

    private LinearMemory memory(boolean shared) {
        return new LinearMemory(new MemoryType(1, true, 2, false, shared, 16), options.reservations(),
                options.maxMemoryBytes());
    }

    private static void print(ImportLinker linker, String name, ValType... params) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < params.length; i++) {
            names.add("value" + i);
        }
        linker.add(HostFunction.of("spectest", name, new FuncType(List.of(params), List.of()), names,
                (caller, args) -> 0));
    }

    private static void global(ImportLinker linker, String name, ValType type, Object value) {
        linker.add("spectest", name, new WasmGlobal(new GlobalType(type, false), value));
    }

    void close() {
        instances.values().forEach(Instance::close);
        registered.values().forEach(Instance::close);
        if (current != null) {
            current.close();
        }
    }

    void run(Map<String, Object> command) {
        switch ((String) command.get("type")) {
            case "module" -> {
                definition = decode(command);
                use(command.get("name"), instantiate(definition));
            }
            case "module_definition" -> {
                definition = decode(command);
                if (command.get("name") instanceof String name) {
                    definitions.put(name, definition);
                }
            }
            case "module_instance" -> {
                WasmModule module = command.get("module") instanceof String name ? definitions.get(name) : definition;
                use(command.get("instance"), instantiate(module));
            }
            case "register" -> {
                Instance instance = instance(command.get("name"));
                String name = (String) command.get("as");
                registered.put(name, instance);
                spectest.add(name, instance);
            }
            case "action" -> perform(command);
            case "assert_return" -> {
                Object[] results = perform(command);
                List<Object> expected = SpecJson.list(command.get("expected"));
                check(results.length == expected.size(), results.length + " results");
                for (int i = 0; i < results.length; i++) {
                    check(matches(SpecJson.object(expected.get(i)), results[i]),
                            "result " + i + " is " + text(results[i]) + ", expected " + expected.get(i));
                }
            }
            case "assert_trap" -> {
                Trap trap = expect(Trap.class, command, () -> perform(command));
                checkText(command, trap.getMessage());
            }
            case "assert_exhaustion" -> {
                Trap trap = expect(Trap.class, command, () -> perform(command));
                check(trap.kind() == Trap.Kind.STACK_EXHAUSTED, trap.toString());
            }
            case "assert_exception" -> expect(GuestException.class, command, () -> perform(command));
            case "assert_invalid", "assert_malformed" -> {
                WasmException e = expect(WasmException.class, command, () -> decode(command));
                check(e instanceof InvalidException || e instanceof MalformedException, e.toString());
            }
            case "assert_unlinkable" -> {
                LinkException e = expect(LinkException.class, command, () -> instantiate(decode(command)));
                checkText(command, e.getMessage());
            }
            case "assert_uninstantiable" -> {
                WasmException e = expect(WasmException.class, command, () -> instantiate(decode(command)));
                check(e instanceof Trap || e instanceof GuestException, e.toString());
                checkText(command, e.getMessage());
            }
            // The contents of custom sections never stop a module (section 4.6).
            case "assert_invalid_custom" -> decode(command);
            default -> throw new AssertionError("unknown command " + command);
        }
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /** The script's text is a prefix of the reference interpreter's message; ours starts with the same words. */
    private static void checkText(Map<String, Object> command, String message) {
        String text = (String) command.get("text");
        boolean same = message.startsWith(text) || text.startsWith(message.replaceAll(":.*", ""));
        check(same, "message \"" + message + "\", expected \"" + text + '"');
    }

    private static <T extends Throwable> T expect(Class<T> type, Map<String, Object> command, Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
            throw new AssertionError("expected " + command.get("text") + ", but " + t, t);
        }
        throw new AssertionError("expected " + type.getSimpleName() + " \"" + command.get("text")
                + "\", but it returned");
    }

    private WasmModule decode(Map<String, Object> command) {
        String filename = (String) command.get("filename");
        WasmModule module = WasmModule.decode(filename, script.module(filename));
        module.validate();
        return module;
    }

    private Instance instantiate(WasmModule module) {
        return Instance.instantiate(module, spectest, options);
    }

    private void use(Object name, Instance instance) {
        if (current != null && !instances.containsValue(current) && !registered.containsValue(current)) {
            // Its functions may still stand in tables of others; its memory goes with the garbage.
            current = null;
        }
        current = instance;
        if (name instanceof String key) {
            instances.put(key, instance);
        }
    }

    private Instance instance(Object name) {
        return name instanceof String key ? instances.get(key) : current;
    }

    private Object[] perform(Map<String, Object> command) {
        Map<String, Object> action = SpecJson.object(command.get("action"));
        Instance instance = instance(action.get("module"));
        Extern extern = instance.export((String) action.get("field"));
        if (action.get("type").equals("get")) {
            WasmGlobal global = (WasmGlobal) extern;
            return new Object[] {global.type().type() == ValType.F32 ? (Object) (int) global.low() : global.get()};
        }
        WasmFunction function = (WasmFunction) extern;
        List<Object> args = SpecJson.list(action.get("args"));
        boolean numbers = function.type().params().stream().noneMatch(ValType::isRef)
                && function.type().results().stream().noneMatch(ValType::isRef);
        if (!numbers) {
            return function.apply(args.stream().map(arg -> value(SpecJson.object(arg))).toArray());
        }
        // As bits, so that no NaN changes on the way.
        long[] slots = new long[2 * args.size()];
        int slot = 0;
        for (Object arg : args) {
            Map<String, Object> json = SpecJson.object(arg);
            if (json.get("type").equals("v128")) {
                V128 vector = vector(json);
                slots[slot++] = vector.low();
                slots[slot++] = vector.high();
            } else {
                slots[slot++] = bits(json);
            }
        }
        long[] results = function.invoke(java.util.Arrays.copyOf(slots, slot));
        List<ValType> types = function.type().results();
        Object[] values = new Object[types.size()];
        slot = 0;
        for (int i = 0; i < values.length; i++) {
            if (types.get(i) == ValType.V128) {
                values[i] = new V128(results[slot], results[slot + 1]);
                slot += 2;
            } else {
                boolean half = types.get(i) == ValType.I32 || types.get(i) == ValType.F32;
                values[i] = half ? (Object) Math.toIntExact(results[slot]) : (Object) results[slot];
                slot++;
            }
        }
        return values;
    }

    private static long bits(Map<String, Object> json) {
        String value = (String) json.get("value");
        return switch ((String) json.get("type")) {
            case "i32", "i64" -> Long.parseLong(value);
            case "f32" -> Integer.parseUnsignedInt(value);
            case "f64" -> Long.parseUnsignedLong(value);
            default -> throw new AssertionError("no number: " + json);
        };
    }

    private static int laneBits(Map<String, Object> json) {
        return Integer.parseInt(((String) json.get("lane_type")).substring(1));
    }

    private static V128 vector(Map<String, Object> json) {
        List<Object> lanes = SpecJson.list(json.get("value"));
        int width = laneBits(json);
        long[] halves = new long[2];
        for (int i = 0; i < lanes.size(); i++) {
            long lane = parseLane((String) lanes.get(i));
            int at = i * width;
            halves[at / 64] |= width == 64 ? lane : (lane & (1L << width) - 1) << at % 64;
        }
        return new V128(halves[0], halves[1]);
    }

    private static long parseLane(String text) {
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }

    /** In the object form of {@link WasmFunction#apply}. */
    private static Object value(Map<String, Object> json) {
        String type = (String) json.get("type");
        return switch (type) {
            case "i32" -> (int) bits(json);
            case "i64" -> bits(json);
            case "f32" -> Float.intBitsToFloat((int) bits(json));
            case "f64" -> Double.longBitsToDouble(bits(json));
            case "v128" -> vector(json);
            default -> "null".equals(json.get("value")) || !json.containsKey("value") ? null
                    : new HostReference((String) json.get("value"));
        };
    }

    private static String text(Object value) {
        return value instanceof V128 v ? Long.toHexString(v.low()) + " " + Long.toHexString(v.high())
                : String.valueOf(value);
    }

    private static boolean matches(Map<String, Object> expected, Object actual) {
        Object value = expected.get("value");
        return switch ((String) expected.get("type")) {
            case "either" -> SpecJson.list(expected.get("values")).stream()
                    .anyMatch(choice -> matches(SpecJson.object(choice), actual));
            case "i32" -> actual instanceof Integer i && i == Integer.parseInt((String) value);
            case "i64" -> actual instanceof Long l && l == Long.parseLong((String) value);
            case "f32" -> actual instanceof Integer i && matchesFloat((String) value, i)
                    || actual instanceof Float f && matchesFloat((String) value, Float.floatToRawIntBits(f));
            case "f64" -> actual instanceof Long l && matchesDouble((String) value, l)
                    || actual instanceof Double d && matchesDouble((String) value, Double.doubleToRawLongBits(d));
            case "v128" -> actual instanceof V128 v && matchesVector(expected, v);
            case "nullref", "nullfuncref", "nullexternref", "nullexnref", "refnull" -> actual == null;
            case "externref", "anyref" -> value == null ? actual != null
                    : value.equals("null") ? actual == null : new HostReference((String) value).equals(actual);
            case "funcref" -> value == null ? actual instanceof WasmFunction : actual == null;
            case "exnref" -> value == null ? actual instanceof GuestException : actual == null;
            case "eqref" -> actual instanceof I31 || actual instanceof WasmStruct || actual instanceof WasmArray;
            case "structref" -> actual instanceof WasmStruct;
            case "arrayref" -> actual instanceof WasmArray;
            case "i31ref" -> actual instanceof I31;
            default -> throw new AssertionError("unknown value " + expected);
        };
    }

    private static boolean matchesFloat(String expected, int actual) {
        return switch (expected) {
            case "nan:canonical" -> (actual & 0x7FFFFFFF) == 0x7FC00000;
            case "nan:arithmetic" -> (actual & 0x7FC00000) == 0x7FC00000;
            default -> actual == Integer.parseUnsignedInt(expected);
        };
    }

    private static boolean matchesDouble(String expected, long actual) {
        return switch (expected) {
            case "nan:canonical" -> (actual & Long.MAX_VALUE) == 0x7FF8L << 48;
            case "nan:arithmetic" -> (actual & 0x7FF8L << 48) == 0x7FF8L << 48;
            default -> actual == Long.parseUnsignedLong(expected);
        };
    }

    private static boolean matchesVector(Map<String, Object> expected, V128 actual) {
        List<Object> lanes = SpecJson.list(expected.get("value"));
        int width = laneBits(expected);
        boolean floats = ((String) expected.get("lane_type")).startsWith("f");
        for (int i = 0; i < lanes.size(); i++) {
            int at = i * width;
            long half = at < 64 ? actual.low() : actual.high();
            long lane = width == 64 ? half : half >>> at % 64 & (1L << width) - 1;
            String text = (String) lanes.get(i);
            boolean same = floats ? width == 32 ? matchesFloat(text, (int) lane) : matchesDouble(text, lane)
                    : width == 64 ? lane == parseLane(text) : lane == (parseLane(text) & (1L << width) - 1);
            if (!same) {
                return false;
            }
        }
        return true;
    }
}
