package wasmbpf.sys;

/** Kinds of link: include/uapi/linux/bpf.h, {@code enum bpf_link_type}. */
public enum BpfLinkType {
    UNSPEC, RAW_TRACEPOINT, TRACING, CGROUP, ITER, NETNS, XDP, PERF_EVENT, KPROBE_MULTI, STRUCT_OPS, NETFILTER, TCX,
    UPROBE_MULTI, NETKIT, SOCKMAP, TRACING_MULTI;

    private static final BpfLinkType[] VALUES = values();

    /** The constant of that number, or null if this table does not know it (a kernel newer than it). */
    public static BpfLinkType of(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : null;
    }

    /** The kernel's number. */
    public int number() {
        return ordinal();
    }

    /** The kernel's spelling. */
    public String kernelName() {
        return "BPF_LINK_TYPE_" + name();
    }
}
