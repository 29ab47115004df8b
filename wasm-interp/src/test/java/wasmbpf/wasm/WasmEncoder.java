package wasmbpf.wasm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Builds small modules for tests. Signatures are written as in {@link Opcode}: {@code "il:i"} takes i32 and i64 and
 * gives i32, with {@code i l f d v} for numbers and vectors, {@code r} funcref, {@code e} externref, {@code x}
 * exnref. Imports must come before the definitions of their kind. Nothing is checked: a wrong module is what some
 * tests want.
 *
 * <pre>
 * WasmEncoder m = new WasmEncoder();
 * int add = m.function("ii:i", f -&gt; f.op(LOCAL_GET, 0).op(LOCAL_GET, 1).op(I32_ADD));
 * m.export("add", ExternKind.FUNC, add);
 * WasmModule module = m.module("add.wasm");
 * </pre>
 */
final class WasmEncoder {
    /** A vector section: its items one after the other. */
    private static final class Items {
        int count;
        final WasmBytes bytes = new WasmBytes();
    }

    /** By place in the module rather than by id: tag (13) and data count (12) are out of order. */
    private static final int[] ORDER = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11};

    private final Map<Integer, Items> sections = new TreeMap<>();
    private final Map<String, Integer> types = new LinkedHashMap<>();
    private final WasmBytes customs = new WasmBytes();
    private final Map<Integer, String> functionNames = new TreeMap<>();
    private int typeCount;
    private int functions;
    private int tables;
    private int memories;
    private int globals;
    private int tags;
    private int start = -1;
    private boolean withDataCount;

    /** The index of this function type, added if it is new. */
    int type(String signature) {
        Integer known = types.get(signature);
        if (known != null) {
            return known;
        }
        int colon = signature.indexOf(':');
        WasmBytes bytes = item(1).raw(0x60);
        valTypes(bytes, signature.substring(0, colon));
        valTypes(bytes, signature.substring(colon + 1));
        types.put(signature, typeCount);
        return typeCount++;
    }

    /** Adds an entry of the type section as it stands; returns the index of its first type. */
    int rawType(int typesInIt, int... bytes) {
        item(1).raw(bytes);
        int first = typeCount;
        typeCount += typesInIt;
        return first;
    }

    int importFunction(String module, String name, String signature) {
        int type = type(signature);
        item(2).name(module).name(name).raw(0).u(type);
        return functions++;
    }

    /** An import of memory: pages; no maximum below zero. */
    int importMemory(String module, String name, long min, long max) {
        limits(item(2).name(module).name(name).raw(2), 0, min, max);
        return memories++;
    }

    int importTable(String module, String name, char element, long min, long max) {
        limits(item(2).name(module).name(name).raw(1, valType(element)), 0, min, max);
        return tables++;
    }

    int importGlobal(String module, String name, char type, boolean mutable) {
        item(2).name(module).name(name).raw(3, valType(type), mutable ? 1 : 0);
        return globals++;
    }

    int importTag(String module, String name, String signature) {
        int type = type(signature);
        item(2).name(module).name(name).raw(4, 0).u(type);
        return tags++;
    }

    /** A function; the final {@code end} is added. */
    int function(String signature, Consumer<Code> body) {
        return function(type(signature), body);
    }

    int function(int type, Consumer<Code> body) {
        Code code = new Code();
        body.accept(code);
        item(3).u(type);
        item(10).sized(code.toBytes());
        return functions++;
    }

    /** A function with this name in the name section. */
    int named(String name, String signature, Consumer<Code> body) {
        functionNames.put(functions, name);
        return function(signature, body);
    }

    int table(char element, long min, long max) {
        return table(element, 0, min, max);
    }

    /** @param flags besides the one for the maximum: 4 indexed by i64 */
    int table(char element, int flags, long min, long max) {
        limits(item(4).raw(valType(element)), flags, min, max);
        return tables++;
    }

    int memory(long min, long max) {
        return memory(0, min, max);
    }

    /** @param flags besides the one for the maximum: 2 shared, 4 addressed by i64 */
    int memory(int flags, long min, long max) {
        limits(item(5), flags, min, max);
        return memories++;
    }

    int global(char type, boolean mutable, Consumer<Code> init) {
        item(6).raw(valType(type), mutable ? 1 : 0).raw(expression(init));
        return globals++;
    }

    int tag(String signature) {
        int type = type(signature);
        item(13).raw(0).u(type);
        return tags++;
    }

    WasmEncoder export(String name, ExternKind kind, int index) {
        item(7).name(name).raw(kind.ordinal()).u(index);
        return this;
    }

    WasmEncoder start(int function) {
        start = function;
        return this;
    }

    /** Functions put into table 0 at an i32 offset. */
    WasmEncoder elements(int offset, int... indices) {
        WasmBytes bytes = item(9).u(0).raw(expression(c -> c.op(OpBytes.I32_CONST, offset))).u(indices.length);
        for (int index : indices) {
            bytes.u(index);
        }
        return this;
    }

    /** Functions put at the start of any table. */
    WasmEncoder tableElements(int table, boolean table64, int... indices) {
        WasmBytes bytes = item(9).u(2).u(table)
                .raw(expression(c -> c.op(table64 ? OpBytes.I64_CONST : OpBytes.I32_CONST, 0))).raw(0).u(indices.length);
        for (int index : indices) {
            bytes.u(index);
        }
        return this;
    }

    /** A segment that is only declared ({@code ref.func} needs it) or kept for table.init. */
    WasmEncoder elements(SegmentMode mode, int... indices) {
        WasmBytes bytes = item(9).u(mode == SegmentMode.PASSIVE ? 1 : 3).raw(0).u(indices.length);
        for (int index : indices) {
            bytes.u(index);
        }
        return this;
    }

    /** Bytes put into memory 0 at an i32 offset. */
    WasmEncoder data(int offset, byte[] bytes) {
        item(11).u(0).raw(expression(c -> c.op(OpBytes.I32_CONST, offset))).sized(bytes);
        return this;
    }

    /** Bytes kept for memory.init; adds the data count section that it needs. */
    WasmEncoder passiveData(byte[] bytes) {
        item(11).u(1).sized(bytes);
        withDataCount = true;
        return this;
    }

    WasmEncoder custom(String name, byte[] bytes) {
        customs.raw(0).sized(new WasmBytes().name(name).raw(bytes).toBytes());
        return this;
    }

    WasmModule module(String name) {
        return WasmModule.decode(name, encode());
    }

    byte[] encode() {
        WasmBytes out = new WasmBytes().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        for (int id : ORDER) {
            if (id == 8) {
                if (start >= 0) {
                    out.raw(8).sized(new WasmBytes().u(start).toBytes());
                }
            } else if (id == 12) {
                if (withDataCount) {
                    out.raw(12).sized(new WasmBytes().u(sections.get(11).count).toBytes());
                }
            } else if (sections.get(id) instanceof Items items) {
                out.raw(id).sized(new WasmBytes().u(items.count).raw(items.bytes.toBytes()).toBytes());
            }
        }
        if (!functionNames.isEmpty()) {
            WasmBytes names = new WasmBytes().u(functionNames.size());
            functionNames.forEach((index, name) -> names.u(index).name(name));
            out.raw(0).sized(new WasmBytes().name("name").raw(1).sized(names.toBytes()).toBytes());
        }
        return out.raw(customs.toBytes()).toBytes();
    }

    private WasmBytes item(int section) {
        Items items = sections.computeIfAbsent(section, _ -> new Items());
        items.count++;
        return items.bytes;
    }

    private static void limits(WasmBytes bytes, int flags, long min, long max) {
        bytes.raw(flags | (max < 0 ? 0 : 1)).u(min);
        if (max >= 0) {
            bytes.u(max);
        }
    }

    private static byte[] expression(Consumer<Code> code) {
        WasmBytes bytes = new WasmBytes();
        Code expression = new Code();
        code.accept(expression);
        return bytes.raw(expression.code.toBytes()).raw(OpBytes.END).toBytes();
    }

    private static void valTypes(WasmBytes bytes, String letters) {
        bytes.u(letters.length());
        letters.chars().forEach(letter -> bytes.raw(valType((char) letter)));
    }

    static int valType(char letter) {
        return switch (letter) {
            case 'i' -> TypeCode.I32;
            case 'l' -> TypeCode.I64;
            case 'f' -> TypeCode.F32;
            case 'd' -> TypeCode.F64;
            case 'v' -> TypeCode.V128;
            case 'r' -> TypeCode.FUNC;
            case 'e' -> TypeCode.EXTERN;
            case 'x' -> TypeCode.EXN;
            default -> throw new IllegalArgumentException("no type letter: " + letter);
        };
    }

    /** A function body, or a constant expression. */
    static final class Code {
        private final WasmBytes locals = new WasmBytes();
        private int localGroups;
        private final WasmBytes code = new WasmBytes();

        /** Declares locals, a group for each run of equal letters. */
        Code locals(String letters) {
            for (int i = 0; i < letters.length();) {
                int from = i;
                while (i < letters.length() && letters.charAt(i) == letters.charAt(from)) {
                    i++;
                }
                locals(i - from, valType(letters.charAt(from)));
            }
            return this;
        }

        Code locals(long count, int type) {
            locals.u(count).raw(type);
            localGroups++;
            return this;
        }

        /** Further bytes of the last group's type. */
        Code localsRaw(int... bytes) {
            locals.raw(bytes);
            return this;
        }

        /**
         * An instruction by its number in {@link OpBytes}, with its immediates in the order of the binary format: for
         * memory instructions log2 of the alignment and the offset (memory 0); for br_table the labels, default last;
         * for block a block type as signed number (-0x40 empty, -1 i32, -2 i64 ..., or a type index); floats as bits.
         */
        Code op(int number, long... immediates) {
            Opcode opcode = Opcode.of(number);
            if (opcode.prefix() == 0) {
                code.raw(number);
            } else {
                code.raw(opcode.prefix()).u(opcode.code());
            }
            switch (opcode.immediates()) {
                case I32, I64, BLOCK_TYPE, HEAP -> code.s(immediates[0]);
                case F32 -> code.fixed(immediates[0], 4);
                case F64 -> code.fixed(immediates[0], 8);
                case V128, SHUFFLE -> code.fixed(immediates[0], 8).fixed(immediates[1], 8);
                case LABELS -> {
                    code.u(immediates.length - 1);
                    unsigned(immediates);
                }
                case TYPES -> code.u(immediates.length).raw((int) immediates[0]);
                case CATCHES -> {
                    // Block type, then kind, tag and label of each clause; a tag of -1 is left out.
                    code.s(immediates[0]).u((immediates.length - 1) / 3);
                    for (int i = 1; i < immediates.length; i += 3) {
                        code.u(immediates[i]);
                        if (immediates[i + 1] >= 0) {
                            code.u(immediates[i + 1]);
                        }
                        code.u(immediates[i + 2]);
                    }
                }
                case CAST -> code.u(immediates[0]).u(immediates[1]).s(immediates[2]).s(immediates[3]);
                case FENCE -> code.raw(0);
                default -> unsigned(immediates);
            }
            return this;
        }

        Code raw(int... bytes) {
            code.raw(bytes);
            return this;
        }

        int size() {
            return code.size();
        }

        private void unsigned(long[] immediates) {
            for (long immediate : immediates) {
                code.u(immediate);
            }
        }

        private byte[] toBytes() {
            return new WasmBytes().u(localGroups).raw(locals.toBytes()).raw(code.toBytes()).raw(OpBytes.END).toBytes();
        }
    }
}
