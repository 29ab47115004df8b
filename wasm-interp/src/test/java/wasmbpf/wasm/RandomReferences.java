package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

/** Random code on references: structs, arrays, casts. */
abstract class RandomReferences extends RandomStorage {
    RandomReferences(RandomModule module, int function, WasmEncoder.Code code) {
        super(module, function, code);
    }

    void structValue() {
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

    void arrayValue() {
        if (chance(40)) {
            newArray();
        } else {
            code.op(LOCAL_GET, local('A'));
        }
    }

    void anyValue() {
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

    void intFromReference() {
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
    void castBranch() {
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

    void nullBranch() {
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
}
