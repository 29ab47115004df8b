package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.MethodCode.NONE;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.Map;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/** Comparisons, and what decides by one: its operands stay on the stack until it is known whether a jump makes it. */
final class Conditions {
    /** In {@code pending}: it is wanted the other way round. */
    private static final int NEGATED = 0x10000;

    private final MethodCode m;
    private final CodeBuilder code;
    /** The comparison whose operands are on the stack in place of its result, or none. */
    private int pending = NONE;
    /** The last instruction, and the one before it. */
    private int previousOp;
    private int opBefore;
    /** Comparisons that several selects decide by, by their offsets: those that this method has made. */
    private final Map<Integer, KeptComparison> kept = new HashMap<>();
    private final Steps steps = new Steps();
    private final MinMax minMax = new MinMax();
    private final OperandCosts costs = new OperandCosts();

    Conditions(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    /** Before an instruction: makes a comparison that it does not decide by. */
    void before(int op) {
        if (pending != NONE && !(op == OpBytes.BR_IF || op == OpBytes.IF || op == OpBytes.I32_EQZ
                || (op == OpBytes.SELECT || op == OpBytes.SELECT_T))) {
            materialize();
        }
    }

    void after(int op) {
        opBefore = previousOp;
        previousOp = op;
        steps.note(m.at);
        minMax.note(m.at);
        costs.note(m.at);
    }

    /** Another method has done what comes next in the function. */
    void forgetOperands() {
        minMax.forget();
        steps.forget();
        previousOp = OpBytes.NOP;
        opBefore = OpBytes.NOP;
    }

    void compare(int op) {
        if (op == OpBytes.I32_EQZ && pending != NONE) {
            pending ^= NEGATED;
        } else if (m.facts.selects.isShared(m.at.offset())) {
            KeptComparison comparison = new KeptComparison(m, op, m.facts.selects.inRow(m.at.offset()));
            comparison.number();
            kept.put(m.at.offset(), comparison);
        } else {
            pending = op;
        }
    }

    /** Makes the result of a comparison whose operands are still on the stack. */
    void materialize() {
        if (pending == NONE) {
            return;
        }
        Label yes = code.newLabel();
        Label end = code.newLabel();
        NumberOps.branch(pending & 0xFFFF, pending < NEGATED, yes, code);
        code.iconst_0().goto_(end).labelBinding(yes).iconst_1().labelBinding(end);
        pending = NONE;
    }

    /** Jumps if the i32 on top, which may be a pending comparison, is not zero, or if it is. */
    void branchIf(boolean wanted, Label target) {
        if (pending == NONE) {
            code.branch(wanted ? Opcode.IFNE : Opcode.IFEQ, target);
        } else {
            NumberOps.branch(pending & 0xFFFF, wanted == pending < NEGATED, target, code);
            pending = NONE;
        }
    }

    /**
     * Jumps back to the head of a loop that counts in steps up or down to its limit: while it is below, and by a second jump,
     * which hardly any program takes, where the limit is passed by.
     *
     * @return whether it is such a loop; else nothing was done
     */
    boolean branchWhileCounting(Label head) {
        int first = pending == OpBytes.I32_NE ? steps.ofFirst() : pending == NONE ? steps.ofTop() : 0;
        int step = first != 0 || pending == NONE ? first : pending == OpBytes.I32_NE ? steps.ofSecond() : 0;
        if (step >= -1 && step <= 1) {
            return false;
        }
        int counter = m.temp(2, TypeKind.INT);
        Opcode below = step > 0 ? Opcode.IFLT : Opcode.IFGT;
        if (pending == NONE) {
            code.istore(counter).iload(counter).branch(below, head).iload(counter).ifne(head);
            return true;
        }
        pending = NONE;
        int limit = m.temp(3, TypeKind.INT);
        if (first != 0) {
            code.istore(limit).istore(counter);
        } else {
            code.istore(counter).istore(limit);
        }
        code.iload(counter).iload(limit).branch(step > 0 ? Opcode.IF_ICMPLT : Opcode.IF_ICMPGT, head);
        code.iload(counter).iload(limit).if_icmpne(head);
        return true;
    }

    /** The branch back of a loop whose iterations are counted: by a local and its limit, or a local alone. */
    void branchCounting(Block loop) {
        int first = m.temp(2, TypeKind.INT);
        int second = m.temp(3, TypeKind.INT);
        boolean alone = pending == NONE;
        pending = NONE;
        if (!alone) {
            code.istore(second);
        }
        code.istore(first);
        loop.iterations.branch(loop.label, code, equal -> {
            code.iload(first);
            if (alone) {
                code.ifeq(equal);
            } else {
                code.iload(second).if_icmpeq(equal);
            }
        });
    }

    /**
     * Whether {@link #branchIf} would jump by a number, most often 0 or 1 of a comparison made before, or by a comparison in
     * two steps. Where a branch goes back HotSpot stops the thread if it must, and then wants what the branch pops from the JVM
     * stack: that number would be computed for that alone.
     */
    boolean jumpsByNumber() {
        return pending != NONE ? NumberOps.isThreeWay(pending & 0xFFFF) : steps.ofTop() == 0;
    }

    // Select

    /** Of numbers or references. */
    void select(int type) {
        boolean integers = type == TypeCode.I32 || type == TypeCode.I64;
        boolean movable = costs.allowMove(m.at.height());
        KeptComparison decisive = kept.get(m.facts.selects.decisive(m.at.offset()));
        if (!TypeCode.isRef(type) && isBitTest() && !(integers && movable && !m.facts.selects.isCompared(m.at.offset()))) {
            selectByMask(type);
        } else if (decisive != null) {
            decisive.select(type, integers && !movable, m);
        } else if (pending != NONE && minMax.choose(pending & 0xFFFF, pending >= NEGATED, m.at.height(), code)) {
            pending = NONE;
        } else {
            Label first = code.newLabel();
            branchIf(true, first);
            choose(type, first, code);
        }
    }

    /** Of two values on the JVM stack leaves the second, or the first if control comes by a label. */
    static void choose(int type, Label first, CodeBuilder code) {
        if (Names.kind(type).slotSize() == 2) {
            code.dup2_x2().pop2().labelBinding(first).pop2();
        } else {
            code.swap().labelBinding(first).pop();
        }
    }

    /** Whether the condition is a test of bits, {@code x & m} or its negation. */
    private boolean isBitTest() {
        return pending == NONE ? previousOp == OpBytes.I32_AND
                : pending == OpBytes.I32_EQZ && previousOp == OpBytes.I32_EQZ && opBefore == OpBytes.I32_AND;
    }

    /**
     * Without a branch: bits of data are as good as random, and C2 makes a conditional move of a diamond only where {@link
     * OperandCosts} says so and its result is not compared. Comparisons are left to it, as most can be predicted, but {@link
     * MinMax}'s and those that several selects share, of which it would make one branch ({@link KeptComparison}).
     */
    private void selectByMask(int type) {
        boolean second = pending != NONE;
        pending = NONE;
        int mask = m.temp(41, TypeKind.INT);
        TypeKind kind = Names.kind(type);
        int a = m.temp(42, kind);
        int b = m.temp(43, kind);
        // All ones if any bit is set.
        int tested = steps.constant(second ? 3 : 2);
        int bit = Integer.numberOfTrailingZeros(tested);
        if (tested == 1) {
            code.ineg();
        } else if (Integer.bitCount(tested) == 1) {
            code.loadConstant(Integer.SIZE - 1 - bit).ishl().loadConstant(Integer.SIZE - 1).ishr();
        } else {
            code.dup().ineg().ior().loadConstant(Integer.SIZE - 1).ishr();
        }
        code.istore(mask);
        code.storeLocal(kind, b).storeLocal(kind, a);
        loadBits(type, a);
        loadBits(type, b);
        boolean wide = kind.slotSize() == 2;
        if (wide) {
            code.lxor().iload(mask).i2l().land();
        } else {
            code.ixor().iload(mask).iand();
        }
        loadBits(type, second ? a : b);
        if (wide) {
            code.lxor();
        } else {
            code.ixor();
        }
        switch (type) {
            case TypeCode.F32 -> NumberOps.emit(OpBytes.F32_REINTERPRET_I32, code);
            case TypeCode.F64 -> NumberOps.emit(OpBytes.F64_REINTERPRET_I64, code);
            default -> {
            }
        }
    }

    private void loadBits(int type, int local) {
        code.loadLocal(Names.kind(type), local);
        switch (type) {
            case TypeCode.F32 -> NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
            case TypeCode.F64 -> NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
            default -> {
            }
        }
    }
}
