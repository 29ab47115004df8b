package wasmbpf.host.object;

import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * Reads a BTF-defined map: a struct whose member types, not its bytes, say what the map is. Integers are the length of
 * an array behind a pointer ({@code int (*max_entries)[64]}), types are what a pointer points to, a 64-bit number is
 * the one value of an anonymous enum. libbpf {@code parse_btf_map_def}.
 */
final class MapDefinition {
    private static final int BPF_MAP_TYPE_PROG_ARRAY = 3;
    private static final int BPF_MAP_TYPE_ARRAY_OF_MAPS = 12;
    private static final int BPF_MAP_TYPE_HASH_OF_MAPS = 13;

    private final String file;
    private final Btf btf;
    private final boolean relaxed;

    MapDefinition(String file, Btf btf, boolean relaxed) {
        this.file = file;
        this.btf = btf;
        this.relaxed = relaxed;
    }

    static boolean isMapInMap(int type) {
        return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
    }

    static boolean isProgramArray(int type) {
        return type == BPF_MAP_TYPE_PROG_ARRAY;
    }

    /** Fills in {@code map} what the struct says, its inner map template too. */
    void read(MapSpec map, BtfType.Struct definition) {
        read(map, definition, false);
        if (map.type() == 0) {
            throw error(map, "has no type; add __uint(type, BPF_MAP_TYPE_…)");
        }
    }

    private void read(MapSpec map, BtfType.Struct definition, boolean inner) {
        List<BtfType.Member> members = definition.members();
        for (int i = 0; i < members.size(); i++) {
            BtfType.Member member = members.get(i);
            switch (member.name()) {
                case "type" -> map.type(number(map, member));
                case "max_entries" -> map.maxEntries(number(map, member));
                case "map_flags" -> map.flags(number(map, member));
                case "numa_node" -> map.numaNode(number(map, member));
                case "key_size" -> map.keySize(agree(map, "key", map.keySize(), number(map, member)));
                case "value_size" -> map.valueSize(agree(map, "value", map.valueSize(), number(map, member)));
                case "key" -> {
                    int id = pointee(map, member);
                    map.keySize(agree(map, "key", map.keySize(), size(map, member, id))).keyTypeId(id);
                }
                case "value" -> {
                    int id = pointee(map, member);
                    map.valueSize(agree(map, "value", map.valueSize(), size(map, member, id))).valueTypeId(id);
                }
                case "map_extra" -> map.extra(longNumber(map, member));
                case "pinning" -> {
                    if (inner) {
                        throw error(map, "is an inner map and cannot be pinned");
                    }
                    map.pinning(pinning(map, member));
                }
                case "values" -> {
                    if (inner) {
                        throw error(map, "is an inner map and cannot hold maps itself");
                    }
                    if (i != members.size() - 1) {
                        throw error(map, "member \"values\" has to be the last");
                    }
                    values(map, member);
                }
                default -> {
                    if (!relaxed) {
                        throw error(map, "member \"" + member.name() + "\" is unknown; remove it");
                    }
                }
            }
        }
    }

    private void values(MapSpec map, BtfType.Member member) {
        boolean programs = isProgramArray(map.type());
        if (!programs && !isMapInMap(map.type())) {
            throw error(map, "member \"values\" is only for maps of maps and program arrays, not type " + map.type()
                    + " (\"type\" has to come before it)");
        }
        map.valueSize(agree(map, "value", map.valueSize(), Integer.BYTES));
        if (!(btf.type(member.typeId()) instanceof BtfType.Array array) || array.count() != 0) {
            throw error(map, "member \"values\" is not an array without length; use __array(values, …)");
        }
        int pointer = TypeChain.skipModsAndTypedefs(btf, array.elementTypeId());
        if (btf.kind(pointer) != BtfKind.PTR) {
            throw error(map, "elements of \"values\" are " + btf.kind(pointer) + ", not pointers");
        }
        BtfType target = btf.type(TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(pointer)));
        if (programs) {
            if (target.kind() != BtfKind.FUNC_PROTO) {
                throw error(map, "elements of \"values\" point to " + target.kind() + ", not to functions");
            }
            return;
        }
        if (!(target instanceof BtfType.Struct definition)) {
            throw error(map, "elements of \"values\" point to " + target.kind() + ", not to a map definition");
        }
        MapSpec inner = new MapSpec(-1, MapSpec.Kind.USER, map.name() + ".inner", null, map.sectionIndex(), 0, 0);
        inner.autocreate(false);
        read(inner, definition, true);
        if (inner.type() == 0) {
            throw error(inner, "has no type");
        }
        map.inner(inner);
    }

    private MapSpec.Pinning pinning(MapSpec map, BtfType.Member member) {
        int value = number(map, member);
        return switch (value) {
            case 0 -> MapSpec.Pinning.NONE;
            case 1 -> MapSpec.Pinning.BY_NAME;
            default -> throw error(map, "pinning " + value + " is neither 0 nor LIBBPF_PIN_BY_NAME (1)");
        };
    }

    /** The length of the array that the member points to: libbpf {@code get_map_field_int}. */
    private int number(MapSpec map, BtfType.Member member) {
        int id = TypeChain.skipModsAndTypedefs(btf, member.typeId());
        if (btf.kind(id) != BtfKind.PTR) {
            throw error(map, "member \"" + member.name() + "\" is " + btf.kind(id) + ", not a pointer; use __uint("
                    + member.name() + ", …)");
        }
        if (!(btf.type(btf.sizeOrType(id)) instanceof BtfType.Array array)) {
            throw error(map, "member \"" + member.name() + "\" points to " + btf.kind(btf.sizeOrType(id))
                    + ", not to an array; use __uint(" + member.name() + ", …)");
        }
        return (int) array.count();
    }

    /** As {@link #number}, or the value of {@code __ulong}'s anonymous enum: libbpf {@code get_map_field_long}. */
    private long longNumber(MapSpec map, BtfType.Member member) {
        BtfType type = btf.type(TypeChain.skipModsAndTypedefs(btf, member.typeId()));
        if (type instanceof BtfType.Enumeration values) {
            if (values.values().size() != 1) {
                throw error(map, "member \"" + member.name() + "\" is an enum of " + values.values().size()
                        + " values; use __ulong(" + member.name() + ", …)");
            }
            return values.values().getFirst().value();
        }
        return Integer.toUnsignedLong(number(map, member));
    }

    /** What {@code key} or {@code value} points to. */
    private int pointee(MapSpec map, BtfType.Member member) {
        if (btf.kind(member.typeId()) != BtfKind.PTR) {
            throw error(map, "member \"" + member.name() + "\" is " + btf.kind(member.typeId())
                    + ", not a pointer; use __type(" + member.name() + ", …)");
        }
        return btf.sizeOrType(member.typeId());
    }

    private int size(MapSpec map, BtfType.Member member, int id) {
        long size = BtfLayout.sizeOrNegative(btf, id);
        if (size < 0 || size > 0xffff_ffffL) {
            boolean declared = btf.kind(TypeChain.skipModsAndTypedefs(btf, id)) == BtfKind.FWD;
            throw error(map, "member \"" + member.name() + "\": type " + id + (declared
                    ? " struct \"" + btf.name(TypeChain.skipModsAndTypedefs(btf, id)) + "\" is only declared in the BTF; use __uint("
                            + member.name() + "_size, sizeof(…))"
                    : " " + btf.kind(id) + " has no size"));
        }
        return (int) size;
    }

    private int agree(MapSpec map, String what, int known, int size) {
        if (known != 0 && known != size) {
            throw error(map, "has " + what + " sizes " + Integer.toUnsignedString(known) + " and "
                    + Integer.toUnsignedString(size));
        }
        return size;
    }

    ObjectException error(MapSpec map, String problem) {
        return new ObjectException(file + ": map \"" + map.name() + "\": " + problem);
    }
}
