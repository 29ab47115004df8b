package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.function.Consumer;

/** Counts the iterations of a loop with a {@link Strides.Stride} up from 0 in steps of one, beside what the guest counts. */
final class Iterations {
    /** JVM locals: how many have ended, and of how many it is known that they do not end the loop. */
    private final int done;
    private final int known;
    private final int branch;

    private Iterations(MethodCode m, Strides.Stride stride, Locals locals) {
        CodeBuilder code = m.code;
        branch = stride.branch();
        done = m.allocate(TypeKind.INT);
        known = m.allocate(TypeKind.INT);
        if (stride.limit().local() < 0) {
            code.loadConstant(stride.limit().constant());
        } else {
            locals.get(stride.limit().local());
        }
        locals.get(stride.local());
        // Where the local passes the limit by, or has it behind, this is too few, or negative.
        code.isub();
        divide(code, stride.step());
        code.istore(known).iconst_0().istore(done);
    }

    /** Before the loop's head; null: its iterations are not counted, as those of short loops that count down. */
    static Iterations begin(MethodCode m, int loop, Locals locals) {
        Strides.Stride stride = m.facts.strides.of(loop);
        if (stride == null || stride.step() == -1 && !m.facts.loops.isWhole(loop)) {
            return null;
        }
        // Where the method begins in it, control comes to its head in another way.
        boolean entered = m.entryLoop >= 0 && m.facts.aroundLoop.containsKey(loop);
        return entered ? null : new Iterations(m, stride, locals);
    }

    private static void divide(CodeBuilder code, int step) {
        int magnitude = Math.abs(step);
        if (Integer.bitCount(magnitude) != 1) {
            code.loadConstant(step).idiv();
            return;
        }
        if (step < 0) {
            code.ineg();
        }
        if (magnitude != 1) {
            code.loadConstant(Integer.numberOfTrailingZeros(magnitude)).ishr();
        }
    }

    /** Whether the instruction at an offset is the branch back. */
    boolean endAt(int offset) {
        return offset == branch;
    }

    /**
     * The branch back.
     *
     * @param equal jumps to a label if the local and its limit are equal
     */
    void branch(Label head, CodeBuilder code, Consumer<Label> equal) {
        code.iinc(done, 1).iload(done).iload(known).if_icmplt(head);
        Label end = code.newLabel();
        equal.accept(end);
        // Hardly any program: from here on each is compared, as the count may overflow.
        code.iconst_0().istore(known).iconst_0().istore(done).goto_(head).labelBinding(end);
    }
}
