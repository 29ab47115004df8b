package wasmbpf.host.object;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfExt;

/**
 * A BPF object file as libbpf sees it after {@code bpf_object__open}: the same on every machine. Made by
 * {@link ObjectReader}; its maps and programs can be changed until it is loaded.
 */
public final class ObjectSpec {
    private final String name;
    private final ByteOrder byteOrder;
    private final String license;
    private final int kernelVersion;
    private final List<MapSpec> maps;
    private final List<ProgramSpec> programs;
    private final List<Extern> externs;
    private final Btf btf;
    private final BtfExt btfExt;
    private final Map<Integer, String> codeSectionNames;
    private final byte[] jumpTables;
    private final Map<String, byte[]> kernelTypes;

    ObjectSpec(String name, ByteOrder byteOrder, String license, int kernelVersion, List<MapSpec> maps,
               List<ProgramSpec> programs, List<Extern> externs, Btf btf, BtfExt btfExt,
               Map<Integer, String> codeSectionNames, byte[] jumpTables, Map<String, byte[]> kernelTypes) {
        this.name = name;
        this.byteOrder = byteOrder;
        this.license = license;
        this.kernelVersion = kernelVersion;
        this.maps = List.copyOf(maps);
        this.programs = List.copyOf(programs);
        this.externs = List.copyOf(externs);
        this.btf = btf;
        this.btfExt = btfExt;
        this.codeSectionNames = Map.copyOf(codeSectionNames);
        this.jumpTables = jumpTables;
        this.kernelTypes = Map.copyOf(kernelTypes);
    }

    /** The file's name up to its first dot, at most 15 characters; it starts the names of data section maps. */
    public String name() {
        return name;
    }

    /** The file's. Only objects of the machine's own byte order can be loaded. */
    public ByteOrder byteOrder() {
        return byteOrder;
    }

    /** Section {@code license}; empty if there is none. */
    public String license() {
        return license;
    }

    /** Section {@code version}; 0 if there is none: then the running kernel's is sent. */
    public int kernelVersion() {
        return kernelVersion;
    }

    /** In order of creation: {@code .maps}, data sections, {@code .kconfig}, struct_ops. */
    public List<MapSpec> maps() {
        return maps;
    }

    /** The map of that {@link MapSpec#name()} or {@link MapSpec#realName()}, or null: {@code find_map_by_name}. */
    public MapSpec map(String mapName) {
        for (MapSpec map : maps) {
            // As libbpf: ".data" names a section, never the map of a user, whose name cannot start with a dot.
            String candidate = map.internal() && mapName.startsWith(".") ? map.realName() : map.name();
            if (candidate.equals(mapName)) {
                return map;
            }
        }
        return null;
    }

    /** Every function, subprograms too, by section and offset. */
    public List<ProgramSpec> programs() {
        return programs;
    }

    /** The entry program of that name, or null: {@code bpf_object__find_program_by_name}. */
    public ProgramSpec program(String programName) {
        for (ProgramSpec program : programs) {
            if (!program.subprogram() && program.name().equals(programName)) {
                return program;
            }
        }
        return null;
    }

    /** In libbpf's order: kconfig by alignment, size and name, then ksyms by name. */
    public List<Extern> externs() {
        return externs;
    }

    /** The object's BTF with data section offsets and externs fixed up, or null if it has none. */
    public Btf btf() {
        return btf;
    }

    /** Function, line and CO-RE records, or null. */
    public BtfExt btfExt() {
        return btfExt;
    }

    /** The name under which {@link #btfExt} has the records of that section, or null if it can have none. */
    String codeSectionName(int sectionIndex) {
        return codeSectionNames.get(sectionIndex);
    }

    /**
     * The minimal BTF that this object brings along for kernels without BTF: section {@code .BTF.vmlinux.RELEASE}, else
     * {@code .BTF.vmlinux}; null if it has neither. libbpf has no such section and skips it.
     *
     * @param release as {@code uname -r} has it
     */
    public byte[] kernelTypes(String release) {
        byte[] exact = kernelTypes.get(release);
        return exact != null ? exact : kernelTypes.get("");
    }

    /** Section {@code .jumptables}, or null. */
    byte[] jumpTables() {
        return jumpTables;
    }
}
