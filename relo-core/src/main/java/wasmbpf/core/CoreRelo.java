package wasmbpf.core;

/**
 * One CO-RE relocation of a program: {@code struct bpf_core_relo}.
 *
 * @param insnIndex    slot of the instruction to patch, counted from the start of the {@link InsnBuffer}
 * @param typeId       root type, in the object's own BTF
 * @param accessString such as {@code "0:5:2"}: array index on the root, then member or element indices; an enumerator's
 *                     index; {@code "0"} for relocations of whole types
 */
public record CoreRelo(int insnIndex, int typeId, String accessString, ReloKind kind) {
}
