package wasmbpf.core;

/**
 * The opcode byte of a BPF instruction, with the names of include/uapi/linux/bpf.h and bpf_common.h.
 *
 * <pre>
 *   arithmetic and jumps          loads and stores
 *   7    4  3  2    0             7    5 4   3 2    0
 *  +------+---+------+           +------+-----+------+
 *  |  op  |src| class|           | mode | size| class|
 *  +------+---+------+           +------+-----+------+
 * </pre>
 */
public final class BpfOpcode {
    // class
    public static final int BPF_LD = 0x00;
    public static final int BPF_LDX = 0x01;
    public static final int BPF_ST = 0x02;
    public static final int BPF_STX = 0x03;
    public static final int BPF_ALU = 0x04;
    public static final int BPF_JMP = 0x05;
    public static final int BPF_JMP32 = 0x06;
    public static final int BPF_ALU64 = 0x07;

    // size
    public static final int BPF_W = 0x00;
    public static final int BPF_H = 0x08;
    public static final int BPF_B = 0x10;
    public static final int BPF_DW = 0x18;

    // mode
    public static final int BPF_IMM = 0x00;
    public static final int BPF_ABS = 0x20;
    public static final int BPF_IND = 0x40;
    public static final int BPF_MEM = 0x60;
    public static final int BPF_MEMSX = 0x80;
    public static final int BPF_ATOMIC = 0xc0;

    // source of the second operand
    public static final int BPF_K = 0x00;
    public static final int BPF_X = 0x08;

    // arithmetic
    public static final int BPF_ADD = 0x00;
    public static final int BPF_SUB = 0x10;
    public static final int BPF_MUL = 0x20;
    public static final int BPF_DIV = 0x30;
    public static final int BPF_OR = 0x40;
    public static final int BPF_AND = 0x50;
    public static final int BPF_LSH = 0x60;
    public static final int BPF_RSH = 0x70;
    public static final int BPF_NEG = 0x80;
    public static final int BPF_MOD = 0x90;
    public static final int BPF_XOR = 0xa0;
    public static final int BPF_MOV = 0xb0;
    public static final int BPF_ARSH = 0xc0;
    public static final int BPF_END = 0xd0;

    // jumps
    public static final int BPF_JA = 0x00;
    public static final int BPF_JEQ = 0x10;
    public static final int BPF_JGT = 0x20;
    public static final int BPF_JGE = 0x30;
    public static final int BPF_JSET = 0x40;
    public static final int BPF_JNE = 0x50;
    public static final int BPF_JSGT = 0x60;
    public static final int BPF_JSGE = 0x70;
    public static final int BPF_CALL = 0x80;
    public static final int BPF_EXIT = 0x90;
    public static final int BPF_JLT = 0xa0;
    public static final int BPF_JLE = 0xb0;
    public static final int BPF_JSLT = 0xc0;
    public static final int BPF_JSLE = 0xd0;
    public static final int BPF_JCOND = 0xe0;

    // imm of BPF_STX | BPF_ATOMIC, beside BPF_ADD, BPF_OR, BPF_AND, BPF_XOR
    public static final int BPF_FETCH = 0x01;
    public static final int BPF_XCHG = 0xe0 | BPF_FETCH;
    public static final int BPF_CMPXCHG = 0xf0 | BPF_FETCH;
    public static final int BPF_LOAD_ACQ = 0x100;
    public static final int BPF_STORE_REL = 0x110;

    // src_reg of ldimm64
    public static final int BPF_PSEUDO_MAP_FD = 1;
    public static final int BPF_PSEUDO_MAP_VALUE = 2;
    public static final int BPF_PSEUDO_BTF_ID = 3;
    public static final int BPF_PSEUDO_FUNC = 4;
    public static final int BPF_PSEUDO_MAP_IDX = 5;
    public static final int BPF_PSEUDO_MAP_IDX_VALUE = 6;

    // src_reg of call
    public static final int BPF_PSEUDO_CALL = 1;
    public static final int BPF_PSEUDO_KFUNC_CALL = 2;

    /** The one instruction of two slots: {@code BPF_LD | BPF_IMM | BPF_DW}. */
    public static final int LDIMM64 = BPF_LD | BPF_IMM | BPF_DW;
    public static final int CALL = BPF_JMP | BPF_CALL;
    public static final int EXIT = BPF_JMP | BPF_EXIT;

    private BpfOpcode() {
    }

    /** {@code BPF_CLASS(code)}. */
    public static int classOf(int opcode) {
        return opcode & 0x07;
    }

    /** {@code BPF_SIZE(code)}, for loads and stores. */
    public static int sizeOf(int opcode) {
        return opcode & 0x18;
    }

    /** {@code BPF_MODE(code)}, for loads and stores. */
    public static int modeOf(int opcode) {
        return opcode & 0xe0;
    }

    /** {@code BPF_OP(code)}, for arithmetic and jumps. */
    public static int opOf(int opcode) {
        return opcode & 0xf0;
    }

    /** {@code BPF_SRC(code)}: {@link #BPF_K} or {@link #BPF_X}. */
    public static int sourceOf(int opcode) {
        return opcode & 0x08;
    }

    /** How many bytes a load or store moves: 1, 2, 4 or 8. */
    public static int bytesOfSize(int opcode) {
        return switch (sizeOf(opcode)) {
            case BPF_B -> 1;
            case BPF_H -> 2;
            case BPF_W -> 4;
            default -> 8;
        };
    }

    /** The size code for so many bytes, or -1 if no load or store moves that many. */
    public static int sizeOfBytes(long bytes) {
        if (bytes == 1) {
            return BPF_B;
        }
        if (bytes == 2) {
            return BPF_H;
        }
        if (bytes == 4) {
            return BPF_W;
        }
        return bytes == 8 ? BPF_DW : -1;
    }
}
