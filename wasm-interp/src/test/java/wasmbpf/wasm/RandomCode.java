package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The body of one function of a {@link RandomModule}. Values are of the types {@code i l f d v r e} (as in {@link
 * WasmEncoder}), {@code x} exnref, {@code S} and {@code A} null or the module's struct or array of i16, {@code Y} anyref.
 */
final class RandomCode {
    private static final int PAGE = 65_536;
    /** Locals behind the parameters: two of each of the first kinds, then one of each of the rest, then counters. */
    private static final String LOCALS = "iillffddvvrreexSAY";
    private static final int NAN_32 = 0x7FC00000;
    private static final long NAN_64 = 0x7FF8000000000000L;

    private final RandomModule module;
    private final Random random;
    private final WasmEncoder.Code code;
    private final String params;
    private final String results;
    /** What branches to the open blocks carry, innermost last; the function's own first. */
    private final List<String> labels = new ArrayList<>();
    /** Which of them are legacy catch blocks, where rethrow may stand. */
    private final List<Boolean> catches = new ArrayList<>();
    private int budget = 60;
    private int depth;

    RandomCode(RandomModule module, int function, WasmEncoder.Code code) {
        this.module = module;
        this.random = module.random;
        this.code = code;
        params = module.params(function);
        results = module.results(function);
    }

    private int pick(int bound) {
        return random.nextInt(bound);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    void body() {
        for (char type : LOCALS.toCharArray()) {
            switch (type) {
                case 'S' -> code.locals(1, 0x63).localsRaw(module.struct);
                case 'A' -> code.locals(1, 0x63).localsRaw(module.bytes);
                case 'Y' -> code.locals(1, TypeCode.ANY);
                default -> code.locals(1, WasmEncoder.valType(type));
            }
        }
        labels.add(results);
        catches.add(false);
        fuel();
        if (chance(90)) {
            newStruct();
            code.op(LOCAL_SET, local('S'));
            newArray();
            code.op(LOCAL_SET, local('A'));
        }
        statements(5);
        values(results);
    }

    private void fuel() {
        code.op(GLOBAL_GET, RandomModule.FUEL).op(I32_EQZ).op(IF, -64).op(UNREACHABLE).op(END)
                .op(GLOBAL_GET, RandomModule.FUEL).op(I32_CONST, 1).op(I32_SUB).op(GLOBAL_SET, RandomModule.FUEL);
    }

    // Types and locals

    /** A parameter or local of the type. */
    private int local(char type) {
        List<Integer> all = new ArrayList<>();
        String locals = params + LOCALS;
        for (int i = 0; i < locals.length(); i++) {
            if (locals.charAt(i) == type) {
                all.add(i);
            }
        }
        return all.get(pick(all.size()));
    }

    private char someType() {
        return chance(40) ? 'i' : "ilfdvreSAY".charAt(pick(10));
    }

    private long blockType(String params, String results) {
        if (params.isEmpty() && results.isEmpty()) {
            return -64;
        }
        if (params.isEmpty() && results.length() == 1) {
            return WasmEncoder.valType(results.charAt(0)) - 0x80;
        }
        return module.encoder.type(params + ":" + results);
    }

    /** Types that function types of the encoder can name. */
    private String blockResults(char last) {
        return switch (last) {
            case 'S', 'A', 'Y' -> throw new IllegalArgumentException();
            default -> (chance(25) ? module.letters(1 + pick(2)) : "") + last;
        };
    }

    /** Drops what lies below the topmost value. */
    private void keepLast(String types) {
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

    private static long number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 1L << random.nextInt(64);
            case 1 -> random.nextLong();
            case 2 -> Integer.MIN_VALUE;
            case 3 -> random.nextInt(PAGE);
            default -> random.nextInt(12) - 4;
        };
    }

    private void constant(char type) {
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

    private void newStruct() {
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

    private void newArray() {
        switch (pick(4)) {
            case 0 -> code.op(I32_CONST, pick(8)).op(ARRAY_NEW_DEFAULT, module.bytes);
            case 1 -> code.op(I32_CONST, 7).op(I32_CONST, 8).op(I32_CONST, 9).op(ARRAY_NEW_FIXED, module.bytes, 3);
            case 2 -> code.op(I32_CONST, pick(300)).op(I32_CONST, pick(9)).op(ARRAY_NEW_DATA, module.bytes, 0);
            default -> code.op(I32_CONST, pick(9999)).op(I32_CONST, pick(8)).op(ARRAY_NEW, module.bytes);
        }
    }

    // Values

    private void values(String types) {
        for (char type : types.toCharArray()) {
            value(type);
        }
    }

    private void value(char type) {
        if (--budget < 0) {
            if (chance(50) && type != 'x') {
                constant(type);
            } else {
                code.op(LOCAL_GET, local(type));
            }
            return;
        }
        switch (type) {
            case 'S' -> structValue();
            case 'A' -> arrayValue();
            case 'Y' -> anyValue();
            case 'x' -> code.op(LOCAL_GET, local('x'));
            default -> {
                switch (pick(12)) {
                    case 0 -> constant(type);
                    case 1 -> code.op(LOCAL_GET, local(type));
                    case 2 -> code.op(GLOBAL_GET, RandomModule.GLOBALS.indexOf(type));
                    case 3 -> {
                        value(type);
                        code.op(LOCAL_TEE, local(type));
                    }
                    case 4 -> call(type);
                    case 5 -> blockValue(type);
                    case 6 -> select(type);
                    default -> plainValue(type);
                }
            }
        }
    }

    private void plainValue(char type) {
        switch (type) {
            case 'r' -> {
                tableIndex(chance(50) ? 0 : 2);
            }
            case 'e' -> {
                if (chance(50)) {
                    tableIndex(1);
                } else {
                    value('Y');
                    code.op(EXTERN_CONVERT_ANY);
                }
            }
            default -> {
                if (type == 'i' && chance(25)) {
                    intFromReference();
                } else if ((type == 'i' || type == 'l') && chance(10)) {
                    sizes(type);
                } else if (type == 'l' && chance(10)) {
                    wide();
                } else if (chance(25)) {
                    load(type);
                } else {
                    operation(type);
                }
            }
        }
    }

    private void operation(char type) {
        List<Opcode> all = RandomOps.VALUES.get(type);
        Opcode op = all.get(pick(all.size()));
        if (RandomOps.mayTrap(op) && chance(60)) {
            op = all.get(pick(all.size()));
        }
        String signature = op.signature();
        values(signature.substring(0, signature.indexOf(':')));
        switch (op.immediates()) {
            case LANE -> code.op(op.number(), pick(16 >> op.widthLog2()));
            case SHUFFLE -> {
                long[] lanes = new long[2];
                for (int i = 0; i < 16; i++) {
                    lanes[i / 8] |= (long) pick(32) << 8 * (i % 8);
                }
                code.op(op.number(), lanes);
            }
            default -> code.op(op.number());
        }
        if (RandomOps.opensNan(op)) {
            closeNan(type, op.mnemonic());
        }
    }

    private void closeNan(char type, String mnemonic) {
        int local = local(type);
        switch (type) {
            case 'f' -> code.op(LOCAL_TEE, local).op(F32_CONST, NAN_32).op(LOCAL_GET, local).op(LOCAL_GET, local).op(F32_EQ)
                    .op(SELECT).op(LOCAL_TEE, local);
            case 'd' -> code.op(LOCAL_TEE, local).op(F64_CONST, NAN_64).op(LOCAL_GET, local).op(LOCAL_GET, local).op(F64_EQ)
                    .op(SELECT).op(LOCAL_TEE, local);
            default -> closeVectorNan(code, local, mnemonic);
        }
    }

    /** x == x ? x : the canonical NaN, lane by lane; the local too has no other NaN then. */
    static void closeVectorNan(WasmEncoder.Code code, int local, String mnemonic) {
        boolean wide = mnemonic.startsWith("f64");
        long nan = wide ? NAN_64 : NAN_32 | (long) NAN_32 << 32;
        code.op(LOCAL_TEE, local).op(V128_CONST, nan, nan).op(LOCAL_GET, local).op(LOCAL_GET, local)
                .op(wide ? F64X2_EQ : F32X4_EQ).op(V128_BITSELECT).op(LOCAL_TEE, local);
    }

    private void wide() {
        if (chance(50)) {
            values("llll");
            code.op(chance(50) ? I64_ADD128 : I64_SUB128);
        } else {
            values("ll");
            code.op(chance(50) ? I64_MUL_WIDE_S : I64_MUL_WIDE_U);
        }
        keepLast("ll");
    }

    private void sizes(char type) {
        int memory = pick(2);
        int table = pick(RandomModule.TABLES);
        if (chance(50)) {
            code.op(MEMORY_SIZE, memory);
            convert(module.memory64[memory] ? 'l' : 'i', type);
        } else {
            code.op(TABLE_SIZE, table);
            convert(RandomModule.TABLE64[table] ? 'l' : 'i', type);
        }
    }

    private void convert(char from, char to) {
        if (from != to) {
            code.op(to == 'l' ? I64_EXTEND_I32_U : I32_WRAP_I64);
        }
    }

    private void select(char type) {
        value(type);
        value(type);
        value('i');
        if (type == 'r' || type == 'e' || chance(20)) {
            code.op(SELECT_T, WasmEncoder.valType(type));
        } else {
            code.op(SELECT);
        }
    }

    // Memories

    /** An address, mostly inside; then the immediates: log2 of the alignment, memory, offset. */
    private long[] address(Opcode op) {
        int memory = chance(70) ? 0 : 1;
        boolean is64 = module.memory64[memory];
        boolean atomic = RandomOps.isAtomic(op);
        if (chance(4)) {
            value(is64 ? 'l' : 'i');
        } else {
            int at = chance(2) ? PAGE - pick(20) : pick(PAGE - 64);
            if (atomic && chance(90)) {
                at &= -16;
            }
            if (chance(50)) {
                code.op(is64 ? I64_CONST : I32_CONST, at);
            } else {
                // A sum, which the interpreter takes into the access.
                code.op(is64 ? I64_CONST : I32_CONST, at & ~0xFFF).op(LOCAL_GET, local(is64 ? 'l' : 'i'))
                        .op(is64 ? I64_CONST : I32_CONST, atomic ? 0xFF0 : 0xFFF).op(is64 ? I64_AND : I32_AND)
                        .op(is64 ? I64_ADD : I32_ADD);
            }
        }
        long align = atomic ? op.widthLog2() : pick(op.widthLog2() + 1);
        long offset = chance(1) ? chance(50) ? 0xFFFF_FFF0L : PAGE - 8 : atomic ? 16L * pick(3) : pick(20);
        return memory == 0 ? new long[] {align, offset} : new long[] {align | 0x40, memory, offset};
    }

    private void access(Opcode op) {
        long[] immediates = address(op);
        String signature = op.signature();
        values(signature.substring(1, signature.indexOf(':')));
        if (op.immediates() == Imm.MEMARG_LANE) {
            immediates = java.util.Arrays.copyOf(immediates, immediates.length + 1);
            immediates[immediates.length - 1] = pick(16 >> op.widthLog2());
        }
        code.op(op.number(), immediates);
    }

    private void load(char type) {
        List<Opcode> all = RandomOps.LOADS.get(type);
        access(all.get(pick(all.size())));
    }

    /** A small number of the type that addresses a memory or table. */
    private void small(boolean is64, int bound) {
        if (chance(2)) {
            value(is64 ? 'l' : 'i');
        } else {
            code.op(is64 ? I64_CONST : I32_CONST, pick(bound));
        }
    }

    private void bulkMemory() {
        int memory = pick(2);
        boolean is64 = module.memory64[memory];
        switch (pick(5)) {
            case 0 -> {
                small(is64, PAGE);
                value('i');
                small(is64, 200);
                code.op(MEMORY_FILL, memory);
            }
            case 1 -> {
                int from = pick(2);
                small(is64, PAGE);
                small(module.memory64[from], PAGE);
                small(is64 && module.memory64[from], 500);
                code.op(MEMORY_COPY, memory, from);
            }
            case 2 -> {
                small(is64, PAGE);
                small(false, 300);
                small(false, 90);
                code.op(MEMORY_INIT, 0, memory);
            }
            case 3 -> {
                if (chance(10)) {
                    code.op(DATA_DROP, 0);
                }
            }
            default -> {
                small(is64, 3);
                code.op(MEMORY_GROW, memory);
                convert(is64 ? 'l' : 'i', 'i');
                code.op(LOCAL_SET, local('i'));
            }
        }
    }

    // Tables

    /** An element of a table. */
    private void tableIndex(int table) {
        small(RandomModule.TABLE64[table], RandomModule.TABLE_SIZE);
        code.op(TABLE_GET, table);
    }

    private void bulkTable() {
        int table = pick(RandomModule.TABLES);
        boolean is64 = RandomModule.TABLE64[table];
        char type = table == 1 ? 'e' : 'r';
        switch (pick(6)) {
            case 0, 1 -> {
                small(is64, RandomModule.TABLE_SIZE);
                value(type);
                code.op(TABLE_SET, table);
            }
            case 2 -> {
                small(is64, RandomModule.TABLE_SIZE);
                value(type);
                small(is64, 3);
                code.op(TABLE_FILL, table);
            }
            case 3 -> {
                int from = table == 1 ? 1 : 2 * pick(2);
                small(is64, 10);
                small(RandomModule.TABLE64[from], 10);
                small(is64 && RandomModule.TABLE64[from], 3);
                code.op(TABLE_COPY, table, from);
            }
            case 4 -> {
                value(type);
                small(is64, 2);
                code.op(TABLE_GROW, table);
                convert(is64 ? 'l' : 'i', 'l');
                code.op(LOCAL_SET, local('l'));
            }
            default -> {
                if (table != 1) {
                    small(is64, 10);
                    small(false, 5);
                    small(false, 3);
                    code.op(TABLE_INIT, 1, table);
                } else if (chance(5)) {
                    code.op(ELEM_DROP, 1);
                }
            }
        }
    }

    // References

    private void structValue() {
        switch (pick(4)) {
            case 0 -> newStruct();
            case 1 -> {
                value('Y');
                if (chance(50)) {
                    // Cast if it can be.
                    int local = local('Y');
                    code.op(LOCAL_TEE, local).op(REF_TEST, module.struct).op(IF, -64);
                    code.op(LOCAL_GET, local).op(REF_CAST, module.struct).op(LOCAL_SET, local('S')).op(END);
                    code.op(LOCAL_GET, local('S'));
                } else {
                    code.op(REF_CAST_NULL, chance(50) ? module.struct : module.subStruct);
                }
            }
            default -> code.op(LOCAL_GET, local('S'));
        }
    }

    private void arrayValue() {
        if (chance(40)) {
            newArray();
        } else {
            code.op(LOCAL_GET, local('A'));
        }
    }

    private void anyValue() {
        switch (pick(8)) {
            case 0 -> code.op(LOCAL_GET, local('Y'));
            case 1 -> value('S');
            case 2 -> value('A');
            case 3 -> {
                value('i');
                code.op(REF_I31);
            }
            case 4 -> {
                value('e');
                code.op(ANY_CONVERT_EXTERN);
            }
            case 5 -> {
                value('S');
                code.op(STRUCT_GET, module.struct, 2);
            }
            case 6 -> {
                code.op(REF_NULL, TypeCode.I31 - 0x80).op(I32_CONST, 3).op(ARRAY_NEW, module.objects);
                small(false, 4);
                code.op(ARRAY_GET, module.objects);
            }
            default -> code.op(REF_NULL, TypeCode.NONE - 0x80);
        }
    }

    private void intFromReference() {
        switch (pick(10)) {
            case 0 -> {
                value('S');
                code.op(STRUCT_GET, module.struct, 0);
            }
            case 1 -> {
                value('S');
                code.op(chance(50) ? STRUCT_GET_S : STRUCT_GET_U, module.struct, 1);
            }
            case 2 -> {
                value('A');
                small(false, 4);
                code.op(chance(50) ? ARRAY_GET_S : ARRAY_GET_U, module.bytes);
            }
            case 3 -> {
                value('A');
                code.op(ARRAY_LEN);
            }
            case 4 -> {
                value('Y');
                long[] heaps = {TypeCode.I31 - 0x80, TypeCode.EQ - 0x80, TypeCode.STRUCT - 0x80, TypeCode.ARRAY - 0x80,
                    TypeCode.NONE - 0x80, module.struct, module.subStruct, module.bytes};
                code.op(chance(50) ? REF_TEST : REF_TEST_NULL, heaps[pick(heaps.length)]);
            }
            case 5 -> {
                value('S');
                value(chance(50) ? 'S' : 'A');
                code.op(REF_EQ);
            }
            case 6 -> {
                value("reY".charAt(pick(3)));
                code.op(REF_IS_NULL);
            }
            case 7 -> {
                value('i');
                code.op(REF_I31).op(chance(50) ? I31_GET_S : I31_GET_U);
            }
            case 8 -> castBranch();
            default -> nullBranch();
        }
    }

    /** br_on_cast out of a block with the cast value, or on with the other. */
    private void castBranch() {
        long any = TypeCode.ANY - 0x80;
        boolean fail = chance(50);
        // Both cast anyref to (ref null i31): a branch carries i31 or, failing, anyref.
        code.op(BLOCK, any);
        labels.add("?");
        catches.add(false);
        value('Y');
        code.op(fail ? BR_ON_CAST_FAIL : BR_ON_CAST, 3, 0, any, TypeCode.I31 - 0x80);
        code.op(LOCAL_SET, local('Y')).op(REF_NULL, TypeCode.NONE - 0x80);
        close();
        code.op(LOCAL_TEE, local('Y')).op(REF_TEST, TypeCode.I31 - 0x80);
    }

    private void nullBranch() {
        char type = "reY".charAt(pick(3));
        code.op(BLOCK, -64);
        labels.add("");
        catches.add(false);
        value(type);
        if (chance(90)) {
            code.op(BR_ON_NULL, 0).op(DROP).op(I32_CONST, 1).op(LOCAL_SET, local('i'));
        } else {
            code.op(REF_AS_NON_NULL).op(DROP);
        }
        close();
        value('i');
    }

    private void close() {
        labels.removeLast();
        catches.removeLast();
        code.op(END);
    }

    // Calls

    /** A call whose last result has the type; else an operation or constant. */
    private void call(char type) {
        List<Integer> callees = new ArrayList<>();
        for (int f = 0; f < module.signatures.size(); f++) {
            if (module.results(f).endsWith(String.valueOf(type))) {
                callees.add(f);
            }
        }
        if (callees.isEmpty()) {
            plainValue(type);
            return;
        }
        int callee = callees.get(pick(callees.size()));
        values(module.params(callee));
        emitCall(callee, false);
        keepLast(module.results(callee));
    }

    private void callStatement() {
        int callee = pick(module.signatures.size());
        values(module.params(callee));
        emitCall(callee, false);
        String given = module.results(callee);
        for (int i = given.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(given.charAt(i)));
        }
    }

    private void emitCall(int callee, boolean tail) {
        int type = module.encoder.type(module.signatures.get(callee));
        switch (pick(4)) {
            case 0 -> {
                int table = 2 * pick(2);
                int element = chance(90) ? callee : pick(RandomModule.TABLE_SIZE + 1);
                code.op(RandomModule.TABLE64[table] ? I64_CONST : I32_CONST, element);
                code.op(tail ? RETURN_CALL_INDIRECT : CALL_INDIRECT, type, table);
            }
            case 1 -> {
                if (chance(95)) {
                    code.op(REF_FUNC, callee);
                } else {
                    code.op(REF_NULL, type);
                }
                code.op(tail ? RETURN_CALL_REF : CALL_REF, type);
            }
            default -> code.op(tail ? RETURN_CALL : CALL, callee);
        }
    }

    // Control

    private void blockValue(char type) {
        if (depth > 6) {
            plainValue(type);
            return;
        }
        depth++;
        String types = blockResults(type);
        switch (pick(4)) {
            case 0 -> {
                value('i');
                code.op(IF, blockType("", types));
                inside(types, types);
                code.op(ELSE);
                inside(types, types);
                code.op(END);
            }
            case 1 -> loopValue(types);
            case 2 -> tryValue(types);
            default -> {
                code.op(BLOCK, blockType("", types));
                inside(types, types);
                code.op(END);
            }
        }
        depth--;
        keepLast(types);
    }

    /** Statements, then values of a block; sometimes code that is never reached. */
    private void inside(String label, String results) {
        labels.add(label);
        catches.add(false);
        statements(2);
        if (chance(15)) {
            jump();
            if (chance(50)) {
                code.op(I32_ADD).op(DROP);
            }
        } else {
            values(results);
        }
        labels.removeLast();
        catches.removeLast();
    }

    /** A loop with its results as parameters. */
    private void loopValue(String types) {
        values(types);
        code.op(LOOP, blockType(types, types));
        labels.add(types);
        catches.add(false);
        for (int i = types.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(types.charAt(i)));
        }
        fuel();
        statements(2);
        values(types);
        value('i');
        // Seldom for ever.
        code.op(I32_CONST, 7).op(I32_AND).op(I32_CONST, 3).op(I32_LT_U).op(BR_IF, 0);
        close();
    }

    private void loop() {
        code.op(I32_CONST, 1 + pick(6)).op(LOCAL_SET, local('i'));
        code.op(LOOP, -64);
        labels.add("");
        catches.add(false);
        fuel();
        statements(3);
        value('i');
        code.op(I32_CONST, 3).op(I32_AND).op(BR_IF, 0);
        close();
    }

    /** A jump to any open block. */
    private void jump() {
        switch (pick(7)) {
            case 0 -> {
                values(results);
                code.op(RETURN);
            }
            case 1 -> code.op(UNREACHABLE);
            case 2 -> throwSomething();
            case 3 -> {
                List<Integer> callees = new ArrayList<>();
                for (int f = 0; f < module.signatures.size(); f++) {
                    if (module.results(f).equals(results)) {
                        callees.add(f);
                    }
                }
                if (callees.isEmpty()) {
                    code.op(UNREACHABLE);
                } else {
                    int callee = callees.get(pick(callees.size()));
                    values(module.params(callee));
                    emitCall(callee, true);
                }
            }
            case 4 -> {
                int target = someLabel();
                String types = label(target);
                values(types);
                value('i');
                List<Long> targets = new ArrayList<>();
                for (int i = pick(4); i >= 0; i--) {
                    int other = someLabel();
                    targets.add((long) (label(other).equals(types) ? other : target));
                }
                targets.add((long) target);
                code.op(BR_TABLE, targets.stream().mapToLong(Long::longValue).toArray());
            }
            default -> {
                int target = someLabel();
                values(label(target));
                code.op(BR, target);
            }
        }
    }

    private String label(int index) {
        return labels.get(labels.size() - 1 - index);
    }

    private int someLabel() {
        int target = pick(labels.size());
        // A block whose type no function type names.
        return label(target).equals("?") ? labels.size() - 1 : target;
    }

    private void branchIf() {
        int target = someLabel();
        String types = label(target);
        values(types);
        value('i');
        code.op(BR_IF, target);
        for (int i = types.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(types.charAt(i)));
        }
    }

    // Exceptions

    private void throwSomething() {
        if (chance(20)) {
            code.op(LOCAL_GET, local('x')).op(THROW_REF);
            return;
        }
        int tag = pick(RandomModule.TAGS.length);
        values(RandomModule.TAGS[tag]);
        code.op(THROW, module.tags[tag]);
    }

    private void tryValue(String types) {
        if (chance(50)) {
            tryTable(types);
        } else {
            legacyTry(types);
        }
    }

    /** A block of the results around a block of what is caught. */
    private void tryTable(String types) {
        int tag = pick(RandomModule.TAGS.length);
        // catch, catch_ref, catch_all, catch_all_ref
        int kind = pick(4);
        String caught = (kind < 2 ? RandomModule.TAGS[tag] : "") + (kind == 1 || kind == 3 ? "x" : "");
        code.op(BLOCK, blockType("", types));
        labels.add(types);
        catches.add(false);
        code.op(BLOCK, blockType("", caught));
        labels.add(caught);
        catches.add(false);
        code.op(TRY_TABLE, blockType("", types), kind, kind < 2 ? module.tags[tag] : -1, 0);
        inside(types, types);
        code.op(END).op(BR, 1);
        close();
        for (int i = caught.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(caught.charAt(i)));
        }
        statements(1);
        values(types);
        close();
    }

    private void legacyTry(String types) {
        code.op(TRY, blockType("", types));
        inside(types, types);
        if (chance(20)) {
            // To an outer block of any kind, or the caller.
            code.op(DELEGATE, pick(labels.size()));
            return;
        }
        int clauses = pick(3);
        for (int i = 0; i < clauses; i++) {
            int tag = pick(RandomModule.TAGS.length);
            code.op(CATCH, module.tags[tag]);
            for (int k = RandomModule.TAGS[tag].length() - 1; k >= 0; k--) {
                code.op(LOCAL_SET, local(RandomModule.TAGS[tag].charAt(k)));
            }
            handler(types);
        }
        if (clauses == 0 || chance(40)) {
            code.op(CATCH_ALL);
            handler(types);
        }
        code.op(END);
    }

    private void handler(String types) {
        labels.add(types);
        catches.add(true);
        statements(1);
        if (chance(15)) {
            code.op(RETHROW, rethrowable());
        } else {
            values(types);
        }
        labels.removeLast();
        catches.removeLast();
    }

    /** An open handler. */
    private int rethrowable() {
        int target = pick(catches.size());
        return catches.get(catches.size() - 1 - target) ? target : 0;
    }

    // Statements

    private void statements(int most) {
        for (int i = pick(most + 1); i > 0 && budget > 0; i--) {
            statement();
        }
    }

    private void statement() {
        switch (pick(20)) {
            case 0, 1, 2 -> {
                char type = someType();
                value(type);
                code.op(LOCAL_SET, local(type));
            }
            case 3, 4 -> {
                char type = RandomModule.GLOBALS.charAt(pick(RandomModule.GLOBALS.length()));
                value(type);
                code.op(GLOBAL_SET, RandomModule.GLOBALS.indexOf(type));
            }
            case 5, 6, 7 -> access(RandomOps.STORES.get(pick(RandomOps.STORES.size())));
            case 8 -> bulkMemory();
            case 9 -> bulkTable();
            case 10 -> {
                value('S');
                value('i');
                code.op(STRUCT_SET, module.struct, pick(2));
            }
            case 11 -> {
                value('A');
                small(false, 4);
                value('i');
                if (chance(70)) {
                    code.op(ARRAY_SET, module.bytes);
                } else {
                    small(false, 3);
                    code.op(ARRAY_FILL, module.bytes);
                }
            }
            case 12, 13 -> {
                if (depth < 6) {
                    depth++;
                    loop();
                    depth--;
                }
            }
            case 14 -> {
                if (depth < 6) {
                    depth++;
                    value('i');
                    code.op(IF, -64);
                    inside("", "");
                    code.op(END);
                    depth--;
                }
            }
            case 15 -> branchIf();
            case 16 -> {
                value('i');
                code.op(IF, -64);
                labels.add("");
                catches.add(false);
                if (chance(40)) {
                    jump();
                }
                close();
            }
            case 17 -> {
                if (depth < 6) {
                    depth++;
                    tryValue("");
                    depth--;
                }
            }
            case 18 -> {
                value('A');
                small(false, 3);
                value('A');
                small(false, 3);
                small(false, 3);
                code.op(ARRAY_COPY, module.bytes, module.bytes);
            }
            default -> callStatement();
        }
    }
}
