package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.wasm.OpBytes;

/** Blocks that are open, and branches out of them. */
final class ControlFlow {
    /** From so many ways of a br_table in a loop on, it is taken for an interpreter's. */
    private static final int ARMS = 6;
    /** Bytecode of a function, by estimate, up to which compiling it once more for a loop costs little. */
    private static final int SMALL = 1_500;

    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final Locals locals;
    private final Operands operands;
    private final Conditions conditions;
    private final List<Block> blocks = new ArrayList<>();
    private final LoopEntry entry;
    /** In the method of a region: where tail calls leave it; null: there is none. */
    private Label tailExit;
    /** Whether a loop has ended before. */
    private boolean afterLoop;

    ControlFlow(MethodCode m, GuestFrame frame, Locals locals, Operands operands, Conditions conditions,
            LoopEntry entry) {
        this.m = m;
        this.frame = frame;
        this.locals = locals;
        this.operands = operands;
        this.conditions = conditions;
        this.entry = entry;
        code = m.code;
    }

    // Blocks that are open

    /** Outermost first; in the method of a region stand-ins for those around it. */
    List<Block> blocks() {
        return blocks;
    }

    /** So many, outermost first: a view. */
    List<Block> innermost(int count) {
        return blocks.subList(blocks.size() - count, blocks.size());
    }

    void add(Block block) {
        blocks.add(block);
    }

    Block block(int label) {
        return blocks.get(blocks.size() - 1 - label);
    }

    /** Whether a branch to the block is a return from this method. */
    boolean isFunction(Block block) {
        return m.region == null && block == blocks.get(0);
    }

    /** The method begins: at its start, or in the loop where it is entered. */
    void begin() {
        blocks.add(Block.ofFunction(m.at.frameResults(0), code.newLabel()));
        m.live = m.entryLoop < 0;
        if (!m.live) {
            entry.begin();
        }
    }

    /** A block as the validator has it; the label of a loop is bound where it begins. */
    Block newBlock(int op, boolean entered) {
        Block block = new Block(op, m.at.height(), m.at.frameParams(0), m.at.frameResults(0), entered, operands.spilled,
                entry.label());
        block.offset = m.at.offset();
        return block;
    }

    void open(int op) {
        Block block = newBlock(op, m.live);
        switch (op) {
            case OpBytes.IF -> {
                block.otherwise = code.newLabel();
                if (m.live) {
                    conditions.branchIf(false, block.otherwise);
                }
            }
            case OpBytes.LOOP -> {
                boolean outermost = entry.isAhead();
                spillBelow(block);
                m.live |= outermost;
                entry.here(block);
                if (m.live) {
                    if (afterLoop && m.whole == null && m.facts.bytecodeSize <= SMALL) {
                        seen();
                    }
                    block.iterations = Iterations.begin(m, block.offset, locals);
                    code.labelBinding(block.label);
                    if (m.linkage.interruptible()) {
                        m.position();
                        m.poll();
                    }
                    if (m.facts.loops.isWhole(block.offset)) {
                        // A first block that does not end with the loop's exit.
                        Label body = code.newLabel();
                        code.goto_(body).labelBinding(body);
                    }
                }
                m.checksHere = m.facts.loops.checksInline(block.offset);
            }
            default -> {
            }
        }
        blocks.add(block);
    }

    /**
     * A switch of which all ways lead to what follows. HotSpot compiles a function while its first long loop runs, and then what it
     * has never seen run with it, where it inlines nothing, not even checks of accesses. The ways of a switch that it has not seen it
     * leaves out: it comes back when the loop has run. How many calls may still nest is never negative.
     */
    private void seen() {
        Label next = code.newLabel();
        code.iload(m.remainingLocal);
        code.tableswitch(-2, -1, next, List.of(SwitchCase.of(-2, next), SwitchCase.of(-1, next))).labelBinding(next);
    }

    /** A block that wants nothing but its parameters on the JVM stack. */
    void spillBelow(Block block) {
        if (m.live) {
            operands.spill(block.height, block.params);
        } else if (entry.isAhead()) {
            operands.haveSpilled(block.height);
        }
        block.spilledInside = operands.spilled;
    }

    /** The values of the arm that ends go to the block's end. */
    void endArm(Block block, boolean jump) {
        if (m.live) {
            operands.move(block.results, m.at.height(), block.height, block.spilledOutside);
            if (jump) {
                block.used = true;
                code.goto_(block.label);
            }
        }
    }

    void orElse() {
        Block block = block(0);
        endArm(block, true);
        block.op = OpBytes.ELSE;
        operands.spilled = block.spilledInside;
        m.live = block.entered;
        if (m.live) {
            code.labelBinding(block.otherwise);
        }
        block.otherwise = null;
    }

    /** Of any block but a try. */
    void end() {
        Block block = block(0);
        if (isFunction(block)) {
            if (m.live) {
                emitReturn();
            }
            m.live = false;
            blocks.removeLast();
            return;
        }
        endArm(block, false);
        if (block.otherwise != null && block.entered) {
            // No else: the parameters are the results, where they are.
            if (operands.spilled != block.spilledOutside) {
                throw new IllegalStateException("spills in an if");
            }
            code.labelBinding(block.otherwise);
            m.live = true;
        }
        close(block);
    }

    /** Behind the block, the results being where they belong. */
    void close(Block block) {
        operands.spilled = block.spilledOutside;
        if (!block.isLoop() && block.used) {
            code.labelBinding(block.label);
            m.live = true;
            if (block.arm) {
                locals.beginArm();
            }
        }
        m.checksHere &= !block.isLoop();
        afterLoop |= block.isLoop();
        blocks.removeLast();
    }

    // Branches, with h operands below those that they carry

    void branch(Block target, int h) {
        if (isFunction(target)) {
            emitReturn();
            return;
        }
        operands.move(target.labelTypes(), h, target.height, target.labelSpilled());
        target.used = true;
        code.goto_(target.label);
    }

    void always(Block target, int h) {
        branch(target, h);
        m.live = false;
    }

    void returns(int h) {
        always(blocks.get(0), h);
    }

    void conditional(Block target, int h) {
        if (target.iterations != null && target.iterations.endAt(m.at.offset()) && !operands.needsMoves(target, h)) {
            target.used = true;
            conditions.branchCounting(target);
            return;
        }
        boolean byGoto = target.isLoop() && conditions.jumpsByNumber();
        if (!isFunction(target) && !byGoto && !operands.needsMoves(target, h)) {
            target.used = true;
            if (!target.isLoop() || m.facts.strides.isWithoutMemory(target.offset)
                    || !conditions.branchWhileCounting(target.label)) {
                conditions.branchIf(true, target.label);
            }
            return;
        }
        Label skip = code.newLabel();
        conditions.branchIf(false, skip);
        branch(target, h);
        code.labelBinding(skip);
    }

    void table(int h) {
        int last = m.at.labelCount() - 1;
        if (last >= ARMS && blocks.stream().anyMatch(Block::isLoop)) {
            for (int i = 0; i <= last; i++) {
                block(m.at.label(i)).arm = true;
            }
        }
        Map<Block, Label> far = new LinkedHashMap<>();
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            cases.add(SwitchCase.of(i, switchTarget(block(m.at.label(i)), h, far)));
        }
        Label byDefault = switchTarget(block(m.at.label(last)), h, far);
        if (cases.isEmpty()) {
            code.pop().goto_(byDefault);
        } else {
            code.tableswitch(0, last - 1, byDefault, cases);
        }
        far.forEach((block, label) -> {
            code.labelBinding(label);
            branch(block, h);
        });
        m.live = false;
    }

    private Label switchTarget(Block block, int h, Map<Block, Label> far) {
        if (!isFunction(block) && !operands.needsMoves(block, h)) {
            block.used = true;
            return block.label;
        }
        return far.computeIfAbsent(block, b -> code.newLabel());
    }

    // Leaving the function

    /** Returns with the results on top of the stack. */
    private void emitReturn() {
        int[] results = blocks.get(0).results;
        if (m.resultsInMemory) {
            frame.store(results, 0);
            frame.leave();
            code.return_();
            return;
        }
        frame.leave();
        if (results.length == 0) {
            code.return_();
        } else {
            code.return_(Names.kind(results[0]));
        }
    }

    /** With the callee in {@code GuestStack.next}. */
    void leaveForTailCall() {
        if (m.region == null) {
            frame.leave();
            code.return_();
            return;
        }
        if (tailExit == null) {
            tailExit = code.newLabel();
        }
        code.goto_(tailExit);
    }

    /** Where tail calls leave the method of a region, or null. */
    Label tailExit() {
        return tailExit;
    }
}
