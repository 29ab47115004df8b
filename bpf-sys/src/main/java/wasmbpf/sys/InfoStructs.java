package wasmbpf.sys;

import java.util.List;
import wasmbpf.sys.KernelStruct.Builder;
import wasmbpf.sys.StructField.Content;

/** The structs that BPF_OBJ_GET_INFO_BY_FD fills: include/uapi/linux/bpf.h, {@code struct bpf_*_info}. */
public final class InfoStructs {
    private InfoStructs() {}

    /** All declarations, to be compared with a kernel's own BTF. */
    public static List<KernelStruct> all() {
        return List.of(MapInfo.STRUCT, ProgInfo.STRUCT, BtfInfo.STRUCT, LinkInfo.STRUCT);
    }

    /** What is known of a map. */
    public static final class MapInfo {
        private static final Builder S = KernelStruct.declare("MAP_INFO", "struct bpf_map_info", "");
        public static final StructField TYPE = S.u32Out(0, "type", Shown.MAP_TYPE);
        public static final StructField ID = S.u32Out(4, "id");
        public static final StructField KEY_SIZE = S.u32Out(8, "key_size");
        public static final StructField VALUE_SIZE = S.u32Out(12, "value_size");
        public static final StructField MAX_ENTRIES = S.u32Out(16, "max_entries");
        public static final StructField MAP_FLAGS = S.u32Out(20, "map_flags", Shown.MAP_FLAGS);
        public static final StructField NAME = S.charsOut(24, 16, "name", Content.TEXT);
        public static final StructField IFINDEX = S.u32Out(40, "ifindex");
        public static final StructField BTF_VMLINUX_VALUE_TYPE_ID = S.u32Out(44, "btf_vmlinux_value_type_id");
        public static final StructField NETNS_DEV = S.u64Out(48, "netns_dev", Shown.HEX);
        public static final StructField NETNS_INO = S.u64Out(56, "netns_ino");
        public static final StructField BTF_ID = S.u32Out(64, "btf_id");
        public static final StructField BTF_KEY_TYPE_ID = S.u32Out(68, "btf_key_type_id");
        public static final StructField BTF_VALUE_TYPE_ID = S.u32Out(72, "btf_value_type_id");
        public static final StructField BTF_VMLINUX_ID = S.u32Out(76, "btf_vmlinux_id");
        public static final StructField MAP_EXTRA = S.u64Out(80, "map_extra", Shown.HEX);
        public static final StructField HASH_SIZE = S.u32Out(96, "hash_size");
        public static final StructField HASH = S.out(88, "hash", Content.BYTES, HASH_SIZE, 1);
        public static final KernelStruct STRUCT = S.done(104);

        private MapInfo() {}
    }

    /** What is known of a program; the pointers are buffers of the caller's. */
    public static final class ProgInfo {
        private static final Builder S = KernelStruct.declare("PROG_INFO", "struct bpf_prog_info", "");
        public static final StructField TYPE = S.u32Out(0, "type", Shown.PROG_TYPE);
        public static final StructField ID = S.u32Out(4, "id");
        public static final StructField TAG = S.charsOut(8, 8, "tag", Content.BYTES);
        public static final StructField JITED_PROG_LEN = S.u32Out(16, "jited_prog_len");
        public static final StructField XLATED_PROG_LEN = S.u32Out(20, "xlated_prog_len");
        public static final StructField JITED_PROG_INSNS =
                S.out(24, "jited_prog_insns", Content.BYTES, JITED_PROG_LEN, 1);
        public static final StructField XLATED_PROG_INSNS =
                S.out(32, "xlated_prog_insns", Content.BYTES, XLATED_PROG_LEN, 1);
        public static final StructField LOAD_TIME = S.u64Out(40, "load_time");
        public static final StructField CREATED_BY_UID = S.u32Out(48, "created_by_uid");
        public static final StructField NR_MAP_IDS = S.u32Out(52, "nr_map_ids");
        public static final StructField MAP_IDS = S.out(56, "map_ids", Content.BYTES, NR_MAP_IDS, 4);
        public static final StructField NAME = S.charsOut(64, 16, "name", Content.TEXT);
        public static final StructField IFINDEX = S.u32Out(80, "ifindex");
        public static final StructField GPL_COMPATIBLE = S.u32Out(84, "gpl_compatible");
        public static final StructField NETNS_DEV = S.u64Out(88, "netns_dev", Shown.HEX);
        public static final StructField NETNS_INO = S.u64Out(96, "netns_ino");
        public static final StructField NR_JITED_KSYMS = S.u32Out(104, "nr_jited_ksyms");
        public static final StructField NR_JITED_FUNC_LENS = S.u32Out(108, "nr_jited_func_lens");
        public static final StructField JITED_KSYMS = S.out(112, "jited_ksyms", Content.BYTES, NR_JITED_KSYMS, 8);
        public static final StructField JITED_FUNC_LENS =
                S.out(120, "jited_func_lens", Content.BYTES, NR_JITED_FUNC_LENS, 4);
        public static final StructField BTF_ID = S.u32Out(128, "btf_id");
        public static final StructField FUNC_INFO_REC_SIZE = S.u32Out(132, "func_info_rec_size");
        public static final StructField FUNC_INFO = S.out(136, "func_info", Content.BYTES);
        public static final StructField NR_FUNC_INFO = S.u32Out(144, "nr_func_info");
        public static final StructField NR_LINE_INFO = S.u32Out(148, "nr_line_info");
        public static final StructField LINE_INFO = S.out(152, "line_info", Content.BYTES);
        public static final StructField JITED_LINE_INFO = S.out(160, "jited_line_info", Content.BYTES);
        public static final StructField NR_JITED_LINE_INFO = S.u32Out(168, "nr_jited_line_info");
        public static final StructField LINE_INFO_REC_SIZE = S.u32Out(172, "line_info_rec_size");
        public static final StructField JITED_LINE_INFO_REC_SIZE = S.u32Out(176, "jited_line_info_rec_size");
        public static final StructField NR_PROG_TAGS = S.u32Out(180, "nr_prog_tags");
        public static final StructField PROG_TAGS = S.out(184, "prog_tags", Content.BYTES, NR_PROG_TAGS, 8);
        public static final StructField RUN_TIME_NS = S.u64Out(192, "run_time_ns");
        public static final StructField RUN_CNT = S.u64Out(200, "run_cnt");
        public static final StructField RECURSION_MISSES = S.u64Out(208, "recursion_misses");
        public static final StructField VERIFIED_INSNS = S.u32Out(216, "verified_insns");
        public static final StructField ATTACH_BTF_OBJ_ID = S.u32Out(220, "attach_btf_obj_id");
        public static final StructField ATTACH_BTF_ID = S.u32Out(224, "attach_btf_id");
        public static final KernelStruct STRUCT = S.done(232);

        private ProgInfo() {}
    }

    /** What is known of a BTF object. */
    public static final class BtfInfo {
        private static final Builder S = KernelStruct.declare("BTF_INFO", "struct bpf_btf_info", "");
        public static final StructField BTF_SIZE = S.u32Out(8, "btf_size");
        public static final StructField BTF = S.out(0, "btf", Content.BYTES, BTF_SIZE, 1);
        public static final StructField ID = S.u32Out(12, "id");
        public static final StructField NAME_LEN = S.u32Out(24, "name_len");
        public static final StructField NAME = S.out(16, "name", Content.TEXT, NAME_LEN, 1);
        public static final StructField KERNEL_BTF = S.u32Out(28, "kernel_btf");
        public static final KernelStruct STRUCT = S.done();

        private BtfInfo() {}
    }

    /** What is known of a link: which members count depends on {@code type}. */
    public static final class LinkInfo {
        private static final Builder S = KernelStruct.declare("LINK_INFO", "struct bpf_link_info", "");
        public static final StructField TYPE = S.u32Out(0, "type", Shown.LINK_TYPE);
        public static final StructField ID = S.u32Out(4, "id");
        public static final StructField PROG_ID = S.u32Out(8, "prog_id");
        public static final StructField RAW_TRACEPOINT_TP_NAME_LEN = S.u32Out(24, "raw_tracepoint.tp_name_len");
        public static final StructField RAW_TRACEPOINT_TP_NAME =
                S.out(16, "raw_tracepoint.tp_name", Content.TEXT, RAW_TRACEPOINT_TP_NAME_LEN, 1);
        public static final StructField RAW_TRACEPOINT_COOKIE = S.u64Out(32, "raw_tracepoint.cookie");
        public static final StructField TRACING_ATTACH_TYPE = S.u32Out(16, "tracing.attach_type", Shown.ATTACH_TYPE);
        public static final StructField TRACING_TARGET_OBJ_ID = S.u32Out(20, "tracing.target_obj_id");
        public static final StructField TRACING_TARGET_BTF_ID = S.u32Out(24, "tracing.target_btf_id");
        public static final StructField TRACING_COOKIE = S.u64Out(32, "tracing.cookie");
        public static final StructField CGROUP_CGROUP_ID = S.u64Out(16, "cgroup.cgroup_id");
        public static final StructField CGROUP_ATTACH_TYPE = S.u32Out(24, "cgroup.attach_type", Shown.ATTACH_TYPE);
        public static final StructField ITER_TARGET_NAME_LEN = S.u32Out(24, "iter.target_name_len");
        public static final StructField ITER_TARGET_NAME =
                S.out(16, "iter.target_name", Content.TEXT, ITER_TARGET_NAME_LEN, 1);
        public static final StructField ITER_MAP_MAP_ID = S.u32Out(28, "iter.map.map_id");
        public static final StructField ITER_CGROUP_CGROUP_ID = S.u64Out(32, "iter.cgroup.cgroup_id");
        public static final StructField ITER_CGROUP_ORDER = S.u32Out(40, "iter.cgroup.order");
        public static final StructField ITER_TASK_TID = S.u32Out(32, "iter.task.tid");
        public static final StructField ITER_TASK_PID = S.u32Out(36, "iter.task.pid");
        public static final StructField NETNS_NETNS_INO = S.u32Out(16, "netns.netns_ino");
        public static final StructField NETNS_ATTACH_TYPE = S.u32Out(20, "netns.attach_type", Shown.ATTACH_TYPE);
        public static final StructField XDP_IFINDEX = S.u32Out(16, "xdp.ifindex");
        public static final StructField STRUCT_OPS_MAP_ID = S.u32Out(16, "struct_ops.map_id");
        public static final StructField NETFILTER_PF = S.u32Out(16, "netfilter.pf");
        public static final StructField NETFILTER_HOOKNUM = S.u32Out(20, "netfilter.hooknum");
        public static final StructField NETFILTER_PRIORITY = S.s32Out(24, "netfilter.priority");
        public static final StructField NETFILTER_FLAGS = S.u32Out(28, "netfilter.flags", Shown.HEX);
        public static final StructField KPROBE_MULTI_COUNT = S.u32Out(24, "kprobe_multi.count");
        public static final StructField KPROBE_MULTI_ADDRS =
                S.out(16, "kprobe_multi.addrs", Content.BYTES, KPROBE_MULTI_COUNT, 8);
        public static final StructField KPROBE_MULTI_FLAGS = S.u32Out(28, "kprobe_multi.flags", Shown.MULTI_FLAGS);
        public static final StructField KPROBE_MULTI_MISSED = S.u64Out(32, "kprobe_multi.missed");
        public static final StructField KPROBE_MULTI_COOKIES = S.out(40, "kprobe_multi.cookies", Content.BYTES);
        public static final StructField UPROBE_MULTI_PATH_SIZE = S.u32Out(48, "uprobe_multi.path_size");
        public static final StructField UPROBE_MULTI_COUNT = S.u32Out(52, "uprobe_multi.count");
        public static final StructField UPROBE_MULTI_PATH =
                S.out(16, "uprobe_multi.path", Content.TEXT, UPROBE_MULTI_PATH_SIZE, 1);
        public static final StructField UPROBE_MULTI_OFFSETS =
                S.out(24, "uprobe_multi.offsets", Content.BYTES, UPROBE_MULTI_COUNT, 8);
        public static final StructField UPROBE_MULTI_REF_CTR_OFFSETS =
                S.out(32, "uprobe_multi.ref_ctr_offsets", Content.BYTES);
        public static final StructField UPROBE_MULTI_COOKIES = S.out(40, "uprobe_multi.cookies", Content.BYTES);
        public static final StructField UPROBE_MULTI_FLAGS = S.u32Out(56, "uprobe_multi.flags", Shown.MULTI_FLAGS);
        public static final StructField UPROBE_MULTI_PID = S.u32Out(60, "uprobe_multi.pid");
        public static final StructField PERF_EVENT_TYPE = S.u32Out(16, "perf_event.type");
        public static final StructField PERF_EVENT_UPROBE_NAME_LEN = S.u32Out(32, "perf_event.uprobe.name_len");
        public static final StructField PERF_EVENT_UPROBE_FILE_NAME =
                S.out(24, "perf_event.uprobe.file_name", Content.TEXT, PERF_EVENT_UPROBE_NAME_LEN, 1);
        public static final StructField PERF_EVENT_UPROBE_OFFSET = S.u32Out(36, "perf_event.uprobe.offset");
        public static final StructField PERF_EVENT_UPROBE_COOKIE = S.u64Out(40, "perf_event.uprobe.cookie");
        public static final StructField PERF_EVENT_UPROBE_REF_CTR_OFFSET =
                S.u64Out(48, "perf_event.uprobe.ref_ctr_offset", Shown.HEX);
        public static final StructField PERF_EVENT_KPROBE_OFFSET = S.u32Out(36, "perf_event.kprobe.offset");
        public static final StructField PERF_EVENT_KPROBE_ADDR = S.u64Out(40, "perf_event.kprobe.addr", Shown.HEX);
        public static final StructField PERF_EVENT_KPROBE_MISSED = S.u64Out(48, "perf_event.kprobe.missed");
        public static final StructField PERF_EVENT_KPROBE_COOKIE = S.u64Out(56, "perf_event.kprobe.cookie");
        public static final StructField PERF_EVENT_TRACEPOINT_COOKIE = S.u64Out(40, "perf_event.tracepoint.cookie");
        public static final StructField PERF_EVENT_EVENT_CONFIG = S.u64Out(24, "perf_event.event.config", Shown.HEX);
        public static final StructField PERF_EVENT_EVENT_TYPE = S.u32Out(32, "perf_event.event.type");
        public static final StructField PERF_EVENT_EVENT_COOKIE = S.u64Out(40, "perf_event.event.cookie");
        public static final StructField TCX_IFINDEX = S.u32Out(16, "tcx.ifindex");
        public static final StructField TCX_ATTACH_TYPE = S.u32Out(20, "tcx.attach_type", Shown.ATTACH_TYPE);
        public static final StructField NETKIT_IFINDEX = S.u32Out(16, "netkit.ifindex");
        public static final StructField NETKIT_ATTACH_TYPE = S.u32Out(20, "netkit.attach_type", Shown.ATTACH_TYPE);
        public static final StructField SOCKMAP_MAP_ID = S.u32Out(16, "sockmap.map_id");
        public static final StructField SOCKMAP_ATTACH_TYPE = S.u32Out(20, "sockmap.attach_type", Shown.ATTACH_TYPE);
        public static final KernelStruct STRUCT = S.done(64);

        private LinkInfo() {}
    }
}
