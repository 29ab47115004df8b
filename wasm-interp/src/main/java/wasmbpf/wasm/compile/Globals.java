package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/** Globals: numbers at an address that never changes, an i32 or f32 sign-extended, references in a field. */
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
            return;
        }
        long address = m.linkage.globalAddress(index);
        switch (type) {
            case TypeCode.I32 -> get(address, "getInt", I);
            case TypeCode.F32 -> get(address, "getFloat", F);
            case TypeCode.F64 -> get(address, "getDouble", D);
            default -> get(address, "getLong", J);
        }
        if (type == TypeCode.V128) {
            get(address + 8, "getLong", J);
        }
    }

    private void get(long address, String method, ClassDesc type) {
        boolean inline = m.movesInline();
        if (inline) {
            m.batch.unsafe(code);
        }
        code.loadConstant(address);
        if (!inline) {
            code.lconst_0().iconst_0();
        }
        m.get(inline, method, type);
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
        long address = m.linkage.globalAddress(index);
        switch (type) {
            case TypeCode.I32 -> code.i2l();
            case TypeCode.F32 -> {
                NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                code.i2l();
            }
            case TypeCode.F64 -> NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
            case TypeCode.V128 -> putLong(address + 8);
            default -> {
            }
        }
        putLong(address);
    }

    private void putLong(long address) {
        if (!m.movesInline()) {
            code.loadConstant(address).lconst_0().iconst_0();
            m.put(false, "putLong", J);
            return;
        }
        int value = m.temp(0, TypeKind.LONG);
        code.lstore(value);
        m.batch.unsafe(code);
        code.loadConstant(address).lload(value);
        m.put(true, "putLong", J);
    }
}
