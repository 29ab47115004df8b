package wasmbpf.sys;

/**
 * The file, directory and waiting calls that a guest makes through WASI. They stand beside {@link Kernel}, not in it:
 * they are the guest's own doing, so a loader trace neither records nor replays them. Arguments are plain numbers and
 * absolute addresses (guest memory is handed to the kernel in place); a result is what the kernel gives: >= 0 or -errno.
 * Layouts used by callers ({@code statx}, {@code linux_dirent64}, {@code pollfd}, {@code iovec}) are the same on every
 * 64-bit architecture; the call numbers are not.
 */
public final class FileCalls {
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DSYNC = 0x1000;
    public static final int O_SYNC = 0x101000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    // asm-generic's numbers (aarch64) and x86's differ in these two bits.
    public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;
    public static final int POLLNVAL = 32;

    private final LinuxKernel kernel;

    public FileCalls(LinuxKernel kernel) {
        this.kernel = kernel;
    }

    public long openat(int dirFd, long path, int flags, int mode) {
        return call(ARM ? 56 : 257, dirFd, path, flags, mode, 0, 0);
    }

    public long close(int fd) {
        return call(ARM ? 57 : 3, fd, 0, 0, 0, 0, 0);
    }

    public long read(int fd, long address, long length) {
        return call(ARM ? 63 : 0, fd, address, length, 0, 0, 0);
    }

    public long write(int fd, long address, long length) {
        return call(ARM ? 64 : 1, fd, address, length, 0, 0, 0);
    }

    /** @param iovecs address of {@code count} pairs (address, length) of 8 bytes each */
    public long readv(int fd, long iovecs, int count) {
        return call(ARM ? 65 : 19, fd, iovecs, count, 0, 0, 0);
    }

    public long writev(int fd, long iovecs, int count) {
        return call(ARM ? 66 : 20, fd, iovecs, count, 0, 0, 0);
    }

    public long preadv(int fd, long iovecs, int count, long offset) {
        return call(ARM ? 69 : 295, fd, iovecs, count, offset, 0, 0);
    }

    public long pwritev(int fd, long iovecs, int count, long offset) {
        return call(ARM ? 70 : 296, fd, iovecs, count, offset, 0, 0);
    }

    /** @param whence 0 = from the start, 1 = from the current position, 2 = from the end */
    public long lseek(int fd, long offset, int whence) {
        return call(ARM ? 62 : 8, fd, offset, whence, 0, 0, 0);
    }

    public long fsync(int fd) {
        return call(ARM ? 82 : 74, fd, 0, 0, 0, 0, 0);
    }

    public long fdatasync(int fd) {
        return call(ARM ? 83 : 75, fd, 0, 0, 0, 0, 0);
    }

    public long ftruncate(int fd, long size) {
        return call(ARM ? 46 : 77, fd, size, 0, 0, 0, 0);
    }

    public long fallocate(int fd, int mode, long offset, long length) {
        return call(ARM ? 47 : 285, fd, mode, offset, length, 0, 0);
    }

    public long fadvise(int fd, long offset, long length, int advice) {
        return call(ARM ? 223 : 221, fd, offset, length, advice, 0, 0);
    }

    /** {@code fcntl(F_GETFL)}: the open file's O_ flags. */
    public long statusFlags(int fd) {
        return call(ARM ? 25 : 72, fd, 3, 0, 0, 0, 0);
    }

    /** {@code fcntl(F_SETFL)}. */
    public long setStatusFlags(int fd, int flags) {
        return call(ARM ? 25 : 72, fd, 4, flags, 0, 0, 0);
    }

    public long ioctl(int fd, long request, long argument) {
        return call(ARM ? 29 : 16, fd, request, argument, 0, 0, 0);
    }

    /** Fills 256 bytes of {@code struct statx} at {@code buffer} with the basic fields. */
    public long statx(int dirFd, long path, int flags, long buffer) {
        return call(ARM ? 291 : 332, dirFd, path, flags, 0x7ff, buffer, 0);
    }

    /** @param times address of two {@code struct timespec}, access then modification; path 0 = {@code dirFd} itself */
    public long utimensat(int dirFd, long path, long times, int flags) {
        return call(ARM ? 88 : 280, dirFd, path, times, flags, 0, 0);
    }

    public long getdents(int fd, long buffer, int size) {
        return call(ARM ? 61 : 217, fd, buffer, size, 0, 0, 0);
    }

    public long mkdirat(int dirFd, long path, int mode) {
        return call(ARM ? 34 : 258, dirFd, path, mode, 0, 0, 0);
    }

    public long unlinkat(int dirFd, long path, int flags) {
        return call(ARM ? 35 : 263, dirFd, path, flags, 0, 0, 0);
    }

    public long renameat(int oldDirFd, long oldPath, int newDirFd, long newPath) {
        return call(ARM ? 276 : 316, oldDirFd, oldPath, newDirFd, newPath, 0, 0);
    }

    public long linkat(int oldDirFd, long oldPath, int newDirFd, long newPath) {
        return call(ARM ? 37 : 265, oldDirFd, oldPath, newDirFd, newPath, 0, 0);
    }

    public long symlinkat(long target, int dirFd, long path) {
        return call(ARM ? 36 : 266, target, dirFd, path, 0, 0, 0);
    }

    public long readlinkat(int dirFd, long path, long buffer, int size) {
        return call(ARM ? 78 : 267, dirFd, path, buffer, size, 0, 0);
    }

    /**
     * @param pollfds address of {@code count} {@code struct pollfd} (fd, events, revents: 4 + 2 + 2 bytes)
     * @param timespec address of seconds and nanoseconds, 0 = wait for ever
     */
    public long ppoll(long pollfds, int count, long timespec) {
        return call(ARM ? 73 : 271, pollfds, count, timespec, 0, 8, 0);
    }

    /** A new non-blocking event counter; close-on-exec. */
    public long eventfd() {
        return call(ARM ? 19 : 290, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0);
    }

    public long getrandom(long buffer, long length) {
        return call(ARM ? 278 : 318, buffer, length, 0, 0, 0, 0);
    }

    /** @param timespec address of 16 bytes that receive seconds and nanoseconds */
    public long clockGettime(int clock, long timespec) {
        return call(ARM ? 113 : 228, clock, timespec, 0, 0, 0, 0);
    }

    public long clockGetres(int clock, long timespec) {
        return call(ARM ? 114 : 229, clock, timespec, 0, 0, 0, 0);
    }

    public long schedYield() {
        return call(ARM ? 124 : 24, 0, 0, 0, 0, 0, 0);
    }

    /** The next connection of a listening socket, close-on-exec. */
    public long accept(int fd, int flags) {
        return call(ARM ? 242 : 288, fd, 0, 0, flags | O_CLOEXEC, 0, 0);
    }

    /** @param msghdr address of a {@code struct msghdr} */
    public long recvmsg(int fd, long msghdr, int flags) {
        return call(ARM ? 212 : 47, fd, msghdr, flags, 0, 0, 0);
    }

    public long sendmsg(int fd, long msghdr, int flags) {
        return call(ARM ? 211 : 46, fd, msghdr, flags, 0, 0, 0);
    }

    public long shutdown(int fd, int how) {
        return call(ARM ? 210 : 48, fd, how, 0, 0, 0, 0);
    }

    private long call(int number, long a, long b, long c, long d, long e, long f) {
        return kernel.syscall(number, a, b, c, d, e, f);
    }
}
