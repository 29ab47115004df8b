package wasmbpf.wasm;

/**
 * A memory: limits in pages.
 *
 * @param min first size in pages, unsigned
 * @param max greatest size in pages, unsigned; meaningless without {@code hasMax}
 * @param memory64 addressed by i64
 * @param shared shared between threads
 * @param pageSizeLog2 16 (64 KiB), or 0 by the custom-page-sizes proposal
 */
public record MemoryType(long min, boolean hasMax, long max, boolean memory64, boolean shared, int pageSizeLog2)
        implements ExternType {
    @Override
    public ExternKind kind() {
        return ExternKind.MEMORY;
    }
}
