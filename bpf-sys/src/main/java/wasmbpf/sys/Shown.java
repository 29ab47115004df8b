package wasmbpf.sys;

/**
 * How a number is printed: the table of names its values come from. Only printers load it; a value without a name is
 * printed as a number, never refused.
 */
public enum Shown {
    DECIMAL, HEX, MAP_TYPE, PROG_TYPE, ATTACH_TYPE, LINK_TYPE,
    MAP_FLAGS("NO_PREALLOC", "NO_COMMON_LRU", "NUMA_NODE", "RDONLY", "WRONLY", "STACK_BUILD_ID", "ZERO_SEED",
            "RDONLY_PROG", "WRONLY_PROG", "CLONE", "MMAPABLE", "PRESERVE_ELEMS", "INNER_MAP", "LINK", "PATH_FD",
            "VTYPE_BTF_OBJ_FD", "TOKEN_FD", "SEGV_ON_FAULT", "NO_USER_CONV", "RB_OVERWRITE"),
    MAP_ELEM_FLAGS("NOEXIST", "EXIST", "LOCK", "CPU", "ALL_CPUS"),
    PROG_FLAGS("STRICT_ALIGNMENT", "ANY_ALIGNMENT", "TEST_RND_HI32", "TEST_STATE_FREQ", "SLEEPABLE",
            "XDP_HAS_FRAGS", "XDP_DEV_BOUND_ONLY", "TEST_REG_INVARIANTS", null, null, null, null, null, null, null,
            null, "TOKEN_FD"),
    OBJ_FLAGS(null, null, null, "RDONLY", "WRONLY", null, null, null, null, null, null, null, null, null, "PATH_FD"),
    ATTACH_FLAGS("ALLOW_OVERRIDE", "ALLOW_MULTI", "REPLACE", "BEFORE", "AFTER", "ID", "PREORDER", null, null, null,
            null, null, null, "LINK"),
    MULTI_FLAGS("RETURN", "PATH_FD"),
    PERF_TYPE,
    PERF_SAMPLE("IP", "TID", "TIME", "ADDR", "READ", "CALLCHAIN", "ID", "CPU", "PERIOD", "STREAM_ID", "RAW"),
    PERF_FLAGS("disabled", "inherit", "pinned", "exclusive", "exclude_user", "exclude_kernel", "exclude_hv",
            "exclude_idle", "mmap", "comm", "freq", "inherit_stat", "enable_on_exec", "task", "watermark");

    private static final String[] PERF_TYPES =
            {"HARDWARE", "SOFTWARE", "TRACEPOINT", "HW_CACHE", "RAW", "BREAKPOINT"};

    private final String[] bits;

    /** @param bits names of the bits from the lowest, null where there is none; empty if this is no set of flags */
    Shown(String... bits) {
        this.bits = bits;
    }

    /** Whether 0 has a meaning of its own, so that it is printed where it was set. */
    public boolean isEnumerated() {
        return switch (this) {
            case MAP_TYPE, PROG_TYPE, ATTACH_TYPE, LINK_TYPE, PERF_TYPE -> true;
            case DECIMAL, HEX, MAP_FLAGS, MAP_ELEM_FLAGS, PROG_FLAGS, OBJ_FLAGS, ATTACH_FLAGS, MULTI_FLAGS,
                    PERF_SAMPLE, PERF_FLAGS -> false;
        };
    }

    /** The text of a value: {@code "RINGBUF"}, {@code "MMAPABLE|0x40000000"}, {@code "0x1f"}, {@code "12"}. */
    public String text(long value) {
        return switch (this) {
            case DECIMAL -> Long.toString(value);
            case HEX -> hex(value);
            case MAP_TYPE -> name(BpfMapType.of(index(value)), value);
            case PROG_TYPE -> name(BpfProgType.of(index(value)), value);
            case ATTACH_TYPE -> name(BpfAttachType.of(index(value)), value);
            case LINK_TYPE -> name(BpfLinkType.of(index(value)), value);
            case PERF_TYPE -> value >= 0 && value < PERF_TYPES.length ? PERF_TYPES[(int) value]
                    : Long.toString(value);
            case MAP_FLAGS, MAP_ELEM_FLAGS, PROG_FLAGS, OBJ_FLAGS, ATTACH_FLAGS, MULTI_FLAGS, PERF_SAMPLE,
                    PERF_FLAGS -> flags(value, bits);
        };
    }

    private static int index(long value) {
        return value == (int) value ? (int) value : -1;
    }

    private static String name(Enum<?> constant, long value) {
        return constant == null ? Long.toString(value) : constant.name();
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** Names of the bits set, joined by {@code |}; bits without a name as one hexadecimal number at the end. */
    public static String flags(long value, String... names) {
        if (value == 0) {
            return "0";
        }
        StringBuilder text = new StringBuilder();
        long rest = value;
        for (int bit = 0; bit < names.length; bit++) {
            if (names[bit] != null && (value >>> bit & 1) != 0) {
                text.append(text.isEmpty() ? "" : "|").append(names[bit]);
                rest &= ~(1L << bit);
            }
        }
        return rest == 0 ? text.toString() : text.append(text.isEmpty() ? "" : "|").append(hex(rest)).toString();
    }
}
