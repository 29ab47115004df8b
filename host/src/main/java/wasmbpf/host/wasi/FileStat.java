package wasmbpf.host.wasi;



/**
 * Linux's {@code struct statx} as WASI's {@code filestat}.
 *
 * <pre>
 *  filestat  0 dev  8 ino  16 filetype  24 nlink  32 size  40 atim  48 mtim  56 ctim   (64 bytes, times in ns;
            {@link Snapshot} has what differs before preview 1)
 *  statx     16 nlink  28 mode  32 ino  40 size  64 atime  96 ctime  112 mtime  136 dev major, minor
 * </pre>
 */
final class FileStat {
    static final int STATX_MODE = 28;

    private FileStat() {}

    /**
     * Stores what statx says of {@code path} beneath {@code dirFd} at guest address {@code out}.
     *
     * @param path address of a C string, "" with AT_EMPTY_PATH for {@code dirFd} itself
     * @return the file's {@link FileType}
     */
    static int store(FileCalls files, Scratch scratch, int dirFd, long path, int flags, GuestMemory memory, int out,
            Snapshot snapshot) {
        int type = type(files, scratch, dirFd, path, flags);
        memory.offset(out, snapshot.filestatBytes);
        int s = Scratch.STATX;
        memory.i64(out, (long) scratch.i32(s + 136) << 32 | scratch.i32(s + 140) & 0xffffffffL);
        memory.i64(out + 8, scratch.i64(s + 32));
        memory.i64(out + 16, type);
        int size = snapshot.links(memory, out, scratch.i32(s + 16));
        memory.i64(size, scratch.i64(s + 40));
        memory.i64(size + 8, nanos(scratch, s + 64));
        memory.i64(size + 16, nanos(scratch, s + 112));
        memory.i64(size + 24, nanos(scratch, s + 96));
        return type;
    }

    /** Fills the scratch's statx and returns the file's {@link FileType}. */
    static int type(FileCalls files, Scratch scratch, int dirFd, long path, int flags) {
        WasiException.check(files.statx(dirFd, path, flags, scratch.address(Scratch.STATX)));
        return FileType.ofMode(scratch.u16(Scratch.STATX + STATX_MODE));
    }

    /** The address of "" in the scratch: with AT_EMPTY_PATH the descriptor itself. */
    static long emptyPath(Scratch scratch) {
        return scratch.cString(Scratch.PATH_A, new byte[0], 0, 0);
    }

    private static long nanos(Scratch scratch, int timestamp) {
        return scratch.i64(timestamp) * 1_000_000_000 + (scratch.i32(timestamp + 8) & 0xffffffffL);
    }

    /** Writes the two timespecs of utimensat from WASI's {@code fstflags} and returns their address. */
    static long times(Scratch scratch, long accessNanos, long modificationNanos, int fstFlags) {
        if ((fstFlags & 3) == 3 || (fstFlags & 12) == 12 || (fstFlags & ~15) != 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        time(scratch, Scratch.TIMES, accessNanos, fstFlags & 3);
        time(scratch, Scratch.TIMES + 16, modificationNanos, fstFlags >> 2);
        return scratch.address(Scratch.TIMES);
    }

    private static void time(Scratch scratch, int at, long nanos, int flags) {
        // UTIME_NOW and UTIME_OMIT of linux/stat.h stand in the nanoseconds.
        scratch.i64(at, flags == 1 ? Long.divideUnsigned(nanos, 1_000_000_000) : 0);
        scratch.i64(at + 8, flags == 1 ? Long.remainderUnsigned(nanos, 1_000_000_000) : flags == 2 ? 0x3fffffff : 0x3ffffffe);
    }
}
