package wasmbpf.host.load;

import java.util.ArrayList;
import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.host.load.KernelFeatures.Feature;

/**
 * Replaces what a kernel does not know in an object's BTF by older kinds of the same size, type ids unchanged: libbpf
 * {@code bpf_object__sanitize_btf}.
 *
 * <pre>
 * lacks         VAR -> 1-byte INT, DATASEC -> STRUCT of the same name and variables         BTF_DATASEC
 *               DATASEC name '?' -> '_'                                                     BTF_QMARK_DATASEC
 *               DECL_TAG -> INT     TYPE_TAG -> CONST     FLOAT -> anonymous empty STRUCT    of the same name
 *               FUNC_PROTO -> ENUM, FUNC -> TYPEDEF                                         BTF_FUNC
 *               FUNC global -> static                                                       BTF_GLOBAL_FUNC
 *               ENUM64 -> UNION of an int for each value; signed ENUM -> ENUM                BTF_ENUM64
 * </pre>
 */
final class BtfSanitizer {
    private final KernelFeatures features;

    BtfSanitizer(KernelFeatures features) {
        this.features = features;
    }

    /** BTF the kernel takes; {@code blob} itself if it takes all of that. Asks only for the kinds that occur. */
    byte[] sanitize(byte[] blob) {
        Btf btf = BtfReader.read("object BTF", blob);
        BtfWriter writer = BtfWriter.of(btf);
        boolean changed = false;
        int placeholder = 0;
        int count = btf.typeCount();
        for (int id = btf.startId(); id < count; id++) {
            BtfType type = btf.type(id);
            BtfType other = switch (type) {
                case BtfType.Var var when lacks(Feature.BTF_DATASEC) -> new BtfType.Int(var.name(), 1, 0, 0, 8);
                case BtfType.DataSec section when lacks(Feature.BTF_DATASEC) -> struct(btf, section);
                case BtfType.DataSec section when section.name().startsWith("?")
                        && lacks(Feature.BTF_QMARK_DATASEC) ->
                        new BtfType.DataSec(section.name().replace('?', '_'), section.sizeBytes(), section.vars());
                case BtfType.DeclTag tag when lacks(Feature.BTF_DECL_TAG) ->
                        new BtfType.Int(tag.name(), 1, 0, 0, 8);
                case BtfType.TypeTag tag when lacks(Feature.BTF_TYPE_TAG) -> new BtfType.Const(tag.typeId());
                case BtfType.Float number when lacks(Feature.BTF_FLOAT) ->
                        new BtfType.Struct("", number.sizeBytes(), false, List.of());
                case BtfType.FuncProto proto when lacks(Feature.BTF_FUNC) -> enumOf(proto);
                case BtfType.Func function when lacks(Feature.BTF_FUNC) ->
                        new BtfType.Typedef(function.name(), function.protoId());
                case BtfType.Func function when function.linkage() == FuncLinkage.GLOBAL
                        && lacks(Feature.BTF_GLOBAL_FUNC) ->
                        new BtfType.Func(function.name(), function.protoId(), FuncLinkage.STATIC);
                case BtfType.Enum names when names.signed() && lacks(Feature.BTF_ENUM64) ->
                        new BtfType.Enum(names.name(), names.sizeBytes(), false, names.values());
                case BtfType.Enum64 names when lacks(Feature.BTF_ENUM64) -> {
                    if (placeholder == 0) {
                        placeholder = writer.add(new BtfType.Int("enum64_placeholder", 1, 0, 0, 8));
                    }
                    yield union(names, placeholder);
                }
                default -> null;
            };
            if (other != null) {
                writer.replace(id, other);
                changed = true;
            }
        }
        if (btf.hasLayout() && lacks(Feature.BTF_LAYOUT)) {
            writer.dropLayout();
            changed = true;
        }
        return changed ? writer.toBytes() : blob;
    }

    private boolean lacks(Feature feature) {
        return !features.has(feature);
    }

    private static BtfType struct(Btf btf, BtfType.DataSec section) {
        List<BtfType.Member> members = new ArrayList<>();
        for (BtfType.VarInfo variable : section.vars()) {
            BtfType.Var var = (BtfType.Var) btf.type(variable.typeId());
            members.add(new BtfType.Member(var.name(), var.typeId(), variable.offset() * 8, 0));
        }
        return new BtfType.Struct(section.name().replace('.', '_').replace('?', '_'), section.sizeBytes(), false,
                members);
    }

    /** Parameters have the size of enumerators, so that every byte stays where it was. */
    private static BtfType enumOf(BtfType.FuncProto proto) {
        List<BtfType.Enumerator> values = new ArrayList<>();
        for (int i = 0; i < proto.params().size(); i++) {
            BtfType.Param param = proto.params().get(i);
            values.add(new BtfType.Enumerator(param.name().isEmpty() ? "_" + i : param.name(), param.typeId()));
        }
        return new BtfType.Enum("", 4, false, values);
    }

    private static BtfType union(BtfType.Enum64 names, int placeholder) {
        List<BtfType.Member> members = new ArrayList<>();
        for (BtfType.Enumerator value : names.values()) {
            members.add(new BtfType.Member(value.name(), placeholder, 0, 0));
        }
        return new BtfType.Union(names.name(), names.sizeBytes(), false, members);
    }
}
