package wasmbpf.wasm.compile;

/** What the generator must know of an instance: addresses that never change, whether it polls, whether it is profiled. */
public interface Linkage {
    /** Bytes at the end of a memory that the quick check of an access leaves to the exact one. */
    int MARGIN = 4096;

    /** The absolute address of a global's cell; not for references. */
    long globalAddress(int global);

    /** Keeps words for the life of the instance and returns their address. */
    long words(long... words);

    /** Whether loops look if someone interrupts. */
    boolean interruptible();

    /** Whether calls mark themselves for a profiler. */
    boolean profiled();
}
