package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;

/** What a skeleton is made from, for generators of other languages: {@code wasm-bpf gen skeleton -o json}. */
public final class SkeletonJson {
    private SkeletonJson() {}

    /** The object's name, maps, programs and the variables of its data sections, ready to print as JSON. */
    public static Map<String, Object> of(SkeletonModel model, Btf btf) {
        List<Object> maps = new ArrayList<>();
        for (SkeletonModel.MapEntry map : model.maps()) {
            maps.add(members("name", map.name(), "ident", map.identifier(), "mmaped", map.dataSection(), "struct_ops",
                    map.structOps() != 0));
        }
        List<Object> programs = new ArrayList<>();
        for (SkeletonModel.ProgramEntry program : model.programs()) {
            programs.add(members("name", program.name(), "ident", program.identifier(), "attach",
                    program.sectionName(), "link", true));
        }
        List<Object> sections = new ArrayList<>();
        CTypes types = new CTypes(btf, false, CTypes.OF_LIBBPF);
        for (SkeletonModel.DataSection section : model.sections()) {
            List<Object> variables = new ArrayList<>();
            for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(section.dataSecId())).vars()) {
                if (btf.type(info.typeId()) instanceof BtfType.Var v && v.linkage() != wasmbpf.btf.VarLinkage.STATIC) {
                    CTypes.Shape shape = types.shape(v.typeId());
                    variables.add(members("name", v.name(), "type", shape.declare(v.name()), "offset",
                            info.offset() & 0xffffffffL, "size", shape.sizeBytes()));
                }
            }
            sections.add(members("name", section.sectionName(), "ident", section.identifier(), "size",
                    section.sizeBytes(), "variables", variables));
        }
        return members("obj_name", model.objectName(), "maps", maps, "progs", programs, "data_sections", sections);
    }

    private static Map<String, Object> members(Object... pairs) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            members.put((String) pairs[i], pairs[i + 1]);
        }
        return members;
    }
}
