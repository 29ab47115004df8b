package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.elf.SectionType;

/**
 * What each section of a BPF object is for: libbpf {@code bpf_object__elf_init} and {@code bpf_object__elf_collect}.
 * Sections it has no use for are left alone.
 */
final class ObjectSections {
    private static final int LICENSE_BYTES = 64;
    private static final String KERNEL_TYPES = ".BTF.vmlinux";

    final ElfFile elf;
    final Section symbolTable;
    final List<Section> code = new ArrayList<>();
    final List<Section> relocations = new ArrayList<>();
    /** Sections of the kinds DATA, RODATA and BSS, in the file's order. */
    final List<DataSection> data = new ArrayList<>();
    final List<Section> structOps = new ArrayList<>();
    /** {@code .text}; null when it is missing or empty. */
    Section text;
    Section maps;
    Section legacyMaps;
    Section btf;
    Section btfExt;
    Section arena;
    Section jumpTables;
    /** Types of kernels that have no BTF, by their release; "" is for any. */
    final Map<String, byte[]> kernelTypes = new HashMap<>();
    String license = "";
    int kernelVersion;

    record DataSection(Section section, MapSpec.Kind kind) {
    }

    private ObjectSections(ElfFile elf, Section symbolTable) {
        this.elf = elf;
        this.symbolTable = symbolTable;
    }

    static ObjectSections of(String file, byte[] bytes, ReadOptions options) {
        ElfFile elf = ElfReader.read(file, bytes);
        if (!elf.is64Bit()) {
            throw new FormatException(file + ": a 32-bit ELF file; BPF objects are 64-bit (compile with -target bpf)");
        }
        if (elf.type() != ElfFile.ET_REL) {
            throw new FormatException(file + ": ELF type " + elf.type() + " is not a relocatable object (clang -c)");
        }
        if (elf.machine() != ElfFile.EM_NONE && elf.machine() != ElfFile.EM_BPF) {
            throw new FormatException(file + ": made for machine " + elf.machine()
                    + ", not BPF (247); compile with -target bpf");
        }
        Optional<Section> symbols = elf.section(SectionType.SYMTAB);
        if (symbols.isEmpty()) {
            throw new ObjectException(file + ": has no symbol table; it was stripped, use the object as clang made it");
        }
        ObjectSections sections = new ObjectSections(elf, symbols.get());
        for (Section section : elf.sections()) {
            if (section.index() != 0 && !ignored(section)) {
                sections.add(section, options);
            }
        }
        return sections;
    }

    private static boolean ignored(Section section) {
        String name = section.name();
        if (section.type() == SectionType.STRTAB || section.type() == SectionType.LLVM_ADDRSIG
                || name.startsWith(".debug_")) {
            return true;
        }
        return name.startsWith(".rel.debug_") || name.equals(".rel.BTF") || name.equals(".rel.BTF.ext");
    }

    private void add(Section section, ReadOptions options) {
        String name = section.name();
        switch (name) {
            case "license" -> license = license(section.bytes());
            case "version" -> kernelVersion = version(section);
            case "maps" -> {
                if (!options.legacyMaps()) {
                    throw new ObjectException(elf.name() + ": section \"maps\" holds legacy map definitions, which "
                            + "libbpf no longer reads; declare them in SEC(\".maps\")");
                }
                legacyMaps = section;
            }
            case ".maps" -> maps = section;
            case ".BTF" -> btf = needProgbits(section);
            case ".BTF.ext" -> btfExt = needProgbits(section);
            default -> addByType(section, name);
        }
    }

    private void addByType(Section section, String name) {
        switch (section.type()) {
            case PROGBITS -> {
                if (section.size() != 0) {
                    addProgbits(section, name);
                }
            }
            case NOBITS -> {
                if (isOrStartsWith(name, ".bss") && section.size() != 0) {
                    data.add(new DataSection(section, MapSpec.Kind.BSS));
                }
            }
            case REL -> {
                Section target = elf.section(section.info());
                if (executable(target) || name.equals(".rel.maps") || name.equals(".rel.struct_ops")
                        || name.equals(".rel.struct_ops.link") || name.equals(".rel?.struct_ops")
                        || name.equals(".rel?.struct_ops.link")) {
                    relocations.add(section);
                }
            }
            default -> {
                // Nothing a loader needs.
            }
        }
    }

    private void addProgbits(Section section, String name) {
        if (name.equals(KERNEL_TYPES)) {
            kernelTypes.put("", section.bytes());
        } else if (name.startsWith(KERNEL_TYPES + ".")) {
            kernelTypes.put(name.substring(KERNEL_TYPES.length() + 1), section.bytes());
        } else if (section.isExecutable()) {
            if (name.equals(".text")) {
                text = section;
            }
            code.add(section);
        } else if (isOrStartsWith(name, ".data")) {
            data.add(new DataSection(section, MapSpec.Kind.DATA));
        } else if (isOrStartsWith(name, ".rodata")) {
            data.add(new DataSection(section, MapSpec.Kind.RODATA));
        } else if (isStructOps(name)) {
            structOps.add(section);
        } else if (name.equals(".addr_space.1")) {
            arena = section;
        } else if (name.equals(".jumptables")) {
            jumpTables = section;
        }
    }

    static boolean isStructOps(String name) {
        return switch (name) {
            case ".struct_ops", ".struct_ops.link", "?.struct_ops", "?.struct_ops.link" -> true;
            default -> false;
        };
    }

    private static boolean isOrStartsWith(String name, String base) {
        return name.startsWith(base) && (name.length() == base.length() || name.charAt(base.length()) == '.');
    }

    private static boolean executable(Section section) {
        return section.type() == SectionType.PROGBITS && section.isExecutable();
    }

    private Section needProgbits(Section section) {
        if (section.type() != SectionType.PROGBITS) {
            throw new FormatException(elf.name() + ": " + section + " is not PROGBITS");
        }
        return section;
    }

    private static String license(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && length < LICENSE_BYTES - 1 && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private int version(Section section) {
        byte[] bytes = section.bytes();
        if (bytes.length != Integer.BYTES) {
            throw new FormatException(elf.name() + ": " + section + " is " + bytes.length
                    + " bytes; a version is one u32, KERNEL_VERSION(a, b, c)");
        }
        return ByteBuffer.wrap(bytes).order(elf.order()).getInt();
    }

    /** Whether that section's index names a data section of the object. */
    boolean isData(int sectionIndex) {
        for (DataSection each : data) {
            if (each.section().index() == sectionIndex) {
                return true;
            }
        }
        return false;
    }

    /** How messages begin: file and section. */
    String where(int sectionIndex) {
        return elf.name() + ": section " + sectionIndex + " \"" + elf.section(sectionIndex).name() + "\"";
    }

    static boolean is(Section section, int index) {
        return section != null && section.index() == index;
    }
}
