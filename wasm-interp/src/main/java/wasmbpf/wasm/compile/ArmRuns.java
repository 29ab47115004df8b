package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import wasmbpf.wasm.OpBytes;

/**
 * The arms of a br_table: what lies between the ends of blocks that begin at one place.
 *
 * {@snippet lang=none :
 * block block block  br_table 0 1 2  end  first  end  second  end  third
 *                                         `--------------------´
 * }
 *
 * Arms in a row become a region, with the ends between them. It is entered at its start, or at the label of one of the blocks
 * that end in it.
 */
final class ArmRuns {
    private static final int MIN_BYTES = 300;
    private static final int MIN_SHARE = 8;
    private static final int ENTRY_BYTES = 8;

    /** Blocks, each the first thing in the one before; and the bytes of what follows in some of them, from outer to inner. */
    private record Run(List<BodyTree.Statement> chain, int outer, int inner, int size) {
        BodyTree.Statement first() {
            return chain.get(inner);
        }
    }

    private final BodyTree tree;
    private final int maxBytes;
    private final List<Run> runs = new ArrayList<>();

    ArmRuns(BodyTree tree, int maxBytes) {
        this.tree = tree;
        this.maxBytes = maxBytes;
    }

    /** Makes regions of them as far as the function's method must become smaller; returns whether there are some. */
    boolean moveOut() {
        search(tree.body());
        int left = tree.body().stream().mapToInt(statement -> statement.size).sum();
        runs.sort(Comparator.<Run>comparingInt(run -> run.first().loops)
                .thenComparing(Comparator.comparingInt(Run::size).reversed()));
        boolean some = false;
        for (Run run : runs) {
            if (left > maxBytes) {
                left -= run.size() - stub(run);
                moveOut(run);
                some = true;
            }
        }
        return some;
    }

    private void search(List<BodyTree.Statement> arm) {
        for (BodyTree.Statement statement : arm) {
            List<BodyTree.Statement> chain = new ArrayList<>();
            for (BodyTree.Statement s = statement; s != null; s = next(s)) {
                chain.add(s);
            }
            if (chain.size() > 2) {
                split(chain);
            }
            for (int i = 0; i < chain.size(); i++) {
                boolean last = i == chain.size() - 1;
                for (List<BodyTree.Statement> inner : chain.get(i).arms) {
                    search(last ? inner : inner.subList(1, inner.size()));
                }
            }
        }
    }

    /** The block that a block begins with, if both carry nothing. */
    private BodyTree.Statement next(BodyTree.Statement outer) {
        if (!isPlainBlock(outer) || outer.arms.get(0).isEmpty()) {
            return null;
        }
        BodyTree.Statement first = outer.arms.get(0).get(0);
        if (!isPlainBlock(first)) {
            return null;
        }
        // Between them begin blocks that end in a region, if anything.
        for (int i = outer.from; i < first.from; i++) {
            if (tree.code(i) != OpBytes.BLOCK) {
                return null;
            }
        }
        return first;
    }

    private boolean isPlainBlock(BodyTree.Statement statement) {
        return statement.region == null && tree.code(statement.from) == OpBytes.BLOCK && statement.arms.size() == 1
                && statement.before == statement.below && statement.after == statement.before;
    }

    private static List<BodyTree.Statement> rest(BodyTree.Statement block) {
        List<BodyTree.Statement> arm = block.arms.get(0);
        return arm.subList(1, arm.size());
    }

    private void split(List<BodyTree.Statement> chain) {
        int inner = chain.size() - 2;
        int size = 0;
        for (int i = inner; i >= 0; i--) {
            int more = ENTRY_BYTES;
            boolean movable = true;
            for (BodyTree.Statement statement : rest(chain.get(i))) {
                movable &= !statement.pinned && (!statement.ragged || statement.region != null);
                more += statement.size;
            }
            movable &= more <= maxBytes;
            if (!movable || size + more > maxBytes) {
                add(chain, i + 1, inner, size);
                size = 0;
                inner = movable ? i : i - 1;
            }
            size += movable ? more : 0;
        }
        add(chain, 0, inner, size);
    }

    private void add(List<BodyTree.Statement> chain, int outer, int inner, int size) {
        if (outer >= inner || size < Math.min(MIN_BYTES, maxBytes / MIN_SHARE)) {
            return;
        }
        Run run = new Run(chain, outer, inner, size);
        if (size > 2 * stub(run)) {
            runs.add(run);
        }
    }

    private int stub(Run run) {
        return 30 + 6 * exits(run).size() + ENTRY_BYTES * (run.inner - run.outer);
    }

    private List<Integer> exits(Run run) {
        return run.chain.subList(run.outer, run.inner + 1).stream().flatMap(block -> rest(block).stream())
                .flatMap(statement -> statement.exits.stream()).distinct()
                .filter(exit -> exit <= run.chain.get(run.outer).from).toList();
    }

    private void moveOut(Run run) {
        BodyTree.Statement outer = run.chain.get(run.outer);
        BodyTree.Statement before = run.chain.get(run.inner + 1);
        BodyTree.Statement call = new BodyTree.Statement(before.to, outer.loops);
        // The end of the outer block stays with it.
        call.to = outer.to - 1;
        call.size = stub(run);
        call.before = before.after;
        call.below = before.after;
        call.after = before.after;
        call.exits.addAll(exits(run));
        call.region = new Region(tree.offset(call.from), tree.offset(call.to));
        call.region.size = run.size();
        call.region.callSize = call.size;
        for (int i = run.inner; i >= run.outer; i--) {
            rest(run.chain.get(i)).forEach(statement -> SplitPlan.inner(statement, call.region.inner));
        }
        // Neither can be moved without the beginnings of the blocks that end in the region.
        call.ragged = true;
        before.ragged = true;
        List<BodyTree.Statement> arm = outer.arms.get(0);
        arm.clear();
        arm.add(before);
        arm.add(call);
    }
}
