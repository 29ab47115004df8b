package wasmbpf.wasm;

import java.util.Arrays;

/** Reads and validates constant expressions (section 3.4.16) while a module is decoded. */
final class ConstExprValidator {
    private final ModuleDecoder module;
    private final WasmReader in;
    private final TypeReader typeReader;
    private int[] stack = new int[16];
    private int height;
    /** Where the current instruction starts. */
    private int at;

    ConstExprValidator(ModuleDecoder module, WasmReader in, TypeReader typeReader) {
        this.module = module;
        this.in = in;
        this.typeReader = typeReader;
    }

    /** Reads an expression, its {@code end} included, that gives one value of type {@code expected}. */
    ConstExpr read(int expected) {
        int start = in.pos;
        height = 0;
        while (true) {
            at = in.pos;
            int op = in.u8();
            if (op == OpBytes.END) {
                break;
            }
            instruction(op);
        }
        if (height != 1 || !module.types.isSubtype(stack[0], expected)) {
            throw in.invalid(start, "type mismatch: constant expression must give [" + ModuleTypes.text(expected)
                    + "], found " + ModuleTypes.text(Arrays.copyOf(stack, height)));
        }
        return new ConstExpr(start, in.pos - start);
    }

    private void instruction(int op) {
        switch (op) {
            case OpBytes.I32_CONST -> {
                in.s32();
                push(TypeCode.I32);
            }
            case OpBytes.I64_CONST -> {
                in.s64();
                push(TypeCode.I64);
            }
            case OpBytes.F32_CONST -> {
                in.fixed32();
                push(TypeCode.F32);
            }
            case OpBytes.F64_CONST -> {
                in.fixed64();
                push(TypeCode.F64);
            }
            case OpBytes.GLOBAL_GET -> globalGet();
            case OpBytes.I32_ADD, OpBytes.I32_SUB, OpBytes.I32_MUL -> {
                pop(TypeCode.I32);
                pop(TypeCode.I32);
                push(TypeCode.I32);
            }
            case OpBytes.I64_ADD, OpBytes.I64_SUB, OpBytes.I64_MUL -> {
                pop(TypeCode.I64);
                pop(TypeCode.I64);
                push(TypeCode.I64);
            }
            case OpBytes.REF_NULL -> push(TypeCode.ref(true, typeReader.heapType()));
            case OpBytes.REF_FUNC -> {
                int function = in.index();
                if (function >= module.functionTypes.size()) {
                    throw in.invalid(at, "unknown function " + function);
                }
                module.declare(function);
                push(TypeCode.ref(false, module.functionTypes.get(function)));
            }
            case Opcode.GC_PREFIX -> gc(in.index());
            case Opcode.SIMD_PREFIX -> {
                int code = in.index();
                if (OpBytes.SIMD + code != OpBytes.V128_CONST) {
                    throw notConstant(code < OpBytes.LIMIT - OpBytes.SIMD ? OpBytes.SIMD + code : -1);
                }
                in.fixed64();
                in.fixed64();
                push(TypeCode.V128);
            }
            default -> throw notConstant(op);
        }
    }

    private WasmException notConstant(int number) {
        Opcode opcode = Opcode.of(number);
        return opcode == null
                ? in.malformed(at, "illegal opcode 0x" + Integer.toHexString(in.bytes[at] & 0xFF))
                : in.invalid(at, "constant expression required: " + opcode.mnemonic() + " is not constant");
    }

    private void globalGet() {
        int global = in.index();
        if (global >= module.globals.size()) {
            throw in.invalid(at, "unknown global " + global);
        }
        if (module.globals.get(global).mutable()) {
            throw in.invalid(at, "constant expression required: global " + global + " is mutable");
        }
        push(module.globalCodes.get(global));
    }

    private void gc(int code) {
        ModuleTypes types = module.types;
        switch (OpBytes.GC + Math.min(code, 0xFF)) {
            case OpBytes.STRUCT_NEW, OpBytes.STRUCT_NEW_DEFAULT -> {
                int type = typeReader.typeIndex();
                if (!types.isStruct(type)) {
                    throw in.invalid(at, "type " + type + " is not a struct type");
                }
                int[] fields = types.fields(type);
                for (int i = fields.length - 1; i >= 0; i--) {
                    int field = TypeCode.unpacked(fields[i]);
                    if (OpBytes.GC + code == OpBytes.STRUCT_NEW) {
                        pop(field);
                    } else if (!TypeCode.isDefaultable(field)) {
                        throw in.invalid(at, "field " + i + " of type " + type + " has no default value");
                    }
                }
                push(TypeCode.ref(false, type));
            }
            case OpBytes.ARRAY_NEW -> {
                int type = arrayType();
                pop(TypeCode.I32);
                pop(TypeCode.unpacked(types.fields(type)[0]));
                push(TypeCode.ref(false, type));
            }
            case OpBytes.ARRAY_NEW_DEFAULT -> {
                int type = arrayType();
                pop(TypeCode.I32);
                if (!TypeCode.isDefaultable(TypeCode.unpacked(types.fields(type)[0]))) {
                    throw in.invalid(at, "the elements of type " + type + " have no default value");
                }
                push(TypeCode.ref(false, type));
            }
            case OpBytes.ARRAY_NEW_FIXED -> {
                int type = arrayType();
                int count = in.index();
                if (count > Limits.FIXED_ELEMENTS) {
                    throw in.invalid(at, "array.new_fixed of " + count + " elements; at most " + Limits.FIXED_ELEMENTS
                            + " are allowed");
                }
                int element = TypeCode.unpacked(types.fields(type)[0]);
                for (int i = 0; i < count; i++) {
                    pop(element);
                }
                push(TypeCode.ref(false, type));
            }
            case OpBytes.REF_I31 -> {
                pop(TypeCode.I32);
                push(TypeCode.REF | TypeCode.ABSTRACT | TypeCode.I31);
            }
            case OpBytes.ANY_CONVERT_EXTERN -> convert(TypeCode.EXTERN, TypeCode.ANY);
            case OpBytes.EXTERN_CONVERT_ANY -> convert(TypeCode.ANY, TypeCode.EXTERN);
            default -> throw notConstant(code < OpBytes.MISC - OpBytes.GC ? OpBytes.GC + code : -1);
        }
    }

    private int arrayType() {
        int type = typeReader.typeIndex();
        if (!module.types.isArray(type)) {
            throw in.invalid(at, "type " + type + " is not an array type");
        }
        return type;
    }

    private void convert(int from, int to) {
        int operand = pop(TypeCode.ref(true, TypeCode.ABSTRACT | from));
        push(TypeCode.ref(TypeCode.isNullable(operand), TypeCode.ABSTRACT | to));
    }

    private void push(int code) {
        if (height == stack.length) {
            if (height >= Limits.OPERANDS) {
                throw in.invalid(at, "more than " + Limits.OPERANDS + " operands");
            }
            stack = Arrays.copyOf(stack, 2 * height);
        }
        stack[height++] = code;
    }

    private int pop(int expected) {
        int found = height == 0 ? -1 : stack[--height];
        if (found == -1 || !module.types.isSubtype(found, expected)) {
            throw in.invalid(at, "type mismatch: constant expression expects " + ModuleTypes.text(expected) + ", found "
                    + (found == -1 ? "nothing" : ModuleTypes.text(found)));
        }
        return found;
    }
}
