package wasmbpf.host.object;

/** Map sizes that depend on the machine: computed when a map is created, not when the file is read. */
public final class MapSizing {
    private MapSizing() {
    }

    /**
     * What the kernel wants for the size of a ring buffer: a power of two of pages, the least above the size asked
     * for; 0, which it will refuse, stays 0. libbpf {@code adjust_ringbuf_sz}.
     *
     * @param bytes     size asked for, unsigned
     * @param pageBytes size of a page
     */
    public static int ringBuffer(int bytes, int pageBytes) {
        long wanted = Integer.toUnsignedLong(bytes);
        if (wanted == 0) {
            return 0;
        }
        for (long size = pageBytes; size <= 0xffff_ffffL; size <<= 1) {
            if (size >= wanted) {
                return (int) size;
            }
        }
        // Above 2^31 no u32 fits: left for the kernel to refuse.
        return bytes;
    }

    /** Entries of a BPF_MAP_TYPE_PERF_EVENT_ARRAY: as declared, or one a possible CPU when 0 was. */
    public static int perfEventArray(int maxEntries, int possibleCpus) {
        return maxEntries == 0 ? possibleCpus : maxEntries;
    }

    /**
     * Bytes mapped for an array map of that value size: each value rounded up to 8, the whole to pages. libbpf
     * {@code array_map_mmap_sz}.
     */
    public static long mappedArray(int valueSize, int maxEntries, int pageBytes) {
        long values = (Integer.toUnsignedLong(valueSize) + 7) / 8 * 8 * Integer.toUnsignedLong(maxEntries);
        return (values + pageBytes - 1) / pageBytes * pageBytes;
    }

    /** Bytes mapped for an arena of that many pages. */
    public static long mappedArena(int maxEntries, int pageBytes) {
        return (long) pageBytes * Integer.toUnsignedLong(maxEntries);
    }
}
