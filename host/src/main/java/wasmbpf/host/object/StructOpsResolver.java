package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.EssentialName;
import wasmbpf.btf.TypeChain;
import wasmbpf.sys.BpfProgType;

/**
 * Lays struct_ops variables out as the kernel has their types: member by member, by name. libbpf
 * {@code bpf_map__init_kern_struct_ops} and {@code bpf_object_adjust_struct_ops_autoload}.
 *
 * <p>For {@code struct tcp_congestion_ops x}, the map's value is the kernel's {@code struct
 * bpf_struct_ops_tcp_congestion_ops}, which holds a {@code struct tcp_congestion_ops} behind what the kernel keeps for
 * itself.
 */
public final class StructOpsResolver {
    private static final String VALUE_PREFIX = "bpf_struct_ops_";
    /** A struct of a damaged kernel BTF must not ask for gigabytes. */
    private static final int MAX_VALUE_BYTES = 1 << 20;

    private final ObjectSpec spec;
    private final KernelFacts facts;
    private final Map<ProgramSpec, StructOpsValues.AttachPoint> attachPoints = new HashMap<>();

    private StructOpsResolver(ObjectSpec spec, KernelFacts facts) {
        this.spec = spec;
        this.facts = facts;
    }

    /**
     * The values of the object's struct_ops maps that are to be created.
     *
     * <p>Changes the spec as libbpf does: programs get their member's index as expected attach type; a program that
     * only maps which are not created refer to is no longer loaded.
     *
     * @throws ObjectException if the kernel has no such struct, or a member that is set does not fit
     */
    public static StructOpsValues resolve(ObjectSpec spec, KernelFacts facts) {
        boolean any = false;
        for (MapSpec map : spec.maps()) {
            any |= map.kind() == MapSpec.Kind.STRUCT_OPS;
        }
        return any ? new StructOpsResolver(spec, facts).resolve() : StructOpsValues.NONE;
    }

    private StructOpsValues resolve() {
        List<StructOpsValues.Value> values = new ArrayList<>();
        for (MapSpec map : spec.maps()) {
            if (map.kind() == MapSpec.Kind.STRUCT_OPS && map.autocreate()) {
                values.add(value(map));
            }
        }
        adjustAutoload();
        return new StructOpsValues(List.copyOf(values), Map.copyOf(attachPoints));
    }

    /** The kernel's side of one struct. */
    private record KernelStruct(Btf btf, KernelFacts.Module module, int typeId, BtfType.Struct type, int valueTypeId,
                                int valueSize, int dataOffset) {
    }

    private KernelStruct find(MapSpec map, String localName) {
        String name = EssentialName.of(localName);
        String valueName = VALUE_PREFIX + name;
        Btf btf = facts.vmlinux();
        if (btf == null) {
            throw error(map, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF), which struct_ops needs");
        }
        KernelFacts.Module module = null;
        int valueId = btf.find(BtfKind.STRUCT, valueName);
        if (valueId <= 0) {
            for (KernelFacts.Module each : facts.modules()) {
                valueId = each.btf().findOwn(BtfKind.STRUCT, valueName);
                if (valueId > 0) {
                    module = each;
                    btf = each.btf();
                    break;
                }
            }
        }
        int typeId = valueId <= 0 ? -1 : btf.find(BtfKind.STRUCT, name);
        if (typeId <= 0) {
            throw error(map, "this kernel lets no one implement struct " + name + " (it has no struct " + valueName
                    + "); its subsystem or module is missing");
        }
        BtfType.Struct value = (BtfType.Struct) btf.type(valueId);
        for (BtfType.Member member : value.members()) {
            if (member.typeId() == typeId) {
                BtfType.Struct type = (BtfType.Struct) btf.type(typeId);
                int offset = member.bitOffset() / 8;
                if (value.sizeBytes() < 0 || value.sizeBytes() > MAX_VALUE_BYTES
                        || offset + (long) type.sizeBytes() > value.sizeBytes()) {
                    break;
                }
                return new KernelStruct(btf, module, typeId, type, valueId, value.sizeBytes(), offset);
            }
        }
        throw error(map, "the kernel's struct " + valueName + " holds no struct " + name);
    }

    private StructOpsValues.Value value(MapSpec map) {
        StructOpsSpec local = map.structOps();
        BtfType.Struct type = (BtfType.Struct) spec.btf().type(local.typeId());
        KernelStruct kernel = find(map, type.name());
        byte[] value = new byte[kernel.valueSize()];
        List<StructOpsValues.Pointer> pointers = new ArrayList<>();
        for (int i = 0; i < type.members().size(); i++) {
            BtfType.Member member = type.members().get(i);
            long size = BtfLayout.sizeOf(spec.btf(), member.typeId());
            int at = member.bitOffset() / 8;
            if (size < 0 || at + size > local.data().length) {
                throw error(map, "member \"" + member.name() + "\" of " + size + " bytes lies outside the struct");
            }
            int index = indexOf(kernel.type(), member.name());
            if (index < 0) {
                skip(map, i, member, at, (int) size);
                continue;
            }
            BtfType.Member target = kernel.type().members().get(index);
            if (member.isBitfield() || target.isBitfield()) {
                throw error(map, "member \"" + member.name() + "\" is a bit field, which is not supported");
            }
            int targetAt = kernel.dataOffset() + target.bitOffset() / 8;
            int localType = TypeChain.skipModsAndTypedefs(spec.btf(), member.typeId());
            int targetType = TypeChain.skipModsAndTypedefs(kernel.btf(), target.typeId());
            if (spec.btf().kind(localType) != kernel.btf().kind(targetType)) {
                throw error(map, "member \"" + member.name() + "\" is " + spec.btf().kind(localType)
                        + ", the kernel's is " + kernel.btf().kind(targetType));
            }
            if (spec.btf().kind(localType) == BtfKind.PTR) {
                ProgramSpec program = local.programs()[i];
                if (program != null) {
                    attach(map, member, program, kernel, index, targetType);
                    pointers.add(new StructOpsValues.Pointer(program, targetAt));
                }
                continue;
            }
            long targetSize = BtfLayout.sizeOf(kernel.btf(), targetType);
            if (size != targetSize || targetAt + targetSize > value.length) {
                throw error(map, "member \"" + member.name() + "\" has " + size + " bytes, the kernel's has "
                        + targetSize);
            }
            System.arraycopy(local.data(), at, value, targetAt, (int) size);
        }
        return new StructOpsValues.Value(map, kernel.valueTypeId(), kernel.valueSize(), kernel.module(), value,
                List.copyOf(pointers));
    }

    private static int indexOf(BtfType.Struct type, String name) {
        for (int i = 0; i < type.members().size(); i++) {
            if (type.members().get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** A member that this kernel does not have: no harm if it is not set. */
    private void skip(MapSpec map, int index, BtfType.Member member, int at, int size) {
        byte[] data = map.structOps().data();
        for (int i = at; i < at + size; i++) {
            if (data[i] != 0) {
                throw error(map, "this kernel has no member \"" + member.name() + "\", which is set");
            }
        }
        ProgramSpec program = map.structOps().programs()[index];
        if (program != null) {
            throw error(map, "this kernel has no member \"" + member.name() + "\", which program \"" + program.name()
                    + "\" implements; clear it (StructOpsSpec.program), or use a kernel that has it");
        }
    }

    private void attach(MapSpec map, BtfType.Member member, ProgramSpec program, KernelStruct kernel, int index,
                        int pointerType) {
        if (program.type() != BpfProgType.STRUCT_OPS.number()) {
            throw error(map, "member \"" + member.name() + "\": program \"" + program.name()
                    + "\" is of another type; use SEC(\"struct_ops\")");
        }
        int target = TypeChain.skipModsAndTypedefs(kernel.btf(), kernel.btf().sizeOrType(pointerType));
        if (kernel.btf().kind(target) != BtfKind.FUNC_PROTO) {
            throw error(map, "member \"" + member.name() + "\" is no function pointer in this kernel");
        }
        StructOpsValues.AttachPoint point = new StructOpsValues.AttachPoint(kernel.typeId(), index, kernel.module());
        StructOpsValues.AttachPoint before = attachPoints.putIfAbsent(program, point);
        if (before != null && !before.equals(point)) {
            throw error(map, "member \"" + member.name() + "\": program \"" + program.name()
                    + "\" already implements member " + before.memberIndex() + " of BTF type " + before.typeId());
        }
        program.expectedAttachType(index);
    }

    /** A program that maps refer to is loaded if one of them is created. */
    private void adjustAutoload() {
        Map<ProgramSpec, Boolean> needed = new HashMap<>();
        for (MapSpec map : spec.maps()) {
            if (map.kind() == MapSpec.Kind.STRUCT_OPS) {
                for (ProgramSpec program : map.structOps().programs()) {
                    if (program != null) {
                        needed.merge(program, map.autocreate(), Boolean::logicalOr);
                    }
                }
            }
        }
        needed.forEach(ProgramSpec::autoload);
    }

    private ObjectException error(MapSpec map, String problem) {
        return new ObjectException("object \"" + spec.name() + "\": struct_ops map \"" + map.name() + "\": " + problem);
    }
}
