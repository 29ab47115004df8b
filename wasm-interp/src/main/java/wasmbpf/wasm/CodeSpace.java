package wasmbpf.wasm;

/**
 * Where the lowered code of an instance lies, outside the heap: without array bounds the dispatch loop reads an
 * instruction in one load. Filled by appending, given back with the instance.
 */
final class CodeSpace {
    private static final long CHUNK_BYTES = 32 << 10;

    private long next;
    private long end;

    /** Copies {@code count} words to a new place and returns its address. */
    long append(long[] words, int count) {
        long bytes = 8L * count;
        if (bytes > end - next) {
            long size = Math.max(bytes, CHUNK_BYTES);
            next = RawMemory.allocate(this, size);
            end = next + size;
        }
        long address = next;
        for (int i = 0; i < count; i++) {
            RawMemory.putLong(address + 8L * i, words[i]);
        }
        next += bytes;
        return address;
    }
}
