package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;

/**
 * Finds locals that may be read before they are set, so that they must begin as zero. One counts as set to the end of the block
 * in which it was. Code without optimisation sets each of its many locals once and reads it once: the zeros would be a tenth of
 * its bytecode, by whose length HotSpot decides what it inlines.
 */
final class UnsetReads {
    private final BitSet found = new BitSet();
    private final BitSet set = new BitSet();
    /** Locals in the order in which they were set, in the blocks that are open. */
    private final List<Integer> order = new ArrayList<>();
    /** How many there were when each block opened. */
    private final List<Integer> opened = new ArrayList<>();

    void begin(int params) {
        set.set(0, params);
    }

    boolean has(int local) {
        return found.get(local);
    }

    /** The walk comes to an instruction. */
    void op(FuncValidator at) {
        switch (at.op()) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> opened.add(order.size());
            case OpBytes.ELSE, OpBytes.CATCH, OpBytes.CATCH_ALL -> forget(opened.getLast());
            case OpBytes.END, OpBytes.DELEGATE -> {
                if (!opened.isEmpty()) {
                    forget(opened.removeLast());
                }
            }
            case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> {
                if (!set.get(at.a())) {
                    set.set(at.a());
                    order.add(at.a());
                }
            }
            case OpBytes.LOCAL_GET -> {
                if (!set.get(at.a())) {
                    found.set(at.a());
                }
            }
            default -> {
            }
        }
    }

    private void forget(int from) {
        while (order.size() > from) {
            set.clear(order.removeLast());
        }
    }
}
