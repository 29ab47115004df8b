package wasmbpf.sys;

import wasmbpf.sys.KernelStruct.Builder;
import wasmbpf.sys.StructField.Content;

/**
 * {@code struct perf_event_attr}, include/uapi/linux/perf_event.h, PERF_ATTR_SIZE_VER7 (128 bytes). Its bit-fields are
 * one 64-bit word here, {@link #FLAGS}, with the bits named below.
 */
public final class PerfEventAttr {
    private static final Builder S = KernelStruct.declare("perf_event_attr", "struct perf_event_attr", "");
    public static final StructField TYPE = S.u32(0, "type", Shown.PERF_TYPE);
    public static final StructField SIZE = S.u32(4, "size");
    public static final StructField CONFIG = S.u64(8, "config", Shown.HEX);
    public static final StructField SAMPLE_PERIOD = S.u64(16, "sample_period");
    public static final StructField SAMPLE_FREQ = S.u64(16, "sample_freq");
    public static final StructField SAMPLE_TYPE = S.u64(24, "sample_type", Shown.PERF_SAMPLE);
    public static final StructField READ_FORMAT = S.u64(32, "read_format", Shown.HEX);
    public static final StructField FLAGS = S.u64(40, "flags", Shown.PERF_FLAGS);
    public static final StructField WAKEUP_EVENTS = S.u32(48, "wakeup_events");
    public static final StructField WAKEUP_WATERMARK = S.u32(48, "wakeup_watermark");
    public static final StructField BP_TYPE = S.u32(52, "bp_type");
    public static final StructField BP_ADDR = S.u64(56, "bp_addr", Shown.HEX);
    public static final StructField KPROBE_FUNC = S.in(56, "kprobe_func", Content.TEXT);
    public static final StructField UPROBE_PATH = S.in(56, "uprobe_path", Content.TEXT);
    public static final StructField CONFIG1 = S.u64(56, "config1", Shown.HEX);
    public static final StructField BP_LEN = S.u64(64, "bp_len");
    public static final StructField KPROBE_ADDR = S.u64(64, "kprobe_addr", Shown.HEX);
    public static final StructField PROBE_OFFSET = S.u64(64, "probe_offset", Shown.HEX);
    public static final StructField CONFIG2 = S.u64(64, "config2", Shown.HEX);
    public static final StructField BRANCH_SAMPLE_TYPE = S.u64(72, "branch_sample_type", Shown.HEX);
    public static final StructField SAMPLE_REGS_USER = S.u64(80, "sample_regs_user", Shown.HEX);
    public static final StructField SAMPLE_STACK_USER = S.u32(88, "sample_stack_user");
    public static final StructField CLOCKID = S.s32(92, "clockid");
    public static final StructField SAMPLE_REGS_INTR = S.u64(96, "sample_regs_intr", Shown.HEX);
    public static final StructField AUX_WATERMARK = S.u32(104, "aux_watermark");
    public static final StructField SAMPLE_MAX_STACK = S.u16(108, "sample_max_stack");
    public static final StructField AUX_SAMPLE_SIZE = S.u32(112, "aux_sample_size");
    public static final StructField AUX_ACTION = S.u32(116, "aux_action", Shown.HEX);
    public static final StructField SIG_DATA = S.u64(120, "sig_data", Shown.HEX);
    public static final KernelStruct STRUCT = S.done(128);

    public static final long DISABLED = 1;
    public static final long INHERIT = 1 << 1;
    public static final long EXCLUDE_USER = 1 << 4;
    public static final long EXCLUDE_KERNEL = 1 << 5;
    public static final long EXCLUDE_HV = 1 << 6;
    public static final long EXCLUDE_IDLE = 1 << 7;
    public static final long FREQ = 1 << 10;
    public static final long WATERMARK = 1 << 14;
    public static final long WRITE_BACKWARD = 1 << 27;

    private PerfEventAttr() {}

    /** A zeroed value with {@code size} set. */
    public static StructValue allocate() {
        return STRUCT.allocate().set(SIZE, STRUCT.sizeBytes());
    }
}
