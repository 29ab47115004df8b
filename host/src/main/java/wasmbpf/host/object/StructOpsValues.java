package wasmbpf.host.object;

import java.util.List;
import java.util.Map;

/**
 * The struct_ops maps of an object as one kernel wants them.
 *
 * @param maps     the maps to create, in the object's order
 * @param programs what their programs attach to
 */
public record StructOpsValues(List<Value> maps, Map<ProgramSpec, AttachPoint> programs) {
    /** Of an object without struct_ops. */
    public static final StructOpsValues NONE = new StructOpsValues(List.of(), Map.of());

    /**
     * What one map is created with and set to.
     *
     * @param map         of kind {@link MapSpec.Kind#STRUCT_OPS}
     * @param valueTypeId the kernel's {@code struct bpf_struct_ops_NAME}: btf_vmlinux_value_type_id
     * @param valueSize   its size: value_size
     * @param module      whose BTF has the types (BPF_F_VTYPE_BTF_OBJ_FD), or null: the kernel's
     * @param value       image of that struct; function pointers are zero
     * @param pointers    where descriptors of loaded programs go, as 64-bit numbers, before the map is set
     */
    public record Value(MapSpec map, int valueTypeId, int valueSize, KernelFacts.Module module, byte[] value,
                        List<Pointer> pointers) {
    }

    /** @param offset bytes from the start of {@link Value#value} */
    public record Pointer(ProgramSpec program, int offset) {
    }

    /**
     * What a program implements.
     *
     * @param typeId      the kernel's struct: attach_btf_id
     * @param memberIndex its member: expected_attach_type
     * @param module      whose BTF has the struct (attach_btf_obj_fd), or null: the kernel's
     */
    public record AttachPoint(int typeId, int memberIndex, KernelFacts.Module module) {
    }

    /** The value of that map, or null if it is not created. */
    public Value of(MapSpec map) {
        for (Value value : maps) {
            if (value.map() == map) {
                return value;
            }
        }
        return null;
    }
}
