package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * {@code skel->struct_ops}: the initial bytes of each struct_ops map as a struct, to be changed between open and load.
 * Functions are {@code struct bpf_program *}, to be set to {@code skel->progs.NAME}; numbers have the type of their size;
 * members of other types are padding, as in bpftool's skeletons.
 */
final class StructOpsPrinter {
    private StructOpsPrinter() {
    }

    /** @param plain for programs of 64 bits */
    static List<String> members(SkeletonModel model, Btf btf, boolean plain) {
        List<String> lines = new ArrayList<>();
        for (SkeletonModel.MapEntry map : model.maps()) {
            if (map.structOps() == 0) {
                continue;
            }
            if (lines.isEmpty()) {
                lines.add("    struct {");
            }
            BtfType.Struct type = (BtfType.Struct) btf.type(map.structOps());
            StructLayout layout = StructLayout.of(fields(type, btf, plain), type.sizeBytes(), false, 0);
            lines.add("        struct " + structName(model, map) + " {");
            layout.lines().forEach(line -> lines.add("            " + line));
            lines.add("        }" + (layout.packed() ? " __attribute__((packed))" : "") + " *" + map.identifier() + ";");
        }
        if (!lines.isEmpty()) {
            lines.add("    } struct_ops;");
        }
        return lines;
    }

    /** Of sizes and offsets. */
    static List<String> assertions(SkeletonModel model, Btf btf, boolean plain) {
        List<String> lines = new ArrayList<>();
        for (SkeletonModel.MapEntry map : model.maps()) {
            if (map.structOps() == 0) {
                continue;
            }
            String of = "(*((struct " + model.name() + " *)0)->struct_ops." + map.identifier() + ")";
            BtfType.Struct type = (BtfType.Struct) btf.type(map.structOps());
            lines.add("WASM_BPF_ASSERT(sizeof" + of + " == " + type.sizeBytes() + ", \"size of "
                    + map.identifier() + "\");");
            for (StructLayout.Field field : fields(type, btf, plain)) {
                lines.add("WASM_BPF_ASSERT(offsetof(__typeof__" + of + ", " + field.name() + ") == "
                        + field.bitOffset() / 8 + ", \"offset of " + field.name() + "\");");
            }
        }
        return lines;
    }

    /** What sets the pointers once the object is open. */
    static String opened(SkeletonModel model) {
        StringBuilder text = new StringBuilder();
        for (SkeletonModel.MapEntry map : model.maps()) {
            if (map.structOps() != 0) {
                text.append("    if (!err)\n        obj->struct_ops.").append(map.identifier())
                        .append(" = (__typeof__(obj->struct_ops.").append(map.identifier())
                        .append("))bpf_map__initial_value(obj->maps.").append(map.identifier()).append(", NULL);\n");
            }
        }
        return text.toString();
    }

    private static String structName(SkeletonModel model, SkeletonModel.MapEntry map) {
        return model.name() + "__struct_ops__" + map.identifier();
    }

    private static List<StructLayout.Field> fields(BtfType.Struct type, Btf btf, boolean plain) {
        List<StructLayout.Field> fields = new ArrayList<>();
        for (BtfType.Member member : type.members()) {
            int id = TypeChain.skipModsAndTypedefs(btf, member.typeId());
            String name = CNames.identifier(member.name());
            if (member.isBitfield() || member.name().isEmpty() || fields.stream().anyMatch(f -> f.name().equals(name))) {
                continue;
            }
            long offset = Integer.toUnsignedLong((int) member.bitOffset());
            int pointer = plain ? 8 : 4;
            if (btf.kind(id) == BtfKind.PTR) {
                int target = TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(id));
                if (btf.kind(target) == BtfKind.FUNC_PROTO) {
                    fields.add(new StructLayout.Field(name, "struct bpf_program *", "", offset, 0, pointer, pointer));
                } else if (plain) {
                    fields.add(new StructLayout.Field(name, "void *", "", offset, 0, 8, 8));
                } else {
                    fields.add(new StructLayout.Field(name, "uint64_t", "", offset, 0, 8, 8));
                }
                continue;
            }
            String scalar = scalar(btf, id);
            if (scalar != null) {
                int size = (int) BtfLayout.sizeOf(btf, id);
                fields.add(new StructLayout.Field(name, scalar, "", offset, 0, size, size));
            }
        }
        return fields;
    }

    private static String scalar(Btf btf, int id) {
        int bits = (int) BtfLayout.sizeOf(btf, id) * 8;
        boolean sized = bits == 8 || bits == 16 || bits == 32 || bits == 64;
        return switch (btf.type(id)) {
            case BtfType.Int i when sized -> (i.encoding() & BtfType.Int.BOOL) != 0 ? "bool"
                    : ((i.encoding() & BtfType.Int.SIGNED) != 0 ? "int" : "uint") + bits + "_t";
            case BtfType.Enum e when sized -> (e.signed() ? "int" : "uint") + bits + "_t";
            case BtfType.Enum64 e when sized -> (e.signed() ? "int" : "uint") + bits + "_t";
            default -> null;
        };
    }
}
