package wasmbpf.host.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.CPrinter;
import wasmbpf.core.AccessSpec;
import wasmbpf.core.CoreException;
import wasmbpf.core.CoreRelo;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.host.object.Extern;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.host.object.Variable;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;

/** What one object file holds and needs, as text for people and as rows for programs. Asks no kernel. */
public final class ObjectReport {
    private static final int PAGE_BYTES = 4096;
    private static final String PINS = "/sys/fs/bpf";

    private final String title;
    private final byte[] bytes;
    private final ElfFile elf;
    private final ObjectSpec spec;
    private final Needs needs;

    /**
     * @param title what the text begins with
     * @param file  the object's file name
     * @throws FormatException if the bytes are no object
     * @throws wasmbpf.host.object.ObjectException if it means something that cannot be
     */
    public ObjectReport(String title, String file, byte[] bytes, ReadOptions options) {
        this.title = title;
        this.bytes = bytes;
        this.spec = ObjectReader.read(file, bytes, options);
        this.elf = ElfReader.read(file, bytes);
        this.needs = Needs.of(spec);
    }

    /** The report as rows for {@link Json}. */
    public Map<String, Object> rows() {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("object", title);
        rows.put("size", bytes.length);
        rows.put("sha256", ObjectRows.sha256(bytes));
        rows.put("license", spec.license());
        rows.put("byte_order", spec.byteOrder() == java.nio.ByteOrder.LITTLE_ENDIAN ? "little" : "big");
        List<Object> sections = new ArrayList<>();
        for (Section section : elf.sections()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("index", section.index());
            row.put("name", section.name());
            row.put("type", section.type().name());
            row.put("size", section.size());
            sections.add(row);
        }
        rows.put("sections", sections);
        List<Object> maps = new ArrayList<>();
        List<Object> variables = new ArrayList<>();
        for (MapSpec map : spec.maps()) {
            maps.add(ObjectRows.map(map, PAGE_BYTES, PINS));
            for (Variable variable : map.variables()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", variable.name());
                row.put("section", map.realName());
                row.put("type", declaration(variable.typeId(), ""));
                row.put("offset", variable.offset());
                row.put("size", variable.sizeBytes());
                row.put("global", variable.global());
                variables.add(row);
            }
        }
        rows.put("maps", maps);
        rows.put("variables", variables);
        rows.put("externs", spec.externs().stream().map(each -> (Object) ObjectRows.extern(each)).toList());
        List<Object> programs = new ArrayList<>();
        for (ProgramSpec program : spec.programs()) {
            Map<String, Object> row = ObjectRows.program(program);
            row.put("core_relos", program.coreRelocations().stream().map(each -> (Object) coreRow(each)).toList());
            programs.add(row);
        }
        rows.put("programs", programs);
        rows.put("needs", needs.rows());
        return rows;
    }

    private Map<String, Object> coreRow(CoreRelo relo) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("insn", relo.insnIndex());
        row.put("kind", relo.kind().shortName());
        row.put("type_id", relo.typeId());
        row.put("access", relo.accessString());
        row.put("local", localText(relo));
        return row;
    }

    private String localText(CoreRelo relo) {
        try {
            return AccessSpec.of(spec.btf(), relo).toString();
        } catch (CoreException | FormatException e) {
            return "<" + relo.kind().shortName() + "> [" + relo.typeId() + "] " + relo.accessString() + ": " + e.getMessage();
        }
    }

    private String declaration(int typeId, String name) {
        try {
            return new CPrinter(spec.btf()).appendDeclaration(typeId, name).text().strip();
        } catch (FormatException e) {
            return name;
        }
    }

    /** The report as lines of text. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(title).append(", license ").append(spec.license().isEmpty() ? "none" : spec.license());
        if (spec.byteOrder() != java.nio.ByteOrder.LITTLE_ENDIAN) {
            out.append(", big-endian");
        }
        out.append('\n');
        programs(out);
        maps(out);
        variables(out);
        externs(out);
        sections(out);
        needs(out);
        return out.toString();
    }

    private void programs(StringBuilder out) {
        out.append("  programs\n");
        for (ProgramSpec program : spec.programs()) {
            if (program.subprogram()) {
                continue;
            }
            BpfProgType type = BpfProgType.of(program.type());
            out.append("    ").append(program.name()).append("  ").append(program.sectionName()).append("  ")
                    .append(type == null ? "type " + program.type() : type.kernelName()).append("  ")
                    .append(program.insnCount()).append(" instructions")
                    .append(program.autoload() ? "" : ", not loaded by itself").append('\n');
        }
        long subprograms = spec.programs().stream().filter(ProgramSpec::subprogram).count();
        if (subprograms > 0) {
            out.append("    ").append(subprograms).append(subprograms == 1 ? " subprogram\n" : " subprograms\n");
        }
        for (ProgramSpec program : spec.programs()) {
            if (!program.coreRelocations().isEmpty()) {
                out.append("  CO-RE relocations of ").append(program.name()).append('\n');
                for (CoreRelo relo : program.coreRelocations()) {
                    out.append("    insn ").append(relo.insnIndex()).append(": ").append(localText(relo)).append('\n');
                }
            }
        }
    }

    private void maps(StringBuilder out) {
        out.append("  maps\n");
        for (MapSpec map : spec.maps()) {
            BpfMapType type = BpfMapType.of(map.type());
            out.append("    ").append(map.name()).append("  ").append(type == null ? "type " + map.type() : type.kernelName())
                    .append("  key ").append(map.keySize()).append(", value ").append(map.valueSize()).append(", entries ")
                    .append(Integer.toUnsignedString(map.maxEntries()))
                    .append(map.flags() == 0 ? "" : ", flags 0x" + Integer.toHexString(map.flags()))
                    .append(map.pinning() == MapSpec.Pinning.BY_NAME ? ", pinned by name" : "").append('\n');
        }
    }

    private void variables(StringBuilder out) {
        boolean some = false;
        for (MapSpec map : spec.maps()) {
            for (Variable variable : map.variables()) {
                if (!some) {
                    out.append("  globals\n");
                    some = true;
                }
                out.append("    ").append(map.realName()).append('+').append(variable.offset()).append("  ")
                        .append(declaration(variable.typeId(), variable.name())).append(", ")
                        .append(variable.sizeBytes()).append(" bytes").append(variable.global() ? "" : ", static")
                        .append('\n');
            }
        }
    }

    private void externs(StringBuilder out) {
        if (!spec.externs().isEmpty()) {
            out.append("  externs\n");
        }
        for (Extern extern : spec.externs()) {
            out.append("    ").append(extern.name()).append(switch (extern) {
                case Extern.Kconfig kconfig -> "  kconfig, " + kconfig.sizeBytes() + " bytes";
                case Extern.Ksym ksym -> ksym.function() ? "  kernel function" : ksym.typed() ? "  kernel variable"
                        : "  kernel symbol";
            }).append(extern.weak() ? ", weak" : "").append('\n');
        }
    }

    private void sections(StringBuilder out) {
        out.append("  sections\n");
        for (Section section : elf.sections()) {
            if (!section.name().isEmpty()) {
                out.append("    ").append(section.index()).append("  ").append(section.name()).append("  ")
                        .append(section.type().name()).append("  ").append(section.size()).append(" bytes\n");
            }
        }
    }

    private void needs(StringBuilder out) {
        out.append("  needs Linux ").append(needs.kernel()).append('\n');
        needs.features().forEach((what, since) -> out.append("    ").append(what)
                .append(since == null ? "" : " (" + since + ")").append('\n'));
        if (!needs.helpers().isEmpty()) {
            out.append("  calls ").append(String.join(", ", needs.helpers())).append('\n');
        }
        if (!needs.kfuncs().isEmpty()) {
            out.append("  calls kernel functions ").append(String.join(", ", needs.kfuncs())).append('\n');
        }
        out.append("  needs ").append(String.join(", ", needs.capabilities())).append(" (or root)\n");
    }
}
