package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.OpSink;

/**
 * A function body as blocks of statements, between which the body can be cut. A statement is what lies between two places where
 * a block has no operands of its own, with all the blocks in it; or, where that leaves methods too large, a single instruction
 * or block, so that operands pass from method to method.
 */
final class BodyTree implements OpSink {
    /** The number of the function's own block, in place of that of an opening instruction. */
    static final int FUNCTION = -1;

    /** Statements follow each other without a gap in one arm of a block. */
    static final class Statement {
        /** Numbers of instructions: the first, and past the last. */
        final int from;
        int to;
        /** How much bytecode it makes, by estimate. */
        int size;
        /** The part of it that comes from the blocks in it. */
        int sizeOfArms;
        /** How many loops are around it. */
        final int loops;
        /** Whether it must stay in the method of its function. */
        boolean pinned;
        /** Whether the block has operands where it begins or ends, so that it cannot be cut there. */
        boolean ragged;
        /** Height of the operand stack before it, that of the operands below that it leaves alone, and behind it. */
        int before;
        int below;
        int after;
        /** The arms of the blocks in it. */
        final List<List<Statement>> arms = new ArrayList<>();
        /** Numbers of the blocks outside that it may branch to. */
        final Set<Integer> exits = new HashSet<>();
        /** Set if it stands for one. */
        Region region;

        Statement(int from, int loops) {
            this.from = from;
            this.loops = loops;
        }
    }

    private static final class Open {
        final int number;
        final int loops;
        final int base;
        List<Statement> arm = new ArrayList<>();
        Statement current;
        /** Whether its arm begins with operands on the stack. */
        boolean operands;

        Open(int number, int loops, int base) {
            this.number = number;
            this.loops = loops;
            this.base = base;
        }
    }

    // Of each instruction
    private int count;
    private int[] codes = new int[1024];
    private int[] offsets = new int[1024];
    /** Local instructions: the local; branches: the number of the target; else, end: that of the block. */
    private int[] arguments = new int[1024];
    private int[][] tables = new int[0][];
    private final List<int[]> tableList = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final int pinnedOffset;
    private final boolean anywhere;
    private int height;
    private List<Statement> body;
    private boolean exceptions;
    private int carriedSlots;
    private int localCount;

    private BodyTree(int pinnedOffset, boolean anywhere) {
        this.pinnedOffset = pinnedOffset;
        this.anywhere = anywhere;
    }

    /**
     * @param pinnedOffset of an instruction whose statement must stay in the function's own method, or -1
     * @param anywhere whether each instruction or block is a statement
     */
    static BodyTree of(FuncValidator validator, int function, int pinnedOffset, boolean anywhere) {
        BodyTree tree = new BodyTree(pinnedOffset, anywhere);
        validator.validate(function, tree);
        tree.tables = tree.tableList.toArray(int[][]::new);
        return tree;
    }

    List<Statement> body() {
        return body;
    }

    int count() {
        return count;
    }

    int code(int i) {
        return codes[i];
    }

    /** Of an instruction; of {@code count()}: where the body ends. */
    int offset(int i) {
        return offsets[i];
    }

    int argument(int i) {
        return arguments[i];
    }

    int[] table(int i) {
        return tables[arguments[i]];
    }

    int localCount() {
        return localCount;
    }

    /** Whether there are handlers: then control can leave an instruction for one of them. */
    boolean hasHandlers() {
        return exceptions;
    }

    /** Slots for what any branch or return carries. */
    int carriedSlots() {
        return carriedSlots;
    }

    @Override
    public void begin(FuncValidator at) {
        localCount = at.localCount();
        carriedSlots = Names.slots(at.module().types().results(at.module().functionTypeIndex(at.function())));
        open.add(new Open(FUNCTION, 0, 0));
    }

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        if (count + 2 > codes.length) {
            codes = Arrays.copyOf(codes, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            arguments = Arrays.copyOf(arguments, 2 * count);
        }
        int number = count++;
        codes[number] = op;
        offsets[number] = at.offset();
        offsets[count] = at.nextOffset();
        Open block = open.getLast();
        if (anywhere && at.reachable() && block.current != null) {
            close(block, number);
        }
        build(at, op, number, block);
        height = at.height() + at.resultCount();
        if (!open.isEmpty() && open.getLast().current != null && at.reachable()) {
            open.getLast().current.after = height;
        }
    }

    private void build(FuncValidator at, int op, int number, Open block) {
        switch (op) {
            case OpBytes.END, OpBytes.DELEGATE -> {
                arguments[number] = block.number;
                closeArm(block, number);
                open.removeLast();
                if (open.isEmpty()) {
                    body = block.arm;
                    return;
                }
                Open outer = open.getLast();
                outer.current.arms.add(block.arm);
                add(outer.current, at, number);
                if (!at.frameDead(0)) {
                    outer.current.after = at.height() + at.resultCount();
                }
                cut(outer, at.height() + at.resultCount());
            }
            case OpBytes.ELSE, OpBytes.CATCH, OpBytes.CATCH_ALL -> {
                arguments[number] = block.number;
                closeArm(block, number);
                Open outer = open.get(open.size() - 2);
                outer.current.arms.add(block.arm);
                add(outer.current, at, number);
                block.arm = new ArrayList<>();
                block.operands = at.resultCount() > 0;
            }
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> {
                exceptions |= op == OpBytes.TRY || op == OpBytes.TRY_TABLE;
                statement(block, at, number);
                add(block.current, at, number);
                int loops = block.loops + (op == OpBytes.LOOP ? 1 : 0);
                open.add(new Open(number, loops, at.height()));
                open.getLast().operands = at.resultCount() > 0;
            }
            default -> {
                statement(block, at, number);
                add(block.current, at, number);
                cut(block, at.height() + at.resultCount());
            }
        }
    }

    private void statement(Open block, FuncValidator at, int number) {
        if (block.current == null) {
            block.current = new Statement(number, block.loops);
            block.current.ragged = !anywhere && block.operands;
            block.current.before = height;
            block.current.below = at.height();
            block.operands = false;
            block.arm.add(block.current);
        }
    }

    private void closeArm(Open block, int number) {
        if (block.current != null) {
            block.current.ragged = !anywhere;
            close(block, number);
        }
    }

    private void close(Open block, int to) {
        Statement statement = block.current;
        statement.to = to;
        for (List<Statement> arm : statement.arms) {
            for (Statement inner : arm) {
                statement.size += inner.size;
                statement.sizeOfArms += inner.size;
                statement.pinned |= inner.pinned;
                for (int exit : inner.exits) {
                    if (exit < statement.from) {
                        statement.exits.add(exit);
                    }
                }
            }
        }
        block.current = null;
    }

    private void cut(Open block, int height) {
        if (!anywhere && height == block.base) {
            close(block, count);
        }
    }

    private void add(Statement statement, FuncValidator at, int number) {
        int op = at.op();
        statement.size += BytecodeSize.of(at);
        // They name a block or an exception of their surroundings in a way that does not pass from method to method.
        statement.pinned |= op == OpBytes.DELEGATE || op == OpBytes.RETHROW || at.offset() == pinnedOffset;
        switch (op) {
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> arguments[number] = at.a();
            case OpBytes.BR, OpBytes.BR_IF, OpBytes.BR_ON_NULL, OpBytes.BR_ON_NON_NULL, OpBytes.BR_ON_CAST,
                    OpBytes.BR_ON_CAST_FAIL -> arguments[number] = branch(statement, at, at.a());
            case OpBytes.BR_TABLE -> {
                int[] targets = new int[at.labelCount()];
                for (int i = 0; i < targets.length; i++) {
                    targets[i] = branch(statement, at, at.label(i));
                }
                arguments[number] = tableList.size();
                tableList.add(targets);
            }
            case OpBytes.TRY_TABLE -> {
                // Its labels count from outside itself.
                for (int i = 0; i < at.catchCount(); i++) {
                    branch(statement, at, at.catchLabel(i) + 1);
                }
            }
            case OpBytes.RETURN, OpBytes.RETURN_CALL, OpBytes.RETURN_CALL_INDIRECT, OpBytes.RETURN_CALL_REF ->
                statement.exits.add(FUNCTION);
            default -> {
            }
        }
    }

    /** @param label as the validator counts, whose innermost frame may be a block that this instruction opens */
    private int branch(Statement statement, FuncValidator at, int label) {
        carriedSlots = Math.max(carriedSlots, Names.slots(at.labelTypes(label)));
        int target = open.get(at.frameCount() - 1 - label).number;
        if (target < statement.from) {
            statement.exits.add(target);
        }
        return target;
    }
}
