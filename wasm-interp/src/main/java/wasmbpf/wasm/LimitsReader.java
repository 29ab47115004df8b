package wasmbpf.wasm;

/** Reads types of tables and memories: how many elements or pages there are and may be (sections 5.3.12 to 5.3.14). */
final class LimitsReader {
    /** Table type flags and memory type flags. */
    private static final int HAS_MAX = 1;
    private static final int SHARED = 2;
    private static final int INDEX64 = 4;
    private static final int PAGE_SIZE = 8;

    /** What memory can be at most, in bytes as log2, by address type. */
    private static final int MEMORY32_LOG2 = 32;
    private static final int MEMORY64_LOG2 = 64;
    private static final int DEFAULT_PAGE_LOG2 = 16;

    private final WasmReader in;

    LimitsReader(WasmReader in) {
        this.in = in;
    }

    /** @param element what it holds, read before it */
    TableType table(ValType element) {
        int at = in.pos;
        int flags = in.u8();
        if ((flags & ~(HAS_MAX | INDEX64)) != 0) {
            throw in.malformed(at, "malformed limits flags 0x" + Integer.toHexString(flags));
        }
        boolean table64 = (flags & INDEX64) != 0;
        boolean hasMax = (flags & HAS_MAX) != 0;
        long min = in.u64();
        long max = hasMax ? in.u64() : 0;
        checkLimits(at, "table size", min, hasMax, max, table64 ? -1 : 0xFFFFFFFFL);
        return new TableType(element, min, hasMax, max, table64);
    }

    MemoryType memory() {
        int at = in.pos;
        int flags = in.u8();
        if ((flags & ~(HAS_MAX | SHARED | INDEX64 | PAGE_SIZE)) != 0) {
            throw in.malformed(at, "malformed limits flags 0x" + Integer.toHexString(flags));
        }
        boolean memory64 = (flags & INDEX64) != 0;
        boolean shared = (flags & SHARED) != 0;
        boolean hasMax = (flags & HAS_MAX) != 0;
        long min = in.u64();
        long max = hasMax ? in.u64() : 0;
        int pageLog2 = DEFAULT_PAGE_LOG2;
        if ((flags & PAGE_SIZE) != 0) {
            int pageAt = in.pos;
            pageLog2 = in.index();
            if (pageLog2 >= 64) {
                throw in.malformed(pageAt, "invalid custom page size");
            }
            if (pageLog2 != 0 && pageLog2 != DEFAULT_PAGE_LOG2) {
                throw in.invalid(pageAt, "invalid custom page size: 2^" + pageLog2 + "; 1 and 65536 are allowed");
            }
        }
        int log2 = (memory64 ? MEMORY64_LOG2 : MEMORY32_LOG2) - pageLog2;
        // In pages of one byte the size itself must fit the address type: 2^32 - 1 and 2^64 - 1.
        long bound = pageLog2 == 0 ? memory64 ? -1 : 0xFFFFFFFFL : 1L << log2;
        checkLimits(at, "memory size in pages", min, hasMax, max, bound);
        if (shared && !hasMax) {
            throw in.invalid(at, "shared memory must have maximum");
        }
        return new MemoryType(min, hasMax, max, memory64, shared, pageLog2);
    }

    /** All numbers unsigned. */
    private void checkLimits(int at, String what, long min, boolean hasMax, long max, long bound) {
        long greatest = hasMax && Long.compareUnsigned(max, min) > 0 ? max : min;
        if (Long.compareUnsigned(greatest, bound) > 0) {
            throw in.invalid(at, what + " must be at most " + Long.toUnsignedString(bound) + ", found "
                    + Long.toUnsignedString(greatest));
        }
        if (hasMax && Long.compareUnsigned(min, max) > 0) {
            throw in.invalid(at, "size minimum must not be greater than maximum: " + Long.toUnsignedString(min) + ", "
                    + Long.toUnsignedString(max));
        }
    }
}
