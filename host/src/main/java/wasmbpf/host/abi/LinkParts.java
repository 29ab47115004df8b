package wasmbpf.host.abi;

import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfLinkType;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/** Which part of the unions of {@code link_create} and {@code bpf_link_info} counts, by the start of its names. */
final class LinkParts {
    private static final int BPF_F_ID = 1 << 5;

    private LinkParts() {}

    /** The part that BPF_LINK_CREATE reads. Attach type 0 without flags is freplace's: {@code target_btf_id}. */
    static String of(BpfAttachType type, long flags) {
        String part = switch (type) {
            case PERF_EVENT -> "perf_event.";
            case TRACE_KPROBE_MULTI, TRACE_KPROBE_SESSION -> "kprobe_multi.";
            case TRACE_UPROBE_MULTI, TRACE_UPROBE_SESSION -> "uprobe_multi.";
            case NETFILTER -> "netfilter.";
            case TCX_INGRESS, TCX_EGRESS -> "tcx.";
            case NETKIT_PRIMARY, NETKIT_PEER -> "netkit.";
            case TRACE_ITER -> "iter_info";
            case TRACE_RAW_TP, TRACE_FENTRY, TRACE_FEXIT, MODIFY_RETURN, LSM_MAC -> "tracing.";
            case null -> "";
            default -> flags == 0 ? "target_btf_id" : "cgroup.";
        };
        return (flags & BPF_F_ID) != 0 ? part + "!" : part;
    }

    static boolean has(String part, StructField field) {
        boolean byId = part.endsWith("!");
        String start = byId ? part.substring(0, part.length() - 1) : part;
        return !start.isEmpty() && field.name().startsWith(start)
                && !field.name().endsWith(byId ? ".relative_fd" : ".relative_id");
    }

    /** Bytes behind a pointer that has no field of its own to count them. */
    static long length(StructField field, StructValue value) {
        if (field == LinkCreate.KPROBE_MULTI_COOKIES) {
            return 8 * value.get(LinkCreate.KPROBE_MULTI_CNT);
        }
        if (field == LinkCreate.UPROBE_MULTI_COOKIES || field == LinkCreate.UPROBE_MULTI_REF_CTR_OFFSETS) {
            return 8 * value.get(LinkCreate.UPROBE_MULTI_CNT);
        }
        return -1;
    }

    /** The part of a link's information that a link of that type has. */
    static String ofInfo(BpfLinkType type) {
        return type == null ? "" : type.name().toLowerCase(java.util.Locale.ROOT) + ".";
    }
}
