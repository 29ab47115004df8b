package wasmbpf.wasm;

/**
 * A range of addresses for one linear memory. It never moves; the first bytes become usable by {@link #commit}. The memory
 * that asked for it owns it and closes it.
 */
public interface MemoryReservation extends AutoCloseable {
    /**
     * A later {@link #commit} of up to so many more bytes is an allocator's next piece, to be written to soon: it is to come with
     * its pages, as a page fault for each costs more. What is larger costs nothing until it is touched.
     */
    long SMALL_GROWTH = 1 << 20;

    long address();

    long reservedBytes();

    /**
     * Makes the first {@code bytes} readable and writable; fresh bytes are zero. Only ever grows.
     *
     * @throws OutOfMemoryError if the system refuses
     */
    void commit(long bytes);

    @Override
    void close();

    /** Where reservations come from. */
    interface Provider {
        /**
         * @param bytes wanted; a multiple of 4096, at least 4096
         * @throws OutOfMemoryError if there is no such range
         */
        MemoryReservation reserve(long bytes);
    }
}
