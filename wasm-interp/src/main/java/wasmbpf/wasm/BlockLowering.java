package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import java.util.ArrayList;
import java.util.List;

/**
 * Where blocks begin and end, those that catch exceptions included. There every value is in its own slot, so that all
 * ways into a label agree.
 */
final class BlockLowering {
    private final Instance instance;
    private final FuncValidator at;
    private final OperandStack stack;
    private final CodeWriter code;
    private final Operands operands;
    private final Labels labels;
    private final BranchLowering branches;
    private final boolean loopHooks;
    /** The clauses of open try_tables: kind, tag, label each. */
    private final List<int[]> openTryTables = new ArrayList<>();
    /** The loop whose frame is asked for, by offset, or -1; and the answer. */
    private int watchedLoop = -1;
    private LoopFrame loopFrame;

    BlockLowering(Instance instance, FuncValidator at, OperandStack stack, CodeWriter code, Operands operands,
            Labels labels, BranchLowering branches) {
        this.instance = instance;
        this.at = at;
        this.stack = stack;
        this.code = code;
        this.operands = operands;
        this.labels = labels;
        this.branches = branches;
        this.loopHooks = instance.options().interruptible() || instance.options().tier() != null;
    }

    /** Starts anew. */
    void begin() {
        openTryTables.clear();
    }

    /** Asks for the frame at a loop, by the offset of its instruction; -1: no more. */
    void watchLoop(int offset) {
        watchedLoop = offset;
        loopFrame = null;
    }

    /** The frame at the watched loop; null if it was not reached. */
    LoopFrame loopFrame() {
        return loopFrame;
    }

    void open(int op) {
        int[] params = at.frameParams(0);
        int[] results = at.frameResults(0);
        int height = at.height();
        if (at.frameDead(0)) {
            labels.open(new LoweredBlock(op, true, height, 0, 0, params, results));
            return;
        }
        int top = height + params.length;
        long comparison = op == OpBytes.IF ? branches.takeComparison(top) : 0;
        operands.settleLocals(height);
        operands.settleRange(height, top);
        int slot = stack.slot(height);
        int elseFixup = -1;
        if (op == OpBytes.IF) {
            elseFixup = branches.emitConditional(comparison, comparison != 0 ? 0 : operands.reg(top), true);
            stack.popTo(top);
        }
        code.forgetProducer();
        LoweredBlock block = new LoweredBlock(op, false, height, slot, code.count(), params, results);
        block.elseFixup = elseFixup;
        labels.open(block);
        labels.setBarrier();
        if (op == OpBytes.LOOP) {
            openLoop();
        } else if (op == OpBytes.TRY_TABLE) {
            stack.popTo(top);
            openTryTable();
        }
        for (int type : results) {
            operands.noteType(type);
        }
    }

    private void openLoop() {
        operands.enterLoop();
        if (at.offset() == watchedLoop) {
            loopFrame = LoweredLoopFrame.of(stack, labels.exceptionSlots());
        }
        if (loopHooks) {
            code.emit(word(LOOP, 0, at.offset()));
            code.emit(instance.cell(at.function()));
        }
    }

    private void openTryTable() {
        int[] clauses = new int[3 * at.catchCount()];
        for (int i = 0; i < at.catchCount(); i++) {
            clauses[3 * i] = at.catchKind(i);
            clauses[3 * i + 1] = at.catchTag(i);
            clauses[3 * i + 2] = at.catchLabel(i);
        }
        openTryTables.add(clauses);
    }

    void orElse() {
        LoweredBlock block = labels.block(0);
        if (block.dead) {
            return;
        }
        endArm(block, true);
        labels.patchHere(block.elseFixup);
        block.elseFixup = -1;
        stack.resetTo(block.height, block.slot);
        operands.pushTemps(block.params);
    }

    /** A catch or catch_all of the legacy proposal. */
    void legacyCatch(int op) {
        LoweredBlock block = labels.block(0);
        if (block.dead) {
            return;
        }
        endArm(block, true);
        if (block.bodyEnd < 0) {
            block.bodyEnd = code.count();
            block.exceptionSlot = block.slot;
            operands.noteRef();
        }
        code.forgetProducer();
        labels.setBarrier();
        int tag = op == OpBytes.CATCH ? at.a() : Lowered.Handler.ANY;
        labels.addHandler(new Lowered.Handler(block.start, block.bodyEnd, labels.depth() - 1, tag, block.slot + 1,
                block.exceptionSlot, code.count()));
        // The exception itself lies below the values it carries, for rethrow.
        stack.resetTo(block.height, block.slot + 1);
        operands.pushResults();
    }

    void delegate() {
        LoweredBlock block = labels.block(0);
        if (!block.dead) {
            endArm(block, false);
            int target = labels.depth() - 2 - at.a();
            labels.addHandler(new Lowered.Handler(block.start, code.count(), labels.depth() - 1,
                    Lowered.Handler.DELEGATE, 0, -1, target));
            goOnAfter(block);
        }
        labels.close();
    }

    void end() {
        LoweredBlock block = labels.block(0);
        if (!block.dead) {
            endArm(block, false);
            labels.setBarrier();
            if (block.isLoop()) {
                operands.leaveLoop();
            }
            if (block.op == OpBytes.TRY_TABLE) {
                endTryTable(block);
            }
            if (block.elseFixup >= 0) {
                labels.patchHere(block.elseFixup);
            }
            if (labels.isFunction(block)) {
                endFunction(block);
            } else {
                goOnAfter(block);
            }
        }
        labels.close();
    }

    /** The values of the arm that ends, into the slots of the results. */
    private void endArm(LoweredBlock block, boolean more) {
        if (at.reachable()) {
            if (labels.isFunction(block)) {
                branches.emitReturn(block.height);
                return;
            }
            operands.emitCopies(block.results, at.height(), block.slot);
            if (more) {
                code.emit(word(BR, 0, 0));
                block.fixups.add(Labels.fixup(code.count() - 1, Labels.IMM));
            }
        }
    }

    private void endTryTable(LoweredBlock block) {
        int[] clauses = openTryTables.removeLast();
        for (int i = 0; i < clauses.length; i += 3) {
            int kind = clauses[i];
            int tag = kind < 2 ? clauses[i + 1] : Lowered.Handler.ANY;
            LoweredBlock target = labels.block(clauses[i + 2] + 1);
            int slot = labels.isFunction(target) ? 0 : target.slot;
            int payload = tag < 0 ? 0 : instance.tags[tag].layout().paramSlots;
            int exceptionSlot = -1;
            if ((kind & 1) != 0) {
                operands.noteRef();
                exceptionSlot = slot + payload;
            }
            stack.needSlots(slot + 1 + payload);
            int handler = labels.addHandler(new Lowered.Handler(block.start, code.count(), labels.depth() - 1, tag,
                    slot, exceptionSlot, 0));
            labels.branchTo(target, Labels.fixup(handler, Labels.HANDLER));
        }
    }

    /** Only handlers go to the function's label: their values are at the slots of the results already. */
    private void endFunction(LoweredBlock block) {
        if (block.fixups.size() > 0) {
            labels.bind(block);
            code.emit(word(RETURN, 0, 0));
        }
    }

    private void goOnAfter(LoweredBlock block) {
        labels.bind(block);
        stack.resetTo(block.height, block.slot);
        operands.pushTemps(block.results);
    }
}
