package wasmbpf.wasm.compile;

import wasmbpf.wasm.LoopFrame;

/**
 * What the generator must know of an instance: addresses that never change, whether it polls, whether it is profiled, and how
 * its interpreter lays out a frame.
 */
public interface Linkage {
    /** Bytes at the end of a memory that the quick check of an access leaves to the exact one. */
    int MARGIN = 4096;
    /** The same for an access that ends no further than this past its address: what an allocator leaves of a memory's end is more. */
    int NEAR_MARGIN = 64;

    /** How far past its address an access ends, and how wide it is, in one number: the second is for the message of a trap. */
    static int extent(long end, int width) {
        return (int) end << 3 | Integer.numberOfTrailingZeros(width);
    }

    /** The end of an {@link #extent}. */
    static int end(int extent) {
        return extent >> 3;
    }

    /** The width of an {@link #extent}. */
    static int width(int extent) {
        return 1 << (extent & 7);
    }

    /** Where in its array a number is; see {@link Constant.Kind#NUMBERS}. */
    int globalCell(int global);

    /** The bits of a number that is a global that never changes, of a vector the lower half. */
    long globalValue(int global);

    /** Keeps operands of an instruction that the interpreter's methods run, for the life of the instance; returns their pc. */
    long words(long... words);

    /** The absolute address of a zero that is never written. */
    long zeroAddress();

    /** Where the interpreter has its values at a loop of a function, given by its offset in the module's bytes. */
    LoopFrame loopFrame(int function, int offset);

    /** Whether loops look if someone interrupts. */
    boolean interruptible();

    /** Whether calls mark themselves for a profiler. */
    boolean profiled();
}
