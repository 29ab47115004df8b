package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.TypeChain;

/**
 * Makes the BTF of a data section follow a changed value size, by giving the array that its last variable is another
 * length: how a program declares {@code int per_cpu[1]} and gets one a CPU. libbpf {@code map_btf_datasec_resize}.
 */
final class DataSecResize {
    private DataSecResize() {
    }

    /** Adjusts {@code writer} for all resized maps; one whose last variable cannot follow loses its type ids. */
    static void apply(ObjectSpec spec, BtfWriter writer) {
        for (MapSpec map : spec.maps()) {
            if (map.internal() && map.valueTypeId() != 0
                    && spec.btf().type(map.valueTypeId()) instanceof BtfType.DataSec section
                    && section.sizeBytes() != map.valueSize() && !resize(spec.btf(), writer, map, section)) {
                // The kernel refuses a value whose type has another size.
                map.keyTypeId(0).valueTypeId(0);
            }
        }
    }

    private static boolean resize(Btf btf, BtfWriter writer, MapSpec map, BtfType.DataSec section) {
        if (section.vars().isEmpty()) {
            return false;
        }
        BtfType.VarInfo last = section.vars().getLast();
        if (!(btf.type(last.typeId()) instanceof BtfType.Var variable)
                || !(btf.type(TypeChain.skipModsAndTypedefs(btf, variable.typeId())) instanceof BtfType.Array array)) {
            return false;
        }
        int size = map.valueSize() - last.offset();
        long element = BtfLayout.sizeOf(btf, array.elementTypeId());
        if (element <= 0 || size < 0 || size % element != 0) {
            return false;
        }
        int arrayId = writer.add(new BtfType.Array(array.elementTypeId(), array.indexTypeId(), size / element));
        writer.replace(last.typeId(), new BtfType.Var(variable.name(), arrayId, variable.linkage()));
        List<BtfType.VarInfo> vars = new ArrayList<>(section.vars());
        vars.set(vars.size() - 1, new BtfType.VarInfo(last.typeId(), last.offset(), size));
        writer.setDataSec(map.valueTypeId(), map.valueSize(), vars);
        return true;
    }
}
