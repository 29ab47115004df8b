package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.btf.VarLinkage;
import wasmbpf.core.BpfOpcode;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgBindMap;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;

/**
 * What the kernel can do, found out by trying: libbpf features.c. Each is tried when it is first asked for, and the
 * loader asks most only after the kernel refused something, so that a recent kernel is asked next to nothing.
 */
public final class KernelFeatures {
    /** One thing some kernels cannot do. */
    public enum Feature {
        /** Names of maps and programs (4.15). */
        PROG_NAME,
        /** Values of maps addressed by ldimm64, BPF_F_RDONLY_PROG, freezing (5.2). */
        GLOBAL_DATA,
        /** BPF_BTF_LOAD (4.18). */
        BTF,
        /** BTF_KIND_FUNC, func_info (5.0). */
        BTF_FUNC,
        /** BTF_KIND_VAR and DATASEC (5.2). */
        BTF_DATASEC,
        /** Global linkage of FUNC (5.6). */
        BTF_GLOBAL_FUNC,
        /** BPF_F_MMAPABLE (5.5). */
        ARRAY_MMAP,
        /** expected_attach_type (4.17). */
        EXP_ATTACH_TYPE,
        /** bpf_probe_read_kernel (5.5). */
        PROBE_READ_KERNEL,
        /** BPF_PROG_BIND_MAP (5.10). */
        PROG_BIND_MAP,
        /** BTF_KIND_FLOAT (5.13). */
        BTF_FLOAT,
        /** BPF_LINK_CREATE on perf events (5.15). */
        PERF_LINK,
        /** BTF_KIND_DECL_TAG (5.16). */
        BTF_DECL_TAG,
        /** BTF_KIND_TYPE_TAG (5.17). */
        BTF_TYPE_TAG,
        /** BPF memory is accounted to cgroups, not to RLIMIT_MEMLOCK (5.11). */
        MEMCG_ACCOUNT,
        /** bpf_get_attach_cookie (5.15). */
        BPF_COOKIE,
        /** BTF_KIND_ENUM64 (6.0). */
        BTF_ENUM64,
        /** System calls are called {@code __x64_sys_*} and the like (4.17). */
        SYSCALL_WRAPPER,
        /** BPF_TRACE_UPROBE_MULTI, with its pid taken for a process (6.6). */
        UPROBE_MULTI_LINK,
        /** The verifier reads {@code arg:ctx} tags (6.8). */
        ARG_CTX_TAG,
        /** DATASEC names may begin with a question mark (6.9). */
        BTF_QMARK_DATASEC,
        /** ldimm64 may point anywhere into an arena (7.0). */
        LDIMM64_FULL_RANGE_OFF,
        /** BTF may carry a layout section (7.1). */
        BTF_LAYOUT
    }

    private final WeakReference<Kernel> kernelReference;
    private final KernelFiles files;
    private final Map<Feature, Boolean> known = new EnumMap<>(Feature.class);
    /** Set while a probe runs: whoever asks has the kernel open. */
    private Kernel kernel;

    KernelFeatures(Kernel kernel, KernelFiles files) {
        this.kernelReference = new WeakReference<>(kernel);
        this.files = files;
    }

    public synchronized boolean has(Feature feature) {
        Boolean answer = known.get(feature);
        if (answer == null) {
            kernel = kernelReference.get();
            try {
                answer = probe(feature);
            } finally {
                kernel = null;
            }
            known.put(feature, answer);
        }
        return answer;
    }

    /** Whether the kernel takes programs of that type; asked only to explain a refusal, not kept. */
    synchronized boolean loadsProgramsOf(BpfProgType type, BpfAttachType attachType) {
        kernel = kernelReference.get();
        try {
            return loads(type, attachType, null, RETURN_0);
        } finally {
            kernel = null;
        }
    }

    /** Notes what was seen to work or fail without a probe. */
    synchronized void learn(Feature feature, boolean has) {
        known.put(feature, has);
    }

    private boolean probe(Feature feature) {
        return switch (feature) {
            case PROG_NAME -> loads(BpfProgType.SOCKET_FILTER, BpfAttachType.of(0), "libbpf_nametest", RETURN_0);
            case GLOBAL_DATA -> globalData();
            case BTF -> loadsBtf(writer -> { });
            case BTF_FUNC -> loadsBtf(writer -> func(writer, FuncLinkage.STATIC));
            case BTF_GLOBAL_FUNC -> loadsBtf(writer -> func(writer, FuncLinkage.GLOBAL));
            case BTF_DATASEC -> loadsBtf(writer -> dataSec(writer, ".data"));
            case BTF_QMARK_DATASEC -> loadsBtf(writer -> dataSec(writer, "?.data"));
            case BTF_FLOAT -> loadsBtf(writer -> writer.add(new BtfType.Float("float", 4)));
            case BTF_DECL_TAG -> loadsBtf(writer -> {
                int variable = writer.add(new BtfType.Var("x", INT_ID, VarLinkage.STATIC));
                writer.add(new BtfType.DeclTag("tag", variable, -1, false));
            });
            case BTF_TYPE_TAG -> loadsBtf(writer -> writer.add(new BtfType.Ptr(
                    writer.add(new BtfType.TypeTag("tag", INT_ID, false)))));
            case BTF_ENUM64 -> loadsBtf(writer -> writer.add(new BtfType.Enum64("e", 8, false,
                    List.of(new BtfType.Enumerator("E", 0)))));
            case ARRAY_MMAP -> createsArray(BpfFlags.BPF_F_MMAPABLE);
            case EXP_ATTACH_TYPE -> loads(BpfProgType.CGROUP_SOCK, BpfAttachType.CGROUP_INET_SOCK_CREATE, null,
                    RETURN_0);
            case PROBE_READ_KERNEL -> loads(BpfProgType.TRACEPOINT, BpfAttachType.of(0), null, new long[] {
                    insn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_X, 1, 10, 0, 0),
                    insn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_ADD | BpfOpcode.BPF_K, 1, 0, 0, -8),
                    insn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_K, 2, 0, 0, 8),
                    insn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_K, 3, 0, 0, 0),
                    call("probe_read_kernel"), EXIT});
            case PROG_BIND_MAP -> bindsMap();
            case PERF_LINK -> perfLink();
            case MEMCG_ACCOUNT -> loads(BpfProgType.SOCKET_FILTER, BpfAttachType.of(0), null,
                    new long[] {call("ktime_get_coarse_ns"), EXIT});
            case BPF_COOKIE -> loads(BpfProgType.TRACEPOINT, BpfAttachType.of(0), null,
                    new long[] {call("get_attach_cookie"), EXIT});
            case SYSCALL_WRAPPER -> syscallWrapper();
            case UPROBE_MULTI_LINK -> uprobeMulti();
            case ARG_CTX_TAG -> argContextTag();
            case LDIMM64_FULL_RANGE_OFF -> fullRangeOffset();
            // No released kernel is known to read it; a kernel that does accepts a BTF without it as well.
            case BTF_LAYOUT -> false;
        };
    }

    // ---- programs ----

    static final long EXIT = insn(BpfOpcode.BPF_JMP | BpfOpcode.BPF_EXIT, 0, 0, 0, 0);
    private static final long MOV_R0_0 = insn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_K, 0, 0, 0, 0);
    static final long[] RETURN_0 = {MOV_R0_0, EXIT};
    private static final int INT_ID = 1;

    /** One instruction as the kernel reads it on a machine of this byte order. */
    static long insn(int code, int dst, int src, int offset, int imm) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return code & 0xffL | (long) (src << 4 | dst) << 8 | (offset & 0xffffL) << 16 | (long) imm << 32;
        }
        return (code & 0xffL) << 56 | (long) (dst << 4 | src) << 48 | (offset & 0xffffL) << 32 | imm & 0xffff_ffffL;
    }

    private static long call(String helper) {
        return insn(BpfOpcode.BPF_JMP | BpfOpcode.BPF_CALL, 0, 0, 0, BpfHelper.id(helper));
    }

    /** Loads a little program; its descriptor, or {@code -errno}. */
    private int load(BpfProgType type, BpfAttachType attachType, String name, long[] code) {
        try (StructValue attr = program(type, attachType, name, code)) {
            return submit(attr);
        }
    }

    private static StructValue program(BpfProgType type, BpfAttachType attachType, String name, long[] code) {
        StructValue attr = ProgLoad.STRUCT.allocate();
        attr.set(ProgLoad.PROG_TYPE, type.number()).point(ProgLoad.INSNS, code).point(ProgLoad.LICENSE, "GPL");
        if (attachType.number() != 0) {
            attr.set(ProgLoad.EXPECTED_ATTACH_TYPE, attachType.number());
        }
        if (name != null) {
            attr.set(ProgLoad.PROG_NAME, name);
        }
        return attr;
    }

    private int submit(StructValue attr) {
        int result;
        int tries = 5;
        do {
            result = kernel.bpf(BpfCommand.PROG_LOAD, attr);
        } while (result == -Errno.EAGAIN && --tries > 0);
        return result;
    }

    private boolean loads(BpfProgType type, BpfAttachType attachType, String name, long[] code) {
        return closed(load(type, attachType, name, code));
    }

    private boolean closed(int fd) {
        if (fd >= 0) {
            kernel.close(fd);
        }
        return fd >= 0;
    }

    // ---- maps ----

    private int createArray(int flags) {
        try (StructValue attr = MapCreate.STRUCT.allocate()) {
            attr.set(MapCreate.MAP_TYPE, BpfMapType.ARRAY.number()).set(MapCreate.KEY_SIZE, 4)
                    .set(MapCreate.VALUE_SIZE, 32).set(MapCreate.MAX_ENTRIES, 1).set(MapCreate.MAP_FLAGS, flags);
            return kernel.bpf(BpfCommand.MAP_CREATE, attr);
        }
    }

    private boolean createsArray(int flags) {
        return closed(createArray(flags));
    }

    private boolean globalData() {
        int map = createArray(0);
        if (map < 0) {
            return false;
        }
        try {
            return loads(BpfProgType.SOCKET_FILTER, BpfAttachType.of(0), null, new long[] {
                    insn(BpfOpcode.BPF_LD | BpfOpcode.BPF_DW | BpfOpcode.BPF_IMM, 1, BpfFlags.BPF_PSEUDO_MAP_VALUE, 0,
                            map),
                    insn(0, 0, 0, 0, 16),
                    insn(BpfOpcode.BPF_ST | BpfOpcode.BPF_DW | BpfOpcode.BPF_MEM, 1, 0, 0, 42), MOV_R0_0, EXIT});
        } finally {
            kernel.close(map);
        }
    }

    private boolean bindsMap() {
        int map = createArray(0);
        int program = load(BpfProgType.SOCKET_FILTER, BpfAttachType.of(0), null, RETURN_0);
        try {
            if (map < 0 || program < 0) {
                return false;
            }
            try (StructValue attr = ProgBindMap.STRUCT.allocate()) {
                attr.set(ProgBindMap.PROG_FD, program).set(ProgBindMap.MAP_FD, map);
                return kernel.bpf(BpfCommand.PROG_BIND_MAP, attr) >= 0;
            }
        } finally {
            closed(program);
            closed(map);
        }
    }

    // ---- links ----

    /** A link on a descriptor that is none is EBADF, not EINVAL, where links on perf events exist. */
    private boolean perfLink() {
        int program = load(BpfProgType.TRACEPOINT, BpfAttachType.of(0), null, RETURN_0);
        if (program < 0) {
            return false;
        }
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program).set(LinkCreate.TARGET_FD, -1)
                    .set(LinkCreate.ATTACH_TYPE, BpfAttachType.PERF_EVENT.number());
            int link = kernel.bpf(BpfCommand.LINK_CREATE, attr);
            return closed(link) || link == -Errno.EBADF;
        } finally {
            kernel.close(program);
        }
    }

    /**
     * A probe in "/", which is no regular file, is EBADF where the kernel got that far. The first kernels with it took
     * the pid for a thread's; those that take it for a process's refuse pid -1 with EINVAL before they look at the
     * path.
     */
    private boolean uprobeMulti() {
        int program = load(BpfProgType.KPROBE, BpfAttachType.TRACE_UPROBE_MULTI, null, RETURN_0);
        if (program < 0) {
            return false;
        }
        try {
            return uprobeMultiError(program, 0) == -Errno.EBADF && uprobeMultiError(program, -1) == -Errno.EINVAL;
        } finally {
            kernel.close(program);
        }
    }

    private int uprobeMultiError(int program, int pid) {
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program)
                    .set(LinkCreate.ATTACH_TYPE, BpfAttachType.TRACE_UPROBE_MULTI.number())
                    .point(LinkCreate.UPROBE_MULTI_PATH, "/").point(LinkCreate.UPROBE_MULTI_OFFSETS, new long[] {0});
            if (pid != 0) {
                attr.set(LinkCreate.UPROBE_MULTI_PID, pid);
            }
            int link = kernel.bpf(BpfCommand.LINK_CREATE, attr);
            closed(link);
            return link;
        }
    }

    /** A kprobe on {@code __x64_sys_bpf} can be made where system calls have wrappers. */
    private boolean syscallWrapper() {
        String prefix = syscallPrefix();
        int type = ProbeType.of("kprobe", files);
        if (prefix == null || type < 0) {
            return false;
        }
        try (StructValue attr = PerfEventAttr.allocate()) {
            attr.set(PerfEventAttr.TYPE, type).point(PerfEventAttr.KPROBE_FUNC, "__" + prefix + "_sys_bpf");
            return closed(kernel.perfEventOpen(attr, -1, 0, -1, Linux.PERF_FLAG_FD_CLOEXEC));
        }
    }

    /** What system call functions of this architecture begin with, between underscores, or null. */
    public static String syscallPrefix() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64" -> "x64";
            case "aarch64" -> "arm64";
            case "riscv64" -> "riscv";
            case "s390x" -> "s390x";
            default -> null;
        };
    }

    // ---- BTF ----

    /** Fills a BTF that has an {@code int} of id 1. */
    @FunctionalInterface
    private interface BtfMaker {
        void make(BtfWriter writer);
    }

    private static byte[] btf(BtfMaker maker) {
        BtfWriter writer = BtfWriter.empty(ByteOrder.nativeOrder());
        writer.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        maker.make(writer);
        return writer.toBytes();
    }

    private int loadBtf(byte[] blob) {
        try (StructValue attr = BtfLoad.STRUCT.allocate()) {
            attr.point(BtfLoad.BTF, blob);
            return kernel.bpf(BpfCommand.BTF_LOAD, attr);
        }
    }

    private boolean loadsBtf(BtfMaker maker) {
        return closed(loadBtf(btf(maker)));
    }

    private static void func(BtfWriter writer, FuncLinkage linkage) {
        int proto = writer.add(new BtfType.FuncProto(0, List.of(new BtfType.Param("a", INT_ID))));
        writer.add(new BtfType.Func("f", proto, linkage));
    }

    private static void dataSec(BtfWriter writer, String name) {
        int variable = writer.add(new BtfType.Var("x", INT_ID, VarLinkage.STATIC));
        writer.add(new BtfType.DataSec(name, 4, List.of(new BtfType.VarInfo(variable, 0, 4))));
    }

    /**
     * A global subprogram whose parameter is a {@code void *} tagged {@code arg:ctx} is verified with a context in it,
     * and may hand it to a helper that wants one.
     */
    private boolean argContextTag() {
        int btf = loadBtf(btf(writer -> {
            int pointer = writer.add(new BtfType.Ptr(0));
            int mainProto = writer.add(new BtfType.FuncProto(INT_ID, List.of(new BtfType.Param("a", pointer))));
            writer.add(new BtfType.Func("f", mainProto, FuncLinkage.GLOBAL));
            int sub = writer.add(new BtfType.Func("g", mainProto, FuncLinkage.GLOBAL));
            writer.add(new BtfType.DeclTag("arg:ctx", sub, 0, false));
        }));
        if (btf < 0) {
            return false;
        }
        long[] code = {
                insn(BpfOpcode.BPF_JMP | BpfOpcode.BPF_CALL, 0, BpfFlags.BPF_PSEUDO_CALL, 0, 1), EXIT,
                call("get_attach_cookie"), EXIT};
        try (StructValue attr = program(BpfProgType.KPROBE, BpfAttachType.of(0), null, code)) {
            attr.set(ProgLoad.PROG_BTF_FD, btf).point(ProgLoad.FUNC_INFO, new int[] {0, 4, 2, 5})
                    .set(ProgLoad.FUNC_INFO_REC_SIZE, 8).set(ProgLoad.FUNC_INFO_CNT, 2);
            return closed(submit(attr));
        } finally {
            kernel.close(btf);
        }
    }

    /** An offset of 1 GiB into an array that small is refused in other words by a kernel that takes such offsets. */
    private boolean fullRangeOffset() {
        int map = createArray(0);
        if (map < 0) {
            return false;
        }
        long[] code = {
                insn(BpfOpcode.BPF_LD | BpfOpcode.BPF_DW | BpfOpcode.BPF_IMM, 1, BpfFlags.BPF_PSEUDO_MAP_VALUE, 0, map),
                insn(0, 0, 0, 0, 1 << 30), EXIT};
        try (Arena arena = Arena.ofConfined();
                StructValue attr = program(BpfProgType.SOCKET_FILTER, BpfAttachType.of(0), null, code)) {
            var log = arena.allocate(4096);
            attr.set(ProgLoad.LOG_LEVEL, 1).point(ProgLoad.LOG_BUF, log);
            if (closed(submit(attr))) {
                return false;
            }
            // Older: "direct value offset of %u is not allowed".
            return log.getString(0).contains("invalid access to map value pointer");
        } finally {
            kernel.close(map);
        }
    }
}
