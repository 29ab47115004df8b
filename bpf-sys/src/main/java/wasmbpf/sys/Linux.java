package wasmbpf.sys;

/** Constants of the Linux ABI, in the kernel's spelling. Compile-time constants: using one loads nothing. */
public final class Linux {
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_FIXED_NOREPLACE = 0x10_0000;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_POPULATE_WRITE = 23;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int AT_FDCWD = -100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int MFD_CLOEXEC = 1;
    public static final long BPF_FS_MAGIC = 0xcafe4a11L;
    public static final long TRACEFS_MAGIC = 0x74726163L;
    public static final long CGROUP2_SUPER_MAGIC = 0x63677270L;

    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 1;
    public static final int EPOLLOUT = 4;
    public static final int EPOLLERR = 8;
    public static final int EPOLLHUP = 0x10;
    public static final int EFD_CLOEXEC = 0x80000;
    public static final int EFD_NONBLOCK = 0x800;

    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_GENERIC = 16;
    public static final int SOL_SOCKET = 1;
    public static final int SOL_NETLINK = 270;
    public static final int SO_ATTACH_BPF = 50;
    public static final int SO_DETACH_BPF = 27;
    public static final int SO_ATTACH_REUSEPORT_EBPF = 52;
    public static final int NETLINK_EXT_ACK = 11;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_TRUNC = 0x20;

    public static final int CLONE_NEWNS = 0x20000;
    public static final int CLONE_NEWCGROUP = 0x2000000;
    public static final int CLONE_NEWUSER = 0x10000000;
    public static final int CLONE_NEWPID = 0x20000000;
    public static final int CLONE_NEWNET = 0x40000000;
    public static final int RLIMIT_MEMLOCK = 8;
    public static final long RLIM_INFINITY = -1;
    public static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_SYS_RESOURCE = 24;
    public static final int CAP_PERFMON = 38;
    public static final int CAP_BPF = 39;

    public static final long TCGETS = 0x5401;
    public static final long PERF_EVENT_IOC_ENABLE = 0x2400;
    public static final long PERF_EVENT_IOC_DISABLE = 0x2401;
    public static final long PERF_EVENT_IOC_RESET = 0x2403;
    public static final long PERF_EVENT_IOC_SET_OUTPUT = 0x2405;
    public static final long PERF_EVENT_IOC_SET_BPF = 0x40042408L;
    public static final long PERF_EVENT_IOC_PAUSE_OUTPUT = 0x40042409L;
    public static final int PERF_TYPE_HARDWARE = 0;
    public static final int PERF_TYPE_SOFTWARE = 1;
    public static final int PERF_TYPE_TRACEPOINT = 2;
    public static final int PERF_COUNT_SW_CPU_CLOCK = 0;
    public static final int PERF_COUNT_SW_BPF_OUTPUT = 10;
    public static final int PERF_SAMPLE_RAW = 1 << 10;
    public static final long PERF_FLAG_FD_CLOEXEC = 8;
    public static final int PERF_RECORD_LOST = 2;
    public static final int PERF_RECORD_SAMPLE = 9;

    private Linux() {}
}
