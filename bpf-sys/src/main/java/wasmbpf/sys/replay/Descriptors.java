package wasmbpf.sys.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import wasmbpf.sys.BpfFlags;

/** Descriptors that hide inside the bytes a call reads, replaced by their symbols: the bytes are the same every run. */
final class Descriptors {
    private static final int LD_IMM64 = 0x18;
    private static final int INSN_BYTES = 8;

    private Descriptors() {}

    /**
     * Instructions with the symbol of each map in place of its descriptor, and of each module's BTF.
     * <pre>
     * | opcode 8 | dst 4, src 4 | offset 16 | imm 32 |   LD_IMM64 takes two: src 1 and 2 have a map's descriptor in the
     *                                                   first imm, src 3 a BTF object's in the second
     * </pre>
     */
    static byte[] inInstructions(Handles handles, byte[] code) {
        ByteBuffer insns = ByteBuffer.wrap(code).order(ByteOrder.nativeOrder());
        for (int at = 0; at + 2 * INSN_BYTES <= code.length; at += INSN_BYTES) {
            if ((code[at] & 0xff) != LD_IMM64) {
                continue;
            }
            int source = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? code[at + 1] >> 4 & 15
                    : code[at + 1] & 15;
            int imm = source == BpfFlags.BPF_PSEUDO_MAP_FD || source == BpfFlags.BPF_PSEUDO_MAP_VALUE ? at + 4
                    : source == BpfFlags.BPF_PSEUDO_BTF_ID ? at + INSN_BYTES + 4 : -1;
            if (imm >= 0) {
                replace(handles, insns, imm);
            }
            at += INSN_BYTES;
        }
        return code;
    }

    private static final int NLMSG_HEADER = 16;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWTFILTER = 44;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int TCMSG_BYTES = 20;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_FD = 1;
    private static final int IFLA_XDP_EXPECTED_FD = 8;
    private static final int TCA_OPTIONS = 2;
    private static final int TCA_BPF_FD = 6;

    /**
     * An rtnetlink request with the symbol of a program in place of its descriptor: XDP's and the BPF classifier's.
     * <pre>
     * | length 32 | type 16 | flags 16 | sequence 32 | port 32 | ifinfomsg or tcmsg | attributes: | length 16 | type
     * 16 | … |
     * </pre>
     */
    static byte[] inNetlink(Handles handles, byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        int type = message.length < NLMSG_HEADER ? 0 : bytes.getShort(4);
        if (type == RTM_SETLINK) {
            inAttributes(handles, bytes, NLMSG_HEADER + IFINFOMSG_BYTES, message.length, IFLA_XDP, false);
        } else if (type == RTM_NEWTFILTER) {
            inAttributes(handles, bytes, NLMSG_HEADER + TCMSG_BYTES, message.length, TCA_OPTIONS, false);
        }
        return message;
    }

    private static void inAttributes(Handles handles, ByteBuffer bytes, int from, int end, int parent, boolean inside) {
        int at = from;
        while (end - at >= 4) {
            int length = bytes.getShort(at) & 0xffff;
            int type = bytes.getShort(at + 2) & 0x3fff;
            if (length < 4 || length > end - at) {
                return;
            }
            if (!inside && type == parent) {
                inAttributes(handles, bytes, at + 4, at + length, parent, true);
            } else if (inside && length == 8 && (parent == IFLA_XDP ? type == IFLA_XDP_FD || type
                    == IFLA_XDP_EXPECTED_FD : type == TCA_BPF_FD)) {
                replace(handles, bytes, at + 4);
            }
            at += length + 3 & ~3;
        }
    }

    private static void replace(Handles handles, ByteBuffer bytes, int offset) {
        Handles.Descriptor known = handles.descriptor(bytes.getInt(offset));
        if (known != null) {
            bytes.putInt(offset, known.symbol);
        }
    }
}
