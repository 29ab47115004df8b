package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/**
 * A comparison of integers whose operands are kept in JVM locals, so that each of several selects can compare anew. Of selects by a
 * number that the comparison makes in a diamond of its own C2 makes one branch, whatever its profile says.
 */
final class KeptComparison {
    private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
    private static final ClassDesc LONG = ConstantDescs.CD_Long;
    /** The first of the numbers by which {@link MethodCode#temp} knows them. */
    private static final int KEPT = 1_000_000;
    private static final long U32 = 0xFFFFFFFFL;

    private final CodeBuilder code;
    private final int op;
    private final TypeKind kind;
    /** JVM locals; of a comparison with zero only the first. */
    private final int first;
    private final int second;

    /**
     * Takes the operands from the JVM stack.
     *
     * @param i how many are kept already
     */
    KeptComparison(MethodCode m, int op, int i) {
        code = m.code;
        this.op = op;
        kind = op < OpBytes.I64_EQZ ? TypeKind.INT : TypeKind.LONG;
        first = m.temp(KEPT + 2 * i, kind);
        second = withZero() ? MethodCode.NONE : m.temp(KEPT + 2 * i + 1, kind);
        if (!withZero()) {
            code.storeLocal(kind, second);
        }
        code.storeLocal(kind, first);
    }

    static boolean is(int op) {
        return op >= OpBytes.I32_EQZ && op <= OpBytes.I64_GE_U;
    }

    private boolean withZero() {
        return op == OpBytes.I32_EQZ || op == OpBytes.I64_EQZ;
    }

    /**
     * A select by it, what it chooses from and the comparison's result being on the JVM stack.
     *
     * @param mask whether C2 would make a branch of it all the same
     */
    void select(int type, boolean mask, MethodCode m) {
        if (mask) {
            byMask(type, m);
            return;
        }
        Label holds = code.newLabel();
        code.pop();
        load(false);
        NumberOps.branch(op, true, holds, code);
        Conditions.choose(type, holds, code);
    }

    private void byMask(int type, MethodCode m) {
        TypeKind selected = Names.kind(type);
        int b = m.temp(42, selected);
        code.ineg();
        if (type == TypeCode.I32) {
            int mask = m.temp(41, TypeKind.INT);
            code.istore(mask).istore(b).iload(b).ixor().iload(mask).iand().iload(b).ixor();
        } else {
            int mask = m.temp(41, TypeKind.LONG);
            code.i2l().lstore(mask).lstore(b).lload(b).lxor().lload(mask).land().lload(b).lxor();
        }
    }

    /** Pushes its result, 0 or 1, made without a branch. */
    void number() {
        switch (op) {
            case OpBytes.I32_EQZ, OpBytes.I64_EQZ, OpBytes.I32_EQ, OpBytes.I64_EQ -> equal();
            case OpBytes.I32_NE, OpBytes.I64_NE -> {
                equal();
                not();
            }
            case OpBytes.I32_LT_S, OpBytes.I32_LT_U, OpBytes.I64_LT_S, OpBytes.I64_LT_U -> less(false);
            case OpBytes.I32_GT_S, OpBytes.I32_GT_U, OpBytes.I64_GT_S, OpBytes.I64_GT_U -> less(true);
            case OpBytes.I32_GE_S, OpBytes.I32_GE_U, OpBytes.I64_GE_S, OpBytes.I64_GE_U -> {
                less(false);
                not();
            }
            default -> {
                less(true);
                not();
            }
        }
    }

    private void load(boolean swapped) {
        code.loadLocal(kind, swapped ? second : first);
        if (!withZero()) {
            code.loadLocal(kind, swapped ? first : second);
        }
    }

    private void not() {
        code.iconst_1().ixor();
    }

    private void equal() {
        load(false);
        if (kind == TypeKind.INT) {
            if (!withZero()) {
                code.ixor();
            }
            code.invokestatic(INTEGER, "numberOfLeadingZeros", Names.type(I, I)).iconst_5().iushr();
        } else {
            if (!withZero()) {
                code.lxor();
            }
            code.invokestatic(LONG, "numberOfLeadingZeros", Names.type(I, J)).bipush(6).iushr();
        }
    }

    /** Whether the first is less than the second, or the second than the first. */
    private void less(boolean swapped) {
        boolean signed = isSigned();
        if (kind == TypeKind.LONG) {
            load(swapped);
            code.invokestatic(Names.NUMERICS, signed ? "less" : "lessUnsigned", Names.type(I, J, J));
            return;
        }
        extend(swapped ? second : first, signed);
        extend(swapped ? first : second, signed);
        code.lsub().bipush(Long.SIZE - 1).lushr().l2i();
    }

    private boolean isSigned() {
        return switch (op) {
            case OpBytes.I32_LT_U, OpBytes.I32_GT_U, OpBytes.I32_LE_U, OpBytes.I32_GE_U, OpBytes.I64_LT_U, OpBytes.I64_GT_U,
                    OpBytes.I64_LE_U, OpBytes.I64_GE_U -> false;
            default -> true;
        };
    }

    private void extend(int local, boolean signed) {
        code.iload(local).i2l();
        if (!signed) {
            code.loadConstant(U32).land();
        }
    }
}
