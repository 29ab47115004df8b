package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/**
 * The seam to the kernel: every system call the loader makes goes through here. Results are the kernel's: {@code >= 0},
 * or {@code -errno} ({@link Errno}).
 *
 * <p>There is one method to implement, {@link #call}; all others say which call and with which arguments. So a
 * decorator (recording, replaying, printing, failing on purpose) is one method too, driven by the table
 * {@link SystemCall}; it also passes on {@link #refreshMapped} and {@link #close}.
 *
 * <p>Memory handed in must stay alive for the duration of the call. Segments are read and written in place, so they are
 * off-heap. All methods may be called from any thread; calls that change the calling thread ({@link #setns},
 * {@link #unshare}) change that thread only.
 */
public interface Kernel extends AutoCloseable {

    /**
     * Makes one system call.
     * @param attr the struct the call carries ({@link SystemCall#BPF}, {@link SystemCall#PERF_EVENT_OPEN}), else null;
     *     its address is among the arguments
     * @param a first argument, as the kernel's ABI has it; pointers are absolute addresses
     * @return the kernel's result, or {@code -errno}
     */
    long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f);

    /** Ends what the implementation holds; descriptors stay the caller's. */
    @Override
    default void close() {}

    // ---- bpf(2) and perf ----

    /** One command of bpf(2). Allocates nothing, so a kept {@code attr} makes a hot path of it. */
    default int bpf(BpfCommand command, StructValue attr) {
        return (int) call(SystemCall.BPF, attr, command.number(), attr.address(), attr.sizeBytes(), 0, 0, 0);
    }

    /** @param attr a {@link PerfEventAttr} */
    default int perfEventOpen(StructValue attr, int pid, int cpu, int groupFd, long flags) {
        return (int) call(SystemCall.PERF_EVENT_OPEN, attr, attr.address(), pid, cpu, groupFd, flags, 0);
    }

    /** An ioctl whose argument is a number or a descriptor. */
    default int ioctl(int fd, long request, long argument) {
        return (int) call(SystemCall.IOCTL, null, fd, request, argument, 0, 0, 0);
    }

    /** An ioctl that reads or writes memory. */
    default int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return (int) call(SystemCall.IOCTL, null, fd, request, argument.address(), argument.byteSize(), 0, 0);
        } finally {
            Reference.reachabilityFence(argument);
        }
    }

    // ---- memory ----

    /** @return the address, or {@code -errno} */
    default long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        return call(SystemCall.MMAP, null, address, length, protection, flags, fd, offset);
    }

    default int munmap(long address, long length) {
        return (int) call(SystemCall.MUNMAP, null, address, length, 0, 0, 0, 0);
    }

    default int mprotect(long address, long length, int protection) {
        return (int) call(SystemCall.MPROTECT, null, address, length, protection, 0, 0, 0);
    }

    default int madvise(long address, long length, int advice) {
        return (int) call(SystemCall.MADVISE, null, address, length, advice, 0, 0, 0);
    }

    // ---- waiting ----

    /** A new epoll descriptor, close-on-exec. */
    default int epollCreate() {
        return (int) call(SystemCall.EPOLL_CREATE1, null, Linux.EPOLL_CLOEXEC, 0, 0, 0, 0, 0);
    }

    /** @param operation {@link Linux#EPOLL_CTL_ADD} …; {@code data} comes back from {@link EpollEvents#data} */
    default int epollCtl(int epollFd, int operation, int fd, int events, long data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = EpollEvents.encode(arena, events, data);
            return (int) call(SystemCall.EPOLL_CTL, null, epollFd, operation, fd, event.address(), 0, 0);
        }
    }

    /**
     * Waits for events. Signals do not end it (the JVM uses some for itself); wake it with a {@link Wakeup}.
     * Allocates nothing.
     * @param timeoutMillis -1 waits for ever
     * @return number of events filled in, or {@code -errno}
     */
    default int epollWait(int epollFd, EpollEvents events, int timeoutMillis) {
        return (int) call(SystemCall.EPOLL_PWAIT, null, epollFd, events.address(), events.capacity(), timeoutMillis,
                0, 8);
    }

    /**
     * Says that the caller is about to read mapped memory that the kernel writes without a call: before each drain of a
     * ring or perf buffer. Does nothing, except where such memory is a copy: a recorder and a replay let it change here
     * and when a wait returns, and at no other time.
     */
    default void refreshMapped() {}

    /** A new counter to wait on, close-on-exec and non-blocking. */
    default int eventfd(int initialValue) {
        return (int) call(SystemCall.EVENTFD2, null, initialValue, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK, 0, 0, 0,
                0);
    }

    /**
     * @param pollFds {@code struct pollfd[]}, 8 bytes each: int fd, short events, short revents
     * @param timeoutMillis -1 waits for ever
     */
    default int ppoll(MemorySegment pollFds, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            long timeout = 0;
            if (timeoutMillis >= 0) {
                MemorySegment timespec = arena.allocate(16, 8);
                timespec.asByteBuffer().order(java.nio.ByteOrder.nativeOrder())
                        .putLong(timeoutMillis / 1000).putLong(timeoutMillis % 1000 * 1_000_000L);
                timeout = timespec.address();
            }
            return (int) call(SystemCall.PPOLL, null, pollFds.address(), pollFds.byteSize() / 8, timeout, 0, 8,
                    pollFds.byteSize());
        }
    }

    // ---- files ----

    /** Opens a path, relative to the working directory, always with O_CLOEXEC. */
    default int open(String path, int flags, int mode) {
        return openat(Linux.AT_FDCWD, path, flags, mode);
    }

    default int openat(int directoryFd, String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.OPENAT, null, directoryFd, cString(arena, path).address(),
                    flags | Linux.O_CLOEXEC, mode, 0, 0);
        }
    }

    /** The text and a NUL. By a ByteBuffer: a segment's own accessors cost milliseconds of start-up. */
    private static MemorySegment cString(Arena arena, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = arena.allocate(utf8.length + 1L);
        memory.asByteBuffer().put(utf8);
        return memory;
    }

    default long read(int fd, MemorySegment buffer) {
        try {
            return call(SystemCall.READ, null, fd, buffer.address(), buffer.byteSize(), 0, 0, 0);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    default long write(int fd, MemorySegment bytes) {
        try {
            return call(SystemCall.WRITE, null, fd, bytes.address(), bytes.byteSize(), 0, 0, 0);
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    default long pread(int fd, MemorySegment buffer, long offset) {
        try {
            return call(SystemCall.PREAD64, null, fd, buffer.address(), buffer.byteSize(), offset, 0, 0);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** Closes a descriptor. It is closed whatever the result; EINTR is none. */
    default int close(int fd) {
        return (int) call(SystemCall.CLOSE, null, fd, 0, 0, 0, 0, 0);
    }

    default int dup(int fd) {
        return (int) call(SystemCall.DUP, null, fd, 0, 0, 0, 0, 0);
    }

    default int fcntl(int fd, int command, long argument) {
        return (int) call(SystemCall.FCNTL, null, fd, command, argument, 0, 0, 0);
    }

    /** @param statx at least 256 bytes, filled as statx(2) says: the same layout on every architecture */
    default int statx(int directoryFd, String path, int flags, MemorySegment statx) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.STATX, null, directoryFd, cString(arena, path).address(), flags,
                    Linux.STATX_BASIC_STATS, statx.address(), 0);
        }
    }

    /** The magic number of the file system at {@code path} ({@link Linux#BPF_FS_MAGIC}), or {@code -errno}. */
    default long fileSystemType(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(120, 8);
            long result = call(SystemCall.STATFS, null, cString(arena, path).address(), statfs.address(), 0, 0, 0,
                    0);
            // f_type comes first in struct statfs on every 64-bit architecture; magic numbers have 32 bits.
            return result < 0 ? result
                    : statfs.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).getLong(0) & 0xffff_ffffL;
        }
    }

    /** @param mode 0 asks whether it exists, R_OK 4, W_OK 2, X_OK 1 */
    default int access(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.FACCESSAT, null, Linux.AT_FDCWD, cString(arena, path).address(), mode,
                    0, 0, 0);
        }
    }

    default int mkdir(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.MKDIRAT, null, Linux.AT_FDCWD, cString(arena, path).address(), mode,
                    0, 0, 0);
        }
    }

    default int unlink(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.UNLINKAT, null, Linux.AT_FDCWD, cString(arena, path).address(), 0, 0, 0,
                    0);
        }
    }

    default int rmdir(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.UNLINKAT, null, Linux.AT_FDCWD, cString(arena, path).address(),
                    Linux.AT_REMOVEDIR, 0, 0, 0);
        }
    }

    /** An anonymous file, close-on-exec. */
    default int memfdCreate(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.MEMFD_CREATE, null, cString(arena, name).address(), Linux.MFD_CLOEXEC,
                    0, 0, 0, 0);
        }
    }

    /** A context for a new instance of a file system, close-on-exec; Linux 5.2 and CAP_SYS_ADMIN. */
    default int fsopen(String type) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SystemCall.FSOPEN, null, cString(arena, type).address(), 1, 0, 0, 0, 0);
        }
    }

    /** Makes the file system that the context describes: FSCONFIG_CMD_CREATE, include/uapi/linux/mount.h. */
    default int fsconfigCreate(int contextFd) {
        return (int) call(SystemCall.FSCONFIG, null, contextFd, 6, 0, 0, 0, 0);
    }

    /** Mounts it nowhere: the descriptor, close-on-exec, is the only way in, and closing it unmounts. */
    default int fsmount(int contextFd) {
        return (int) call(SystemCall.FSMOUNT, null, contextFd, 1, 0, 0, 0, 0);
    }

    default int ftruncate(int fd, long length) {
        return (int) call(SystemCall.FTRUNCATE, null, fd, length, 0, 0, 0, 0);
    }

    // ---- sockets ----

    /** A new socket, close-on-exec. */
    default int socket(int domain, int type, int protocol) {
        return (int) call(SystemCall.SOCKET, null, domain, type | Linux.SOCK_CLOEXEC, protocol, 0, 0, 0);
    }

    default int bind(int fd, MemorySegment address) {
        return (int) call(SystemCall.BIND, null, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    default int connect(int fd, MemorySegment address) {
        return (int) call(SystemCall.CONNECT, null, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    default int listen(int fd, int backlog) {
        return (int) call(SystemCall.LISTEN, null, fd, backlog, 0, 0, 0, 0);
    }

    default int accept(int fd) {
        return (int) call(SystemCall.ACCEPT4, null, fd, 0, 0, Linux.SOCK_CLOEXEC, 0, 0);
    }

    /** Sends on a connected or bound socket. */
    default long send(int fd, MemorySegment bytes, int flags) {
        return call(SystemCall.SENDTO, null, fd, bytes.address(), bytes.byteSize(), flags, 0, 0);
    }

    default long sendTo(int fd, MemorySegment bytes, int flags, MemorySegment address) {
        return call(SystemCall.SENDTO, null, fd, bytes.address(), bytes.byteSize(), flags, address.address(),
                address.byteSize());
    }

    default long recv(int fd, MemorySegment buffer, int flags) {
        return call(SystemCall.RECVFROM, null, fd, buffer.address(), buffer.byteSize(), flags, 0, 0);
    }

    default int setsockopt(int fd, int level, int name, MemorySegment value) {
        return (int) call(SystemCall.SETSOCKOPT, null, fd, level, name, value.address(), value.byteSize(), 0);
    }

    default int setsockopt(int fd, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4, 4);
            memory.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putInt(value);
            return setsockopt(fd, level, name, memory);
        }
    }

    /** Fills {@code address} (of sufficient size) with the address the socket is bound to. */
    default int getsockname(int fd, MemorySegment address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(4, 4);
            length.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putInt((int) address.byteSize());
            return (int) call(SystemCall.GETSOCKNAME, null, fd, address.address(), length.address(),
                    address.byteSize(), 0, 0);
        }
    }

    // ---- this thread and process ----

    /** Moves the calling thread into a namespace. */
    default int setns(int fd, int namespaceType) {
        return (int) call(SystemCall.SETNS, null, fd, namespaceType, 0, 0, 0, 0);
    }

    /** Gives the calling thread namespaces of its own. */
    default int unshare(int flags) {
        return (int) call(SystemCall.UNSHARE, null, flags, 0, 0, 0, 0, 0);
    }

    default int prctl(int option, long arg2, long arg3, long arg4, long arg5) {
        return (int) call(SystemCall.PRCTL, null, option, arg2, arg3, arg4, arg5, 0);
    }

    /** The effective capabilities of the calling thread as a bit set (bit 39 is CAP_BPF), or {@code -errno}. */
    default long effectiveCapabilities() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(8, 8);
            header.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putInt(Linux.LINUX_CAPABILITY_VERSION_3);
            MemorySegment data = arena.allocate(24, 8);
            long result = call(SystemCall.CAPGET, null, header.address(), data.address(), 0, 0, 0, 0);
            if (result < 0) {
                return result;
            }
            java.nio.ByteBuffer sets = data.asByteBuffer().order(java.nio.ByteOrder.nativeOrder());
            // Two records of effective, permitted, inheritable: the low 32 capabilities, then the high ones.
            return sets.getInt(0) & 0xffff_ffffL | (long) sets.getInt(12) << 32;
        }
    }

    default int getpid() {
        return (int) call(SystemCall.GETPID, null, 0, 0, 0, 0, 0, 0);
    }

    default int gettid() {
        return (int) call(SystemCall.GETTID, null, 0, 0, 0, 0, 0, 0);
    }

    /** Sets both limits of a resource of this process ({@link Linux#RLIMIT_MEMLOCK}; -1 is infinity). */
    default int setrlimit(int resource, long soft, long hard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(16, 8);
            limits.asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).putLong(soft).putLong(hard);
            return (int) call(SystemCall.PRLIMIT64, null, 0, resource, limits.address(), 0, 0, 0);
        }
    }

    /** @param utsname at least 390 bytes: six texts of 65 bytes (system, node, release, version, machine, domain) */
    default int uname(MemorySegment utsname) {
        return (int) call(SystemCall.UNAME, null, utsname.address(), 0, 0, 0, 0, 0);
    }

    default int tgkill(int processId, int threadId, int signal) {
        return (int) call(SystemCall.TGKILL, null, processId, threadId, signal, 0, 0, 0);
    }
}
