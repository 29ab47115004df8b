package wasmbpf.host.gen;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfWriter;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.Section;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;

/**
 * What a skeleton says about an object, ready to print: identifiers are made, names are as the loader knows them.
 *
 * @param name the C identifier that everything is prefixed with: {@code bootstrap_bpf}
 * @param objectName the loader's name of the object, from which it names the maps of data sections
 * @param elf the object itself; embedded in the skeleton
 * @param maps in the order of the loader
 * @param programs entry programs, in the order of the loader
 * @param sections data sections that guests may reach through the skeleton
 */
public record SkeletonModel(String name, String objectName, byte[] elf, List<MapEntry> maps, List<ProgramEntry> programs,
        List<DataSection> sections) {

    /**
     * @param identifier the member of {@code skel->maps}; {@code name} is the loader's
     * @param structOps the BTF id of the struct that a struct_ops map implements, else 0
     */
    public record MapEntry(String identifier, String name, boolean dataSection, int structOps) {}

    /** @param sectionName the SEC() it stands in */
    public record ProgramEntry(String identifier, String name, String sectionName) {}

    /**
     * @param identifier {@code rodata}, {@code bss}, {@code data_custom}
     * @param sectionName {@code .rodata}
     * @param fileOffset of its bytes in the ELF, 0 where it has none (.bss)
     * @param dataSecId its BTF DATASEC
     * @param sizeBytes of the section
     */
    public record DataSection(String identifier, String sectionName, long fileOffset, int dataSecId, long sizeBytes) {}

    /** A model and the BTF that its types are in: without types where the object has none. */
    public record Source(SkeletonModel model, Btf btf) {}

    /**
     * Reads an object.
     *
     * @param file its path: the identifier is made from its name as bpftool does ({@code bootstrap.bpf.o} gives
     *     {@code bootstrap_bpf})
     * @param name the identifier to use instead, or null
     * @throws wasmbpf.elf.FormatException if the bytes are no BPF object
     * @throws wasmbpf.host.object.ObjectException if what it declares cannot be
     */
    public static Source of(String file, byte[] elf, String name) {
        String identifier = name != null ? CNames.identifier(name) : identifierOf(file);
        ObjectSpec spec = ObjectReader.read(file, elf, ReadOptions.DEFAULT.withObjectName(identifier));
        ElfFile sections = ElfReader.read(file, elf);
        List<MapEntry> maps = new ArrayList<>();
        List<DataSection> dataSections = new ArrayList<>();
        for (MapSpec map : spec.maps()) {
            boolean data = switch (map.kind()) {
                case DATA, RODATA, BSS, KCONFIG -> true;
                case USER, STRUCT_OPS -> false;
            };
            String mapIdentifier = data ? CNames.identifier(map.realName().substring(1)) : CNames.identifier(map.name());
            maps.add(new MapEntry(mapIdentifier, map.name(), data, map.structOps() == null ? 0 : map.structOps().typeId()));
            if (data && map.valueTypeId() != 0) {
                long offset = sections.section(map.realName()).filter(s -> map.kind() != MapSpec.Kind.BSS && map.kind() != MapSpec.Kind.KCONFIG)
                        .map(Section::offset).orElse(0L);
                dataSections.add(new DataSection(mapIdentifier, map.realName(), offset, map.valueTypeId(), map.valueSize()));
            }
        }
        List<ProgramEntry> programs = new ArrayList<>();
        for (ProgramSpec program : spec.programs()) {
            if (!program.subprogram()) {
                programs.add(new ProgramEntry(CNames.identifier(program.name()), program.name(), program.sectionName()));
            }
        }
        SkeletonModel model = new SkeletonModel(identifier, identifier, elf, maps, programs, dataSections);
        return new Source(model, spec.btf() != null ? spec.btf() : BtfWriter.empty(ByteOrder.LITTLE_ENDIAN).toBtf());
    }

    /** The file's name without its folder and a last {@code .o}, as an identifier: bpftool's get_obj_name. */
    static String identifierOf(String file) {
        String base = file.substring(file.lastIndexOf('/') + 1);
        return CNames.identifier(base.endsWith(".o") ? base.substring(0, base.length() - 2) : base);
    }
}
