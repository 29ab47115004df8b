package wasmbpf.core;

/**
 * How much looking at types one object may still cause. Types form a graph, and a damaged one of a few hundred bytes
 * can have more paths than there are atoms; a real object takes some thousand steps. Used up, it ends in a
 * CoreException.
 */
final class WorkBudget {
    /**
     * Under a second of work. A step is a pair of names compared, or a type looked at; 10,000 accesses to members of
     * task_struct take three million.
     */
    static final long DEFAULT_STEPS = 1L << 25;

    private long left;

    WorkBudget(long steps) {
        left = steps;
    }

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new CoreException("comparing its types takes too long; the BTF is damaged");
        }
    }

    /** A comparison with {@code text}: long names count more. */
    void spendOn(byte[] text) {
        spend(1 + (text.length >> 4));
    }
}
