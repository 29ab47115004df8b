package wasmbpf.host.object;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.core.BpfInsn;
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
    /** What the verifier answers to: {@code invalid func unknown#2001000003} means map 3 was not created. */
    static final int POISON_MAP = 2_001_000_000;
    /** The same for an unresolved kfunc, by index of the extern. */
    static final int POISON_KFUNC = 2_002_000_000;

    /** The kernel takes no longer program, BPF_COMPLEXITY_LIMIT_INSNS. */
    private static final int MAX_INSNS = 1_000_000;
    /** All programs of an object together, so that many entry programs on a large .text cannot fill memory. */
    private static final long MAX_OBJECT_INSNS = 32L * MAX_INSNS;

    private final ObjectSpec spec;
    private final ExternValues externs;
    private final KernelFacts facts;
    private final Map<ProgramSpec, InsnBuffer> patched = new HashMap<>();
    private final InfoTable funcInfo;
    private final InfoTable lineInfo;
    private final int textSection;
    private final int arenaOffset;

    private ProgramLinker(ObjectSpec spec, ExternValues externs, KernelFacts facts) {
        this.spec = spec;
        this.externs = externs;
        this.facts = facts;
        boolean info = spec.btfExt() != null && facts.has(KernelFacts.Feature.BTF_FUNC);
        this.funcInfo = info ? InfoTable.functions(spec) : InfoTable.NONE;
        this.lineInfo = info ? InfoTable.lines(spec) : InfoTable.NONE;
        int text = -1;
        for (ProgramSpec program : spec.programs()) {
            if (program.subprogram()) {
                text = program.sectionIndex();
            }
        }
        this.textSection = text;
        this.arenaOffset = arenaOffset(spec, facts);
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
            if (program.autoload()) {
                patched.put(program, program.code().copy());
            }
        }
        List<LinkedObject.CoreReport> reports = relocateCore();
        patched.forEach(ProgramLinker::markCallbacks);
        List<Draft> drafts = new ArrayList<>();
        long total = 0;
        for (ProgramSpec program : spec.programs()) {
            if (program.autoload() && !program.subprogram()) {
                Draft draft = new Draft(program);
                draft.followCalls(program, 0);
                appendExceptionCallback(draft);
                drafts.add(draft);
                total += draft.code.count();
                if (total > MAX_OBJECT_INSNS) {
                    throw new ObjectException("object \"" + spec.name() + "\": its programs have more than "
                            + MAX_OBJECT_INSNS + " instructions together");
                }
            }
        }
        BtfWriter btf = spec.btf() == null ? null : BtfWriter.of(spec.btf());
        List<LinkedProgram> linked = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            LinkedProgram program = draft.finish();
            linked.add(btf == null ? program : ContextTags.fix(spec, program, btf, facts));
        }
        if (btf != null) {
            hideFunctions(btf);
            DataSecResize.apply(spec, btf);
        }
        return new LinkedObject(spec, List.copyOf(linked), btf == null ? null : btf.toBytes(), reports);
    }

    /** Hidden functions are static to the verifier, which then looks at them along with each caller. */
    private void hideFunctions(BtfWriter btf) {
        for (ProgramSpec program : spec.programs()) {
            if (program.subprogram() && program.hidden()) {
                for (int id : spec.btf().idsNamed(program.name())) {
                    if (spec.btf().type(id) instanceof BtfType.Func function && function.linkage() == FuncLinkage.GLOBAL) {
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
            for (String section : spec.btfExt().sectionNames()) {
                for (ProgramSpec program : spec.programs()) {
                    if (program.autoload() && !program.coreRelocations().isEmpty()
                            && section.equals(spec.codeSectionName(program.sectionIndex()))) {
                        functions.add(program);
                    }
                }
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

    private void appendExceptionCallback(Draft draft) {
        ProgramSpec callback = ExceptionCallbacks.of(spec, draft.program, facts);
        if (callback != null && !draft.placed.containsKey(callback)) {
            draft.append(callback);
            draft.followCalls(callback, draft.placed.get(callback));
        }
    }

    /** One program while it grows. */
    private final class Draft {
        final ProgramSpec program;
        final InsnBuffer code;
        final Map<ProgramSpec, Integer> placed = new HashMap<>();
        final List<LinkedProgram.AppendedSubprogram> subprograms = new ArrayList<>();
        final List<ProgramRelocation> relocations = new ArrayList<>();
        final InfoTable.Records functions = new InfoTable.Records();
        final InfoTable.Records lines = new InfoTable.Records();
        final List<Reference> references = new ArrayList<>();
        final Map<Long, LinkedProgram.JumpTable> jumpTables = new LinkedHashMap<>();

        Draft(ProgramSpec program) {
            this.program = program;
            this.code = patched.get(program).copy();
            this.relocations.addAll(program.relocations());
        }

        /** A function whose calls are being followed, and where to go on in it. */
        private static final class Frame {
            final ProgramSpec function;
            final int base;
            final Map<Integer, ProgramRelocation> relocations = new HashMap<>();
            int next;

            Frame(ProgramSpec function, int base) {
                this.function = function;
                this.base = base;
                for (ProgramRelocation relocation : function.relocations()) {
                    relocations.putIfAbsent(relocation.insnIndex(), relocation);
                }
            }
        }

        /** libbpf {@code bpf_object__reloc_code}, with its own stack: call chains may be as long as a file allows. */
        void followCalls(ProgramSpec function, int base) {
            Deque<Frame> stack = new ArrayDeque<>();
            stack.push(enter(function, base));
            while (!stack.isEmpty()) {
                Frame frame = stack.peek();
                if (frame.next == frame.function.insnCount()) {
                    stack.pop();
                    continue;
                }
                ProgramSpec callee = callee(frame, frame.next);
                if (callee != null && !placed.containsKey(callee)) {
                    // Not past the call yet: it is written when the callee is complete.
                    append(callee);
                    stack.push(enter(callee, placed.get(callee)));
                    continue;
                }
                if (callee != null) {
                    int at = frame.base + frame.next;
                    code.setImm(at, placed.get(callee) - at - 1);
                }
                frame.next++;
            }
        }

        private Frame enter(ProgramSpec function, int base) {
            boolean main = function == program;
            if (main || !functions.isEmpty()) {
                addInfo(funcInfo, functions, function, base, "func_info");
            }
            if (main || !lines.isEmpty()) {
                addInfo(lineInfo, lines, function, base, "line_info");
            }
            return new Frame(function, base);
        }

        private void addInfo(InfoTable table, InfoTable.Records records, ProgramSpec function, int base, String what) {
            boolean found = table.copy(function, base, records);
            // Without any for the entry program itself all are left out; but then a gap is an error.
            if (!found && !records.isEmpty()) {
                throw error("function \"" + function.name() + "\" has no " + what
                        + " in .BTF.ext, unlike the functions before it; compile all of them with -g");
            }
        }

        /** The function that the instruction calls or takes the address of, or null if it does neither. */
        private ProgramSpec callee(Frame frame, int insn) {
            int at = frame.base + insn;
            boolean call = code.isSubprogramCall(at) && code.dst(at) == 0 && code.off(at) == 0;
            boolean address = code.isLdimm64(at) && code.src(at) == BpfOpcode.BPF_PSEUDO_FUNC;
            if (!call && !address) {
                return null;
            }
            long target;
            switch (frame.relocations.get(insn)) {
                case ProgramRelocation.ExternCall _ -> {
                    return null;
                }
                // A global function's call has imm -1; a static one's has its place in the section.
                case ProgramRelocation.Call relocation ->
                        target = relocation.symbolOffset() / InsnBuffer.SLOT_BYTES + original(frame, insn) + 1;
                case ProgramRelocation.SubprogramAddress relocation ->
                        target = (relocation.symbolOffset() + original(frame, insn)) / InsnBuffer.SLOT_BYTES;
                case null -> {
                    if (address) {
                        throw error("instruction " + insn + " of \"" + frame.function.name()
                                + "\" takes the address of a function but has no relocation");
                    }
                    // Within its own section no relocation is needed.
                    target = (long) frame.function.sectionInsnOffset() + insn + original(frame, insn) + 1;
                }
                case ProgramRelocation.MapReference _, ProgramRelocation.Data _, ProgramRelocation.ExternAddress _,
                     ProgramRelocation.JumpTable _ -> throw error("instruction " + insn + " of \""
                        + frame.function.name() + "\" calls a function but refers to something else");
            }
            ProgramSpec callee = ProgramCollector.find(spec.programs(), textSection, target);
            if (callee == null) {
                throw error("instruction " + insn + " of \"" + frame.function.name()
                        + "\" calls instruction " + target + " of section .text, where no function is");
            }
            return callee;
        }

        /** The immediate before this linking touched it. */
        private int original(Frame frame, int insn) {
            return patched.get(frame.function).imm(insn);
        }

        void append(ProgramSpec subprogram) {
            InsnBuffer body = patched.get(subprogram);
            if (code.count() > MAX_INSNS - body.count()) {
                throw error("with subprogram \"" + subprogram.name() + "\" it has more than " + MAX_INSNS
                        + " instructions");
            }
            int base = code.append(body);
            placed.put(subprogram, base);
            subprograms.add(new LinkedProgram.AppendedSubprogram(subprogram, base));
            for (ProgramRelocation relocation : subprogram.relocations()) {
                relocations.add(relocation.shifted(base));
            }
        }

        LinkedProgram finish() {
            for (ProgramRelocation relocation : relocations) {
                refer(relocation);
            }
            return new LinkedProgram(program, code, List.copyOf(references), funcInfo.finish(functions),
                    lineInfo.finish(lines), List.copyOf(subprograms), externs.fdArray(), List.copyOf(jumpTables.values()));
        }

        /** libbpf {@code bpf_object__relocate_data}. */
        private void refer(ProgramRelocation relocation) {
            int insn = relocation.insnIndex();
            switch (relocation) {
                case ProgramRelocation.MapReference reference -> {
                    if (present(insn, reference.map())) {
                        code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_FD);
                        code.setImm(insn, 0);
                        references.add(new Reference.MapFd(insn, reference.map()));
                    }
                }
                case ProgramRelocation.Data data -> {
                    if (present(insn, data.map())) {
                        boolean inArena = data.map().kind() == MapSpec.Kind.USER;
                        int offset = code.imm(insn) + (int) data.symbolOffset() + (inArena ? arenaOffset : 0);
                        code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_VALUE);
                        code.setImm(insn, 0);
                        code.setImm(insn + 1, offset);
                        references.add(new Reference.MapValue(insn, data.map()));
                    }
                }
                case ProgramRelocation.ExternAddress address -> externAddress(insn, address.extern());
                case ProgramRelocation.ExternCall call -> externCall(insn, call.extern());
                case ProgramRelocation.JumpTable table -> jumpTable(insn, table);
                case ProgramRelocation.Call _, ProgramRelocation.SubprogramAddress _ -> {
                    // Written when the callee was placed.
                }
            }
        }

        /** Whether the map will exist; else both slots become a call no verifier takes, harmless in dead code. */
        private boolean present(int insn, MapSpec map) {
            if (!map.autocreate()) {
                BpfInsn poison = BpfInsn.call(POISON_MAP + map.index());
                code.set(insn, poison);
                code.set(insn + 1, poison);
            }
            return map.autocreate();
        }

        private void externAddress(int insn, Extern extern) {
            switch (extern) {
                case Extern.Kconfig kconfig -> {
                    MapSpec map = spec.map(".kconfig");
                    code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_VALUE);
                    code.setImm(insn, 0);
                    code.setImm(insn + 1, kconfig.dataOffset());
                    references.add(new Reference.MapValue(insn, map));
                }
                case Extern.Ksym ksym -> {
                    switch (externs.of(ksym)) {
                        case ExternValues.KernelType type -> {
                            code.setSrc(insn, BpfOpcode.BPF_PSEUDO_BTF_ID);
                            code.setImm(insn, type.btfId());
                            code.setImm(insn + 1, 0);
                            if (type.module() != null) {
                                references.add(new Reference.ModuleBtfFd(insn, type.module()));
                            }
                        }
                        case ExternValues.Address address -> code.setImm64(insn, address.address());
                        case ExternValues.Missing _, ExternValues.Configured _ -> code.setImm64(insn, 0);
                    }
                }
            }
        }

        private void externCall(int insn, Extern extern) {
            if (externs.of(extern) instanceof ExternValues.KernelType type) {
                code.setSrc(insn, BpfOpcode.BPF_PSEUDO_KFUNC_CALL);
                code.setImm(insn, type.btfId());
                code.setOff(insn, (short) externs.fdIndex(type.module()));
            } else {
                code.set(insn, BpfInsn.call(POISON_KFUNC + extern.index()));
            }
        }

        /** libbpf {@code create_jt_map}: targets become instruction indexes of the whole program. */
        private void jumpTable(int insn, ProgramRelocation.JumpTable relocation) {
            LinkedProgram.JumpTable table = jumpTables.get(relocation.symbolOffset());
            if (table == null) {
                LinkedProgram.AppendedSubprogram user = subprogramAt(insn);
                table = user == null ? JumpTables.read(spec, program, relocation, program, 0)
                        : JumpTables.read(spec, program, relocation, user.subprogram(), user.insnOffset());
                jumpTables.put(relocation.symbolOffset(), table);
            }
            code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_VALUE);
            code.setImm(insn, 0);
            code.setOff(insn, (short) 0);
            references.add(new Reference.JumpTable(insn, table));
        }

        /** The appended subprogram that holds that instruction, or null: the entry program itself does. */
        private LinkedProgram.AppendedSubprogram subprogramAt(int insn) {
            int low = 0;
            int high = subprograms.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (subprograms.get(middle).insnOffset() <= insn) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low == 0 ? null : subprograms.get(low - 1);
        }

        private ObjectException error(String problem) {
            return new ObjectException("object \"" + spec.name() + "\": program \"" + program.name() + "\": " + problem);
        }
    }
}
