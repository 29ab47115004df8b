package wasmbpf.wasm.compile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;

/** How the functions of a class are cut into methods, from one try to make it to the next. */
final class Cuts {
    /** A function that must be cut is cut smaller when a method comes out too large, down to this share of the first try. */
    private static final int SHRINK_PERCENT = 75;
    private static final int MIN_SHARE = 4;
    /** The function is one method. */
    private static final Cut WHOLE = new Cut(Integer.MAX_VALUE, false, false);

    /**
     * How a function is cut.
     *
     * @param bytes how large its methods may be, by estimate
     * @param anywhere whether also where a block has operands, which go from method to method through memory
     * @param arms whether also into {@link ArmRuns}
     */
    private record Cut(int bytes, boolean anywhere, boolean arms) {
    }

    private final BatchClass.Sizes sizes;
    private final FuncValidator validator;
    /** For functions that a first try has found too large. */
    private final Map<Integer, Cut> cuts = new HashMap<>();
    /** Functions of which not even a try was worth it. */
    private final Set<Integer> uncuttable = new HashSet<>();
    /** Functions with {@link InnerLoops} as methods in the last try, and those that must do without them. */
    private final Set<Integer> withInnerLoops = new HashSet<>();
    private final Set<Integer> withoutInnerLoops = new HashSet<>();

    Cuts(BatchClass.Sizes sizes, FuncValidator validator) {
        this.sizes = sizes;
        this.validator = validator;
    }

    /** Functions that as they are now to be cut are not worth a try. */
    void notAtAll(Set<Integer> functions) {
        uncuttable.addAll(functions);
    }

    /**
     * For a function that came out too large: has the next try cut it in another way.
     *
     * @param size of its body in the module
     * @return false if there is no other way
     */
    boolean cutSmaller(FunctionFacts facts, int size) {
        if (withInnerLoops.remove(facts.function)) {
            uncuttable.remove(facts.function);
            return withoutInnerLoops.add(facts.function);
        }
        Cut next = next(facts, size, uncuttable.remove(facts.function));
        if (next != null) {
            cuts.put(facts.function, next);
        }
        return next != null;
    }

    private Cut next(FunctionFacts facts, int size, boolean hopeless) {
        Cut last = cuts.get(facts.function) == null ? uncut() : cuts.get(facts.function);
        int first = Math.min(sizes.target(), facts.bytecodeSize / 2);
        if (last != WHOLE) {
            int next = last.bytes == 0 ? Math.min(sizes.target(), size) : last.bytes * SHRINK_PERCENT / 100;
            if (next >= sizes.target() / MIN_SHARE && !hopeless) {
                return new Cut(next, last.anywhere, last.arms);
            }
            if (last.arms) {
                return null;
            }
            if (!last.anywhere) {
                return new Cut(first, true, false);
            }
            // The estimate has what HotSpot inlines, so a method may be half as large. A table of branches is twice as fast in one.
            if (sizes.whole() > sizes.most() && facts.bytecodeSize <= 2 * sizes.whole()) {
                return WHOLE;
            }
        }
        return new Cut(first, true, true);
    }

    private Cut uncut() {
        return new Cut(0, sizes.anywhere(), sizes.anywhere());
    }

    /** How much bytecode a method of the function may have. */
    int most(int function) {
        return cuts.get(function) == WHOLE ? sizes.whole() : sizes.most();
    }

    /** Whether the function is cut even if it does not run once. */
    boolean has(BatchClass.Method method) {
        return plan(method, false) != null;
    }

    /**
     * How a function is to be cut; null if it is not, or {@link SplitPlan#TOO_LARGE}.
     *
     * @param once whether the method runs once
     */
    Region plan(BatchClass.Method method, boolean once) {
        Cut cut = cuts.get(method.facts().function);
        boolean innerLoops = once && !withoutInnerLoops.contains(method.facts().function);
        if (cut == WHOLE || cut == null && method.facts().bytecodeSize <= sizes.target() && !innerLoops) {
            return null;
        }
        Region plan = plan(method, cut == null ? new Cut(sizes.target(), sizes.anywhere(), sizes.anywhere()) : cut, innerLoops);
        if (plan != null && plan.innerLoops > 0) {
            withInnerLoops.add(method.facts().function);
        }
        return plan;
    }

    /** How many loops of a function would be methods if it ran once; 0 if one was too large so, or is cut for other reasons. */
    int innerLoops(BatchClass.Method method) {
        int function = method.facts().function;
        if (cuts.containsKey(function) || withoutInnerLoops.contains(function)) {
            return 0;
        }
        Region plan = plan(method, new Cut(sizes.target(), sizes.anywhere(), sizes.anywhere()), true);
        return plan == null ? 0 : plan.innerLoops;
    }

    /** Functions with inner loops as methods in the last try. */
    Set<Integer> withInnerLoops() {
        return Set.copyOf(withInnerLoops);
    }

    private Region plan(BatchClass.Method method, Cut cut, boolean once) {
        return SplitPlan.of(validator, method.facts().function, method.entryLoop(), cut.bytes, sizes.most(), cut.anywhere,
                cut.arms, once);
    }
}
