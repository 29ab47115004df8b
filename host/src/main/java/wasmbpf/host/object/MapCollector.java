package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;
import wasmbpf.btf.VarLinkage;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.sys.BpfMapType;

/**
 * The maps of an object, in the order libbpf creates them: those of {@code .maps}, then data sections as they come in
 * the file, {@code .kconfig}, struct_ops. libbpf {@code bpf_object__init_maps}.
 */
final class MapCollector {
    /** The kernel's names have 15 characters and a NUL: BPF_OBJ_NAME_LEN. */
    private static final int NAME_CHARS = 15;
    /** Room kept for the section's part of an internal map's name. */
    private static final int SUFFIX_CHARS = 7;

    private static final int BPF_F_RDONLY_PROG = 1 << 7;
    private static final int BPF_F_MMAPABLE = 1 << 10;
    private static final int BPF_F_LINK = 1 << 13;

    private final ObjectSections sections;
    private final String file;
    private final Btf btf;
    private final String objectName;
    private final ReadOptions options;
    private final List<MapSpec> maps = new ArrayList<>();

    private MapCollector(ObjectSections sections, Btf btf, String objectName, ReadOptions options) {
        this.sections = sections;
        this.file = sections.elf.name();
        this.btf = btf;
        this.objectName = objectName;
        this.options = options;
    }

    static List<MapSpec> collect(ObjectSections sections, Btf btf, List<Extern> externs, String objectName,
                                 ReadOptions options) {
        MapCollector collector = new MapCollector(sections, btf, objectName, options);
        collector.userMaps();
        collector.legacyMaps();
        collector.arenaData();
        for (ObjectSections.DataSection each : sections.data) {
            collector.dataMap(each);
        }
        collector.kconfigMap(externs);
        for (Section section : sections.structOps) {
            collector.structOpsMaps(section);
        }
        return collector.maps;
    }

    private void userMaps() {
        if (sections.maps == null) {
            return;
        }
        int id = btf.find(BtfKind.DATASEC, ".maps");
        if (id <= 0) {
            throw new ObjectException(file + ": BTF has no DATASEC .maps; compile with -g");
        }
        MapDefinition definition = new MapDefinition(file, btf, options.relaxedMaps());
        for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(id)).vars()) {
            maps.add(userMap(definition, info));
        }
    }

    private MapSpec userMap(MapDefinition definition, BtfType.VarInfo info) {
        String where = sections.where(sections.maps.index()) + ": map #" + maps.size();
        if (!(btf.type(info.typeId()) instanceof BtfType.Var variable)) {
            throw new ObjectException(where + ": BTF type " + info.typeId() + " is " + btf.kind(info.typeId())
                    + ", not VAR");
        }
        if (variable.name().isEmpty()) {
            throw new ObjectException(where + " has no name");
        }
        where += " \"" + variable.name() + "\"";
        if (info.offset() < 0 || info.sizeBytes() < 0
                || (long) info.offset() + info.sizeBytes() > sections.maps.size()) {
            throw new ObjectException(where + ": " + info.sizeBytes() + " bytes at offset " + info.offset()
                    + " do not lie within the section");
        }
        if (variable.linkage() != VarLinkage.GLOBAL_ALLOCATED) {
            throw new ObjectException(where + " is " + variable.linkage().name().toLowerCase(java.util.Locale.ROOT)
                    + "; maps have to be global variables");
        }
        int structId = TypeChain.skipModsAndTypedefs(btf, variable.typeId());
        if (!(btf.type(structId) instanceof BtfType.Struct struct)) {
            throw new ObjectException(where + " is " + btf.kind(structId) + ", not a struct");
        }
        if (struct.sizeBytes() > info.sizeBytes()) {
            throw new ObjectException(where + ": its struct of " + struct.sizeBytes() + " bytes is larger than the "
                    + "variable of " + info.sizeBytes());
        }
        MapSpec map = new MapSpec(maps.size(), MapSpec.Kind.USER, variable.name(), null, sections.maps.index(),
                info.offset(), info.typeId());
        definition.read(map, struct);
        return map;
    }

    private void legacyMaps() {
        if (sections.legacyMaps != null) {
            LegacyMaps.collect(sections, maps);
        }
    }

    /** The one arena holds the variables of {@code .addr_space.1}: libbpf {@code init_arena_map_data}. */
    private void arenaData() {
        MapSpec arena = null;
        for (MapSpec map : maps) {
            if (map.type() == BpfMapType.ARENA.number()) {
                if (arena != null) {
                    throw new ObjectException(file + ": maps \"" + arena.name() + "\" and \"" + map.name()
                            + "\" are both arenas; an object can have one");
                }
                arena = map;
            }
        }
        if (sections.arena != null) {
            if (arena == null) {
                throw new ObjectException(sections.where(sections.arena.index())
                        + ": __arena variables need a map of type BPF_MAP_TYPE_ARENA in SEC(\".maps\")");
            }
            arena.image(sections.arena.bytes());
        }
    }

    private void dataMap(ObjectSections.DataSection each) {
        Section section = each.section();
        byte[] image = each.kind() == MapSpec.Kind.BSS ? null : section.bytes();
        if (section.size() < 0 || section.size() > Integer.MAX_VALUE - 4096) {
            throw new FormatException(file + ": " + section + ": " + Long.toUnsignedString(section.size())
                    + " bytes do not fit into a map");
        }
        int flags = each.kind() == MapSpec.Kind.RODATA ? BPF_F_RDONLY_PROG : 0;
        internalMap(each.kind(), section.name(), section.index(), (int) section.size(), flags, image);
    }

    private void kconfigMap(List<Extern> externs) {
        int end = 0;
        for (Extern extern : externs) {
            if (extern instanceof Extern.Kconfig kconfig) {
                end = kconfig.dataOffset() + kconfig.sizeBytes();
            }
        }
        if (end != 0) {
            internalMap(MapSpec.Kind.KCONFIG, ".kconfig", sections.symbolTable.index(), end, BPF_F_RDONLY_PROG, null);
        }
    }

    /** libbpf {@code bpf_object__init_internal_map}; {@code image} null: all zero, made when it is asked for. */
    private void internalMap(MapSpec.Kind kind, String sectionName, int sectionIndex, int size, int flags,
                             byte[] image) {
        MapSpec map = new MapSpec(maps.size(), kind, internalName(objectName, sectionName), sectionName, sectionIndex,
                0, 0);
        map.type(BpfMapType.ARRAY.number()).keySize(Integer.BYTES).maxEntries(1);
        map.image(image).valueSize(size).flags(flags);
        int[] ids = btf == null ? new int[0] : btf.idsNamed(sectionName);
        if (ids.length != 0) {
            // As libbpf: the first type of that name, whatever it is.
            map.valueTypeId(ids[0]);
            if (btf.type(ids[0]) instanceof BtfType.DataSec variables) {
                addVariables(map, variables);
            }
        }
        maps.add(map);
    }

    private void addVariables(MapSpec map, BtfType.DataSec variables) {
        boolean mappable = false;
        for (BtfType.VarInfo info : variables.vars()) {
            if (btf.type(info.typeId()) instanceof BtfType.Var variable) {
                boolean global = variable.linkage() != VarLinkage.STATIC;
                mappable |= global;
                if (info.offset() >= 0 && info.sizeBytes() >= 0
                        && (long) info.offset() + info.sizeBytes() <= map.valueSize()) {
                    map.addVariable(new Variable(variable.name(), map, variable.typeId(), info.offset(),
                            info.sizeBytes(), global));
                }
            }
        }
        // Only what is part of the object's interface is worth mapping: libbpf map_is_mmapable.
        if (mappable) {
            map.flags(map.flags() | BPF_F_MMAPABLE);
        }
    }

    /**
     * {@code execsnoo.rodata}: up to eight characters of the object's name and the section's, 15 in all; a section
     * with a second dot keeps its name and goes without the object's. libbpf {@code internal_map_name}.
     */
    static String internalName(String objectName, String sectionName) {
        int suffix = Math.min(Math.max(SUFFIX_CHARS, sectionName.length()), NAME_CHARS);
        int prefix = sectionName.indexOf('.', 1) >= 0 ? 0 : Math.min(NAME_CHARS - suffix, objectName.length());
        String name = objectName.substring(0, prefix)
                + sectionName.substring(0, Math.min(suffix, sectionName.length()));
        StringBuilder clean = new StringBuilder(name);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            boolean allowed = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
                    || c == '.';
            if (!allowed) {
                clean.setCharAt(i, '_');
            }
        }
        return clean.toString();
    }

    /** libbpf {@code init_struct_ops_maps}. */
    private void structOpsMaps(Section section) {
        String where = sections.where(section.index());
        int id = btf.find(BtfKind.DATASEC, section.name());
        if (id <= 0) {
            throw new ObjectException(where + ": BTF has no DATASEC of that name; compile with -g");
        }
        byte[] data = section.bytes();
        boolean autocreate = !section.name().startsWith("?");
        boolean link = section.name().endsWith(".link");
        for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(id)).vars()) {
            String name = btf.name(info.typeId());
            int typeId = structOf(info.typeId());
            if (!(btf.type(typeId) instanceof BtfType.Struct struct) || struct.name().isEmpty()) {
                throw new ObjectException(where + ": \"" + name + "\" is " + btf.kind(typeId)
                        + "; a struct_ops variable has to be a named struct");
            }
            if (info.offset() < 0 || (long) info.offset() + struct.sizeBytes() > data.length) {
                throw new ObjectException(where + ": \"" + name + "\" of " + struct.sizeBytes() + " bytes at offset "
                        + info.offset() + " does not lie within the section's " + data.length);
            }
            MapSpec map = new MapSpec(maps.size(), MapSpec.Kind.STRUCT_OPS, name, null, section.index(),
                    info.offset(), info.typeId());
            map.type(BpfMapType.STRUCT_OPS.number()).keySize(Integer.BYTES).valueSize(struct.sizeBytes())
                    .maxEntries(1).flags(link ? BPF_F_LINK : 0).valueTypeId(typeId).autocreate(autocreate);
            byte[] value = Arrays.copyOfRange(data, info.offset(), info.offset() + struct.sizeBytes());
            map.structOps(new StructOpsSpec(typeId, value, new ProgramSpec[struct.members().size()], link));
            maps.add(map);
        }
    }

    /** The type of a VAR behind modifiers and typedefs: libbpf {@code btf__resolve_type}. */
    private int structOf(int id) {
        int typeId = btf.kind(id) == BtfKind.VAR ? btf.sizeOrType(id) : id;
        return TypeChain.skipModsAndTypedefs(btf, typeId);
    }
}
