package wasmbpf.wasm.compile;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * What decides how the selects of a function are compiled: which comparisons of integers more than one select decides by, the
 * first at once and further ones by the local that keeps the result; and which selects choose what is compared.
 */
final class SelectFacts {
    private static final int NONE = -1;
    /** Operands above this height are not followed. */
    private static final int DEPTH = 16;

    /** By offset of a select the offset of the comparison, those that only one decides by among them. */
    private final Map<Integer, Integer> decisive = new HashMap<>();
    /** Comparisons of more than one select, and how many of them come before in a row without a branch. */
    private final Map<Integer, Integer> shared = new HashMap<>();
    private int inRow;
    /** Locals that keep the result of a comparison that a select has decided by, and the comparison's offset. */
    private final Map<Integer, Integer> kept = new HashMap<>();
    /** Offsets of selects, and the local that each one's result goes to; {@link #NONE}: it is compared at once. */
    private final Map<Integer, Integer> results = new HashMap<>();
    private final BitSet compared = new BitSet();
    /** The local that the operand at a height is a copy of, or {@link #NONE}. */
    private final int[] copies = new int[DEPTH];
    private int previousOp;
    private int previousLocal;
    private int previousOffset;
    /** Offset of the comparison that was the last instruction, and of one that has just been kept by a local. */
    private int comparison = NONE;
    private int teed = NONE;

    SelectFacts() {
        Arrays.fill(copies, NONE);
    }

    /** Whether the comparison at an offset decides more than one select. */
    boolean isShared(int comparison) {
        return shared.containsKey(comparison);
    }

    /** How many shared ones come before it since control could last come another way. */
    int inRow(int comparison) {
        return shared.get(comparison);
    }

    /** Offset of the comparison that the select at an offset decides by, if it is kept by a local; else -1. */
    int decisive(int select) {
        return decisive.getOrDefault(select, NONE);
    }

    /** Whether what the select at an offset chooses is compared, as far as that can be seen. */
    boolean isCompared(int select) {
        Integer local = results.get(select);
        return local != null && (local == NONE || compared.get(local));
    }

    /** The walk comes to an instruction. */
    void op(FuncValidator at) {
        int op = at.op();
        if (isSelect(previousOp)) {
            resultOfSelect(at, op);
        }
        followCopies(at, op);
        int made = NONE;
        int tee = NONE;
        switch (op) {
            case OpBytes.LOCAL_SET -> kept.remove(at.a());
            case OpBytes.LOCAL_TEE -> {
                kept.remove(at.a());
                tee = comparison;
            }
            case OpBytes.SELECT, OpBytes.SELECT_T -> {
                if (previousOp == OpBytes.LOCAL_TEE && teed != NONE) {
                    kept.put(previousLocal, teed);
                    decisive.put(at.offset(), teed);
                } else if (previousOp == OpBytes.LOCAL_GET && kept.containsKey(previousLocal)) {
                    int first = kept.get(previousLocal);
                    decisive.put(at.offset(), first);
                    if (shared.putIfAbsent(first, inRow) == null) {
                        inRow++;
                    }
                }
            }
            default -> {
                if (KeptComparison.is(op)) {
                    made = at.offset();
                } else if (FunctionCompiler.isStructure(op)) {
                    kept.clear();
                    inRow = 0;
                }
            }
        }
        comparison = made;
        teed = tee;
        previousOp = op;
        previousLocal = at.a();
        previousOffset = at.offset();
    }

    private static boolean isSelect(int op) {
        return op == OpBytes.SELECT || op == OpBytes.SELECT_T;
    }

    private void resultOfSelect(FuncValidator at, int op) {
        if (op == OpBytes.LOCAL_SET || op == OpBytes.LOCAL_TEE) {
            results.put(previousOffset, at.a());
        } else if (NumberOps.isComparison(op) || op == OpBytes.BR_IF || op == OpBytes.IF || isSelect(op)) {
            results.put(previousOffset, NONE);
        }
    }

    private void followCopies(FuncValidator at, int op) {
        int height = at.height();
        if (NumberOps.isComparison(op) || op == OpBytes.BR_IF || op == OpBytes.IF) {
            compare(height);
            if (op != OpBytes.I32_EQZ && op != OpBytes.I64_EQZ && NumberOps.isComparison(op)) {
                compare(height + 1);
            }
        }
        for (int i = height; i < height + at.resultCount() && i < DEPTH; i++) {
            copies[i] = op == OpBytes.LOCAL_GET || op == OpBytes.LOCAL_TEE ? at.a() : NONE;
        }
    }

    private void compare(int height) {
        if (height < DEPTH && copies[height] != NONE) {
            compared.set(copies[height]);
        }
    }
}
