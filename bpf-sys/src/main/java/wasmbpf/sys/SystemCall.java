package wasmbpf.sys;

/**
 * The system calls of this project: one row each with the number on x86-64, the number of the kernel's generic table
 * (aarch64, riscv64; include/uapi/asm-generic/unistd.h), and the parameters as decorators print and record them.
 *
 * <p>A parameter is {@code name} or {@code name:kind}. Kinds: {@code fd}; {@code hex}; {@code octal}; {@code text}
 * the address of a NUL-terminated text; {@code in(n)}, {@code out(n)} and {@code inout(n)} the address of n bytes, n
 * a number or another parameter's name; {@code pollfds(n)} and {@code fdsout(n)} descriptors in memory; {@code
 * region} an address from mmap; {@code struct} the {@link StructValue}; {@code timeout} milliseconds; {@code unused}
 * what is not to be printed; and names of tables of constants. What follows the arrow is the result: {@code fd},
 * {@code bytes} (how much of the out buffer counts), {@code region}.
 *
 * <p>Where the kernel has an older and a general form (open, openat) only the general one is here: aarch64 has no
 * other.
 */
public enum SystemCall {
    BPF("bpf", 321, 280, "cmd:bpfcmd attr:struct size:unused"),
    PERF_EVENT_OPEN("perf_event_open", 298, 241, "attr:struct pid:pid cpu group_fd:fd flags:hex -> fd"),
    /** The length of what a pointer argument points at travels in the fourth argument, which the kernel ignores. */
    IOCTL("ioctl", 16, 29, "fd:fd request:ioctl arg:inout(len) len:unused"),
    MMAP("mmap", 9, 222, "addr:region length prot:prot flags:mmap fd:fd offset -> region"),
    MUNMAP("munmap", 11, 215, "addr:region length"),
    MPROTECT("mprotect", 10, 226, "addr:region length prot:prot"),
    MADVISE("madvise", 28, 233, "addr:region length advice"),
    EPOLL_CREATE1("epoll_create1", 291, 20, "flags:hex -> fd"),
    EPOLL_CTL("epoll_ctl", 233, 21, "epfd:fd op:epollop fd:fd event:epoll"),
    EPOLL_PWAIT("epoll_pwait", 281, 22, "epfd:fd events:epollout(maxevents) maxevents timeout:timeout sigmask:unused"),
    EVENTFD2("eventfd2", 290, 19, "initval flags:hex -> fd"),
    OPENAT("openat", 257, 56, "dirfd:fd path:text flags:open mode:octal -> fd"),
    READ("read", 0, 63, "fd:fd buf:out(count) count -> bytes"),
    WRITE("write", 1, 64, "fd:fd buf:in(count) count"),
    PREAD64("pread64", 17, 67, "fd:fd buf:out(count) count offset -> bytes"),
    PWRITE64("pwrite64", 18, 68, "fd:fd buf:in(count) count offset"),
    CLOSE("close", 3, 57, "fd:fd"),
    DUP("dup", 32, 23, "fd:fd -> fd"),
    FCNTL("fcntl", 72, 25, "fd:fd cmd:fcntl arg:hex"),
    STATX("statx", 332, 291, "dirfd:fd path:text flags:hex mask:hex buf:out(256)"),
    STATFS("statfs", 137, 43, "path:text buf:out(120)"),
    FSTATFS("fstatfs", 138, 44, "fd:fd buf:out(120)"),
    FACCESSAT("faccessat", 269, 48, "dirfd:fd path:text mode"),
    READLINKAT("readlinkat", 267, 78, "dirfd:fd path:text buf:out(count) count -> bytes"),
    MKDIRAT("mkdirat", 258, 34, "dirfd:fd path:text mode:octal"),
    UNLINKAT("unlinkat", 263, 35, "dirfd:fd path:text flags:hex"),
    GETDENTS64("getdents64", 217, 61, "fd:fd buf:out(count) count -> bytes"),
    FTRUNCATE("ftruncate", 77, 46, "fd:fd length"),
    MEMFD_CREATE("memfd_create", 319, 279, "name:text flags:hex -> fd"),
    PIPE2("pipe2", 293, 59, "fds:fdsout(8) flags:hex"),
    SOCKET("socket", 41, 198, "domain:socketdomain type:sockettype protocol -> fd"),
    BIND("bind", 49, 200, "fd:fd addr:in(len) len"),
    CONNECT("connect", 42, 203, "fd:fd addr:in(len) len"),
    LISTEN("listen", 50, 201, "fd:fd backlog"),
    ACCEPT4("accept4", 288, 242, "fd:fd addr:unused addrlen:unused flags:hex -> fd"),
    SENDTO("sendto", 44, 206, "fd:fd buf:in(count) count flags:hex addr:in(len) len"),
    RECVFROM("recvfrom", 45, 207, "fd:fd buf:out(count) count flags:hex addr:unused addrlen:unused -> bytes"),
    SETSOCKOPT("setsockopt", 54, 208, "fd:fd level name:sockopt value:in(len) len"),
    GETSOCKOPT("getsockopt", 55, 209, "fd:fd level name:sockopt value:out(len) len:unused lenptr:unused"),
    GETSOCKNAME("getsockname", 51, 204, "fd:fd addr:out(len) lenptr:inout(4) len:unused"),
    SHUTDOWN("shutdown", 48, 210, "fd:fd how"),
    SETNS("setns", 308, 268, "fd:fd nstype:hex"),
    UNSHARE("unshare", 272, 97, "flags:hex"),
    PRCTL("prctl", 157, 167, "option arg2:hex arg3:hex arg4:hex arg5:hex"),
    CAPGET("capget", 125, 90, "header:inout(8) data:out(24)"),
    CAPSET("capset", 126, 91, "header:inout(8) data:in(24)"),
    GETPID("getpid", 39, 172, "-> pid"),
    GETTID("gettid", 186, 178, "-> pid"),
    GETPPID("getppid", 110, 173, "-> pid"),
    GETEUID("geteuid", 107, 175, ""),
    PRLIMIT64("prlimit64", 302, 261, "pid:pid resource new:in(16) old:out(16)"),
    UNAME("uname", 63, 160, "buf:out(390)"),
    SYSINFO("sysinfo", 99, 179, "buf:out(112)"),
    SCHED_SETAFFINITY("sched_setaffinity", 203, 122, "pid:pid len mask:in(len)"),
    SCHED_GETAFFINITY("sched_getaffinity", 204, 123, "pid:pid len mask:out(len)"),
    PPOLL("ppoll", 271, 73, "fds:pollfds(len) nfds timeout:inout(16) sigmask:unused size:unused len:unused"),
    KILL("kill", 62, 129, "pid:pid signal"),
    TGKILL("tgkill", 234, 131, "tgid:pid tid:pid signal"),
    PIDFD_OPEN("pidfd_open", 434, 434, "pid:pid flags:hex -> fd"),
    MOUNT("mount", 165, 40, "source:text target:text type:text flags:hex data:text"),
    UMOUNT2("umount2", 166, 39, "target:text flags:hex"),
    FSOPEN("fsopen", 430, 430, "name:text flags:hex -> fd"),
    FSCONFIG("fsconfig", 431, 431, "fd:fd cmd key:text value:text aux"),
    FSMOUNT("fsmount", 432, 432, "fd:fd flags:hex attrs:hex -> fd"),
    MOVE_MOUNT("move_mount", 429, 429, "from:fd frompath:text to:fd topath:text flags:hex"),
    // What guests do through WASI (host's wasi package), beside the calls above.
    READV("readv", 19, 65, "fd:fd iov:hex count"),
    WRITEV("writev", 20, 66, "fd:fd iov:hex count"),
    PREADV("preadv", 295, 69, "fd:fd iov:hex count offset"),
    PWRITEV("pwritev", 296, 70, "fd:fd iov:hex count offset"),
    LSEEK("lseek", 8, 62, "fd:fd offset whence"),
    FSYNC("fsync", 74, 82, "fd:fd"),
    FDATASYNC("fdatasync", 75, 83, "fd:fd"),
    FALLOCATE("fallocate", 285, 47, "fd:fd mode:hex offset length"),
    FADVISE64("fadvise64", 221, 223, "fd:fd offset length advice"),
    UTIMENSAT("utimensat", 280, 88, "dirfd:fd path:text times:in(32) flags:hex"),
    RENAMEAT2("renameat2", 316, 276, "olddirfd:fd oldpath:text newdirfd:fd newpath:text flags:hex"),
    LINKAT("linkat", 265, 37, "olddirfd:fd oldpath:text newdirfd:fd newpath:text flags:hex"),
    SYMLINKAT("symlinkat", 266, 36, "target:text dirfd:fd path:text"),
    GETRANDOM("getrandom", 318, 278, "buf:out(count) count flags:hex -> bytes"),
    CLOCK_GETTIME("clock_gettime", 228, 113, "clock time:out(16)"),
    CLOCK_GETRES("clock_getres", 229, 114, "clock time:out(16)"),
    SCHED_YIELD("sched_yield", 24, 124, ""),
    RECVMSG("recvmsg", 47, 212, "fd:fd msg:hex flags:hex"),
    SENDMSG("sendmsg", 46, 211, "fd:fd msg:hex flags:hex"),
    /** Absent from the generic table; on x86-64 ENXIO from it says that the kernel has the uprobe system call. */
    UPROBE("uprobe", 336, -1, "");

    private static final SystemCall[] VALUES = values();

    private final String kernelName;
    private final int x86Number;
    private final int genericNumber;
    private final String signature;

    SystemCall(String kernelName, int x86Number, int genericNumber, String signature) {
        this.kernelName = kernelName;
        this.x86Number = x86Number;
        this.genericNumber = genericNumber;
        this.signature = signature;
    }

    /** The kernel's name, {@code "epoll_ctl"}. */
    public String kernelName() {
        return kernelName;
    }

    /** The number on x86-64. */
    public int x86Number() {
        return x86Number;
    }

    /** The number in the kernel's generic table, or -1 if it is not in it. */
    public int genericNumber() {
        return genericNumber;
    }

    /** Parameters and result in the notation above. */
    public String signature() {
        return signature;
    }

    /** The call of that kernel name, or null. */
    public static SystemCall named(String kernelName) {
        for (SystemCall call : VALUES) {
            if (call.kernelName.equals(kernelName)) {
                return call;
            }
        }
        return null;
    }
}
