package wasmbpf.wasm.compile;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import wasmbpf.wasm.OpBytes;

/** Which locals matter where: whose value some way of going on reads before it sets it. */
final class Liveness {
    private static final BitSet NONE = new BitSet();

    private final BodyTree tree;
    /** At the target of branches to a block, by the number of its instruction. */
    private final Map<Integer, BitSet> labels = new HashMap<>();
    /** Results, by instruction number: filled for those asked for. */
    private final Map<Integer, BitSet> wanted = new HashMap<>();
    private boolean changed;

    Liveness(BodyTree tree) {
        this.tree = tree;
        if (tree.hasHandlers()) {
            return;
        }
        do {
            changed = false;
            walk();
        } while (changed);
    }

    /** The locals that matter before an instruction. */
    void want(int instruction) {
        wanted.put(instruction, null);
    }

    /** Finds what was wanted. */
    void find() {
        if (!tree.hasHandlers()) {
            walk();
        }
    }

    BitSet before(int instruction) {
        return tree.hasHandlers() ? all() : wanted.get(instruction);
    }

    /** The locals that matter where a branch to the block goes. */
    BitSet atLabel(int block) {
        if (block == BodyTree.FUNCTION) {
            return NONE;
        }
        return tree.hasHandlers() ? all() : labels.get(block);
    }

    /** With handlers, whose edges are not followed, all locals count as live. */
    private BitSet all() {
        BitSet all = new BitSet();
        all.set(0, tree.localCount());
        return all;
    }

    private BitSet label(int block) {
        return labels.getOrDefault(block, NONE);
    }

    /** Once over the body from its end; loops need what the last time has found. */
    private void walk() {
        BitSet live = new BitSet();
        Map<Integer, BitSet> otherwise = new HashMap<>();
        for (int i = tree.count() - 1; i >= 0; i--) {
            int argument = tree.argument(i);
            switch (tree.code(i)) {
                case OpBytes.LOCAL_GET -> live.set(argument);
                case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> live.clear(argument);
                case OpBytes.END -> {
                    if (argument != BodyTree.FUNCTION && tree.code(argument) != OpBytes.LOOP) {
                        labels.put(argument, (BitSet) live.clone());
                    }
                }
                case OpBytes.ELSE -> {
                    otherwise.put(argument, live);
                    live = (BitSet) labels.get(argument).clone();
                }
                case OpBytes.IF -> live.or(otherwise.containsKey(i) ? otherwise.get(i) : label(i));
                case OpBytes.LOOP -> {
                    if (!live.equals(labels.get(i))) {
                        labels.put(i, (BitSet) live.clone());
                        changed = true;
                    }
                }
                case OpBytes.BR -> live = (BitSet) label(argument).clone();
                case OpBytes.BR_IF, OpBytes.BR_ON_NULL, OpBytes.BR_ON_NON_NULL, OpBytes.BR_ON_CAST,
                        OpBytes.BR_ON_CAST_FAIL -> live.or(label(argument));
                case OpBytes.BR_TABLE -> {
                    live = new BitSet();
                    for (int target : tree.table(i)) {
                        live.or(label(target));
                    }
                }
                case OpBytes.RETURN, OpBytes.RETURN_CALL, OpBytes.RETURN_CALL_INDIRECT, OpBytes.RETURN_CALL_REF,
                        OpBytes.UNREACHABLE, OpBytes.THROW, OpBytes.THROW_REF -> live = new BitSet();
                default -> {
                }
            }
            if (wanted.containsKey(i)) {
                wanted.put(i, (BitSet) live.clone());
            }
        }
    }
}
