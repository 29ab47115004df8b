package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.OBJECT;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import wasmbpf.wasm.OpBytes;

/** References: what is null, what is the same, what is of a type. */
final class ReferenceOps {
    private final MethodCode m;
    private final CodeBuilder code;
    private final ControlFlow control;

    ReferenceOps(MethodCode m, ControlFlow control) {
        this.m = m;
        this.control = control;
        code = m.code;
    }

    static boolean is(int op) {
        return switch (op) {
            case OpBytes.REF_NULL, OpBytes.REF_IS_NULL, OpBytes.REF_FUNC, OpBytes.REF_EQ, OpBytes.REF_AS_NON_NULL,
                    OpBytes.BR_ON_NULL, OpBytes.BR_ON_NON_NULL, OpBytes.BR_ON_CAST, OpBytes.BR_ON_CAST_FAIL,
                    OpBytes.REF_TEST, OpBytes.REF_TEST_NULL, OpBytes.REF_CAST, OpBytes.REF_CAST_NULL,
                    OpBytes.ANY_CONVERT_EXTERN, OpBytes.EXTERN_CONVERT_ANY -> true;
            default -> false;
        };
    }

    /** @param h the height below the operands */
    void emit(int op, int h) {
        switch (op) {
            case OpBytes.ANY_CONVERT_EXTERN, OpBytes.EXTERN_CONVERT_ANY -> {
            }
            case OpBytes.REF_NULL -> code.aconst_null();
            case OpBytes.REF_IS_NULL -> {
                Label isNull = code.newLabel();
                Label end = code.newLabel();
                code.ifnull(isNull).iconst_0().goto_(end).labelBinding(isNull).iconst_1().labelBinding(end);
            }
            case OpBytes.REF_FUNC -> m.constant(Constant.Kind.FUNCTION, m.at.a());
            case OpBytes.REF_EQ -> m.support("same", I, OBJECT, OBJECT);
            case OpBytes.REF_AS_NON_NULL -> {
                m.position();
                m.support("nonNull", OBJECT, OBJECT);
            }
            case OpBytes.BR_ON_NULL -> {
                Label skip = code.newLabel();
                code.dup().ifnonnull(skip).pop();
                control.branch(control.block(m.at.a()), h);
                code.labelBinding(skip);
            }
            case OpBytes.BR_ON_NON_NULL -> {
                Label skip = code.newLabel();
                code.dup().ifnull(skip);
                control.branch(control.block(m.at.a()), h);
                code.labelBinding(skip).pop();
            }
            case OpBytes.BR_ON_CAST, OpBytes.BR_ON_CAST_FAIL -> {
                Label skip = code.newLabel();
                code.dup();
                isInstance(m.at.c());
                if (op == OpBytes.BR_ON_CAST) {
                    code.ifeq(skip);
                } else {
                    code.ifne(skip);
                }
                control.branch(control.block(m.at.a()), h);
                code.labelBinding(skip);
            }
            case OpBytes.REF_TEST, OpBytes.REF_TEST_NULL -> isInstance(m.at.a());
            case OpBytes.REF_CAST, OpBytes.REF_CAST_NULL -> {
                m.position();
                m.self();
                code.loadConstant(m.at.a());
                m.support("cast", OBJECT, OBJECT, Names.GUEST_FUNCTION, I);
            }
            default -> throw new IllegalStateException("no reference instruction: " + op);
        }
    }

    private void isInstance(int type) {
        m.self();
        code.loadConstant(type);
        m.support("isInstance", I, OBJECT, Names.GUEST_FUNCTION, I);
    }
}
