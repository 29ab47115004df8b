package wasmbpf.wasm;

import java.util.Objects;

/**
 * How an instance runs.
 *
 * @param maxCallDepth deepest nesting of guest calls, the bound behind "call stack exhausted"; the Java thread's stack
 * must
 *        hold it (200 to 700 bytes a call), else the StackOverflowError becomes the same trap
 * @param stackBytes size of the frames of all open calls together, at most 8 GiB
 * @param maxMemoryBytes most bytes one memory may have, whatever the module says
 * @param maxTableElements most elements one table may have, whatever the module says
 * @param reservations where linear memories get their addresses
 * @param interruptible whether {@link Instance#interrupt} works; costs a check on each loop iteration
 * @param tier the compiler of hot functions, or null to interpret everything
 * @param profiler who counts the calls, or null
 */
public record InstanceOptions(int maxCallDepth, long stackBytes, long maxMemoryBytes, int maxTableElements,
        MemoryReservation.Provider reservations, boolean interruptible, Tier tier,
        Profiler profiler) {
    /** Slots of eight bytes are counted by an int. */
    private static final long MAX_STACK_BYTES = 8L << 30;

    public static final InstanceOptions DEFAULT =
            new InstanceOptions(50_000, 8L << 20, 4L << 30, WasmTable.MAX_ELEMENTS, FileReservation.PROVIDER, false, null, null);

    public InstanceOptions {
        Objects.requireNonNull(reservations);
        check("maxCallDepth", maxCallDepth, 1, Integer.MAX_VALUE);
        check("stackBytes", stackBytes, 4096, MAX_STACK_BYTES);
        check("maxMemoryBytes", maxMemoryBytes, 0, Long.MAX_VALUE);
        check("maxTableElements", maxTableElements, 0, Integer.MAX_VALUE);
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + ": a number from " + least + " to " + most + " is wanted");
        }
    }

    public InstanceOptions withMaxCallDepth(int calls) {
        return new InstanceOptions(calls, stackBytes, maxMemoryBytes, maxTableElements,
                reservations, interruptible, tier, profiler);
    }

    public InstanceOptions withStackBytes(long bytes) {
        return new InstanceOptions(maxCallDepth, bytes, maxMemoryBytes, maxTableElements,
                reservations, interruptible, tier, profiler);
    }

    public InstanceOptions withMaxMemoryBytes(long bytes) {
        return new InstanceOptions(maxCallDepth, stackBytes, bytes, maxTableElements,
                reservations, interruptible, tier, profiler);
    }

    public InstanceOptions withMaxTableElements(int elements) {
        return new InstanceOptions(maxCallDepth, stackBytes, maxMemoryBytes, elements,
                reservations, interruptible, tier, profiler);
    }

    public InstanceOptions withReservations(MemoryReservation.Provider provider) {
        return new InstanceOptions(maxCallDepth, stackBytes, maxMemoryBytes, maxTableElements,
                provider, interruptible, tier, profiler);
    }

    public InstanceOptions withInterruptible(boolean on) {
        return new InstanceOptions(maxCallDepth, stackBytes, maxMemoryBytes, maxTableElements,
                reservations, on, tier, profiler);
    }

    public InstanceOptions withTier(Tier compiler) {
        return new InstanceOptions(maxCallDepth, stackBytes, maxMemoryBytes, maxTableElements,
                reservations, interruptible, compiler, profiler);
    }

    public InstanceOptions withProfiler(Profiler counter) {
        return new InstanceOptions(maxCallDepth, stackBytes, maxMemoryBytes, maxTableElements,
                reservations, interruptible, tier, counter);
    }
}
