package wasmbpf.core;

import static wasmbpf.core.BpfOpcode.*;

/**
 * Writes a {@link Fixup} into its instruction: libbpf {@code bpf_core_patch_insn}.
 *
 * <pre>
 *   rX op= imm                 imm         (ALU, ALU64 with BPF_K)
 *   rX = imm64                 both imms   (ldimm64)
 *   rX = *(T *)(rY + off)      off, T      (LDX)
 *   *(T *)(rX + off) = ...     off, T      (ST, STX)
 * </pre>
 */
public final class InsnPatcher {
    /**
     * The helper number that poisoned instructions call, 0xbad2310, "bad relo". Harmless in code that the verifier
     * finds to be dead; of live code it says {@code invalid func unknown#195896080}.
     */
    public static final int POISON = 195896080;

    private InsnPatcher() {
    }

    /**
     * Patches the instruction at {@code index}.
     *
     * @return whether it has been poisoned
     * @throws CoreException if the instruction is not one that can hold the value, or holds another value than the
     *                       compiler should have written
     */
    static boolean patch(InsnBuffer code, int index, Fixup fixup) {
        if (fixup.poison()) {
            poison(code, index);
            return true;
        }
        switch (classOf(code.opcode(index))) {
            case BPF_ALU, BPF_ALU64 -> patchArithmetic(code, index, fixup);
            case BPF_LDX, BPF_ST, BPF_STX -> {
                return patchMemory(code, index, fixup);
            }
            case BPF_LD -> patchLdimm64(code, index, fixup);
            default -> throw new CoreException("an instruction of this class holds no relocatable value: "
                    + InsnPrinter.line(code, index));
        }
        return false;
    }

    /** Both slots of an ldimm64: a lone second half would be an unknown opcode 00 to the verifier. */
    static void poison(InsnBuffer code, int index) {
        BpfInsn call = BpfInsn.call(POISON);
        if (code.isLdimm64(index) && index + 1 < code.count()) {
            code.set(index + 1, call);
        }
        code.set(index, call);
    }

    private static void patchArithmetic(InsnBuffer code, int index, Fixup fixup) {
        if (sourceOf(code.opcode(index)) != BPF_K) {
            throw new CoreException("the instruction takes a register, not a value: " + InsnPrinter.line(code, index));
        }
        long updated = fixup.updated();
        if (fixup.validate() && code.imm(index) != fixup.original()) {
            updated = asSigned(code, index, code.imm(index), fixup);
        }
        // A 64-bit operation sign-extends its operand, a 32-bit one does not care.
        boolean fits = updated == (int) updated || classOf(code.opcode(index)) == BPF_ALU && updated >>> 32 == 0;
        if (!fits) {
            throw new CoreException("the value " + updated + " does not fit in: " + InsnPrinter.line(code, index));
        }
        code.setImm(index, (int) updated);
    }

    /** Whether it had to be poisoned, because the load or store cannot be adapted to the field's size in the kernel. */
    private static boolean patchMemory(InsnBuffer code, int index, Fixup fixup) {
        if (fixup.validate() && code.off(index) != fixup.original()) {
            throw unexpected(code, index, code.off(index), fixup);
        }
        if (fixup.updated() < 0 || fixup.updated() > Short.MAX_VALUE) {
            throw new CoreException("the field lies " + fixup.updated() + " bytes into its struct in the kernel, and "
                    + "a load or store reaches to 32767; add it to the pointer, as BPF_CORE_READ does: "
                    + InsnPrinter.line(code, index));
        }
        if (!fixup.memorySizeFits()) {
            poison(code, index);
            return true;
        }
        int opcode = code.opcode(index);
        if (fixup.originalSize() != fixup.updatedSize()) {
            if (bytesOfSize(opcode) != fixup.originalSize()) {
                throw new CoreException("the instruction moves " + bytesOfSize(opcode) + " bytes of a field that has "
                        + fixup.originalSize() + " in the object and " + fixup.updatedSize() + " in the kernel: "
                        + InsnPrinter.line(code, index));
            }
            int size = sizeOfBytes(fixup.updatedSize());
            if (size < 0) {
                throw new CoreException("the field has " + fixup.updatedSize() + " bytes in the kernel, which no load "
                        + "or store moves: " + InsnPrinter.line(code, index));
            }
            opcode = modeOf(opcode) | size | classOf(opcode);
        }
        code.setOpcode(index, opcode);
        code.setOff(index, (short) fixup.updated());
        return false;
    }

    private static void patchLdimm64(InsnBuffer code, int index, Fixup fixup) {
        int next = index + 1;
        boolean plain = code.isLdimm64(index) && next < code.count() && code.src(index) == 0 && code.off(index) == 0
                && code.opcode(next) == 0 && code.dst(next) == 0 && code.src(next) == 0 && code.off(next) == 0;
        if (!plain) {
            throw new CoreException("not a plain load of a 64-bit value: " + InsnPrinter.line(code, index));
        }
        long updated = fixup.updated();
        if (fixup.validate() && code.imm64(index) != fixup.original()) {
            updated = asSigned(code, index, code.imm64(index), fixup);
        }
        code.setImm64(index, updated);
    }

    /**
     * The new value where the old one is the original sign-extended from 32 bits. The kind flag says since LLVM 15
     * whether an enum is signed; before, all enums looked unsigned, and -1 is 0xffffffff in the BTF but -1 in the code.
     * (libbpf sign-extends every enumerator, and so refuses an unsigned one of 2^31 or more.)
     */
    private static long asSigned(InsnBuffer code, int index, long value, Fixup fixup) {
        boolean wasSigned = fixup.original() >>> 32 == 0 && value == (int) fixup.original();
        if (!wasSigned) {
            throw unexpected(code, index, value, fixup);
        }
        return fixup.updated() >>> 32 == 0 ? (int) fixup.updated() : fixup.updated();
    }

    private static CoreException unexpected(InsnBuffer code, int index, long value, Fixup fixup) {
        return new CoreException("the instruction has " + value + ", expected " + fixup.original() + " (-> "
                + fixup.updated() + "); the object's BTF does not belong to its code: "
                + InsnPrinter.line(code, index));
    }
}
