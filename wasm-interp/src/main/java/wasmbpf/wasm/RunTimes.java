package wasmbpf.wasm;

/**
 * How long the calls of an export took that is there twice, whole and with its inner loops as methods of their own. Calls go to
 * the second kind at first. If several were brief, the export is called often rather than for long, and is whole from then on;
 * if several took long, some go to the whole one, and the faster of the two has the rest. Calls on several threads at once may
 * be counted wrong, by which only time is lost.
 */
final class RunTimes {
    /** What took less is brief. */
    private static final long BRIEF_NANOS = 200_000_000;
    /** So many calls decide. */
    private static final int CALLS = 3;
    /** For HotSpot to compile the whole one while it runs, which is no reason to give it up. */
    private static final long COMPILING_NANOS = 300_000_000;

    private int brief;
    private int cutCalls;
    private int wholeCalls;
    private long cutNanos = Long.MAX_VALUE;
    private long wholeNanos = Long.MAX_VALUE;
    private boolean onTrial;
    private boolean whole;

    /** Whether all calls go to the whole one, so that none needs to be timed. */
    static boolean isWhole(RunTimes times) {
        return times != null && times.whole;
    }

    /** Whether the next call goes to the whole one, for its time. */
    static boolean isOnTrial(RunTimes times) {
        return times != null && times.onTrial;
    }

    /**
     * After a call, of the kind that {@link #isOnTrial} says.
     *
     * @param times null before the first
     * @param start of the call, by {@code System.nanoTime()}
     */
    static RunTimes ran(RunTimes times, long start) {
        RunTimes kept = times == null ? new RunTimes() : times;
        kept.took(System.nanoTime() - start);
        return kept;
    }

    private void took(long nanos) {
        if (nanos < BRIEF_NANOS && ++brief == CALLS) {
            whole = true;
        } else if (onTrial) {
            wholeNanos = Math.min(wholeNanos, nanos);
            if (++wholeCalls == CALLS || nanos > 2 * cutNanos + COMPILING_NANOS) {
                onTrial = false;
                whole = wholeNanos < cutNanos;
            }
        } else if (nanos >= BRIEF_NANOS && wholeCalls == 0) {
            cutNanos = Math.min(cutNanos, nanos);
            onTrial = ++cutCalls == CALLS;
        }
    }
}
