package wasmbpf.core;

/**
 * One slot of BPF code, {@code struct bpf_insn}: for looking at, and for writing short programs by hand (feature
 * probes, tests). Code of any length is worked on in an {@link InsnBuffer}.
 *
 * @param opcode 0..255, see {@link BpfOpcode}
 * @param dst    0..15
 * @param src    0..15; for calls and ldimm64 a {@code BPF_PSEUDO_*} number
 * @param off    jump distance in instructions, or memory offset in bytes
 * @param imm    the operand; half of it for ldimm64
 */
public record BpfInsn(int opcode, int dst, int src, short off, int imm) {
    public BpfInsn {
        if (opcode >>> 8 != 0 || dst >>> 4 != 0 || src >>> 4 != 0) {
            throw new IllegalArgumentException("no such instruction: opcode " + opcode + " dst " + dst + " src " + src);
        }
    }

    /** {@code dst = imm}, sign-extended to 64 bits. */
    public static BpfInsn mov64Imm(int dst, int imm) {
        return new BpfInsn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_K, dst, 0, (short) 0, imm);
    }

    /** {@code dst = src}. */
    public static BpfInsn mov64Reg(int dst, int src) {
        return new BpfInsn(BpfOpcode.BPF_ALU64 | BpfOpcode.BPF_MOV | BpfOpcode.BPF_X, dst, src, (short) 0, 0);
    }

    /** {@code dst op= imm}, for an op such as {@link BpfOpcode#BPF_ADD}. */
    public static BpfInsn alu64Imm(int op, int dst, int imm) {
        return new BpfInsn(BpfOpcode.BPF_ALU64 | op | BpfOpcode.BPF_K, dst, 0, (short) 0, imm);
    }

    /** {@code dst = *(size *)(src + off)}, for a size such as {@link BpfOpcode#BPF_W}. */
    public static BpfInsn load(int size, int dst, int src, int off) {
        return new BpfInsn(BpfOpcode.BPF_LDX | BpfOpcode.BPF_MEM | size, dst, src, (short) off, 0);
    }

    /** {@code *(size *)(dst + off) = src}. */
    public static BpfInsn store(int size, int dst, int off, int src) {
        return new BpfInsn(BpfOpcode.BPF_STX | BpfOpcode.BPF_MEM | size, dst, src, (short) off, 0);
    }

    /** {@code *(size *)(dst + off) = imm}. */
    public static BpfInsn storeImm(int size, int dst, int off, int imm) {
        return new BpfInsn(BpfOpcode.BPF_ST | BpfOpcode.BPF_MEM | size, dst, 0, (short) off, imm);
    }

    /** {@code if dst op imm goto pc + off}. */
    public static BpfInsn jumpImm(int op, int dst, int imm, int off) {
        return new BpfInsn(BpfOpcode.BPF_JMP | op | BpfOpcode.BPF_K, dst, 0, (short) off, imm);
    }

    /** Calls helper number {@code helper}, {@code enum bpf_func_id}. */
    public static BpfInsn call(int helper) {
        return new BpfInsn(BpfOpcode.CALL, 0, 0, (short) 0, helper);
    }

    /** Calls the subprogram that starts {@code distance} instructions after the next one. */
    public static BpfInsn callSubprogram(int distance) {
        return new BpfInsn(BpfOpcode.CALL, 0, BpfOpcode.BPF_PSEUDO_CALL, (short) 0, distance);
    }

    public static BpfInsn exit() {
        return new BpfInsn(BpfOpcode.EXIT, 0, 0, (short) 0, 0);
    }

    /** The first slot of {@code dst = imm64}; {@link #imm64High} has to follow it. */
    public static BpfInsn imm64Low(int dst, int pseudo, long imm64) {
        return new BpfInsn(BpfOpcode.LDIMM64, dst, pseudo, (short) 0, (int) imm64);
    }

    /** The second slot of {@code dst = imm64}. */
    public static BpfInsn imm64High(long imm64) {
        return new BpfInsn(0, 0, 0, (short) 0, (int) (imm64 >>> 32));
    }

    /** Both slots of a load of the map behind {@code fd}. */
    public static BpfInsn[] mapFd(int dst, int fd) {
        return new BpfInsn[] {imm64Low(dst, BpfOpcode.BPF_PSEUDO_MAP_FD, fd), imm64High(0)};
    }
}
