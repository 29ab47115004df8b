package wasmbpf.host.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.EssentialName;
import wasmbpf.btf.TypeChain;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.StructOpsSpec;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;

/**
 * Lays struct_ops maps out as the running kernel has them, and tells each of their programs which member it is: libbpf
 * {@code bpf_map__init_kern_struct_ops}, {@code bpf_object_adjust_struct_ops_autoload}.
 *
 * <p>The kernel wraps {@code struct NAME} in {@code struct bpf_struct_ops_NAME}, whose value the map takes: members of
 * the same name are copied, function pointers become descriptors of programs.
 */
final class StructOps {
    /** What a program is for: the struct's type and its member. */
    record Member(int structTypeId, int index, KernelModule module) {
    }

    /**
     * A map's value in the kernel's layout, descriptors of programs still zero.
     *
     * @param valueTypeId     of {@code struct bpf_struct_ops_NAME}
     * @param module          whose BTF that is in, or null
     * @param functionOffsets by local member, where its program goes in the image; -1 for none
     * @param programs        by local member
     */
    record Layout(int valueTypeId, KernelModule module, byte[] image, int[] functionOffsets, ProgramSpec[] programs) {
    }

    private final ObjectSpec object;
    private final LoadFacts facts;
    private final Map<MapSpec, Layout> layouts = new IdentityHashMap<>();
    private final Map<ProgramSpec, Member> members = new IdentityHashMap<>();

    private StructOps(ObjectSpec object, LoadFacts facts) {
        this.object = object;
        this.facts = facts;
    }

    /** Of every struct_ops map that is to be created. Changes which programs are loaded. */
    static StructOps of(ObjectSpec object, LoadFacts facts) {
        StructOps made = new StructOps(object, facts);
        for (MapSpec map : object.maps()) {
            if (map.structOps() != null && map.autocreate()) {
                made.lay(map);
            }
        }
        made.adjustAutoload();
        return made;
    }

    /** The layout of that map, or null if it is not of this kind. */
    Layout layout(MapSpec map) {
        return layouts.get(map);
    }

    /** What that program is for, or null if no struct_ops map has it. */
    Member member(ProgramSpec program) {
        return members.get(program);
    }

    private LoadException failed(MapSpec map, int errno, String detail) {
        return LoadException.of("lay out struct_ops map \"" + map.name() + "\"", errno, "; " + detail);
    }

    private void lay(MapSpec map) {
        StructOpsSpec spec = map.structOps();
        Btf local = object.btf();
        BtfType.Struct type = (BtfType.Struct) local.type(TypeChain.skipModsAndTypedefs(local, spec.typeId()));
        String name = EssentialName.of(type.name());
        Btf vmlinux = facts.vmlinux();
        if (vmlinux == null) {
            throw failed(map, Errno.ESRCH, "this kernel has no BTF");
        }
        KernelModule module = null;
        Btf kernel = vmlinux;
        int wrapperId = vmlinux.find(BtfKind.STRUCT, "bpf_struct_ops_" + name);
        if (wrapperId <= 0) {
            for (KernelModule each : facts.modules()) {
                wrapperId = each.btf().findOwn(BtfKind.STRUCT, "bpf_struct_ops_" + name);
                if (wrapperId > 0) {
                    module = each;
                    kernel = each.btf();
                    break;
                }
            }
        }
        int structId = wrapperId <= 0 ? -1 : kernel.find(BtfKind.STRUCT, name);
        if (structId <= 0) {
            throw failed(map, Errno.ESRCH, "this kernel has no struct_ops \"" + name + "\"");
        }
        BtfType.Struct wrapper = (BtfType.Struct) kernel.type(wrapperId);
        BtfType.Struct struct = (BtfType.Struct) kernel.type(structId);
        int dataOffset = -1;
        for (BtfType.Member member : wrapper.members()) {
            if (member.typeId() == structId) {
                dataOffset = member.bitOffset() / 8;
            }
        }
        if (dataOffset < 0) {
            throw failed(map, Errno.EINVAL, "the kernel's struct " + wrapper.name() + " has no " + name);
        }
        Layout layout = new Layout(wrapperId, module, new byte[wrapper.sizeBytes()], new int[type.members().size()],
                spec.programs().clone());
        Arrays.fill(layout.functionOffsets(), -1);
        for (int i = 0; i < type.members().size(); i++) {
            lay(map, layout, i, type.members().get(i), kernel, struct, structId, dataOffset);
        }
        map.valueSize(wrapper.sizeBytes());
        layouts.put(map, layout);
    }

    private void lay(MapSpec map, Layout layout, int i, BtfType.Member member, Btf kernel, BtfType.Struct struct,
                     int structId, int dataOffset) {
        Btf local = object.btf();
        byte[] data = map.structOps().data();
        int offset = member.bitOffset() / 8;
        int size = Math.toIntExact(BtfLayout.sizeOf(local, member.typeId()));
        ProgramSpec program = layout.programs()[i];
        int index = indexOf(struct, member.name());
        if (index < 0) {
            for (int at = offset; at < offset + size; at++) {
                if (data[at] != 0) {
                    throw failed(map, Errno.EOPNOTSUPP, "this kernel's struct " + struct.name() + " has no member \""
                            + member.name() + "\", which is set");
                }
            }
            if (program != null) {
                // A callback this kernel does not know is left out, as if it had not been set.
                program.autoload(false);
                layout.programs()[i] = null;
            }
            return;
        }
        BtfType.Member theirs = struct.members().get(index);
        if (member.bitfieldSize() != 0 || theirs.bitfieldSize() != 0) {
            throw failed(map, Errno.EOPNOTSUPP, "member \"" + member.name() + "\" is a bit-field");
        }
        int localType = TypeChain.skipModsAndTypedefs(local, member.typeId());
        int kernelType = TypeChain.skipModsAndTypedefs(kernel, theirs.typeId());
        if (local.kind(localType) != kernel.kind(kernelType)) {
            throw failed(map, Errno.EOPNOTSUPP, "member \"" + member.name() + "\" is " + local.kind(localType)
                    + " here and " + kernel.kind(kernelType) + " in the kernel");
        }
        int kernelOffset = dataOffset + theirs.bitOffset() / 8;
        if (local.kind(localType) == BtfKind.PTR) {
            if (program != null) {
                function(map, layout, i, program, kernel, kernelType, structId, index, kernelOffset);
            }
            return;
        }
        if (BtfLayout.sizeOf(kernel, theirs.typeId()) != size) {
            throw failed(map, Errno.EOPNOTSUPP, "member \"" + member.name() + "\" has " + size + " bytes here and "
                    + BtfLayout.sizeOf(kernel, theirs.typeId()) + " in the kernel");
        }
        System.arraycopy(data, offset, layout.image(), kernelOffset, size);
    }

    private void function(MapSpec map, Layout layout, int i, ProgramSpec program, Btf kernel, int pointer,
                          int structId, int index, int kernelOffset) {
        if (program.type() != BpfProgType.STRUCT_OPS.number()) {
            throw failed(map, Errno.EOPNOTSUPP, program + " is not of type struct_ops");
        }
        int pointee = TypeChain.skipMods(kernel, ((BtfType.Ptr) kernel.type(pointer)).typeId());
        if (kernel.kind(pointee) != BtfKind.FUNC_PROTO) {
            throw failed(map, Errno.EOPNOTSUPP, "the kernel's member for " + program + " is no function");
        }
        Member made = new Member(structId, index, layout.module());
        Member before = members.putIfAbsent(program, made);
        if (before != null && !before.equals(made)) {
            throw failed(map, Errno.EINVAL, program + " is used for two different members");
        }
        program.expectedAttachType(index);
        layout.functionOffsets()[i] = kernelOffset;
    }

    private static int indexOf(BtfType.Struct struct, String name) {
        List<BtfType.Member> members = struct.members();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** A program that maps refer to is loaded if one of them is created. */
    private void adjustAutoload() {
        Map<ProgramSpec, Boolean> wanted = new HashMap<>();
        for (MapSpec map : object.maps()) {
            if (map.structOps() != null) {
                Layout layout = layouts.get(map);
                for (ProgramSpec program : layout == null ? map.structOps().programs() : layout.programs()) {
                    if (program != null) {
                        wanted.merge(program, map.autocreate(), Boolean::logicalOr);
                    }
                }
            }
        }
        wanted.forEach(ProgramSpec::autoload);
    }

    /** The map's value with descriptors of its programs: libbpf {@code bpf_map_prepare_vdata}. */
    byte[] value(MapSpec map, List<LoadedProgram> programs) {
        Layout layout = layouts.get(map);
        byte[] image = layout.image().clone();
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.nativeOrder());
        for (int i = 0; i < layout.programs().length; i++) {
            for (LoadedProgram program : programs) {
                if (program.spec() == layout.programs()[i] && layout.functionOffsets()[i] >= 0) {
                    bytes.putLong(layout.functionOffsets()[i], program.fd());
                }
            }
        }
        return image;
    }
}
