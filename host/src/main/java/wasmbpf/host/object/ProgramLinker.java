package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.core.BpfOpcode;
import wasmbpf.core.CoreException;
import wasmbpf.core.CoreRelocator;
import wasmbpf.core.InsnBuffer;
import wasmbpf.sys.BpfMapType;

/**
 * Makes whole programs of an object's functions for one kernel: libbpf {@code bpf_object__relocate}.
 *
 * <p>In libbpf's order: {@link ExternResolver#resolve}, then whatever the loader does to struct_ops maps (it may change
 * what is loaded), then {@link #link}, then BPF_BTF_LOAD, maps, programs.
 *
 * <p>Linking one program: CO-RE patches each function once; the entry program's code is copied; at the first call of a
 * subprogram the subprogram is appended and its own calls are followed before those after it; last, references to
 * maps, variables and externs are written into the whole.
 */
public final class ProgramLinker {
    /** All programs of an object together, so that many entry programs on a large .text cannot fill memory. */
    private static final long MAX_OBJECT_INSNS = 32L * ProgramDraft.MAX_INSNS;

    private final ObjectSpec spec;
    private final KernelFacts facts;
    private final Map<ProgramSpec, InsnBuffer> patched = new HashMap<>();
    private final ProgramDraft.Parts parts;

    private ProgramLinker(ObjectSpec spec, ExternValues externs, KernelFacts facts) {
        this.spec = spec;
        this.facts = facts;
        boolean info = spec.btfExt() != null && facts.has(KernelFacts.Feature.BTF_FUNC);
        int text = -1;
        for (ProgramSpec program : spec.programs()) {
            if (program.subprogram()) {
                text = program.sectionIndex();
            }
        }
        this.parts = new ProgramDraft.Parts(spec, externs, patched, info ? InfoTable.functions(spec) : InfoTable.NONE,
                info ? InfoTable.lines(spec) : InfoTable.NONE, text, arenaOffset(spec, facts));
    }

    /**
     * Links every entry program that is to be loaded. The spec's own instructions stay as they are.
     *
     * @param externs of {@link ExternResolver#resolve} for the same kernel
     * @throws ObjectException if a reference cannot be resolved
     */
    public static LinkedObject link(ObjectSpec spec, ExternValues externs, KernelFacts facts) {
        return new ProgramLinker(spec, externs, facts).link();
    }

    private LinkedObject link() {
        for (ProgramSpec program : spec.programs()) {
            if (program.autoload() || program.subprogram()) {
                patched.put(program, program.code().copy());
            }
        }
        List<LinkedObject.CoreReport> reports = relocateCore();
        patched.forEach(ProgramLinker::markCallbacks);
        ExceptionCallbacks callbacks = ExceptionCallbacks.of(spec, facts);
        List<ProgramDraft> drafts = new ArrayList<>();
        long total = 0;
        for (ProgramSpec program : spec.programs()) {
            if (program.autoload() && !program.subprogram()) {
                ProgramDraft draft = new ProgramDraft(parts, program);
                draft.followCalls();
                ProgramSpec callback = callbacks.of(program);
                if (callback != null) {
                    draft.appendUncalled(callback);
                }
                drafts.add(draft);
                total += draft.insnCount();
                if (total > MAX_OBJECT_INSNS) {
                    throw new ObjectException("object \"" + spec.name() + "\": its programs have more than "
                            + MAX_OBJECT_INSNS + " instructions together");
                }
            }
        }
        BtfWriter btf = spec.btf() == null ? null : BtfWriter.of(spec.btf());
        List<LinkedProgram> linked = new ArrayList<>(drafts.size());
        for (ProgramDraft draft : drafts) {
            LinkedProgram program = draft.finish();
            linked.add(btf == null ? program : ContextTags.fix(spec, program, btf, facts));
        }
        if (btf != null) {
            hideFunctions(btf);
            DataSecResize.apply(spec, btf);
        }
        return new LinkedObject(spec, List.copyOf(linked), btf == null ? null : btf.toBytes(),
                Integer.toUnsignedLong(parts.arenaOffset()), reports);
    }

    /** Hidden functions are static to the verifier, which then looks at them along with each caller. */
    private void hideFunctions(BtfWriter btf) {
        for (ProgramSpec program : spec.programs()) {
            if (program.subprogram() && program.hidden()) {
                for (int id : spec.btf().idsNamed(program.name())) {
                    if (spec.btf().type(id) instanceof BtfType.Func function
                            && function.linkage() == FuncLinkage.GLOBAL) {
                        btf.setLinkage(id, FuncLinkage.STATIC);
                        break;
                    }
                }
            }
        }
    }

    /** CO-RE on each function once, in the order of {@code .BTF.ext}: libbpf {@code bpf_object__relocate_core}. */
    private List<LinkedObject.CoreReport> relocateCore() {
        List<ProgramSpec> functions = new ArrayList<>();
        if (spec.btfExt() != null) {
            Map<String, List<ProgramSpec>> bySection = new HashMap<>();
            for (ProgramSpec program : spec.programs()) {
                if (program.autoload() && !program.coreRelocations().isEmpty()) {
                    bySection.computeIfAbsent(spec.codeSectionName(program.sectionIndex()), _ -> new ArrayList<>())
                            .add(program);
                }
            }
            for (String section : spec.btfExt().sectionNames()) {
                functions.addAll(bySection.getOrDefault(section, List.of()));
            }
        }
        List<LinkedObject.CoreReport> reports = new ArrayList<>(functions.size());
        if (!functions.isEmpty()) {
            CoreRelocator relocator = new CoreRelocator(spec.btf(), facts.coreTargets());
            for (ProgramSpec function : functions) {
                try {
                    reports.add(new LinkedObject.CoreReport(function, relocator.relocate(function.name(),
                            patched.get(function), function.coreRelocations())));
                } catch (CoreException e) {
                    throw new ObjectException("object \"" + spec.name() + "\": " + e.getMessage(), e);
                }
            }
        }
        return List.copyOf(reports);
    }

    /** Tells loads of a function's address from those of data, which look the same until now. */
    private static void markCallbacks(ProgramSpec program, InsnBuffer code) {
        for (ProgramRelocation relocation : program.relocations()) {
            if (relocation instanceof ProgramRelocation.SubprogramAddress address) {
                code.setSrc(address.insnIndex(), BpfOpcode.BPF_PSEUDO_FUNC);
            }
        }
    }

    /** Where globals start in an arena: at its end, if ldimm64 reaches that far. */
    private static int arenaOffset(ObjectSpec spec, KernelFacts facts) {
        for (MapSpec map : spec.maps()) {
            if (map.type() == BpfMapType.ARENA.number() && map.initialValue() != null) {
                long size = MapSizing.mappedArena(map.maxEntries(), facts.pageSize());
                int pages = (map.initialValue().length + facts.pageSize() - 1) / facts.pageSize();
                long data = MapSizing.mappedArena(pages, facts.pageSize());
                if (data > size) {
                    throw new ObjectException("object \"" + spec.name() + "\": arena \"" + map.name() + "\" has "
                            + size + " bytes, its variables take " + data + "; raise its max_entries");
                }
                return facts.has(KernelFacts.Feature.LDIMM64_FULL_RANGE_OFF) ? (int) (size - data) : 0;
            }
        }
        return 0;
    }
}
