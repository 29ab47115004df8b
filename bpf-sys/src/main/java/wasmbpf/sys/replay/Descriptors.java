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

    private static void replace(Handles handles, ByteBuffer bytes, int offset) {
        Handles.Descriptor known = handles.descriptor(bytes.getInt(offset));
        if (known != null) {
            bytes.putInt(offset, known.symbol);
        }
    }
}
