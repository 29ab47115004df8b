package wasmbpf.host.abi;

import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfLinkType;
import wasmbpf.sys.InfoStructs.LinkInfo;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.KernelStruct;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/** BPF_OBJ_GET_INFO_BY_FD for a guest: the struct is the guest's, buffers it points at are its too. */
final class InfoCall {
    private InfoCall() {}

    /** @param guest the guest's struct, no longer than {@code struct} @param attr receives the length the kernel filled */
    static int make(GuestContext context, BpfCalls calls, int fd, KernelStruct struct, BpfCalls.Attr guest,
            BpfCalls.Attr attr) {
        try (StructValue info = struct.allocate(); StructValue call = ObjInfo.STRUCT.allocate()) {
            String part = struct == LinkInfo.STRUCT ? part(context, fd) : "";
            for (StructField field : struct.fields()) {
                if (field.isPointer() && (struct != LinkInfo.STRUCT || field.name().startsWith(part))) {
                    calls.copy(guest, info, field, f -> length(f, guest));
                }
            }
            call.set(ObjInfo.BPF_FD, fd).point(ObjInfo.INFO, info).set(ObjInfo.INFO_LEN, guest.size);
            int result = context.kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, call);
            if (result < 0) {
                return result;
            }
            long[] pointers = new long[struct.fields().size()];
            for (StructField field : struct.fields()) {
                pointers[field.index()] = field.isPointer() && info.isSet(field) ? guest.get(field) : 0;
            }
            context.memory().write(guest.at, info.address(), guest.size);
            for (StructField field : struct.fields()) {
                if (pointers[field.index()] != 0) {
                    guest.put(field, pointers[field.index()]);
                }
            }
            attr.put(ObjInfo.INFO_LEN, call.get(ObjInfo.INFO_LEN));
            return 0;
        }
    }

    /** Which of the union's parts a link has is known from its type, so that is asked for first. */
    private static String part(GuestContext context, int fd) {
        try (StructValue info = LinkInfo.STRUCT.allocate(); StructValue call = ObjInfo.STRUCT.allocate()) {
            call.set(ObjInfo.BPF_FD, fd).point(ObjInfo.INFO, info);
            context.kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, call);
            return LinkParts.ofInfo(BpfLinkType.of(info.getInt(LinkInfo.TYPE)));
        }
    }

    private static long length(StructField field, BpfCalls.Attr guest) {
        if (field == ProgInfo.FUNC_INFO) {
            return guest.get(ProgInfo.NR_FUNC_INFO) * guest.get(ProgInfo.FUNC_INFO_REC_SIZE);
        }
        if (field == ProgInfo.LINE_INFO) {
            return guest.get(ProgInfo.NR_LINE_INFO) * guest.get(ProgInfo.LINE_INFO_REC_SIZE);
        }
        if (field == ProgInfo.JITED_LINE_INFO) {
            return guest.get(ProgInfo.NR_JITED_LINE_INFO) * guest.get(ProgInfo.JITED_LINE_INFO_REC_SIZE);
        }
        if (field == LinkInfo.KPROBE_MULTI_COOKIES) {
            return 8 * guest.get(LinkInfo.KPROBE_MULTI_COUNT);
        }
        if (field == LinkInfo.UPROBE_MULTI_COOKIES || field == LinkInfo.UPROBE_MULTI_REF_CTR_OFFSETS) {
            return 8 * guest.get(LinkInfo.UPROBE_MULTI_COUNT);
        }
        return -1;
    }
}
