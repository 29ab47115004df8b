package wasmbpf.host.wasi;

import wasmbpf.sys.Kernel;
import wasmbpf.sys.SystemCall;

/**
 * The file, directory and waiting calls that a guest makes through WASI, with plain numbers and absolute addresses:
 * guest memory is handed to the kernel in place. A result is what the kernel gives: &gt;= 0 or -errno. The runner gives it
 * the bare kernel, since these calls are the guest's own doing and no part of a loader trace. Layouts used by
 * callers ({@code statx}, {@code linux_dirent64}, {@code pollfd}, {@code iovec}) are the same on every 64-bit Linux.
 */
public final class FileCalls {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_DSYNC = 0x1000;
    static final int O_SYNC = 0x101000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    // aarch64 has its own values of these two (arch/arm64/include/uapi/asm/fcntl.h).
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 16;
    static final int POLLNVAL = 32;

    private final Kernel kernel;

    public FileCalls(Kernel kernel) {
        this.kernel = kernel;
    }

    long openat(int dirFd, long path, int flags, int mode) {
        return call(SystemCall.OPENAT, dirFd, path, flags, mode, 0, 0);
    }

    long close(int fd) {
        return call(SystemCall.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    long read(int fd, long address, long length) {
        return call(SystemCall.READ, fd, address, length, 0, 0, 0);
    }

    long write(int fd, long address, long length) {
        return call(SystemCall.WRITE, fd, address, length, 0, 0, 0);
    }

    /** @param iovecs address of {@code count} pairs (address, length) of 8 bytes each */
    long readv(int fd, long iovecs, int count) {
        return call(SystemCall.READV, fd, iovecs, count, 0, 0, 0);
    }

    long writev(int fd, long iovecs, int count) {
        return call(SystemCall.WRITEV, fd, iovecs, count, 0, 0, 0);
    }

    long preadv(int fd, long iovecs, int count, long offset) {
        return call(SystemCall.PREADV, fd, iovecs, count, offset, 0, 0);
    }

    long pwritev(int fd, long iovecs, int count, long offset) {
        return call(SystemCall.PWRITEV, fd, iovecs, count, offset, 0, 0);
    }

    /** @param whence 0 = from the start, 1 = from the current position, 2 = from the end */
    long lseek(int fd, long offset, int whence) {
        return call(SystemCall.LSEEK, fd, offset, whence, 0, 0, 0);
    }

    long fsync(int fd) {
        return call(SystemCall.FSYNC, fd, 0, 0, 0, 0, 0);
    }

    long fdatasync(int fd) {
        return call(SystemCall.FDATASYNC, fd, 0, 0, 0, 0, 0);
    }

    long ftruncate(int fd, long size) {
        return call(SystemCall.FTRUNCATE, fd, size, 0, 0, 0, 0);
    }

    long fallocate(int fd, int mode, long offset, long length) {
        return call(SystemCall.FALLOCATE, fd, mode, offset, length, 0, 0);
    }

    long fadvise(int fd, long offset, long length, int advice) {
        return call(SystemCall.FADVISE64, fd, offset, length, advice, 0, 0);
    }

    /** {@code fcntl(F_GETFL)}: the open file's O_ flags. */
    long statusFlags(int fd) {
        return call(SystemCall.FCNTL, fd, 3, 0, 0, 0, 0);
    }

    /** {@code fcntl(F_SETFL)}. */
    long setStatusFlags(int fd, int flags) {
        return call(SystemCall.FCNTL, fd, 4, flags, 0, 0, 0);
    }

    /** @param size bytes at {@code argument}, for decorators that show it */
    long ioctl(int fd, long request, long argument, int size) {
        return call(SystemCall.IOCTL, fd, request, argument, size, 0, 0);
    }

    /** Fills 256 bytes of {@code struct statx} at {@code buffer} with the basic fields. */
    long statx(int dirFd, long path, int flags, long buffer) {
        return call(SystemCall.STATX, dirFd, path, flags, 0x7ff, buffer, 0);
    }

    /** @param times address of two {@code struct timespec}, access then modification; path 0 = {@code dirFd} itself */
    long utimensat(int dirFd, long path, long times, int flags) {
        return call(SystemCall.UTIMENSAT, dirFd, path, times, flags, 0, 0);
    }

    long getdents(int fd, long buffer, int size) {
        return call(SystemCall.GETDENTS64, fd, buffer, size, 0, 0, 0);
    }

    long mkdirat(int dirFd, long path, int mode) {
        return call(SystemCall.MKDIRAT, dirFd, path, mode, 0, 0, 0);
    }

    long unlinkat(int dirFd, long path, int flags) {
        return call(SystemCall.UNLINKAT, dirFd, path, flags, 0, 0, 0);
    }

    long renameat(int oldDirFd, long oldPath, int newDirFd, long newPath) {
        return call(SystemCall.RENAMEAT2, oldDirFd, oldPath, newDirFd, newPath, 0, 0);
    }

    long linkat(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags) {
        return call(SystemCall.LINKAT, oldDirFd, oldPath, newDirFd, newPath, flags, 0);
    }

    long symlinkat(long target, int dirFd, long path) {
        return call(SystemCall.SYMLINKAT, target, dirFd, path, 0, 0, 0);
    }

    long readlinkat(int dirFd, long path, long buffer, int size) {
        return call(SystemCall.READLINKAT, dirFd, path, buffer, size, 0, 0);
    }

    /**
     * @param pollfds address of {@code count} {@code struct pollfd} (fd, events, revents: 4 + 2 + 2 bytes)
     * @param timespec address of seconds and nanoseconds, 0 = wait for ever
     */
    long ppoll(long pollfds, int count, long timespec) {
        return call(SystemCall.PPOLL, pollfds, count, timespec, 0, 8, 8L * count);
    }

    /** A new non-blocking event counter; close-on-exec. */
    long eventfd() {
        return call(SystemCall.EVENTFD2, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0);
    }

    long getrandom(long buffer, long length) {
        return call(SystemCall.GETRANDOM, buffer, length, 0, 0, 0, 0);
    }

    /** @param timespec address of 16 bytes that receive seconds and nanoseconds */
    long clockGettime(int clock, long timespec) {
        return call(SystemCall.CLOCK_GETTIME, clock, timespec, 0, 0, 0, 0);
    }

    long clockGetres(int clock, long timespec) {
        return call(SystemCall.CLOCK_GETRES, clock, timespec, 0, 0, 0, 0);
    }

    long schedYield() {
        return call(SystemCall.SCHED_YIELD, 0, 0, 0, 0, 0, 0);
    }

    /** The next connection of a listening socket, close-on-exec. */
    long accept(int fd, int flags) {
        return call(SystemCall.ACCEPT4, fd, 0, 0, flags | O_CLOEXEC, 0, 0);
    }

    /** @param msghdr address of a {@code struct msghdr} */
    long recvmsg(int fd, long msghdr, int flags) {
        return call(SystemCall.RECVMSG, fd, msghdr, flags, 0, 0, 0);
    }

    long sendmsg(int fd, long msghdr, int flags) {
        return call(SystemCall.SENDMSG, fd, msghdr, flags, 0, 0, 0);
    }

    long shutdown(int fd, int how) {
        return call(SystemCall.SHUTDOWN, fd, how, 0, 0, 0, 0);
    }

    private long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        return kernel.call(call, null, a, b, c, d, e, f);
    }
}
