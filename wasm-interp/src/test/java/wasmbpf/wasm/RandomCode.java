package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.List;

/**
 * The body of one function of a {@link RandomModule}. Values are of the types {@code i l f d v r e} (as in {@link
 * WasmEncoder}), {@code x} exnref, {@code S} and {@code A} null or the module's struct or array of i16, {@code Y} anyref.
 */
final class RandomCode extends RandomControl {
    private static final int NAN_32 = 0x7FC00000;
    private static final long NAN_64 = 0x7FF8000000000000L;

    /** A local that has kept a comparison, or -1. */
    private int conditionLocal = -1;

    RandomCode(RandomModule module, int function, WasmEncoder.Code code) {
        super(module, function, code);
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

    // Values

    @Override
    void value(char type) {
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
                    case 2 -> code.op(GLOBAL_GET, (pick(2) == 0 ? 0 : RandomModule.CONSTANTS) + RandomModule.GLOBALS.indexOf(type));
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

    @Override
    void plainValue(char type) {
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

    private void select(char type) {
        value(type);
        value(type);
        condition();
        if (type == 'r' || type == 'e' || chance(20)) {
            code.op(SELECT_T, WasmEncoder.valType(type));
        } else {
            code.op(SELECT);
        }
    }

    /** For a select; sometimes a comparison that a local keeps, or a local that has kept one. */
    private void condition() {
        if (conditionLocal >= 0 && chance(40)) {
            code.op(LOCAL_GET, conditionLocal);
        } else if (chance(40)) {
            boolean wide = chance(50);
            values(wide ? "ll" : "ii");
            conditionLocal = local('i');
            code.op((wide ? I64_EQ : I32_EQ) + pick(10)).op(LOCAL_TEE, conditionLocal);
        } else {
            value('i');
        }
    }

    // Statements

    @Override
    void statements(int most) {
        for (int i = pick(most + 1); i > 0 && budget > 0; i--) {
            statement();
        }
    }

    private void statement() {
        switch (pick(21)) {
            case 20 -> {
                if (depth < 6) {
                    depth++;
                    arms();
                    depth--;
                }
            }
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
