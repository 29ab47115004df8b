package wasmbpf.wasm.compile;

import java.lang.classfile.Label;
import wasmbpf.wasm.OpBytes;

/** A block that is open: what a branch to it must know. */
final class Block {
    private static final int[] NOTHING = {};

    /** That of the arm that is open: an {@code if} becomes an {@code else}, a {@code try} a {@code catch}. */
    int op;
    /** Stack height below its parameters. */
    final int height;
    final int[] params;
    final int[] results;
    /** Whether control can come to its beginning. */
    final boolean entered;
    /** How many of the lowest stack entries are in locals outside, and inside. */
    final int spilledOutside;
    int spilledInside;
    /** Loops: the head; others: the end. */
    final Label label;
    /** Whether something branches to the label. */
    boolean used;
    /** If: where its else begins. */
    Label otherwise;
    /** Try: its range and handler; past the first catch, where to go on looking. */
    Label tryStart;
    Label tryEnd;
    Label handler;
    Label nextCatch;
    /** Whether a delegate comes to its handler. */
    boolean delegated;
    /** The JVM local with what is caught, or -1. */
    int exception = -1;
    /** Of a {@code try_table}: kind, tag and label of each. */
    int[] clauses;
    /** Whether it is an arm of a large br_table that goes on behind it. */
    boolean arm;
    /** Loops whose iterations are counted; else null. */
    Iterations iterations;
    /** Where its instruction lies in the module's bytes; -1: it is the function's. */
    int offset = -1;

    Block(int op, int height, int[] params, int[] results, boolean entered, int spilled, Label label) {
        this.op = op;
        this.height = height;
        this.params = params;
        this.results = results;
        this.entered = entered;
        this.spilledOutside = spilled;
        this.spilledInside = spilled;
        this.label = label;
    }

    /** That of the function itself. */
    static Block ofFunction(int[] results, Label label) {
        return new Block(OpBytes.BLOCK, 0, NOTHING, results, true, 0, label);
    }

    boolean isLoop() {
        return op == OpBytes.LOOP;
    }

    /** Whether it began as a {@code try} or {@code try_table}. */
    boolean isTry() {
        return handler != null;
    }

    int[] labelTypes() {
        return isLoop() ? params : results;
    }

    int labelSpilled() {
        return isLoop() ? spilledInside : spilledOutside;
    }

    boolean inTryBody() {
        return isTry() && tryEnd == null;
    }
}
