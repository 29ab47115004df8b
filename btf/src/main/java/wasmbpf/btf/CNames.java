package wasmbpf.btf;

import java.util.HashMap;
import java.util.Map;

/**
 * Names that C can tell apart. BTF may have several types of one name, from different source files: the second becomes
 * {@code name___2}, which CO-RE takes for a flavour of {@code name}. Struct, union and enum tags have one name space,
 * typedefs and enumerators another.
 */
final class CNames {
    private final Btf btf;
    private final String[] resolved;
    private final Map<String, Integer> tags = new HashMap<>();
    private final Map<String, Integer> identifiers = new HashMap<>();

    CNames(Btf btf) {
        this.btf = btf;
        this.resolved = new String[btf.typeCount()];
    }

    /** The tag of a struct, union, enum or forward declaration; "" if anonymous. */
    String tag(int id) {
        BtfKind kind = btf.kind(id);
        // Forward declarations, and the enums that stand for them, share the name of what they announce.
        boolean forward = kind == BtfKind.FWD || kind == BtfKind.ENUM && btf.vlen(id) == 0;
        return name(id, tags, forward);
    }

    String typedef(int id) {
        return name(id, identifiers, false);
    }

    String enumerator(String name) {
        return numbered(name, identifiers);
    }

    private String name(int id, Map<String, Integer> taken, boolean asIs) {
        String name = resolved[id];
        if (name == null) {
            String own = btf.name(id);
            name = own.isEmpty() || asIs ? own : numbered(own, taken);
            resolved[id] = name;
        }
        return name;
    }

    private static String numbered(String name, Map<String, Integer> taken) {
        int count = taken.merge(name, 1, Integer::sum);
        return count == 1 ? name : name + "___" + count;
    }
}
