package wasmbpf.host.object;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfExt;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.DataSecFixup;
import wasmbpf.core.CoreException;
import wasmbpf.core.CoreRelo;
import wasmbpf.core.InsnBuffer;
import wasmbpf.core.ReloKind;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;

/** Reads a BPF object file without a kernel: libbpf {@code bpf_object_open}. */
public final class ObjectReader {
    /** The kernel's names have 15 characters and a NUL. */
    private static final int NAME_CHARS = 15;

    private ObjectReader() {
    }

    /** As {@link #read(String, byte[], ReadOptions)}, with {@link ReadOptions#DEFAULT}. */
    public static ObjectSpec read(String file, byte[] bytes) {
        return read(file, bytes, ReadOptions.DEFAULT);
    }

    /**
     * The object in that file.
     *
     * @param file  its name or path: the object's name comes from it, and it begins messages
     * @param bytes its contents; kept, not copied
     * @throws FormatException if the bytes are no BPF object
     * @throws ObjectException if what it declares cannot be
     */
    public static ObjectSpec read(String file, byte[] bytes, ReadOptions options) {
        ObjectSections sections = ObjectSections.of(file, bytes, options);
        List<ProgramSpec> programs = ProgramCollector.collect(sections, options);
        Btf original = readBtf(sections);
        BtfExt ext = original == null ? null : readExt(sections, original);
        ExternCollector.Result externs = ExternCollector.collect(sections, original);
        Btf btf = externs.btf() == null ? null : DataSecFixup.apply(sections.elf, externs.btf());
        String name = objectName(file, options);
        List<MapSpec> maps = MapCollector.collect(sections, btf, externs.externs(), name, options);
        RelocationCollector.collect(sections, btf, programs, maps, externs.externs());
        if (ext != null) {
            collectCoreRelocations(sections, programs, ext);
        }
        byte[] jumpTables = sections.jumpTables == null ? null : sections.jumpTables.bytes();
        return new ObjectSpec(name, sections.elf.order(), sections.license, sections.kernelVersion, maps, programs,
                externs.externs(), btf, ext, sectionNames(sections), jumpTables,
                sections.kernelTypes);
    }

    private static String objectName(String file, ReadOptions options) {
        if (options.objectName() != null) {
            return options.objectName().substring(0, Math.min(NAME_CHARS, options.objectName().length()));
        }
        String base = file.substring(file.lastIndexOf('/') + 1);
        base = base.substring(0, Math.min(NAME_CHARS, base.length()));
        int dot = base.indexOf('.');
        return dot < 0 ? base : base.substring(0, dot);
    }

    private static boolean needsBtf(ObjectSections sections) {
        return sections.maps != null || !sections.structOps.isEmpty();
    }

    /** The object's BTF, or null: without maps and struct_ops it may be missing or damaged. */
    private static Btf readBtf(ObjectSections sections) {
        if (sections.btf == null) {
            if (needsBtf(sections)) {
                throw new ObjectException(sections.elf.name() + ": has maps but no BTF; compile with -g");
            }
            return null;
        }
        try {
            Btf btf = BtfReader.read(sections.elf.name(), sections.btf.bytes());
            BtfReader.check(btf);
            return btf;
        } catch (FormatException e) {
            if (needsBtf(sections)) {
                throw e;
            }
            return null;
        }
    }

    private static BtfExt readExt(ObjectSections sections, Btf btf) {
        if (sections.btfExt == null) {
            return null;
        }
        try {
            return BtfExt.read(sections.elf.name(), sections.btfExt.bytes(), btf);
        } catch (FormatException e) {
            if (needsBtf(sections)) {
                throw e;
            }
            return null;
        }
    }

    /** Names of code sections as the file has them: {@code .BTF.ext} goes by these. */
    private static Map<Integer, String> sectionNames(ObjectSections sections) {
        Map<Integer, String> names = new HashMap<>();
        for (Section section : sections.code) {
            // Of several sections of one name the records belong to the first, as libbpf elf_sec_by_name finds it.
            Optional<Section> first = sections.elf.section(section.name());
            if (first.isPresent() && first.get().index() == section.index()) {
                names.put(section.index(), section.name());
            }
        }
        return names;
    }

    /** Sorts the records out to the functions whose instructions they patch. */
    private static void collectCoreRelocations(ObjectSections sections, List<ProgramSpec> programs, BtfExt ext) {
        for (Map.Entry<Integer, String> section : sectionNames(sections).entrySet()) {
            for (BtfExt.CoreRelo record : ext.coreRelos(section.getValue())) {
                String where = sections.where(section.getKey()) + ": CO-RE relocation at offset "
                        + Integer.toUnsignedString(record.insnOffsetBytes());
                if (record.insnOffsetBytes() % InsnBuffer.SLOT_BYTES != 0) {
                    throw new ObjectException(where + " is not at an instruction");
                }
                int insn = record.insnOffsetBytes() / InsnBuffer.SLOT_BYTES;
                ProgramSpec program = ProgramCollector.find(programs, section.getKey(), insn);
                // No function there: it belonged to an overridden weak function.
                if (program != null) {
                    program.mutableCoreRelocations().add(new CoreRelo(insn - program.sectionInsnOffset(),
                            record.typeId(), record.accessString(), kind(where, record)));
                }
            }
        }
    }

    private static ReloKind kind(String where, BtfExt.CoreRelo record) {
        try {
            return ReloKind.of(record.kind());
        } catch (CoreException e) {
            throw new ObjectException(where + ": " + e.getMessage(), e);
        }
    }
}
