package wasmbpf.host.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** BPF_PROG_LOAD for a guest: its instructions name maps by the guest's descriptors, as does {@code fd_array}. */
final class ProgramImages {
    private static final int INSN_BYTES = 8;
    private static final int LD_IMM64 = 0x18;
    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int PSEUDO_MAP_IDX = 5;
    private static final int PSEUDO_MAP_IDX_VALUE = 6;
    /** The verifier takes a million. */
    private static final int MOST_INSNS = 1 << 20;

    private ProgramImages() {}

    static int load(GuestContext context, BpfCalls calls, BpfCalls.Attr attr) {
        attr.requireZeroFrom(ProgLoad.STRUCT.sizeBytes());
        try (StructValue value = ProgLoad.STRUCT.allocate()) {
            for (StructField field : ProgLoad.STRUCT.fields()) {
                if (field != ProgLoad.INSNS && field != ProgLoad.FD_ARRAY && field != ProgLoad.ATTACH_BTF_OBJ_FD) {
                    calls.copy(attr, value, field, f -> length(f, attr));
                }
            }
            int maps = instructions(context, attr, value);
            int descriptors = BpfCalls.pointer(attr.get(ProgLoad.FD_ARRAY));
            if (descriptors != 0) {
                int count = Math.max(maps, (int) attr.get(ProgLoad.FD_ARRAY_CNT));
                if (count > MOST_INSNS) {
                    return -Errno.E2BIG;
                }
                int[] fds = new int[count];
                for (int i = 0; i < count; i++) {
                    int fd = context.memory().i32(descriptors + 4 * i);
                    fds[i] = fd == 0 ? 0 : context.hostFd(fd);
                }
                value.point(ProgLoad.FD_ARRAY, fds);
            }
            return calls.finish(BpfCommand.PROG_LOAD, ProgLoad.STRUCT, attr, value);
        }
    }

    /** @return how many entries of {@code fd_array} the instructions use */
    private static int instructions(GuestContext context, BpfCalls.Attr attr, StructValue value) {
        long count = attr.get(ProgLoad.INSN_CNT);
        if (count > MOST_INSNS) {
            throw new SysException("bpf(2) of a guest", Errno.E2BIG, count + " instructions");
        }
        byte[] code = context.memory().bytes(BpfCalls.pointer(attr.get(ProgLoad.INSNS)), (int) count * INSN_BYTES);
        ByteBuffer insns = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        int maps = 0;
        for (int at = 0; at < code.length; at += INSN_BYTES) {
            if ((code[at] & 0xff) != LD_IMM64) {
                continue;
            }
            int source = code[at + 1] >> 4 & 15;
            if (source == PSEUDO_MAP_FD || source == PSEUDO_MAP_VALUE) {
                insns.putInt(at + 4, context.hostFd(insns.getInt(at + 4)));
            } else if (source == PSEUDO_MAP_IDX || source == PSEUDO_MAP_IDX_VALUE) {
                maps = Math.max(maps, Math.min(MOST_INSNS, insns.getInt(at + 4)) + 1);
            }
            at += INSN_BYTES;
        }
        value.point(ProgLoad.INSNS, code);
        return maps;
    }

    private static long length(StructField field, BpfCalls.Attr attr) {
        if (field == ProgLoad.FUNC_INFO) {
            return attr.get(ProgLoad.FUNC_INFO_CNT) * attr.get(ProgLoad.FUNC_INFO_REC_SIZE);
        }
        if (field == ProgLoad.LINE_INFO) {
            return attr.get(ProgLoad.LINE_INFO_CNT) * attr.get(ProgLoad.LINE_INFO_REC_SIZE);
        }
        if (field == ProgLoad.CORE_RELOS) {
            return attr.get(ProgLoad.CORE_RELO_CNT) * attr.get(ProgLoad.CORE_RELO_REC_SIZE);
        }
        return -1;
    }
}
