package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.btf.TypeChain;
import wasmbpf.sys.BpfProgType;

/**
 * {@code __arg_ctx} for kernels that do not know it (before 6.8): a global function whose parameter is tagged as the
 * program's context gets a second FUNC where that parameter points to the struct the verifier takes for the context of
 * this type of program, and the program's func_info names that one. libbpf {@code bpf_program_fixup_func_info}.
 */
final class ContextTags {
    private static final String TAG = "arg:ctx";

    private final ObjectSpec spec;
    private final Btf btf;
    private final BtfWriter writer;
    private final ProgramSpec program;
    private final String context;
    /** Prototypes of the copies made, by id of the copied FUNC. */
    private final Map<Integer, Copy> copies = new HashMap<>();
    private int pointerId;

    private record Copy(int protoId, BtfType.FuncProto proto) {
    }

    private ContextTags(ObjectSpec spec, BtfWriter writer, ProgramSpec program, String context) {
        this.spec = spec;
        this.btf = spec.btf();
        this.writer = writer;
        this.program = program;
        this.context = context;
    }

    /** The program with its func_info turned to added FUNCs; itself if there is nothing to be done. */
    static LinkedProgram fix(ObjectSpec spec, LinkedProgram linked, BtfWriter writer, KernelFacts facts) {
        String context = contextOf(linked.program().type());
        // The kernel last: finding out costs it a BTF and a program, and few objects have such a tag.
        if (linked.funcInfo().count() == 0 || context == null || spec.btf().find(BtfKind.DECL_TAG, TAG) < 0
                || facts.has(KernelFacts.Feature.ARG_CTX_TAG)) {
            return linked;
        }
        return new ContextTags(spec, writer, linked.program(), context).fix(linked);
    }

    /** What the verifier calls the context of a program of that type, or null if it has no name. */
    private static String contextOf(int type) {
        BpfProgType known = BpfProgType.of(type);
        // No "case null": HotSpot links such a switch by method handles, 10 ms of start-up.
        return known == null ? null : switch (known) {
            case CGROUP_DEVICE -> "bpf_cgroup_dev_ctx";
            case CGROUP_SKB, FLOW_DISSECTOR, LWT_IN, LWT_OUT, LWT_SEG6LOCAL, LWT_XMIT, SCHED_ACT, SCHED_CLS, SK_SKB,
                 SOCKET_FILTER -> "__sk_buff";
            case CGROUP_SOCK -> "bpf_sock";
            case CGROUP_SOCK_ADDR -> "bpf_sock_addr";
            case CGROUP_SOCKOPT -> "bpf_sockopt";
            case CGROUP_SYSCTL -> "bpf_sysctl";
            case KPROBE -> "bpf_user_pt_regs_t";
            case NETFILTER -> "bpf_nf_ctx";
            case PERF_EVENT -> "bpf_perf_event_data";
            case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> "bpf_raw_tracepoint_args";
            case SK_LOOKUP -> "bpf_sk_lookup";
            case SK_MSG -> "sk_msg_md";
            case SK_REUSEPORT -> "sk_reuseport_md";
            case SOCK_OPS -> "bpf_sock_ops";
            case XDP -> "xdp_md";
            case UNSPEC, TRACEPOINT, LIRC_MODE2, TRACING, STRUCT_OPS, EXT, LSM, SYSCALL -> null;
        };
    }

    private LinkedProgram fix(LinkedProgram linked) {
        LinkedProgram.InfoRecords info = linked.funcInfo();
        ByteBuffer records = ByteBuffer.wrap(info.bytes().clone()).order(spec.byteOrder());
        int[] original = new int[info.count()];
        for (int i = 0; i < original.length; i++) {
            original[i] = records.getInt(i * info.recordSize() + Integer.BYTES);
        }
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.DECL_TAG && btf.type(id) instanceof BtfType.DeclTag tag
                    && tag.name().equals(TAG) && btf.type(tag.typeId()) instanceof BtfType.Func function
                    && function.linkage() == FuncLinkage.GLOBAL) {
                int at = indexOf(original, tag.typeId());
                if (at >= 0 && fixable(function, tag.componentIndex())) {
                    int typeAt = at * info.recordSize() + Integer.BYTES;
                    records.putInt(typeAt, retarget(tag, records.getInt(typeAt)));
                }
            }
        }
        return new LinkedProgram(program, linked.code(), linked.references(),
                new LinkedProgram.InfoRecords(info.recordSize(), info.count(), records.array()), linked.lineInfo(),
                linked.subprograms(), linked.fdArray(), linked.jumpTables());
    }

    private static int indexOf(int[] ids, int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    /** Points the tagged parameter of the function's copy at the context, making the copy if there is none yet. */
    private int retarget(BtfType.DeclTag tag, int current) {
        int copyId = current;
        if (copyId == tag.typeId()) {
            BtfType.Func function = (BtfType.Func) btf.type(tag.typeId());
            BtfType.FuncProto proto = (BtfType.FuncProto) btf.type(function.protoId());
            int protoId = writer.add(proto);
            copyId = writer.add(new BtfType.Func(function.name(), protoId, function.linkage()));
            copies.put(copyId, new Copy(protoId, proto));
        }
        if (pointerId == 0) {
            pointerId = writer.add(new BtfType.Ptr(writer.add(new BtfType.Struct(context, 0, false, List.of()))));
        }
        writer.add(new BtfType.DeclTag(TAG, copyId, tag.componentIndex(), false));
        Copy copy = copies.get(copyId);
        List<BtfType.Param> params = new ArrayList<>(copy.proto().params());
        params.set(tag.componentIndex(), new BtfType.Param(params.get(tag.componentIndex()).name(), pointerId));
        BtfType.FuncProto proto = new BtfType.FuncProto(copy.proto().returnTypeId(), params);
        writer.replace(copy.protoId(), proto);
        copies.put(copyId, new Copy(copy.protoId(), proto));
        return copyId;
    }

    /** Whether a parameter is of a type that may be replaced: libbpf {@code need_func_arg_type_fixup}. */
    private boolean fixable(BtfType.Func function, int index) {
        if (!(btf.type(function.protoId()) instanceof BtfType.FuncProto proto) || index < 0
                || index >= proto.params().size()) {
            return false;
        }
        int pointer = TypeChain.skipModsAndTypedefs(btf, proto.params().get(index).typeId());
        if (btf.kind(pointer) != BtfKind.PTR) {
            return false;
        }
        BpfProgType type = BpfProgType.of(program.type());
        boolean registers = type == BpfProgType.KPROBE || type == BpfProgType.PERF_EVENT;
        int named = TypeChain.skipMods(btf, btf.sizeOrType(pointer));
        if (registers && btf.kind(named) == BtfKind.TYPEDEF && btf.name(named).equals("bpf_user_pt_regs_t")) {
            return false;
        }
        int target = TypeChain.skipModsAndTypedefs(btf, named);
        return switch (btf.type(target)) {
            case BtfType.Void _ -> true;
            case BtfType.Struct struct -> !struct.name().equals(context) && registers
                    && struct.name().equals("pt_regs");
            case BtfType.Int number -> number.sizeBytes() == 8 && (type == BpfProgType.RAW_TRACEPOINT
                    || type == BpfProgType.RAW_TRACEPOINT_WRITABLE);
            default -> false;
        };
    }
}
