package wasmbpf.host.attach;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfProgType;

/** How the target of each type of program is written, for messages. */
final class TargetText {
    private TargetText() {
    }

    /** What to give as target. */
    static String wanted(LoadedProgram program) {
        return switch (BpfProgType.of(program.type())) {
            case XDP -> "an interface, or INTERFACE:skb";
            case SCHED_CLS -> isNetkit(program) ? "a netkit interface" : "an interface, or INTERFACE:egress";
            case NETFILTER -> "ipv4|ipv6:HOOK[:PRIORITY]";
            case CGROUP_SKB, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, CGROUP_DEVICE, SOCK_OPS ->
                    "the path of a cgroup (version 2)";
            case LSM -> "the path of a cgroup for lsm_cgroup, none otherwise";
            case SK_LOOKUP, FLOW_DISSECTOR -> "the path of a network namespace, as /proc/self/ns/net";
            case SK_MSG, SK_SKB -> "a sockmap of the object, or the path of a pinned one";
            case PERF_EVENT -> "a process id, or -1 for all CPUs";
            case KPROBE -> "a function, PATH:FUNCTION for a uprobe, PATH:PROVIDER:NAME for USDT";
            case TRACEPOINT -> "CATEGORY/NAME";
            case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> "the name of a tracepoint";
            case SOCKET_FILTER, SK_REUSEPORT -> "it is set on a socket, which a text cannot name";
            case SYSCALL -> "it is run by BPF_PROG_TEST_RUN, not attached";
            case STRUCT_OPS -> "its map is attached";
            case LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL -> "it is part of a route: ip route add ... encap bpf";
            case SCHED_ACT -> "it is part of a filter: tc filter add ... action bpf";
            case null, default -> "see the kind of program";
        };
    }

    static boolean isNetkit(LoadedProgram program) {
        int attachType = program.spec().expectedAttachType();
        return attachType == BpfAttachType.NETKIT_PRIMARY.number() || attachType == BpfAttachType.NETKIT_PEER.number();
    }
}
