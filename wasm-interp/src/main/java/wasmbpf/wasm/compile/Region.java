package wasmbpf.wasm.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * A run of instructions of one block, with the blocks in it, that becomes a method of its own, because the method of the
 * function would be too large. It takes locals as parameters or from their homes in the function's frame on the guest stack,
 * puts those it has set into their homes, and returns which way it was left. Operands come and go by the frame as well.
 */
final class Region {
    /** Offsets in the module's bytes: of the first instruction, and past the last. */
    final int start;
    final int end;
    /** How many operands of the block around it takes from the stack. What it leaves there instead shows at its end. */
    int operands;
    /** How many blocks end in it that begin before it: their labels are further places where it is entered. */
    int ends;
    /** Regions inside, in order. */
    final List<Region> inner = new ArrayList<>();
    /** Locals that its own code names, that of the inner regions not counted. */
    final BitSet used = new BitSet();
    /** Locals that it or an inner region sets. */
    final BitSet written = new BitSet();
    /** Locals whose value at its start matters. */
    final BitSet liveAtStart = new BitSet();
    /** Locals whose value matters where the code goes on behind it. */
    final BitSet liveAtEnd = new BitSet();
    /** The same at the label of each block around it, by the offset of the block's instruction. */
    Map<Integer, BitSet> liveAtLabel;
    /** Of a whole function: whether it catches exceptions, and slots for the most operands a branch carries. */
    boolean handlers;
    int carriedSlots;
    /** Of a whole function: how many of its regions are {@link InnerLoops}. */
    int innerLoops;

    Region(int start, int end) {
        this.start = start;
        this.end = end;
    }

    /** How much bytecode its own code makes, by estimate, and how much of that calls it. */
    int size;
    int callSize;
    /**
     * Whether its method keeps all locals in JVM locals: gives inner regions theirs as parameters and takes them from their
     * homes afterwards. Else those it shares with inner regions are in their homes only, which makes calls small.
     */
    boolean cached;

    /** Locals that are in their homes only while its method runs. */
    BitSet homed() {
        return cached ? new BitSet() : shared();
    }

    /**
     * Locals that its method deals with: also those that only code of inner regions names which ends there. The method around
     * takes them from their homes afterwards, so they must be put there.
     */
    BitSet dealtWith() {
        BitSet locals = shared();
        locals.or(used);
        locals.or(given());
        return locals;
    }

    private BitSet shared() {
        BitSet shared = new BitSet();
        for (Region region : inner) {
            shared.or(region.taken());
            shared.or(region.given());
        }
        return shared;
    }

    /** Locals that it, or a region in it, names. */
    private BitSet named() {
        BitSet named = (BitSet) used.clone();
        inner.forEach(region -> named.or(region.named()));
        return named;
    }

    /** Locals whose value it needs. */
    BitSet taken() {
        BitSet taken = named();
        taken.and(liveAtStart);
        return taken;
    }

    /** Locals that it may have put into their homes, whichever way it is left. */
    private BitSet given() {
        BitSet given = (BitSet) liveAtEnd.clone();
        liveAtLabel.values().forEach(given::or);
        given.and(written);
        return given;
    }

    /** Locals that it has put into their homes when it is left for what needs these. */
    BitSet given(BitSet live) {
        BitSet given = (BitSet) live.clone();
        given.and(written);
        return given;
    }

    /** What matters at the label of a block around it. */
    BitSet liveAt(int blockOffset) {
        // A handler's label is not among them; then everything matters.
        return liveAtLabel.getOrDefault(blockOffset, written);
    }

    /** How much larger its method becomes if it keeps all locals in JVM locals. */
    private int costOfCaching() {
        int cost = 0;
        for (Region region : inner) {
            cost += 16 + 3 * region.taken().cardinality() - region.callSize;
            cost += 4 + RELOAD_BYTES * region.given(region.liveAtEnd).cardinality();
            for (BitSet live : region.liveAtLabel.values()) {
                cost += 8 + RELOAD_BYTES * region.given(live).cardinality();
            }
        }
        return cost;
    }

    private static final int RELOAD_BYTES = 10;
    /** The JVM allows 255 slots of parameters; a local has up to four. */
    private static final int MAX_PARAMS = 60;

    /** Decides where locals are kept. */
    void keepLocals(int maxBytes) {
        cached = size + costOfCaching() <= maxBytes
                && inner.stream().allMatch(region -> region.taken().cardinality() <= MAX_PARAMS);
        inner.forEach(region -> region.keepLocals(maxBytes));
    }
}
