package wasmbpf.host.object;

/**
 * The local side of a struct_ops map: libbpf {@code struct bpf_struct_ops} before the kernel's type is known.
 *
 * @param typeId   BTF id of the local struct
 * @param data     its initial bytes, function pointers zero; the array itself, for the caller to change before load
 * @param programs one entry per member of the struct: the program its function pointer is set to, or null
 * @param link     declared in {@code .struct_ops.link}: attached through a link
 */
public record StructOpsSpec(int typeId, byte[] data, ProgramSpec[] programs, boolean link) {
    /**
     * Sets a member to another program, or with null to none: for a kernel that does not have it. The program it had
     * is loaded only if another map has it too.
     */
    public void program(int member, ProgramSpec program) {
        if (programs[member] != null && programs[member] != program) {
            programs[member].autoload(false);
        }
        programs[member] = program;
    }
}
