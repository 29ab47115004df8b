package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.OBJECT;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import wasmbpf.wasm.TypeCode;

/** Globals: numbers in an array that never changes, an i32 or f32 sign-extended, references in a field. */
final class Globals {
    private final MethodCode m;
    private final CodeBuilder code;

    Globals(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    void get(int index) {
        int type = m.at.resultType(0);
        if (TypeCode.isRef(type)) {
            m.constant(Constant.Kind.GLOBAL, index);
            code.getfield(Names.GLOBAL, "ref", OBJECT);
        } else if (type != TypeCode.V128 && !m.module.global(index).mutable()) {
            NumberOps.constant(type, m.linkage.globalValue(index), code);
        } else {
            int cell = m.linkage.globalCell(index);
            numbers(index);
            code.loadConstant(cell).laload();
            NumberOps.fromLong(type, code);
            if (type == TypeCode.V128) {
                numbers(index);
                code.loadConstant(cell + 1).laload();
            }
        }
    }

    /** Pushes the array that the number is in: those of the instance's own are in one. */
    private void numbers(int index) {
        m.constant(Constant.Kind.NUMBERS, Math.min(index, m.module.importedGlobalCount()));
    }

    void set(int index) {
        int type = m.module.globalCode(index);
        if (TypeCode.isRef(type)) {
            int value = m.temp(0, TypeKind.REFERENCE);
            code.astore(value);
            m.constant(Constant.Kind.GLOBAL, index);
            code.aload(value).putfield(Names.GLOBAL, "ref", OBJECT);
            return;
        }
        int cell = m.linkage.globalCell(index);
        if (type == TypeCode.V128) {
            put(index, cell + 1);
        }
        NumberOps.toLong(type, code);
        put(index, cell);
    }

    private void put(int index, int cell) {
        numbers(index);
        code.loadConstant(cell).dup2_x2().pop2().lastore();
    }
}
