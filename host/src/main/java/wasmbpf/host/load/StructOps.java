package wasmbpf.host.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import wasmbpf.host.object.KernelFacts;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.StructOpsResolver;
import wasmbpf.host.object.StructOpsValues;

/** The struct_ops maps of one load, and the descriptors that stand for modules and programs in them. */
final class StructOps {
    private final StructOpsValues values;

    private StructOps(StructOpsValues values) {
        this.values = values;
    }

    /** Of every struct_ops map that is to be created. Changes which programs are loaded, and the maps' value sizes. */
    static StructOps of(ObjectSpec object, KernelFacts facts) {
        StructOpsValues values = StructOpsResolver.resolve(object, facts);
        values.maps().forEach(value -> value.map().valueSize(value.valueSize()));
        return new StructOps(values);
    }

    /** How the kernel has that map's value, or null if it is not of this kind. */
    StructOpsValues.Value layout(MapSpec map) {
        return values.of(map);
    }

    /** What that program is for, or null if no struct_ops map has it. */
    StructOpsValues.AttachPoint member(ProgramSpec program) {
        return values.programs().get(program);
    }

    /** The descriptor of the BTF that the types are in; 0 for the kernel's own. */
    static int fd(KernelFacts.Module module) {
        return module == null ? 0 : ((KernelModule) module).fd();
    }

    /** The map's value with descriptors of its programs: libbpf {@code bpf_map_prepare_vdata}. */
    byte[] value(MapSpec map, List<LoadedProgram> programs) {
        StructOpsValues.Value layout = values.of(map);
        byte[] image = layout.value().clone();
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.nativeOrder());
        for (StructOpsValues.Pointer pointer : layout.pointers()) {
            for (LoadedProgram program : programs) {
                if (program.spec() == pointer.program()) {
                    bytes.putLong(pointer.offset(), program.fd());
                }
            }
        }
        return image;
    }
}
