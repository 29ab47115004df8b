package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.Arrays;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * Sees whether a select chooses the smaller or the larger of two integers. C2 makes a branch of a select whose result a loop
 * carries, and one of {@code Math.min} never; which of two data is smaller is often as good as random. To know it, the class
 * follows which operands are copies of locals or constants.
 */
final class MinMax {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final long U32 = 0xFFFFFFFFL;
    /** Operands above this height are not followed. */
    private static final int DEPTH = 16;

    /** Where the operand at a height comes from: a number for each local's value and each constant, 0 for all else. */
    private final long[] origins = new long[DEPTH];
    /** How often the locals were set, by their numbers; a copy made before is another value. */
    private int[] sets = new int[8];
    private long left;
    private long right;

    /** Locals may have been set where it was not seen. */
    void forget() {
        Arrays.fill(origins, 0);
        left = 0;
        right = 0;
    }

    /** After an instruction; what a block begins or ends with counts as results of its first and last. */
    void note(FuncValidator at) {
        int op = at.op();
        int height = at.height();
        if (op == OpBytes.LOCAL_SET || op == OpBytes.LOCAL_TEE) {
            int local = at.a();
            if (local >= sets.length) {
                sets = Arrays.copyOf(sets, Math.max(local + 1, 2 * sets.length));
            }
            sets[local]++;
        }
        if (NumberOps.isComparison(op)) {
            left = origin(height);
            right = origin(height + 1);
        }
        for (int i = 0; i < at.resultCount() && height + i < DEPTH; i++) {
            origins[height + i] = 0;
        }
        if (height < DEPTH) {
            switch (op) {
                case OpBytes.LOCAL_GET, OpBytes.LOCAL_TEE -> origins[height] = ofLocal(at.a());
                case OpBytes.I32_CONST, OpBytes.I64_CONST -> origins[height] = ofConstant(at.value());
                default -> {
                }
            }
        }
    }

    private long ofLocal(int local) {
        return (long) (local < sets.length ? sets[local] : 0) << 33 | (long) local << 1 | 1;
    }

    /** Of numbers that need no more than 32 bits: others are rarely a limit. */
    private static long ofConstant(long value) {
        return value == (int) value ? (value & U32) + 1 << 1 : 0;
    }

    private long origin(int height) {
        return height < DEPTH ? origins[height] : 0;
    }

    /**
     * For a select after a comparison whose operands are still on the JVM stack: if it chooses one of what was compared, makes
     * the choice without a branch.
     *
     * @param height below the select's operands
     * @param negated whether the comparison is wanted the other way round
     * @return whether it did
     */
    boolean choose(int comparison, boolean negated, int height, CodeBuilder code) {
        long first = origin(height);
        long second = origin(height + 1);
        boolean straight = first == left && second == right;
        if (first == 0 || second == 0 || !straight && !(first == right && second == left)) {
            return false;
        }
        boolean signed = true;
        boolean less = false;
        boolean isLong = false;
        switch (comparison) {
            case OpBytes.I32_LT_S, OpBytes.I32_LE_S -> less = true;
            case OpBytes.I32_GT_S, OpBytes.I32_GE_S -> {
            }
            case OpBytes.I32_LT_U, OpBytes.I32_LE_U -> {
                less = true;
                signed = false;
            }
            case OpBytes.I32_GT_U, OpBytes.I32_GE_U -> signed = false;
            case OpBytes.I64_LT_S, OpBytes.I64_LE_S -> {
                less = true;
                isLong = true;
            }
            case OpBytes.I64_GT_S, OpBytes.I64_GE_S -> isLong = true;
            default -> {
                return false;
            }
        }
        String method = less ^ negated == straight ? "min" : "max";
        if (isLong) {
            code.pop2().pop2().invokestatic(MATH, method, Names.type(J, J, J));
        } else if (signed) {
            code.pop2().invokestatic(MATH, method, Names.type(I, I, I));
        } else {
            code.pop2();
            extend(code);
            code.dup2_x1().pop2();
            extend(code);
            code.invokestatic(MATH, method, Names.type(J, J, J)).l2i();
        }
        return true;
    }

    private static void extend(CodeBuilder code) {
        code.i2l().loadConstant(U32).land();
    }
}
