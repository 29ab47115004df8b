package wasmbpf.wasm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the lowered code of an instance lies, outside the heap: without array bounds the dispatch loop reads an
 * instruction in one load. Filled by appending, given back with the instance.
 */
final class CodeSpace {
    private static final long CHUNK_BYTES = 32 << 10;

    /** What keeps chunks alive: this object by its cleaner, or in the fallback these segments. */
    private final List<MemorySegment> segments = new ArrayList<>();
    private long next;
    private long end;

    /** Copies {@code count} words to a new place and returns its address. */
    long append(long[] words, int count) {
        long bytes = 8L * count;
        if (bytes > end - next) {
            long size = Math.max(bytes, CHUNK_BYTES);
            if (RawMemory.UNSAFE) {
                next = RawMemory.allocate(this, size);
            } else {
                MemorySegment segment = Arena.ofAuto().allocate(size, 8);
                segments.add(segment);
                next = segment.address();
            }
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
