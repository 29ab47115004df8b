package wasmbpf.wasm.compile;

import java.util.List;
import java.util.function.BiConsumer;
import wasmbpf.wasm.OpBytes;

/**
 * Finds the loops of a function that lie in another loop, have none in themselves, and call nothing: in a method that runs once
 * each is to be a method of its own. HotSpot compiles such a method while one of these runs, from its head on, and then takes it
 * and the loop around for one loop with two ways back.
 */
final class InnerLoops {
    /** What is smaller than a counter and a branch is no loop. */
    private static final int MIN_BYTES = 8;
    /** A larger one gains little by it. */
    private static final int MAX_BYTES = 2_000;
    private static final int MAX_EXITS = 4;

    private final BodyTree tree;
    private final int entryLoop;
    private final BiConsumer<List<BodyTree.Statement>, Integer> found;

    private InnerLoops(BodyTree tree, int entryLoop, BiConsumer<List<BodyTree.Statement>, Integer> found) {
        this.tree = tree;
        this.entryLoop = entryLoop;
        this.found = found;
    }

    /**
     * @param entryLoop the offset of the loop where the method begins, or -1
     * @param found is given a block's arm and the place of such a loop in it, for the last one of an arm first
     */
    static void find(BodyTree tree, int entryLoop, BiConsumer<List<BodyTree.Statement>, Integer> found) {
        new InnerLoops(tree, entryLoop, found).find(tree.body());
    }

    private void find(List<BodyTree.Statement> arm) {
        for (int i = arm.size() - 1; i >= 0; i--) {
            BodyTree.Statement statement = arm.get(i);
            if (statement.loops > 0 && fits(statement)) {
                found.accept(arm, i);
            } else {
                statement.arms.forEach(this::find);
            }
        }
    }

    private boolean fits(BodyTree.Statement statement) {
        return tree.code(statement.from) == OpBytes.LOOP && statement.arms.size() == 1 && !statement.ragged
                // Where a method begins in a loop, there is nothing on the JVM's stack.
                && (!statement.pinned || tree.offset(statement.from) == entryLoop && statement.before == 0)
                && statement.size >= MIN_BYTES && statement.size <= MAX_BYTES && statement.exits.size() <= MAX_EXITS && isPlain(statement);
    }

    /** Whether there is no second loop in it, and no call. */
    private boolean isPlain(BodyTree.Statement statement) {
        for (int i = statement.from + 1; i < statement.to; i++) {
            switch (tree.code(i)) {
                case OpBytes.LOOP, OpBytes.CALL, OpBytes.CALL_INDIRECT, OpBytes.CALL_REF -> {
                    return false;
                }
                default -> {
                }
            }
        }
        return true;
    }
}
