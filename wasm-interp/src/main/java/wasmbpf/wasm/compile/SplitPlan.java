package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * Cuts a function into a method of its own and {@link Region}s, none of more than about so many bytes. What is not in a loop is
 * moved out first, and of what is as deep in loops the largest: each run of a region costs a call, and of an interpreter's
 * many instructions the small ones are the frequent ones. Of a function that runs once its {@link InnerLoops} come before all that.
 */
final class SplitPlan {
    /** To leave a region one way or another is a case of a switch; a block with a br_table of many ways out stays. */
    private static final int[] MAX_EXITS = {12, 60, Integer.MAX_VALUE};
    private static final int MIN_REGION_BYTES = 300;
    private static final int MIN_SHARE = 8;
    private static final int OPERAND_BYTES = 18;
    private static final int MAX_INNER_LOOPS = 300;

    /** What stays too large by this much more is not worth generating: an estimate is not so far off. */
    private static final int TOO_LARGE_PERCENT = 130;
    /** Given in place of a plan. */
    static final Region TOO_LARGE = new Region(-1, -1);

    /** Statements in a row. */
    private record Run(List<BodyTree.Statement> arm, int from, int to, int size) {
        BodyTree.Statement first() {
            return arm.get(from);
        }

        /** Height of the operands that it leaves alone. */
        int below() {
            return arm.subList(from, to).stream().mapToInt(statement -> statement.below).min().orElseThrow();
        }

        int taken() {
            return first().before - below();
        }

        int left() {
            return arm.get(to - 1).after - below();
        }
    }

    private final BodyTree tree;
    private final int maxBytes;
    /** Whether it is cut where a block has operands. */
    private final boolean anywhere;
    private final boolean arms;
    private final Region whole;
    /** The most operands that go to a region or come from one. */
    private int operands;

    private SplitPlan(BodyTree tree, int maxBytes, boolean anywhere, boolean arms) {
        this.arms = arms;
        this.tree = tree;
        this.maxBytes = maxBytes;
        this.anywhere = anywhere;
        whole = new Region(tree.offset(0), tree.offset(tree.count() - 1));
    }

    /**
     * The function as a region with regions in it.
     *
     * @param pinnedOffset of an instruction that must stay in the function's own method, or -1
     * @param most bytecode that a method may have
     * @param anywhere whether it may be cut where a block has operands
     * @param arms whether it may then be cut into {@link ArmRuns}
     * @param once whether the method runs once, so that {@link InnerLoops} are regions
     * @return null if it cannot be cut so, or need not be; {@link #TOO_LARGE} if then its method cannot be made at all
     */
    static Region of(FuncValidator validator, int function, int pinnedOffset, int maxBytes, int most,
            boolean anywhere, boolean arms, boolean once) {
        SplitPlan plan = new SplitPlan(BodyTree.of(validator, function, pinnedOffset, anywhere), maxBytes, anywhere, arms);
        if (once && !plan.tree.hasHandlers()) {
            InnerLoops.find(plan.tree, pinnedOffset, (arm, i) -> {
                if (plan.whole.innerLoops < MAX_INNER_LOOPS) {
                    plan.moveOut(new Run(arm, i, i + 1, arm.get(i).size));
                    plan.whole.innerLoops++;
                }
            });
            plan.measure(plan.tree.body());
        }
        if (!plan.cut()) {
            return reached(plan.tree.body()) > (long) most * TOO_LARGE_PERCENT / 100 ? TOO_LARGE : null;
        }
        plan.describe();
        return plan.whole.inner.isEmpty() ? null : plan.whole;
    }

    // Where to cut

    private int remaining() {
        return tree.body().stream().mapToInt(s -> s.size).sum();
    }

    /** What is generated: with a pinned loop, nothing of what lies before the outermost loop around. */
    private static int reached(List<BodyTree.Statement> arm) {
        int size = 0;
        boolean ahead = arm.stream().anyMatch(statement -> statement.pinned);
        for (BodyTree.Statement statement : arm) {
            ahead &= !statement.pinned;
            if (!ahead) {
                size += statement.size;
            }
            if (statement.pinned && statement.arms.stream().allMatch(inner -> inner.stream().allMatch(s -> s.loops == statement.loops))) {
                size -= statement.sizeOfArms;
                size += statement.arms.stream().mapToInt(SplitPlan::reached).sum();
            }
        }
        return size;
    }

    private boolean cut() {
        for (int maxExits : MAX_EXITS) {
            boolean progress = true;
            while (progress) {
                if (remaining() <= maxBytes) {
                    return true;
                }
                List<Run> runs = new ArrayList<>();
                collect(tree.body(), maxExits, runs);
                runs.sort(Comparator.<Run>comparingInt(run -> run.first().loops)
                        .thenComparing(Comparator.comparingInt(Run::size).reversed()));
                List<Run> chosen = new ArrayList<>();
                int left = remaining();
                for (Run run : runs) {
                    if (left > maxBytes) {
                        chosen.add(run);
                        left -= run.size() - stub(run);
                    }
                }
                progress = !chosen.isEmpty();
                chosen.sort(Comparator.comparingInt(run -> -run.first().from));
                chosen.forEach(this::moveOut);
                measure(tree.body());
                if (!progress && arms) {
                    progress = new ArmRuns(tree, maxBytes).moveOut();
                    measure(tree.body());
                }
            }
        }
        return remaining() <= maxBytes;
    }

    private int stub(Run run) {
        int exits = 0;
        for (int i = run.from(); i < run.to(); i++) {
            exits = Math.max(exits, run.arm().get(i).exits.size());
        }
        return 30 + 6 * exits + operandBytes(run);
    }

    /** What it takes to pass operands to a region and back, on either side. */
    private int operandBytes(Run run) {
        return anywhere ? OPERAND_BYTES * (run.taken() + run.left()) : 0;
    }

    private void collect(List<BodyTree.Statement> arm, int maxExits, List<Run> runs) {
        int start = 0;
        int size = 0;
        for (int i = 0; i < arm.size(); i++) {
            BodyTree.Statement statement = arm.get(i);
            boolean fits = !statement.pinned && !statement.ragged && statement.size <= maxBytes
                    && statement.exits.size() <= maxExits;
            while (anywhere && fits && size + statement.size > maxBytes && size > 0) {
                int end = fewOperands(arm, start, i, size);
                int part = size(arm, start, end);
                add(arm, start, end, part, runs);
                start = end;
                size -= part;
            }
            if (!fits || size + statement.size > maxBytes) {
                add(arm, start, i, size, runs);
                start = fits ? i : i + 1;
                size = 0;
            }
            if (fits) {
                size += statement.size;
            } else {
                statement.arms.forEach(inner -> collect(inner, maxExits, runs));
            }
        }
        add(arm, start, arm.size(), size, runs);
    }

    /** The end of a run that is not much shorter than up to {@code end}, with few operands there. */
    private static int fewOperands(List<BodyTree.Statement> arm, int start, int end, int size) {
        int best = end;
        int rest = 0;
        for (int i = end - 1; i > start; i--) {
            rest += arm.get(i).size;
            if (rest > size / 3) {
                break;
            }
            if (arm.get(i).before < arm.get(best).before) {
                best = i;
            }
        }
        return best;
    }

    private static int size(List<BodyTree.Statement> arm, int from, int to) {
        return arm.subList(from, to).stream().mapToInt(statement -> statement.size).sum();
    }

    private void add(List<BodyTree.Statement> arm, int from, int to, int size, List<Run> runs) {
        if (from == to) {
            return;
        }
        Run run = new Run(arm, from, to, size);
        if (size >= Math.min(MIN_REGION_BYTES, maxBytes / MIN_SHARE) && size > 2 * stub(run)) {
            runs.add(run);
        }
    }

    /** Puts one statement in the place of the run, which stands for the region. */
    private void moveOut(Run run) {
        BodyTree.Statement first = run.first();
        BodyTree.Statement call = new BodyTree.Statement(first.from, first.loops);
        call.to = run.arm().get(run.to() - 1).to;
        call.size = stub(run);
        call.before = first.before;
        call.below = run.below();
        call.after = run.arm().get(run.to() - 1).after;
        call.region = new Region(tree.offset(call.from), tree.offset(call.to));
        call.region.operands = anywhere ? run.taken() : 0;
        operands = Math.max(operands, Math.max(run.taken(), run.left()));
        call.region.size = run.size() + operandBytes(run);
        call.region.callSize = call.size;
        List<BodyTree.Statement> moved = run.arm().subList(run.from(), run.to());
        for (BodyTree.Statement statement : moved) {
            for (int exit : statement.exits) {
                call.exits.add(exit);
            }
            // The loop where the method begins: the call of its region stays.
            call.pinned |= statement.pinned;
            inner(statement, call.region.inner);
        }
        moved.clear();
        run.arm().add(run.from(), call);
    }

    /** The regions in a statement, outermost only, in order. */
    static void inner(BodyTree.Statement statement, List<Region> regions) {
        if (statement.region != null) {
            regions.add(statement.region);
            return;
        }
        statement.arms.forEach(arm -> arm.forEach(s -> inner(s, regions)));
    }

    /** Sizes after cuts. */
    private int measure(List<BodyTree.Statement> arm) {
        int total = 0;
        for (BodyTree.Statement statement : arm) {
            int inArms = 0;
            for (List<BodyTree.Statement> inner : statement.arms) {
                inArms += measure(inner);
            }
            if (statement.region == null) {
                statement.size += inArms - statement.sizeOfArms;
                statement.sizeOfArms = inArms;
            }
            total += statement.size;
        }
        return total;
    }

    // What the generator must know of each region

    private void describe() {
        tree.body().forEach(statement -> inner(statement, whole.inner));
        Liveness liveness = new Liveness(tree);
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i <= tree.count() - 1; i++) {
            numbers.put(tree.offset(i), i);
        }
        want(whole, liveness, numbers);
        liveness.find();
        Map<Integer, BitSet> labels = new HashMap<>();
        for (int i = 0; i < tree.count(); i++) {
            switch (tree.code(i)) {
                case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE ->
                    labels.put(tree.offset(i), liveness.atLabel(i));
                default -> {
                }
            }
        }
        describe(whole, liveness, numbers, labels);
        whole.size = remaining();
        if (!tree.hasHandlers()) {
            // An exception leaves a region without a way to take locals from their homes.
            whole.keepLocals(maxBytes + maxBytes / 10);
        }
        whole.handlers = tree.hasHandlers();
        // One may be a vector, which takes two.
        whole.carriedSlots = Math.max(tree.carriedSlots(), anywhere ? 2 * operands : 0);
    }

    private static void want(Region region, Liveness liveness, Map<Integer, Integer> numbers) {
        liveness.want(numbers.get(region.start));
        liveness.want(numbers.get(region.end));
        region.inner.forEach(inner -> want(inner, liveness, numbers));
    }

    private void describe(Region region, Liveness liveness, Map<Integer, Integer> numbers,
            Map<Integer, BitSet> labels) {
        int from = numbers.get(region.start);
        int to = numbers.get(region.end);
        region.liveAtStart.or(liveness.before(from));
        region.liveAtEnd.or(liveness.before(to));
        Set<Integer> ended = ended(from, to);
        region.ends = ended.size();
        ended.forEach(block -> region.liveAtStart.or(liveness.atLabel(block)));
        int next = from;
        for (Region inner : region.inner) {
            describe(inner, liveness, numbers, labels);
            note(region, next, numbers.get(inner.start));
            region.written.or(inner.written);
            next = numbers.get(inner.end);
        }
        note(region, next, to);
        region.liveAtLabel = new HashMap<>();
        for (int exit : exits(from, to)) {
            if (exit != BodyTree.FUNCTION && !ended.contains(exit)) {
                region.liveAtLabel.put(tree.offset(exit), labels.get(tree.offset(exit)));
            }
        }
    }

    private void note(Region region, int from, int to) {
        for (int i = from; i < to; i++) {
            switch (tree.code(i)) {
                case OpBytes.LOCAL_GET -> region.used.set(tree.argument(i));
                case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> {
                    region.used.set(tree.argument(i));
                    region.written.set(tree.argument(i));
                }
                default -> {
                }
            }
        }
    }

    /** Blocks that begin before the region and end in it. */
    private Set<Integer> ended(int from, int to) {
        Set<Integer> ended = new HashSet<>();
        for (int i = from; i < to; i++) {
            if (tree.code(i) == OpBytes.END && tree.argument(i) < from) {
                ended.add(tree.argument(i));
            }
        }
        ended.remove(BodyTree.FUNCTION);
        return ended;
    }

    /** Blocks around that some branch in the region goes to. */
    private Set<Integer> exits(int from, int to) {
        Set<Integer> exits = new HashSet<>();
        for (int i = from; i < to; i++) {
            switch (tree.code(i)) {
                case OpBytes.BR, OpBytes.BR_IF, OpBytes.BR_ON_NULL, OpBytes.BR_ON_NON_NULL, OpBytes.BR_ON_CAST,
                        OpBytes.BR_ON_CAST_FAIL -> exits.add(tree.argument(i));
                case OpBytes.BR_TABLE -> {
                    for (int target : tree.table(i)) {
                        exits.add(target);
                    }
                }
                default -> {
                }
            }
        }
        exits.removeIf(exit -> exit >= from);
        return exits;
    }
}
