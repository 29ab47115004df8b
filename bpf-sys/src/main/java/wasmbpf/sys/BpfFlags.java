package wasmbpf.sys;

/** Flags of bpf(2) in the kernel's spelling: include/uapi/linux/bpf.h. Compile-time constants. */
public final class BpfFlags {
    /** BPF_MAP_UPDATE_ELEM. */
    public static final int BPF_ANY = 0;
    public static final int BPF_NOEXIST = 1;
    public static final int BPF_EXIST = 2;
    public static final int BPF_F_LOCK = 4;
    public static final int BPF_F_CPU = 8;
    public static final int BPF_F_ALL_CPUS = 16;

    /** BPF_MAP_CREATE, and some for BPF_OBJ_GET. */
    public static final int BPF_F_NO_PREALLOC = 1;
    public static final int BPF_F_NO_COMMON_LRU = 1 << 1;
    public static final int BPF_F_NUMA_NODE = 1 << 2;
    public static final int BPF_F_RDONLY = 1 << 3;
    public static final int BPF_F_WRONLY = 1 << 4;
    public static final int BPF_F_STACK_BUILD_ID = 1 << 5;
    public static final int BPF_F_ZERO_SEED = 1 << 6;
    public static final int BPF_F_RDONLY_PROG = 1 << 7;
    public static final int BPF_F_WRONLY_PROG = 1 << 8;
    public static final int BPF_F_CLONE = 1 << 9;
    public static final int BPF_F_MMAPABLE = 1 << 10;
    public static final int BPF_F_PRESERVE_ELEMS = 1 << 11;
    public static final int BPF_F_INNER_MAP = 1 << 12;
    public static final int BPF_F_LINK = 1 << 13;
    public static final int BPF_F_PATH_FD = 1 << 14;
    public static final int BPF_F_VTYPE_BTF_OBJ_FD = 1 << 15;
    public static final int BPF_F_TOKEN_FD = 1 << 16;
    public static final int BPF_F_SEGV_ON_FAULT = 1 << 17;
    public static final int BPF_F_NO_USER_CONV = 1 << 18;
    public static final int BPF_F_RB_OVERWRITE = 1 << 19;

    /** BPF_PROG_LOAD. */
    public static final int BPF_F_STRICT_ALIGNMENT = 1;
    public static final int BPF_F_ANY_ALIGNMENT = 1 << 1;
    public static final int BPF_F_TEST_RND_HI32 = 1 << 2;
    public static final int BPF_F_TEST_STATE_FREQ = 1 << 3;
    public static final int BPF_F_SLEEPABLE = 1 << 4;
    public static final int BPF_F_XDP_HAS_FRAGS = 1 << 5;
    public static final int BPF_F_XDP_DEV_BOUND_ONLY = 1 << 6;
    public static final int BPF_F_TEST_REG_INVARIANTS = 1 << 7;

    /** BPF_PROG_ATTACH and BPF_LINK_CREATE. */
    public static final int BPF_F_ALLOW_OVERRIDE = 1;
    public static final int BPF_F_ALLOW_MULTI = 1 << 1;
    public static final int BPF_F_REPLACE = 1 << 2;
    public static final int BPF_F_BEFORE = 1 << 3;
    public static final int BPF_F_AFTER = 1 << 4;
    public static final int BPF_F_ID = 1 << 5;
    public static final int BPF_F_PREORDER = 1 << 6;
    public static final int BPF_F_KPROBE_MULTI_RETURN = 1;
    public static final int BPF_F_UPROBE_MULTI_RETURN = 1;
    public static final int BPF_F_UPROBE_MULTI_PATH_FD = 1 << 1;
    public static final int BPF_F_NETFILTER_IP_DEFRAG = 1;

    /** BPF_PROG_QUERY, BPF_PROG_TEST_RUN, BPF_ENABLE_STATS. */
    public static final int BPF_F_QUERY_EFFECTIVE = 1;
    public static final int BPF_F_TEST_RUN_ON_CPU = 1;
    public static final int BPF_F_TEST_XDP_LIVE_FRAMES = 1 << 1;
    public static final int BPF_F_TEST_SKB_CHECKSUM_COMPLETE = 1 << 2;
    public static final int BPF_STATS_RUN_TIME = 0;

    /** Ring buffer records: the two top bits of the length word. */
    public static final int BPF_RINGBUF_BUSY_BIT = 1 << 31;
    public static final int BPF_RINGBUF_DISCARD_BIT = 1 << 30;
    public static final int BPF_RINGBUF_HDR_SZ = 8;

    /** {@code src_reg} of LD_IMM64 and CALL. */
    public static final int BPF_PSEUDO_MAP_FD = 1;
    public static final int BPF_PSEUDO_MAP_VALUE = 2;
    public static final int BPF_PSEUDO_BTF_ID = 3;
    public static final int BPF_PSEUDO_FUNC = 4;
    public static final int BPF_PSEUDO_MAP_IDX = 5;
    public static final int BPF_PSEUDO_MAP_IDX_VALUE = 6;
    public static final int BPF_PSEUDO_CALL = 1;
    public static final int BPF_PSEUDO_KFUNC_CALL = 2;

    public static final int BPF_OBJ_NAME_LEN = 16;
    public static final int BPF_TAG_SIZE = 8;

    private BpfFlags() {}
}
