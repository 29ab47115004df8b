package wasmbpf.btf;

import java.util.Set;

/** What pointer size a BTF implies: BTF does not say, but a {@code long} has it (libbpf determine_ptr_size). */
final class PointerSize {
    private static final int DEFAULT = 8;
    private static final Set<String> LONG_ALIASES = Set.of("long", "long int", "int long", "unsigned long",
            "long unsigned", "unsigned long int", "unsigned int long", "long unsigned int", "long int unsigned",
            "int unsigned long", "int long unsigned");

    private PointerSize() {
    }

    static int guess(Btf btf) {
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.INT) {
                int size = btf.sizeOrType(id);
                if ((size == 4 || size == 8) && btf.nameOffset(id) < btf.startString() + btf.stringBytes()
                        && btf.nameOffset(id) > 0 && LONG_ALIASES.contains(btf.name(id))) {
                    return size;
                }
            }
        }
        return DEFAULT;
    }
}
