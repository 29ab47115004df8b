package wasmbpf.sys.replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory that a call points at: read and written by address, as the kernel would. */
final class RawMemory {
    private RawMemory() {}

    static MemorySegment at(long address, long lengthBytes) {
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
    }

    static byte[] read(long address, long lengthBytes) {
        return at(address, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    static void write(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, at(address, bytes.length), ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    /** The bytes before the first NUL, of which there is one within {@code limit} or else all are given. */
    static byte[] readText(long address, long limit) {
        MemorySegment memory = at(address, limit);
        long end = 0;
        while (end < limit && memory.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return read(address, end);
    }

    static long readLong(long address) {
        return at(address, 8).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    static int readInt(long address) {
        return at(address, 4).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }
}
