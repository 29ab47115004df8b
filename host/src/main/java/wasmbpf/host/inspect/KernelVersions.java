package wasmbpf.host.inspect;

import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;

/** The mainline release that each kind of program, map and attachment came with: the kernel's git history. */
final class KernelVersions {
    /** @param version as {@code 5.8} */
    record Since(String what, String version) {
    }

    private KernelVersions() {
    }

    /** Null for a type this library does not know. */
    static Since ofProgram(int number) {
        BpfProgType type = BpfProgType.of(number);
        String version = switch (type) {
            case null -> null;
            case UNSPEC -> null;
            case SOCKET_FILTER -> "3.19";
            case KPROBE, SCHED_CLS, SCHED_ACT -> "4.1";
            case TRACEPOINT -> "4.7";
            case XDP -> "4.8";
            case PERF_EVENT -> "4.9";
            case CGROUP_SKB, CGROUP_SOCK, LWT_IN, LWT_OUT, LWT_XMIT -> "4.10";
            case SOCK_OPS -> "4.13";
            case SK_SKB -> "4.14";
            case CGROUP_DEVICE -> "4.15";
            case SK_MSG, RAW_TRACEPOINT, CGROUP_SOCK_ADDR -> "4.17";
            case LWT_SEG6LOCAL, LIRC_MODE2 -> "4.18";
            case SK_REUSEPORT -> "4.19";
            case FLOW_DISSECTOR -> "4.20";
            case CGROUP_SYSCTL, RAW_TRACEPOINT_WRITABLE -> "5.2";
            case CGROUP_SOCKOPT -> "5.3";
            case TRACING -> "5.5";
            case STRUCT_OPS, EXT -> "5.6";
            case LSM -> "5.7";
            case SK_LOOKUP -> "5.9";
            case SYSCALL -> "5.14";
            case NETFILTER -> "6.4";
        };
        return version == null ? null : new Since(type.kernelName(), version);
    }

    /** Null for a type this library does not know. */
    static Since ofMap(int number) {
        BpfMapType type = BpfMapType.of(number);
        String version = switch (type) {
            case null -> null;
            case UNSPEC -> null;
            case HASH, ARRAY -> "3.19";
            case PROG_ARRAY -> "4.2";
            case PERF_EVENT_ARRAY -> "4.3";
            case PERCPU_HASH, PERCPU_ARRAY, STACK_TRACE -> "4.6";
            case CGROUP_ARRAY -> "4.8";
            case LRU_HASH, LRU_PERCPU_HASH -> "4.10";
            case LPM_TRIE -> "4.11";
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> "4.12";
            case DEVMAP, SOCKMAP -> "4.14";
            case CPUMAP -> "4.15";
            case XSKMAP, SOCKHASH -> "4.18";
            case CGROUP_STORAGE, REUSEPORT_SOCKARRAY -> "4.19";
            case PERCPU_CGROUP_STORAGE, QUEUE, STACK -> "4.20";
            case SK_STORAGE -> "5.2";
            case DEVMAP_HASH -> "5.4";
            case STRUCT_OPS -> "5.6";
            case RINGBUF -> "5.8";
            case INODE_STORAGE -> "5.10";
            case TASK_STORAGE -> "5.11";
            case BLOOM_FILTER -> "5.16";
            case USER_RINGBUF -> "6.1";
            case CGRP_STORAGE -> "6.2";
            case ARENA -> "6.9";
            // Newer than the releases this table was made from.
            case INSN_ARRAY, RHASH -> null;
        };
        return version == null ? null : new Since(type.kernelName(), version);
    }

    /** Null where it came with the program type, or is newer than this table. */
    static Since ofAttach(int number) {
        BpfAttachType type = BpfAttachType.of(number);
        String version = switch (type) {
            case null -> null;
            case MODIFY_RETURN -> "5.7";
            case TRACE_ITER -> "5.8";
            case XDP_DEVMAP -> "5.8";
            case XDP_CPUMAP, CGROUP_INET_SOCK_RELEASE -> "5.9";
            case SK_SKB_VERDICT -> "5.13";
            case SK_REUSEPORT_SELECT_OR_MIGRATE -> "5.14";
            case TRACE_KPROBE_MULTI -> "5.18";
            case LSM_CGROUP -> "6.0";
            case TRACE_UPROBE_MULTI, TCX_INGRESS, TCX_EGRESS -> "6.6";
            case NETKIT_PRIMARY, NETKIT_PEER, CGROUP_UNIX_CONNECT, CGROUP_UNIX_SENDMSG, CGROUP_UNIX_RECVMSG,
                    CGROUP_UNIX_GETPEERNAME, CGROUP_UNIX_GETSOCKNAME -> "6.7";
            case TRACE_KPROBE_SESSION -> "6.10";
            case TRACE_UPROBE_SESSION -> "6.13";
            default -> null;
        };
        return version == null ? null : new Since(type.kernelName(), version);
    }

    /** As {@code compareTo} of releases {@code a.b}. */
    static int compare(String a, String b) {
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        int major = Integer.compare(Integer.parseInt(left[0]), Integer.parseInt(right[0]));
        return major != 0 ? major : Integer.compare(Integer.parseInt(left[1]), Integer.parseInt(right[1]));
    }
}
