package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.MethodCode.NONE;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.wasm.LoopFrame;
import wasmbpf.wasm.TypeCode;

/**
 * Where a method begins that takes over a loop from the interpreter. It jumps to the end of its code, takes from the
 * interpreter's frame what the loop expects in JVM locals and on the stack, and goes to the loop's head. Nothing is generated
 * of what lies before the outermost loop around: control cannot come there again.
 */
final class LoopEntry {
    /** What a {@code catch} around has caught: its number among the blocks, and the JVM local. */
    private record Caught(int block, int local) {
    }

    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final Operands operands;
    private final LoopFrame from;
    /** The head, and what is to be done before control goes there. */
    private final Label head;
    private final Label prologue;
    private final List<Caught> caught = new ArrayList<>();
    private int[] spillLocals;
    private int[] types;

    LoopEntry(MethodCode m, GuestFrame frame, Operands operands) {
        this.m = m;
        this.frame = frame;
        this.operands = operands;
        code = m.code;
        from = m.loopFrame;
        head = m.entryLoop < 0 ? null : code.newLabel();
        prologue = m.entryLoop < 0 ? null : code.newLabel();
    }

    /** Whether the method begins in a loop, and the walk has not come to the outermost one around it. */
    boolean isAhead() {
        return m.entryLoop >= 0 && !m.live && types == null && m.facts.aroundLoop.containsKey(m.at.offset());
    }

    /** Whether the loop lies in the block's arm of this kind. */
    boolean isIn(Block block, int op) {
        return m.entryLoop >= 0 && m.facts.aroundLoop.getOrDefault(block.offset, NONE) == op;
    }

    void begin() {
        code.goto_(prologue);
    }

    /** The label of a block that opens. */
    Label label() {
        return m.at.offset() == m.entryLoop ? head : code.newLabel();
    }

    /** At the head, everything below the loop being spilled. */
    void here(Block loop) {
        if (m.at.offset() != m.entryLoop) {
            return;
        }
        int[] params = loop.params;
        types = new int[loop.height + params.length];
        for (int i = 0; i < loop.height; i++) {
            types[i] = m.at.type(i);
        }
        System.arraycopy(params, 0, types, loop.height, params.length);
        spillLocals = operands.spillLocals(loop.height);
    }

    /** At the call of a region, which may begin with that loop: then there are no operands. */
    void here(Region region) {
        if (region.start == m.entryLoop) {
            types = new int[0];
            spillLocals = types;
            code.labelBinding(head);
        }
    }

    /** A {@code catch} around the loop has what it caught in a local. */
    void caught(int block, int local) {
        caught.add(new Caught(block, local));
    }

    /** Behind all other code. */
    void finish() {
        if (m.entryLoop < 0) {
            return;
        }
        code.labelBinding(prologue);
        for (Caught exception : caught) {
            frame.loadReference(from.exceptionSlot(exception.block));
            code.checkcast(Names.EXCEPTION).astore(exception.local);
        }
        for (int i = 0; i < types.length; i++) {
            if (from.slot(i) >= 0) {
                frame.load(types[i], from.slot(i));
            } else {
                NumberOps.constant(types[i], from.constant(i), code);
            }
            if (i < spillLocals.length) {
                if (types[i] == TypeCode.V128) {
                    code.lstore(spillLocals[i] + 2);
                }
                code.storeLocal(Names.kind(types[i]), spillLocals[i]);
            }
        }
        code.goto_(head);
    }
}
