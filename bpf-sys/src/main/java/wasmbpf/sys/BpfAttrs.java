package wasmbpf.sys;

import java.util.List;
import wasmbpf.sys.KernelStruct.Builder;
import wasmbpf.sys.StructField.Content;

/**
 * The variants of {@code union bpf_attr}, one class a variant so that only those used are loaded. Offsets are those of
 * include/uapi/linux/bpf.h as libbpf 1.8 ships it; a kernel accepts a longer struct than it knows if the rest is zero.
 *
 * <p>A member that the kernel reads for one command and writes for another is declared twice at the same offset
 * ({@code value}, {@code value_out}): which one is set tells the direction.
 */
public final class BpfAttrs {
    private BpfAttrs() {}

    /** All declarations, to be compared with a kernel's own BTF. Loads every class below. */
    public static List<KernelStruct> all() {
        return List.of(MapCreate.STRUCT, MapElem.STRUCT, MapBatch.STRUCT, ProgLoad.STRUCT, ObjPin.STRUCT,
                ProgAttach.STRUCT, TestRun.STRUCT, GetId.STRUCT, ObjInfo.STRUCT, ProgQuery.STRUCT,
                RawTracepointOpen.STRUCT, BtfLoad.STRUCT, TaskFdQuery.STRUCT, LinkCreate.STRUCT, LinkUpdate.STRUCT,
                LinkDetach.STRUCT, EnableStats.STRUCT, IterCreate.STRUCT, ProgBindMap.STRUCT, TokenCreate.STRUCT,
                StreamRead.STRUCT, AssocStructOps.STRUCT, IterLinkInfo.STRUCT);
    }

    /** BPF_MAP_CREATE. */
    public static final class MapCreate {
        private static final Builder S = KernelStruct.declare("MAP_CREATE", "union bpf_attr", "");
        public static final StructField MAP_TYPE = S.u32(0, "map_type", Shown.MAP_TYPE);
        public static final StructField KEY_SIZE = S.u32(4, "key_size");
        public static final StructField VALUE_SIZE = S.u32(8, "value_size");
        public static final StructField MAX_ENTRIES = S.u32(12, "max_entries");
        public static final StructField MAP_FLAGS = S.u32(16, "map_flags", Shown.MAP_FLAGS);
        public static final StructField INNER_MAP_FD = S.fd(20, "inner_map_fd");
        public static final StructField NUMA_NODE = S.u32(24, "numa_node");
        public static final StructField MAP_NAME = S.chars(28, 16, "map_name");
        public static final StructField MAP_IFINDEX = S.u32(44, "map_ifindex");
        public static final StructField BTF_FD = S.fd(48, "btf_fd");
        public static final StructField BTF_KEY_TYPE_ID = S.u32(52, "btf_key_type_id");
        public static final StructField BTF_VALUE_TYPE_ID = S.u32(56, "btf_value_type_id");
        public static final StructField BTF_VMLINUX_VALUE_TYPE_ID = S.u32(60, "btf_vmlinux_value_type_id");
        public static final StructField MAP_EXTRA = S.u64(64, "map_extra", Shown.HEX);
        public static final StructField VALUE_TYPE_BTF_OBJ_FD = S.fd(72, "value_type_btf_obj_fd");
        public static final StructField MAP_TOKEN_FD = S.fd(76, "map_token_fd");
        public static final StructField EXCL_PROG_HASH_SIZE = S.u32(88, "excl_prog_hash_size");
        public static final StructField EXCL_PROG_HASH =
                S.in(80, "excl_prog_hash", Content.BYTES, EXCL_PROG_HASH_SIZE, 1);
        public static final KernelStruct STRUCT = S.done();

        private MapCreate() {}
    }

    /** BPF_MAP_LOOKUP_ELEM, UPDATE_ELEM, DELETE_ELEM, GET_NEXT_KEY, LOOKUP_AND_DELETE_ELEM and BPF_MAP_FREEZE. */
    public static final class MapElem {
        private static final Builder S = KernelStruct.declare("MAP_ELEM", "union bpf_attr", "");
        public static final StructField MAP_FD = S.fd(0, "map_fd");
        public static final StructField KEY = S.in(8, "key", Content.BYTES);
        public static final StructField VALUE = S.in(16, "value", Content.MAP_VALUE);
        public static final StructField VALUE_OUT = S.out(16, "value_out", Content.MAP_VALUE);
        public static final StructField NEXT_KEY = S.out(16, "next_key", Content.BYTES);
        public static final StructField FLAGS = S.u64(24, "flags", Shown.MAP_ELEM_FLAGS);
        public static final KernelStruct STRUCT = S.done();

        private MapElem() {}
    }

    /** BPF_MAP_LOOKUP_BATCH, LOOKUP_AND_DELETE_BATCH, UPDATE_BATCH and DELETE_BATCH. */
    public static final class MapBatch {
        private static final Builder S = KernelStruct.declare("MAP_BATCH", "union bpf_attr", "batch");
        public static final StructField IN_BATCH = S.in(0, "in_batch", Content.BYTES);
        public static final StructField OUT_BATCH = S.out(8, "out_batch", Content.BYTES);
        public static final StructField KEYS = S.in(16, "keys", Content.BYTES);
        public static final StructField KEYS_OUT = S.out(16, "keys_out", Content.BYTES);
        public static final StructField VALUES = S.in(24, "values", Content.MAP_VALUE);
        public static final StructField VALUES_OUT = S.out(24, "values_out", Content.MAP_VALUE);
        public static final StructField COUNT = S.u32Out(32, "count");
        public static final StructField MAP_FD = S.fd(36, "map_fd");
        public static final StructField ELEM_FLAGS = S.u64(40, "elem_flags", Shown.MAP_ELEM_FLAGS);
        public static final StructField FLAGS = S.u64(48, "flags", Shown.HEX);
        public static final KernelStruct STRUCT = S.done();

        private MapBatch() {}
    }

    /** BPF_PROG_LOAD, up to keyring_id as libbpf 1.8 sends it. */
    public static final class ProgLoad {
        private static final Builder S = KernelStruct.declare("PROG_LOAD", "union bpf_attr", "");
        public static final StructField PROG_TYPE = S.u32(0, "prog_type", Shown.PROG_TYPE);
        public static final StructField INSN_CNT = S.u32(4, "insn_cnt");
        public static final StructField INSNS = S.in(8, "insns", Content.INSNS, INSN_CNT, 8);
        public static final StructField LICENSE = S.in(16, "license", Content.TEXT);
        public static final StructField LOG_LEVEL = S.u32(24, "log_level");
        public static final StructField LOG_SIZE = S.u32(28, "log_size");
        public static final StructField LOG_BUF = S.out(32, "log_buf", Content.TEXT, LOG_SIZE, 1);
        public static final StructField KERN_VERSION = S.u32(40, "kern_version", Shown.HEX);
        public static final StructField PROG_FLAGS = S.u32(44, "prog_flags", Shown.PROG_FLAGS);
        public static final StructField PROG_NAME = S.chars(48, 16, "prog_name");
        public static final StructField PROG_IFINDEX = S.u32(64, "prog_ifindex");
        public static final StructField EXPECTED_ATTACH_TYPE = S.u32(68, "expected_attach_type", Shown.ATTACH_TYPE);
        public static final StructField PROG_BTF_FD = S.fd(72, "prog_btf_fd");
        public static final StructField FUNC_INFO_REC_SIZE = S.u32(76, "func_info_rec_size");
        public static final StructField FUNC_INFO = S.in(80, "func_info", Content.BYTES);
        public static final StructField FUNC_INFO_CNT = S.u32(88, "func_info_cnt");
        public static final StructField LINE_INFO_REC_SIZE = S.u32(92, "line_info_rec_size");
        public static final StructField LINE_INFO = S.in(96, "line_info", Content.BYTES);
        public static final StructField LINE_INFO_CNT = S.u32(104, "line_info_cnt");
        public static final StructField ATTACH_BTF_ID = S.u32(108, "attach_btf_id");
        public static final StructField ATTACH_PROG_FD = S.fd(112, "attach_prog_fd");
        public static final StructField ATTACH_BTF_OBJ_FD = S.fd(112, "attach_btf_obj_fd");
        public static final StructField CORE_RELO_CNT = S.u32(116, "core_relo_cnt");
        public static final StructField FD_ARRAY = S.in(120, "fd_array", Content.FDS);
        public static final StructField CORE_RELOS = S.in(128, "core_relos", Content.BYTES);
        public static final StructField CORE_RELO_REC_SIZE = S.u32(136, "core_relo_rec_size");
        public static final StructField LOG_TRUE_SIZE = S.u32Out(140, "log_true_size");
        public static final StructField PROG_TOKEN_FD = S.fd(144, "prog_token_fd");
        public static final StructField FD_ARRAY_CNT = S.u32(148, "fd_array_cnt");
        public static final StructField SIGNATURE_SIZE = S.u32(160, "signature_size");
        public static final StructField SIGNATURE = S.in(152, "signature", Content.BYTES, SIGNATURE_SIZE, 1);
        public static final StructField KEYRING_ID = S.s32(164, "keyring_id");
        public static final KernelStruct STRUCT = S.done();

        private ProgLoad() {}
    }

    /** BPF_OBJ_PIN and BPF_OBJ_GET. */
    public static final class ObjPin {
        private static final Builder S = KernelStruct.declare("OBJ", "union bpf_attr", "");
        public static final StructField PATHNAME = S.in(0, "pathname", Content.TEXT);
        public static final StructField BPF_FD = S.fd(8, "bpf_fd");
        public static final StructField FILE_FLAGS = S.u32(12, "file_flags", Shown.OBJ_FLAGS);
        public static final StructField PATH_FD = S.fd(16, "path_fd");
        public static final KernelStruct STRUCT = S.done();

        private ObjPin() {}
    }

    /** BPF_PROG_ATTACH and BPF_PROG_DETACH. */
    public static final class ProgAttach {
        private static final Builder S = KernelStruct.declare("PROG_ATTACH", "union bpf_attr", "");
        public static final StructField TARGET_FD = S.fd(0, "target_fd");
        public static final StructField TARGET_IFINDEX = S.u32(0, "target_ifindex");
        public static final StructField ATTACH_BPF_FD = S.fd(4, "attach_bpf_fd");
        public static final StructField ATTACH_TYPE = S.u32(8, "attach_type", Shown.ATTACH_TYPE);
        public static final StructField ATTACH_FLAGS = S.u32(12, "attach_flags", Shown.ATTACH_FLAGS);
        public static final StructField REPLACE_BPF_FD = S.fd(16, "replace_bpf_fd");
        public static final StructField RELATIVE_FD = S.fd(20, "relative_fd");
        public static final StructField RELATIVE_ID = S.u32(20, "relative_id");
        public static final StructField EXPECTED_REVISION = S.u64(24, "expected_revision");
        public static final KernelStruct STRUCT = S.done();

        private ProgAttach() {}
    }

    /** BPF_PROG_TEST_RUN. */
    public static final class TestRun {
        private static final Builder S = KernelStruct.declare("PROG_TEST_RUN", "union bpf_attr", "test");
        public static final StructField PROG_FD = S.fd(0, "prog_fd");
        public static final StructField RETVAL = S.u32Out(4, "retval");
        public static final StructField DATA_SIZE_IN = S.u32(8, "data_size_in");
        public static final StructField DATA_SIZE_OUT = S.u32Out(12, "data_size_out");
        public static final StructField DATA_IN = S.in(16, "data_in", Content.BYTES, DATA_SIZE_IN, 1);
        public static final StructField DATA_OUT = S.out(24, "data_out", Content.BYTES, DATA_SIZE_OUT, 1);
        public static final StructField REPEAT = S.u32(32, "repeat");
        public static final StructField DURATION = S.u32Out(36, "duration");
        public static final StructField CTX_SIZE_IN = S.u32(40, "ctx_size_in");
        public static final StructField CTX_SIZE_OUT = S.u32Out(44, "ctx_size_out");
        public static final StructField CTX_IN = S.in(48, "ctx_in", Content.BYTES, CTX_SIZE_IN, 1);
        public static final StructField CTX_OUT = S.out(56, "ctx_out", Content.BYTES, CTX_SIZE_OUT, 1);
        public static final StructField FLAGS = S.u32(64, "flags", Shown.HEX);
        public static final StructField CPU = S.u32(68, "cpu");
        public static final StructField BATCH_SIZE = S.u32(72, "batch_size");
        public static final KernelStruct STRUCT = S.done();

        private TestRun() {}
    }

    /** BPF_{PROG,MAP,BTF,LINK}_GET_NEXT_ID and _GET_FD_BY_ID. */
    public static final class GetId {
        private static final Builder S = KernelStruct.declare("GET_ID", "union bpf_attr", "");
        public static final StructField START_ID = S.u32(0, "start_id");
        public static final StructField PROG_ID = S.u32(0, "prog_id");
        public static final StructField MAP_ID = S.u32(0, "map_id");
        public static final StructField BTF_ID = S.u32(0, "btf_id");
        public static final StructField LINK_ID = S.u32(0, "link_id");
        public static final StructField NEXT_ID = S.u32Out(4, "next_id");
        public static final StructField OPEN_FLAGS = S.u32(8, "open_flags", Shown.HEX);
        public static final StructField FD_BY_ID_TOKEN_FD = S.fd(12, "fd_by_id_token_fd");
        public static final KernelStruct STRUCT = S.done();

        private GetId() {}
    }

    /** BPF_OBJ_GET_INFO_BY_FD; {@code info} points at one of {@link InfoStructs}. */
    public static final class ObjInfo {
        private static final Builder S = KernelStruct.declare("OBJ_INFO", "union bpf_attr", "info");
        public static final StructField BPF_FD = S.fd(0, "bpf_fd");
        public static final StructField INFO_LEN = S.u32Out(4, "info_len");
        public static final StructField INFO = S.out(8, "info", Content.STRUCT, INFO_LEN, 1);
        public static final KernelStruct STRUCT = S.done();

        private ObjInfo() {}
    }

    /** BPF_PROG_QUERY. */
    public static final class ProgQuery {
        private static final Builder S = KernelStruct.declare("PROG_QUERY", "union bpf_attr", "query");
        public static final StructField TARGET_FD = S.fd(0, "target_fd");
        public static final StructField TARGET_IFINDEX = S.u32(0, "target_ifindex");
        public static final StructField ATTACH_TYPE = S.u32(4, "attach_type", Shown.ATTACH_TYPE);
        public static final StructField QUERY_FLAGS = S.u32(8, "query_flags", Shown.HEX);
        public static final StructField ATTACH_FLAGS = S.u32Out(12, "attach_flags", Shown.ATTACH_FLAGS);
        public static final StructField PROG_CNT = S.u32Out(24, "prog_cnt");
        public static final StructField COUNT = S.u32Out(24, "count");
        public static final StructField PROG_IDS = S.out(16, "prog_ids", Content.BYTES, PROG_CNT, 4);
        public static final StructField PROG_ATTACH_FLAGS = S.out(32, "prog_attach_flags", Content.BYTES);
        public static final StructField LINK_IDS = S.out(40, "link_ids", Content.BYTES);
        public static final StructField LINK_ATTACH_FLAGS = S.out(48, "link_attach_flags", Content.BYTES);
        public static final StructField REVISION = S.u64Out(56, "revision");
        public static final KernelStruct STRUCT = S.done();

        private ProgQuery() {}
    }

    /** BPF_RAW_TRACEPOINT_OPEN. */
    public static final class RawTracepointOpen {
        private static final Builder S =
                KernelStruct.declare("RAW_TRACEPOINT_OPEN", "union bpf_attr", "raw_tracepoint");
        public static final StructField NAME = S.in(0, "name", Content.TEXT);
        public static final StructField PROG_FD = S.fd(8, "prog_fd");
        public static final StructField COOKIE = S.u64(16, "cookie");
        public static final KernelStruct STRUCT = S.done();

        private RawTracepointOpen() {}
    }

    /** BPF_BTF_LOAD. */
    public static final class BtfLoad {
        private static final Builder S = KernelStruct.declare("BTF_LOAD", "union bpf_attr", "");
        public static final StructField BTF_SIZE = S.u32(16, "btf_size");
        public static final StructField BTF_LOG_SIZE = S.u32(20, "btf_log_size");
        public static final StructField BTF = S.in(0, "btf", Content.BYTES, BTF_SIZE, 1);
        public static final StructField BTF_LOG_BUF = S.out(8, "btf_log_buf", Content.TEXT, BTF_LOG_SIZE, 1);
        public static final StructField BTF_LOG_LEVEL = S.u32(24, "btf_log_level");
        public static final StructField BTF_LOG_TRUE_SIZE = S.u32Out(28, "btf_log_true_size");
        public static final StructField BTF_FLAGS = S.u32(32, "btf_flags", Shown.HEX);
        public static final StructField BTF_TOKEN_FD = S.fd(36, "btf_token_fd");
        public static final KernelStruct STRUCT = S.done();

        private BtfLoad() {}
    }

    /** BPF_TASK_FD_QUERY; {@code fd} is a descriptor of process {@code pid}, so not one of ours by itself. */
    public static final class TaskFdQuery {
        private static final Builder S = KernelStruct.declare("TASK_FD_QUERY", "union bpf_attr", "task_fd_query");
        public static final StructField PID = S.u32(0, "pid");
        public static final StructField FD = S.u32(4, "fd");
        public static final StructField FLAGS = S.u32(8, "flags");
        public static final StructField BUF_LEN = S.u32Out(12, "buf_len");
        public static final StructField BUF = S.out(16, "buf", Content.TEXT, BUF_LEN, 1);
        public static final StructField PROG_ID = S.u32Out(24, "prog_id");
        public static final StructField FD_TYPE = S.u32Out(28, "fd_type");
        public static final StructField PROBE_OFFSET = S.u64Out(32, "probe_offset");
        public static final StructField PROBE_ADDR = S.u64Out(40, "probe_addr");
        public static final KernelStruct STRUCT = S.done();

        private TaskFdQuery() {}
    }

    /** BPF_LINK_CREATE with every member of its union. */
    public static final class LinkCreate {
        private static final Builder S = KernelStruct.declare("LINK_CREATE", "union bpf_attr", "link_create");
        public static final StructField PROG_FD = S.fd(0, "prog_fd");
        public static final StructField MAP_FD = S.fd(0, "map_fd");
        public static final StructField TARGET_FD = S.fd(4, "target_fd");
        public static final StructField TARGET_IFINDEX = S.u32(4, "target_ifindex");
        public static final StructField ATTACH_TYPE = S.u32(8, "attach_type", Shown.ATTACH_TYPE);
        public static final StructField FLAGS = S.u32(12, "flags", Shown.HEX);
        public static final StructField TARGET_BTF_ID = S.u32(16, "target_btf_id");
        public static final StructField ITER_INFO_LEN = S.u32(24, "iter_info_len");
        public static final StructField ITER_INFO = S.in(16, "iter_info", Content.STRUCT, ITER_INFO_LEN, 1);
        public static final StructField PERF_EVENT_BPF_COOKIE = S.u64(16, "perf_event.bpf_cookie");
        public static final StructField KPROBE_MULTI_FLAGS = S.u32(16, "kprobe_multi.flags", Shown.MULTI_FLAGS);
        public static final StructField KPROBE_MULTI_CNT = S.u32(20, "kprobe_multi.cnt");
        public static final StructField KPROBE_MULTI_SYMS =
                S.in(24, "kprobe_multi.syms", Content.TEXTS, KPROBE_MULTI_CNT, 8);
        public static final StructField KPROBE_MULTI_ADDRS =
                S.in(32, "kprobe_multi.addrs", Content.BYTES, KPROBE_MULTI_CNT, 8);
        public static final StructField KPROBE_MULTI_COOKIES = S.in(40, "kprobe_multi.cookies", Content.BYTES);
        public static final StructField TRACING_TARGET_BTF_ID = S.u32(16, "tracing.target_btf_id");
        public static final StructField TRACING_COOKIE = S.u64(24, "tracing.cookie");
        public static final StructField NETFILTER_PF = S.u32(16, "netfilter.pf");
        public static final StructField NETFILTER_HOOKNUM = S.u32(20, "netfilter.hooknum");
        public static final StructField NETFILTER_PRIORITY = S.s32(24, "netfilter.priority");
        public static final StructField NETFILTER_FLAGS = S.u32(28, "netfilter.flags", Shown.HEX);
        public static final StructField TCX_RELATIVE_FD = S.fd(16, "tcx.relative_fd");
        public static final StructField TCX_RELATIVE_ID = S.u32(16, "tcx.relative_id");
        public static final StructField TCX_EXPECTED_REVISION = S.u64(24, "tcx.expected_revision");
        public static final StructField UPROBE_MULTI_PATH = S.in(16, "uprobe_multi.path", Content.TEXT);
        public static final StructField UPROBE_MULTI_CNT = S.u32(48, "uprobe_multi.cnt");
        public static final StructField UPROBE_MULTI_OFFSETS =
                S.in(24, "uprobe_multi.offsets", Content.BYTES, UPROBE_MULTI_CNT, 8);
        public static final StructField UPROBE_MULTI_REF_CTR_OFFSETS =
                S.in(32, "uprobe_multi.ref_ctr_offsets", Content.BYTES);
        public static final StructField UPROBE_MULTI_COOKIES = S.in(40, "uprobe_multi.cookies", Content.BYTES);
        public static final StructField UPROBE_MULTI_FLAGS = S.u32(52, "uprobe_multi.flags", Shown.MULTI_FLAGS);
        public static final StructField UPROBE_MULTI_PID = S.u32(56, "uprobe_multi.pid");
        public static final StructField UPROBE_MULTI_PATH_FD = S.fd(60, "uprobe_multi.path_fd");
        public static final StructField NETKIT_RELATIVE_FD = S.fd(16, "netkit.relative_fd");
        public static final StructField NETKIT_RELATIVE_ID = S.u32(16, "netkit.relative_id");
        public static final StructField NETKIT_EXPECTED_REVISION = S.u64(24, "netkit.expected_revision");
        public static final StructField CGROUP_RELATIVE_FD = S.fd(16, "cgroup.relative_fd");
        public static final StructField CGROUP_RELATIVE_ID = S.u32(16, "cgroup.relative_id");
        public static final StructField CGROUP_EXPECTED_REVISION = S.u64(24, "cgroup.expected_revision");
        public static final StructField TRACING_MULTI_CNT = S.u32(32, "tracing_multi.cnt");
        public static final StructField TRACING_MULTI_IDS =
                S.in(16, "tracing_multi.ids", Content.BYTES, TRACING_MULTI_CNT, 4);
        public static final StructField TRACING_MULTI_COOKIES = S.in(24, "tracing_multi.cookies", Content.BYTES);
        public static final KernelStruct STRUCT = S.done();

        private LinkCreate() {}
    }

    /** BPF_LINK_UPDATE. */
    public static final class LinkUpdate {
        private static final Builder S = KernelStruct.declare("LINK_UPDATE", "union bpf_attr", "link_update");
        public static final StructField LINK_FD = S.fd(0, "link_fd");
        public static final StructField NEW_PROG_FD = S.fd(4, "new_prog_fd");
        public static final StructField NEW_MAP_FD = S.fd(4, "new_map_fd");
        public static final StructField FLAGS = S.u32(8, "flags", Shown.HEX);
        public static final StructField OLD_PROG_FD = S.fd(12, "old_prog_fd");
        public static final StructField OLD_MAP_FD = S.fd(12, "old_map_fd");
        public static final KernelStruct STRUCT = S.done();

        private LinkUpdate() {}
    }

    /** BPF_LINK_DETACH. */
    public static final class LinkDetach {
        private static final Builder S = KernelStruct.declare("LINK_DETACH", "union bpf_attr", "link_detach");
        public static final StructField LINK_FD = S.fd(0, "link_fd");
        public static final KernelStruct STRUCT = S.done();

        private LinkDetach() {}
    }

    /** BPF_ENABLE_STATS. */
    public static final class EnableStats {
        private static final Builder S = KernelStruct.declare("ENABLE_STATS", "union bpf_attr", "enable_stats");
        public static final StructField TYPE = S.u32(0, "type");
        public static final KernelStruct STRUCT = S.done();

        private EnableStats() {}
    }

    /** BPF_ITER_CREATE. */
    public static final class IterCreate {
        private static final Builder S = KernelStruct.declare("ITER_CREATE", "union bpf_attr", "iter_create");
        public static final StructField LINK_FD = S.fd(0, "link_fd");
        public static final StructField FLAGS = S.u32(4, "flags", Shown.HEX);
        public static final KernelStruct STRUCT = S.done();

        private IterCreate() {}
    }

    /** BPF_PROG_BIND_MAP. */
    public static final class ProgBindMap {
        private static final Builder S = KernelStruct.declare("PROG_BIND_MAP", "union bpf_attr", "prog_bind_map");
        public static final StructField PROG_FD = S.fd(0, "prog_fd");
        public static final StructField MAP_FD = S.fd(4, "map_fd");
        public static final StructField FLAGS = S.u32(8, "flags", Shown.HEX);
        public static final KernelStruct STRUCT = S.done();

        private ProgBindMap() {}
    }

    /** BPF_TOKEN_CREATE. */
    public static final class TokenCreate {
        private static final Builder S = KernelStruct.declare("TOKEN_CREATE", "union bpf_attr", "token_create");
        public static final StructField FLAGS = S.u32(0, "flags", Shown.HEX);
        public static final StructField BPFFS_FD = S.fd(4, "bpffs_fd");
        public static final KernelStruct STRUCT = S.done();

        private TokenCreate() {}
    }

    /** BPF_PROG_STREAM_READ_BY_FD (6.17). */
    public static final class StreamRead {
        private static final Builder S = KernelStruct.declare("PROG_STREAM_READ", "union bpf_attr", "prog_stream_read");
        public static final StructField STREAM_BUF_LEN = S.u32(8, "stream_buf_len");
        public static final StructField STREAM_BUF = S.out(0, "stream_buf", Content.TEXT, STREAM_BUF_LEN, 1);
        public static final StructField STREAM_ID = S.u32(12, "stream_id");
        public static final StructField PROG_FD = S.fd(16, "prog_fd");
        public static final KernelStruct STRUCT = S.done();

        private StreamRead() {}
    }

    /** BPF_PROG_ASSOC_STRUCT_OPS (7.0). */
    public static final class AssocStructOps {
        private static final Builder S =
                KernelStruct.declare("PROG_ASSOC_STRUCT_OPS", "union bpf_attr", "prog_assoc_struct_ops");
        public static final StructField MAP_FD = S.fd(0, "map_fd");
        public static final StructField PROG_FD = S.fd(4, "prog_fd");
        public static final StructField FLAGS = S.u32(8, "flags", Shown.HEX);
        public static final KernelStruct STRUCT = S.done();

        private AssocStructOps() {}
    }

    /** What {@code link_create.iter_info} points at. */
    public static final class IterLinkInfo {
        private static final Builder S = KernelStruct.declare("ITER_LINK_INFO", "union bpf_iter_link_info", "");
        public static final StructField MAP_MAP_FD = S.fd(0, "map.map_fd");
        public static final StructField CGROUP_ORDER = S.u32(0, "cgroup.order");
        public static final StructField CGROUP_CGROUP_FD = S.fd(4, "cgroup.cgroup_fd");
        public static final StructField CGROUP_CGROUP_ID = S.u64(8, "cgroup.cgroup_id");
        public static final StructField TASK_TID = S.u32(0, "task.tid");
        public static final StructField TASK_PID = S.u32(4, "task.pid");
        public static final StructField TASK_PID_FD = S.fd(8, "task.pid_fd");
        public static final KernelStruct STRUCT = S.done(16);

        private IterLinkInfo() {}
    }
}
