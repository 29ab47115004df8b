package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.HEAP;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.FieldLayout;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/** Structs, arrays and i31 of the GC proposal, the frequent ones, by calls of {@code CompiledHeap} that HotSpot inlines. */
final class HeapObjects {
    /** Of a struct or array.new_fixed: with more operands the interpreter's method is as good. */
    private static final int MAX_OPERANDS = 24;

    private final MethodCode m;
    private final CodeBuilder code;
    private final Operands operands;

    HeapObjects(MethodCode m, Operands operands) {
        this.m = m;
        this.operands = operands;
        code = m.code;
    }

    static boolean is(FuncValidator at) {
        return switch (at.op()) {
            case OpBytes.REF_I31, OpBytes.I31_GET_S, OpBytes.I31_GET_U, OpBytes.ARRAY_LEN, OpBytes.ARRAY_NEW_DEFAULT -> true;
            case OpBytes.STRUCT_GET, OpBytes.STRUCT_GET_S, OpBytes.STRUCT_GET_U, OpBytes.STRUCT_SET ->
                !FieldLayout.isVector(fields(at)[at.b()]);
            case OpBytes.STRUCT_NEW -> {
                int[] fields = fields(at);
                boolean vectors = false;
                for (int field : fields) {
                    vectors |= FieldLayout.isVector(field);
                }
                yield !vectors && fields.length <= MAX_OPERANDS;
            }
            case OpBytes.STRUCT_NEW_DEFAULT -> true;
            case OpBytes.ARRAY_NEW_FIXED -> !FieldLayout.isVector(fields(at)[0]) && at.b() <= MAX_OPERANDS;
            case OpBytes.ARRAY_GET, OpBytes.ARRAY_GET_S, OpBytes.ARRAY_GET_U, OpBytes.ARRAY_SET ->
                !FieldLayout.isVector(fields(at)[0]);
            default -> false;
        };
    }

    private static int[] fields(FuncValidator at) {
        return at.module().types().fields(at.a());
    }

    /** An estimate of its bytecode, with what HotSpot inlines. */
    static int size(FuncValidator at) {
        return switch (at.op()) {
            case OpBytes.STRUCT_NEW -> 40 + 15 * fields(at).length;
            case OpBytes.ARRAY_NEW_FIXED -> 60 + 30 * at.b();
            case OpBytes.ARRAY_NEW_DEFAULT, OpBytes.ARRAY_GET, OpBytes.ARRAY_GET_S, OpBytes.ARRAY_GET_U,
                    OpBytes.ARRAY_SET -> 60;
            default -> 30;
        };
    }

    void emit(int op) {
        m.position();
        FuncValidator at = m.at;
        switch (op) {
            case OpBytes.REF_I31 -> code.invokestatic(HEAP, "newI31", Names.type(OBJECT, I));
            case OpBytes.I31_GET_S -> code.invokestatic(HEAP, "i31S", Names.type(I, OBJECT));
            case OpBytes.I31_GET_U -> code.invokestatic(HEAP, "i31U", Names.type(I, OBJECT));
            case OpBytes.ARRAY_LEN -> code.invokestatic(HEAP, "length", Names.type(I, OBJECT));
            case OpBytes.ARRAY_NEW_DEFAULT -> newArray();
            case OpBytes.ARRAY_NEW_FIXED -> newFixed(fields(at)[0], at.b());
            case OpBytes.ARRAY_GET, OpBytes.ARRAY_GET_S, OpBytes.ARRAY_GET_U -> {
                int element = fields(at)[0];
                code.invokestatic(HEAP, "element" + letter(element) + sign(element, op == OpBytes.ARRAY_GET_U),
                        Names.type(Names.of(TypeCode.unpacked(element)), OBJECT, I));
            }
            case OpBytes.ARRAY_SET -> setElement(fields(at)[0]);
            case OpBytes.STRUCT_NEW_DEFAULT -> newStruct(fields(at));
            case OpBytes.STRUCT_NEW -> {
                int[] fields = fields(at);
                int[] types = new int[fields.length];
                for (int i = 0; i < types.length; i++) {
                    types[i] = TypeCode.unpacked(fields[i]);
                }
                operands.store(types, Operands.FIRST_ARGUMENT);
                newStruct(fields);
                for (int i = 0; i < types.length; i++) {
                    code.dup();
                    operands.load(types[i], Operands.FIRST_ARGUMENT + i);
                    setField(fields, i);
                }
            }
            case OpBytes.STRUCT_SET -> setField(fields(at), at.b());
            default -> {
                int field = fields(at)[at.b()];
                code.loadConstant(FieldLayout.slot(fields(at), at.b()));
                code.invokestatic(HEAP, "get" + letter(field) + sign(field, op == OpBytes.STRUCT_GET_U),
                        Names.type(Names.of(TypeCode.unpacked(field)), OBJECT, I));
            }
        }
    }

    private void newStruct(int[] fields) {
        m.constant(Constant.Kind.TYPE, m.at.a());
        code.loadConstant(FieldLayout.slots(fields, fields.length, false));
        code.loadConstant(FieldLayout.slots(fields, fields.length, true));
        code.invokestatic(HEAP, "newStruct", Names.type(Names.STRUCT, Names.TYPE, I, I));
    }

    /** With the length on the stack. */
    private void newArray() {
        m.constant(Constant.Kind.TYPE, m.at.a());
        code.loadConstant(FieldLayout.elementSizeLog2(fields(m.at)[0]));
        code.invokestatic(HEAP, "newArray", Names.type(OBJECT, I, Names.TYPE, I));
    }

    private void newFixed(int element, int length) {
        int type = TypeCode.unpacked(element);
        for (int i = length - 1; i >= 0; i--) {
            operands.store(type, Operands.FIRST_ARGUMENT + i);
        }
        code.loadConstant(length);
        newArray();
        for (int i = 0; i < length; i++) {
            code.dup().loadConstant(i);
            operands.load(type, Operands.FIRST_ARGUMENT + i);
            setElement(element);
        }
    }

    /** With struct and value on the stack. */
    private void setField(int[] fields, int field) {
        int type = TypeCode.unpacked(fields[field]);
        code.loadConstant(FieldLayout.slot(fields, field));
        code.invokestatic(HEAP, "set" + Names.letter(type), Names.type(V, OBJECT, Names.of(type), I));
    }

    /** With array, index and value on the stack. */
    private void setElement(int element) {
        code.invokestatic(HEAP, "setElement" + letter(element),
                Names.type(V, OBJECT, I, Names.of(TypeCode.unpacked(element))));
    }

    private static String letter(int field) {
        return switch (field & ~TypeCode.MUTABLE) {
            case TypeCode.I8 -> "B";
            case TypeCode.I16 -> "S";
            default -> Names.letter(field & ~TypeCode.MUTABLE);
        };
    }

    private static String sign(int field, boolean unsigned) {
        return unsigned && TypeCode.unpacked(field) != (field & ~TypeCode.MUTABLE) ? "U" : "";
    }
}
