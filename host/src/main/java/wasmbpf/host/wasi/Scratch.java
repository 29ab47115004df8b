package wasmbpf.host.wasi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The native memory in which WASI's system calls pass their structures: one block a guest, used by its thread only, so
 * that no call allocates. The regions do not overlap. Read through a {@link ByteBuffer}: the first access of a segment
 * takes 3 ms of every start.
 *
 * <pre>
 *  0       path A, NUL-terminated     4352 bytes   (PATH_MAX 4096, room for the NUL)
 *  4352    path B                     4352
 *  8704    struct statx                256
 *  8960    two struct timespec          32
 *  8992    struct msghdr                64
 *  9056    two struct pollfd            16
 *  9088    iovecs, 1024 of 16        16384
 *  25472   directory entries          8192
 * </pre>
 */
final class Scratch {
    static final int PATH_A = 0;
    static final int PATH_B = 4352;
    static final int STATX = 8704;
    static final int TIMES = 8960;
    static final int MSGHDR = 8992;
    static final int POLLFDS = 9056;
    static final int IOVECS = 9088;
    static final int DIRENTS = 25472;
    static final int DIRENTS_SIZE = 8192;
    /** Linux takes no more in one call (UIO_MAXIOV). */
    static final int MAX_IOVECS = 1024;
    static final int PATH_MAX = 4096;

    private final MemorySegment memory = Arena.ofAuto().allocate(DIRENTS + DIRENTS_SIZE, 16);
    private final ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());

    long address(int offset) {
        return memory.address() + offset;
    }

    int u8(int offset) {
        return bytes.get(offset) & 0xff;
    }

    int u16(int offset) {
        return bytes.getShort(offset) & 0xffff;
    }

    int i32(int offset) {
        return bytes.getInt(offset);
    }

    long i64(int offset) {
        return bytes.getLong(offset);
    }

    void i32(int offset, int value) {
        bytes.putInt(offset, value);
    }

    void i64(int offset, long value) {
        bytes.putLong(offset, value);
    }

    byte[] bytes(int offset, int length) {
        byte[] out = new byte[length];
        bytes.get(offset, out);
        return out;
    }

    /** Stores bytes {@code from} to {@code to} of {@code text} as a C string and returns its address. */
    long cString(int offset, byte[] text, int from, int to) {
        if (to - from > PATH_MAX) {
            throw new WasiException(WasiErrno.NAMETOOLONG);
        }
        bytes.put(offset, text, from, to - from);
        bytes.put(offset + to - from, (byte) 0);
        return address(offset);
    }
}
