package wasmbpf.host.object;

/**
 * A place in linked code that only the loader can fill: a ldimm64 whose immediates hold file descriptors. All else
 * about the instruction is final; the descriptor's 32 bits are zero.
 */
public sealed interface Reference {
    /** The first of the ldimm64's two slots. */
    int insnIndex();

    /** src_reg is BPF_PSEUDO_MAP_FD: imm of the first slot = descriptor of that map. */
    record MapFd(int insnIndex, MapSpec map) implements Reference {
    }

    /** src_reg is BPF_PSEUDO_MAP_VALUE: imm of the first slot = descriptor of that map; the second holds the offset. */
    record MapValue(int insnIndex, MapSpec map) implements Reference {
    }

    /** src_reg is BPF_PSEUDO_BTF_ID: imm of the second slot = descriptor of that module's BTF. */
    record ModuleBtfFd(int insnIndex, KernelFacts.Module module) implements Reference {
    }

    /** src_reg is BPF_PSEUDO_MAP_VALUE: imm of the first slot = descriptor of a BPF_MAP_TYPE_INSN_ARRAY made for it. */
    record JumpTable(int insnIndex, LinkedProgram.JumpTable table) implements Reference {
    }
}
