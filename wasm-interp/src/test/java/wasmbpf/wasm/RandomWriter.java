package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What random code is written with: choices, locals, constants, and the blocks that are open. */
abstract class RandomWriter {
    static final int PAGE = 65_536;
    /** Locals behind the parameters: two of each of the first kinds, then one of each of the rest, then counters. */
    static final String LOCALS = "iillffddvvrreexSAY";

    final RandomModule module;
    final Random random;
    final WasmEncoder.Code code;
    final String params;
    final String results;
    /** What branches to the open blocks carry, innermost last; the function's own first. */
    final List<String> labels = new ArrayList<>();
    /** Which of them are legacy catch blocks, where rethrow may stand. */
    final List<Boolean> catches = new ArrayList<>();
    int budget = 60;
    int depth;

    RandomWriter(RandomModule module, int function, WasmEncoder.Code code) {
        this.module = module;
        this.random = module.random;
        this.code = code;
        params = module.params(function);
        results = module.results(function);
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Writes code that leaves a value of the type. */
    abstract void value(char type);

    /** As {@link #value}, without a block or a call. */
    abstract void plainValue(char type);

    /** Writes up to so many statements, which leave nothing. */
    abstract void statements(int most);

    void values(String types) {
        for (char type : types.toCharArray()) {
            value(type);
        }
    }

    /** A small number of the type that addresses a memory or table. */
    void small(boolean is64, int bound) {
        if (chance(2)) {
            value(is64 ? 'l' : 'i');
        } else {
            code.op(is64 ? I64_CONST : I32_CONST, pick(bound));
        }
    }

    void convert(char from, char to) {
        if (from != to) {
            code.op(to == 'l' ? I64_EXTEND_I32_U : I32_WRAP_I64);
        }
    }

    void fuel() {
        code.op(GLOBAL_GET, RandomModule.FUEL).op(I32_EQZ).op(IF, -64).op(UNREACHABLE).op(END)
                .op(GLOBAL_GET, RandomModule.FUEL).op(I32_CONST, 1).op(I32_SUB).op(GLOBAL_SET, RandomModule.FUEL);
    }

    void close() {
        labels.removeLast();
        catches.removeLast();
        code.op(END);
    }

    // Types and locals

    /** A parameter or local of the type. */
    int local(char type) {
        List<Integer> all = new ArrayList<>();
        String locals = params + LOCALS;
        for (int i = 0; i < locals.length(); i++) {
            if (locals.charAt(i) == type) {
                all.add(i);
            }
        }
        return all.get(pick(all.size()));
    }

    char someType() {
        return chance(40) ? 'i' : "ilfdvreSAY".charAt(pick(10));
    }

    long blockType(String params, String results) {
        if (params.isEmpty() && results.isEmpty()) {
            return -64;
        }
        if (params.isEmpty() && results.length() == 1) {
            return WasmEncoder.valType(results.charAt(0)) - 0x80;
        }
        return module.encoder.type(params + ":" + results);
    }

    /** Types that function types of the encoder can name. */
    String blockResults(char last) {
        return switch (last) {
            case 'S', 'A', 'Y' -> throw new IllegalArgumentException();
            default -> (chance(25) ? module.letters(1 + pick(2)) : "") + last;
        };
    }

    /** Drops what lies below the topmost value. */
    void keepLast(String types) {
        char last = types.charAt(types.length() - 1);
        if (types.length() > 1) {
            int local = local(last);
            code.op(LOCAL_SET, local);
            for (int i = 1; i < types.length(); i++) {
                code.op(DROP);
            }
            code.op(LOCAL_GET, local);
        }
    }

    static void constant(WasmEncoder.Code code, char type, Random random) {
        switch (type) {
            case 'i' -> code.op(I32_CONST, (int) number(random));
            case 'l' -> code.op(I64_CONST, number(random));
            case 'f' -> code.op(F32_CONST, random.nextInt(4) == 0 ? random.nextInt() & 0xFFFFFFFFL
                    : Float.floatToRawIntBits(random.nextInt(200) / 4f - 10));
            case 'd' -> code.op(F64_CONST, random.nextInt(4) == 0 ? random.nextLong()
                    : Double.doubleToRawLongBits(random.nextInt(100) * (random.nextBoolean() ? 1 : 1e9)));
            case 'v' -> code.op(V128_CONST, number(random), random.nextLong());
            case 'r' -> code.op(REF_NULL, TypeCode.FUNC - 0x80);
            case 'e' -> code.op(REF_NULL, TypeCode.EXTERN - 0x80);
            case 'x' -> code.op(REF_NULL, TypeCode.EXN - 0x80);
            default -> throw new IllegalArgumentException("no constant of type " + type);
        }
    }

    static long number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
            case 1 -> random.nextLong();
            case 2 -> Integer.MIN_VALUE;
            case 3 -> random.nextInt(PAGE);
            default -> random.nextInt(12) - 4;
        };
    }

    void constant(char type) {
        switch (type) {
            case 'S' -> newStruct();
            case 'A' -> newArray();
            case 'Y' -> code.op(REF_NULL, TypeCode.NONE - 0x80);
            case 'r' -> {
                if (chance(30)) {
                    constant(code, type, random);
                } else {
                    code.op(REF_FUNC, pick(module.signatures.size()));
                }
            }
            default -> constant(code, type, random);
        }
    }

    void newStruct() {
        if (chance(30)) {
            code.op(STRUCT_NEW_DEFAULT, chance(50) ? module.struct : module.subStruct);
        } else {
            constant('i');
            constant('i');
            code.op(I32_CONST, pick(100)).op(REF_I31);
            if (chance(50)) {
                code.op(F64_CONST, 0).op(STRUCT_NEW, module.subStruct);
            } else {
                code.op(STRUCT_NEW, module.struct);
            }
        }
    }

    void newArray() {
        switch (pick(4)) {
            case 0 -> code.op(I32_CONST, pick(8)).op(ARRAY_NEW_DEFAULT, module.bytes);
            case 1 -> code.op(I32_CONST, 7).op(I32_CONST, 8).op(I32_CONST, 9).op(ARRAY_NEW_FIXED, module.bytes, 3);
            case 2 -> code.op(I32_CONST, pick(300)).op(I32_CONST, pick(9)).op(ARRAY_NEW_DATA, module.bytes, 0);
            default -> code.op(I32_CONST, pick(9999)).op(I32_CONST, pick(8)).op(ARRAY_NEW, module.bytes);
        }
    }
}
