package wasmbpf.host.gen;

import java.util.List;

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

    /** @param identifier the member of {@code skel->maps}; {@code name} is the loader's */
    public record MapEntry(String identifier, String name, boolean dataSection) {}

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
}
