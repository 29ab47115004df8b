package wasmbpf.host.object;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.core.BpfInsn;
import wasmbpf.core.BpfOpcode;
import wasmbpf.core.InsnBuffer;

/**
 * One program while it grows: an entry program's code to which subprograms are appended, and at last references are
 * written. libbpf {@code bpf_object__reloc_code} and {@code bpf_object__relocate_data}.
 */
final class ProgramDraft {
    /** What the verifier answers to: {@code invalid func unknown#2001000003} means map 3 was not created. */
    private static final int POISON_MAP = 2_001_000_000;
    /** The same for an unresolved kfunc, by index of the extern. */
    private static final int POISON_KFUNC = 2_002_000_000;
    /** The kernel takes no longer program, BPF_COMPLEXITY_LIMIT_INSNS. */
    static final int MAX_INSNS = 1_000_000;

    /**
     * What all programs of an object are made of.
     *
     * @param functions   code by function, CO-RE done and callbacks marked
     * @param textSection index of {@code .text}, or -1
     * @param arenaOffset where the arena's variables start in it
     */
    record Parts(ObjectSpec spec, ExternValues externs, Map<ProgramSpec, InsnBuffer> functions, InfoTable funcInfo,
                 InfoTable lineInfo, int textSection, int arenaOffset) {
    }

    private final ObjectSpec spec;
    private final ExternValues externs;
    private final Map<ProgramSpec, InsnBuffer> functionCode;
    private final InfoTable funcInfo;
    private final InfoTable lineInfo;
    private final int textSection;
    private final int arenaOffset;

    private final ProgramSpec program;
    private final InsnBuffer code;
    private final Map<ProgramSpec, Integer> placed = new HashMap<>();
    private final List<LinkedProgram.AppendedSubprogram> subprograms = new ArrayList<>();
    private final List<ProgramRelocation> relocations = new ArrayList<>();
    private final InfoTable.Records functions = new InfoTable.Records();
    private final InfoTable.Records lines = new InfoTable.Records();
    private final List<Reference> references = new ArrayList<>();
    private final Map<Long, LinkedProgram.JumpTable> jumpTables = new LinkedHashMap<>();

    ProgramDraft(Parts parts, ProgramSpec program) {
        this.spec = parts.spec();
        this.externs = parts.externs();
        this.functionCode = parts.functions();
        this.funcInfo = parts.funcInfo();
        this.lineInfo = parts.lineInfo();
        this.textSection = parts.textSection();
        this.arenaOffset = parts.arenaOffset();
        this.program = program;
        this.code = functionCode.get(program).copy();
        this.relocations.addAll(program.relocations());
    }

    int insnCount() {
        return code.count();
    }

    /** Follows all calls from the entry program on. */
    void followCalls() {
        followCalls(program, 0);
    }

    /** Appends a function that nothing calls, unless something did, and follows its calls. */
    void appendUncalled(ProgramSpec subprogram) {
        if (!placed.containsKey(subprogram)) {
            append(subprogram);
            followCalls(subprogram, placed.get(subprogram));
        }
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
    private void followCalls(ProgramSpec function, int base) {
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
        ProgramRelocation named = frame.relocations.get(insn);
        long target;
        if (named instanceof ProgramRelocation.ExternCall) {
            return null;
        } else if (named instanceof ProgramRelocation.Call relocation) {
            // A global function's call has imm -1; a static one's has its place in the section.
            target = relocation.symbolOffset() / InsnBuffer.SLOT_BYTES + original(frame, insn) + 1;
        } else if (named instanceof ProgramRelocation.SubprogramAddress relocation) {
            target = (relocation.symbolOffset() + original(frame, insn)) / InsnBuffer.SLOT_BYTES;
        } else if (named != null) {
            throw error("instruction " + insn + " of \"" + frame.function.name()
                    + "\" calls a function but refers to something else");
        } else if (address) {
            throw error("instruction " + insn + " of \"" + frame.function.name()
                    + "\" takes the address of a function but has no relocation");
        } else {
            // Within its own section no relocation is needed.
            target = (long) frame.function.sectionInsnOffset() + insn + original(frame, insn) + 1;
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
        return functionCode.get(frame.function).imm(insn);
    }

    private void append(ProgramSpec subprogram) {
        InsnBuffer body = functionCode.get(subprogram);
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

    /**
     * libbpf {@code bpf_object__relocate_data}. Calls and addresses of functions were written when the callee was placed.
     * Not a switch: HotSpot links one of patterns by method handles, milliseconds of start-up.
     */
    private void refer(ProgramRelocation relocation) {
        int insn = relocation.insnIndex();
        if (relocation instanceof ProgramRelocation.MapReference reference) {
            if (present(insn, reference.map())) {
                code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_FD);
                code.setImm(insn, 0);
                references.add(new Reference.MapFd(insn, reference.map()));
            }
        } else if (relocation instanceof ProgramRelocation.Data data) {
            if (present(insn, data.map())) {
                boolean inArena = data.map().kind() == MapSpec.Kind.USER;
                int offset = code.imm(insn) + (int) data.symbolOffset() + (inArena ? arenaOffset : 0);
                code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_VALUE);
                code.setImm(insn, 0);
                code.setImm(insn + 1, offset);
                references.add(new Reference.MapValue(insn, data.map()));
            }
        } else if (relocation instanceof ProgramRelocation.ExternAddress address) {
            externAddress(insn, address.extern());
        } else if (relocation instanceof ProgramRelocation.ExternCall call) {
            externCall(insn, call.extern());
        } else if (relocation instanceof ProgramRelocation.JumpTable table) {
            jumpTable(insn, table);
        } else if (!(relocation instanceof ProgramRelocation.Call) && !(relocation instanceof ProgramRelocation.SubprogramAddress)) {
            throw new AssertionError(relocation);
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
        if (extern instanceof Extern.Kconfig kconfig) {
            MapSpec map = spec.map(".kconfig");
            code.setSrc(insn, BpfOpcode.BPF_PSEUDO_MAP_VALUE);
            code.setImm(insn, 0);
            code.setImm(insn + 1, kconfig.dataOffset());
            references.add(new Reference.MapValue(insn, map));
            return;
        }
        ExternValues.Value value = externs.of(extern);
        if (value instanceof ExternValues.KernelType type) {
            code.setSrc(insn, BpfOpcode.BPF_PSEUDO_BTF_ID);
            code.setImm(insn, type.btfId());
            code.setImm(insn + 1, 0);
            if (type.module() != null) {
                references.add(new Reference.ModuleBtfFd(insn, type.module()));
            }
        } else if (value instanceof ExternValues.Address address) {
            code.setImm64(insn, address.address());
        } else if (value instanceof ExternValues.Missing || value instanceof ExternValues.Configured) {
            code.setImm64(insn, 0);
        } else {
            throw new AssertionError(value);
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
