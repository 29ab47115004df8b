package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/** Blocks with handlers, of both generations, and what throws. A handler finds an empty JVM stack. */
final class ExceptionBlocks {
    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final MemoryAccess memory;
    private final Operands operands;
    private final ControlFlow control;
    private final LoopEntry entry;
    /** Where a delegate goes to that leaves the function; null: none does. */
    private Label rethrow;

    ExceptionBlocks(MethodCode m, GuestFrame frame, MemoryAccess memory, Operands operands, ControlFlow control,
            LoopEntry entry) {
        this.m = m;
        this.frame = frame;
        this.memory = memory;
        this.operands = operands;
        this.control = control;
        this.entry = entry;
        code = m.code;
    }

    // Blocks

    void open(int op) {
        // Ahead of a loop in its body that the method begins with, its range begins here all the same.
        boolean entered = m.live || entry.isAhead() && m.facts.aroundLoop.get(m.at.offset()) == op;
        Block block = control.newBlock(op, entered);
        control.spillBelow(block);
        block.handler = code.newLabel();
        if (op == OpBytes.TRY_TABLE) {
            block.clauses = new int[3 * m.at.catchCount()];
            for (int i = 0; i < m.at.catchCount(); i++) {
                block.clauses[3 * i] = m.at.catchKind(i);
                block.clauses[3 * i + 1] = m.at.catchTag(i);
                block.clauses[3 * i + 2] = m.at.catchLabel(i);
            }
        }
        block.tryStart = code.newLabel();
        if (entered) {
            code.labelBinding(block.tryStart).nop();
        }
        control.add(block);
    }

    /** The end of a block that began as a try. */
    void end(Block block) {
        // Without a catch: only a delegate can come to its handler.
        boolean bare = block.op == OpBytes.TRY && block.delegated;
        boolean handlers = block.entered && (block.op == OpBytes.TRY_TABLE || block.nextCatch != null || bare);
        control.endArm(block, handlers);
        if (bare) {
            code.labelBinding(block.handler).athrow();
            m.live = false;
        }
        if (block.op == OpBytes.TRY_TABLE && block.entered) {
            block.tryEnd = code.newBoundLabel();
            m.live = false;
            tryTableHandler(block);
        } else if (block.nextCatch != null) {
            code.labelBinding(block.nextCatch).aload(block.exception).athrow();
            m.live = false;
        }
        control.close(block);
    }

    private void tryTableHandler(Block block) {
        code.exceptionCatch(block.tryStart, block.tryEnd, block.handler, Names.EXCEPTION);
        code.labelBinding(block.handler);
        int exception = m.allocate(TypeKind.REFERENCE);
        code.astore(exception);
        resume();
        int[] clauses = block.clauses;
        boolean caught = false;
        operands.spilled = block.spilledInside;
        for (int i = 0; i < clauses.length && !caught; i += 3) {
            int kind = clauses[i];
            Label next = code.newLabel();
            if (kind < 2) {
                checkTag(clauses[i + 1], exception, next);
                caught(exception);
                payload(clauses[i + 1], exception);
            } else {
                caught = true;
                caught(exception);
            }
            if ((kind & 1) != 0) {
                code.aload(exception);
            }
            // Everything below the try block has been spilled, so there is nothing else on the JVM stack.
            control.branch(control.block(clauses[i + 2] + 1), block.spilledInside);
            if (!caught) {
                code.labelBinding(next);
            }
        }
        if (!caught) {
            code.aload(exception).athrow();
        }
    }

    void legacyCatch(int op) {
        Block block = control.block(0);
        control.endArm(block, true);
        m.live = false;
        block.op = op;
        if (block.exception < 0) {
            block.exception = m.allocate(TypeKind.REFERENCE);
            if (entry.isIn(block, OpBytes.CATCH) || entry.isIn(block, OpBytes.CATCH_ALL)) {
                entry.caught(control.blocks().size() - 1, block.exception);
            }
        }
        operands.spilled = block.spilledInside;
        if (!block.entered) {
            return;
        }
        if (block.tryEnd == null) {
            block.tryEnd = code.newBoundLabel();
            code.exceptionCatch(block.tryStart, block.tryEnd, block.handler, Names.EXCEPTION);
            code.labelBinding(block.handler).astore(block.exception);
            resume();
        } else if (block.nextCatch != null) {
            code.labelBinding(block.nextCatch);
        }
        block.nextCatch = null;
        if (op == OpBytes.CATCH) {
            block.nextCatch = code.newLabel();
            checkTag(m.at.a(), block.exception, block.nextCatch);
            caught(block.exception);
            payload(m.at.a(), block.exception);
        } else {
            caught(block.exception);
        }
        m.live = true;
    }

    void delegate() {
        Block block = control.block(0);
        control.endArm(block, false);
        if (block.entered) {
            block.tryEnd = code.newBoundLabel();
            Label to = null;
            for (int i = m.at.a() + 1; i < control.blocks().size() && to == null; i++) {
                Block outer = control.block(i);
                if (outer.inTryBody() && outer.entered) {
                    to = outer.handler;
                    outer.delegated = true;
                }
            }
            if (to == null) {
                if (rethrow == null) {
                    rethrow = code.newLabel();
                }
                to = rethrow;
            }
            code.exceptionCatch(block.tryStart, block.tryEnd, to, Names.EXCEPTION);
        }
        control.close(block);
    }

    /** Behind the whole body. */
    void finish() {
        if (rethrow != null) {
            code.labelBinding(rethrow).athrow();
        }
    }

    private void resume() {
        frame.resume();
        memory.loadLimit();
    }

    /** One that a region's method has noted its place in goes no further. */
    private void caught(int exception) {
        if (m.whole != null) {
            code.aload(exception);
            m.support("caught", V, Names.EXCEPTION);
        }
    }

    private void checkTag(int tag, int exception, Label other) {
        code.aload(exception).getfield(Names.EXCEPTION, "tag", Names.TAG);
        m.constant(Constant.Kind.TAG, tag);
        code.if_acmpne(other);
    }

    /** Pushes the values of what is caught. */
    private void payload(int tag, int exception) {
        int slot = 0;
        for (int type : m.types.params(m.module.tagTypeIndex(tag))) {
            code.aload(exception).loadConstant(slot);
            if (type == TypeCode.V128) {
                m.support("payloadJ", J, Names.EXCEPTION, I);
                code.aload(exception).loadConstant(slot + 1);
                m.support("payloadJ", J, Names.EXCEPTION, I);
            } else {
                m.support("payload" + Names.letter(type), Names.of(type), Names.EXCEPTION, I);
            }
            slot += Names.slots(type);
        }
    }

    // Instructions

    void throwTag(int tag) {
        m.position();
        frame.store(m.types.params(m.module.tagTypeIndex(tag)), 0);
        m.constant(Constant.Kind.TAG, tag);
        code.aload(m.stackLocal);
        frame.address();
        m.support("exception", Names.EXCEPTION, Names.TAG, STACK, J);
        code.athrow();
        m.live = false;
    }

    void throwRef() {
        m.position();
        m.support("throwable", Names.EXCEPTION, OBJECT);
        code.athrow();
        m.live = false;
    }

    void rethrow(int label) {
        m.position();
        code.aload(control.block(label).exception).checkcast(Names.EXCEPTION).athrow();
        m.live = false;
    }
}
