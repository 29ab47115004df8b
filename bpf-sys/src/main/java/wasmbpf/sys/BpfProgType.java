package wasmbpf.sys;

/** Kinds of program: include/uapi/linux/bpf.h, {@code enum bpf_prog_type}. */
public enum BpfProgType {
    UNSPEC, SOCKET_FILTER, KPROBE, SCHED_CLS, SCHED_ACT, TRACEPOINT, XDP, PERF_EVENT, CGROUP_SKB, CGROUP_SOCK,
    LWT_IN, LWT_OUT, LWT_XMIT, SOCK_OPS, SK_SKB, CGROUP_DEVICE, SK_MSG, RAW_TRACEPOINT, CGROUP_SOCK_ADDR,
    LWT_SEG6LOCAL, LIRC_MODE2, SK_REUSEPORT, FLOW_DISSECTOR, CGROUP_SYSCTL, RAW_TRACEPOINT_WRITABLE, CGROUP_SOCKOPT,
    TRACING, STRUCT_OPS, EXT, LSM, SK_LOOKUP, SYSCALL, NETFILTER;

    private static final BpfProgType[] VALUES = values();

    /** The constant of that number, or null if this table does not know it (a kernel newer than it). */
    public static BpfProgType of(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : null;
    }

    /** The kernel's number. */
    public int number() {
        return ordinal();
    }

    /** The kernel's spelling. */
    public String kernelName() {
        return "BPF_PROG_TYPE_" + name();
    }
}
