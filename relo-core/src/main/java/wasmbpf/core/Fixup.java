package wasmbpf.core;

/**
 * What a relocation does to its instruction: libbpf {@code struct bpf_core_relo_res}.
 *
 * @param original       the value the compiler wrote, as computed from the object's BTF
 * @param updated        the value for this kernel; 0 if {@code poison}
 * @param poison         the kernel has no such field or enumerator: the instruction must never be reached
 * @param validate       whether {@code original} has to be what stands in the instruction
 * @param memorySizeFits false if the field has another size in the kernel and a load or store of it cannot be adapted
 * @param originalSize   bytes of the field in the object, for byte_off; else 0
 * @param updatedSize    bytes of the field in the kernel
 */
public record Fixup(long original, long updated, boolean poison, boolean validate, boolean memorySizeFits,
                    long originalSize, long updatedSize) {
    static Fixup value(long original, long updated, boolean validate) {
        return new Fixup(original, updated, false, validate, true, 0, 0);
    }

    static Fixup poison(long original, boolean validate, long originalSize) {
        return new Fixup(original, 0, true, validate, true, originalSize, 0);
    }
}
