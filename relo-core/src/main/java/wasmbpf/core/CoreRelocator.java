package wasmbpf.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.btf.Btf;
import wasmbpf.core.CandidateIndex.Candidate;
import wasmbpf.elf.FormatException;

/**
 * Makes the CO-RE relocations of one object: libbpf {@code bpf_object__relocate_core} and
 * {@code bpf_core_calc_relo_insn}. One relocator serves all programs and subprograms of the object, in the order of
 * .BTF.ext, each before anything is appended to it. Not thread-safe.
 *
 * <p>As in libbpf, the candidates that a relocation of a type fitted are the only ones that later relocations of the
 * same type see: where a kernel has two structs of one name, their fields tell them apart.
 */
public final class CoreRelocator {
    private final Btf local;
    private final CandidateIndex targets;
    private final WorkBudget budget = new WorkBudget(WorkBudget.DEFAULT_STEPS);
    private final Map<Integer, List<Candidate>> candidatesByType = new HashMap<>();

    /**
     * @param local   the object's BTF
     * @param targets the kernel's types; null if there are none to be had: then only type_id_local is possible
     */
    public CoreRelocator(Btf local, CandidateIndex targets) {
        this.local = local;
        this.targets = targets;
    }

    /** Relocates one program by itself, see {@link #relocate(String, InsnBuffer, List)}. */
    public static ReloReport relocate(String program, InsnBuffer code, List<CoreRelo> relos, Btf local,
                                      CandidateIndex targets) {
        return new CoreRelocator(local, targets).relocate(program, code, relos);
    }

    /**
     * Patches {@code code} in place and says what was done. What the kernel does not have is no error: the instruction
     * is poisoned, and the verifier refuses the program only if it can be reached.
     *
     * @param program for messages
     * @param relos   with instruction indices from the start of {@code code}
     * @throws CoreException if a relocation is ambiguous, impossible or damaged; {@code code} is then half done
     */
    public ReloReport relocate(String program, InsnBuffer code, List<CoreRelo> relos) {
        List<ReloReport.Line> lines = new ArrayList<>(relos.size());
        for (int i = 0; i < relos.size(); i++) {
            CoreRelo relo = relos.get(i);
            AccessSpec spec = null;
            try {
                checkInstruction(code, relo);
                spec = AccessSpecParser.parse(local, relo);
                lines.add(relocate(i, code, relo, spec));
            } catch (CoreException | FormatException e) {
                throw new CoreException(where(program, i, relo, spec) + ": " + e.getMessage(), e);
            }
        }
        return new ReloReport(program, lines);
    }

    private static void checkInstruction(InsnBuffer code, CoreRelo relo) {
        if (relo.insnIndex() < 0 || relo.insnIndex() >= code.count()) {
            throw new CoreException("the program has only " + code.count() + " instructions");
        }
    }

    private ReloReport.Line relocate(int index, InsnBuffer code, CoreRelo relo, AccessSpec spec) {
        boolean wide = code.isLdimm64(relo.insnIndex());
        if (relo.kind() == ReloKind.TYPE_ID_LOCAL) {
            Fixup fixup = FixupCalculator.calculate(spec, null);
            boolean poisoned = InsnPatcher.patch(code, relo.insnIndex(), fixup);
            return new ReloReport.Line(index, relo, spec, null, List.of(), List.of(), fixup, poisoned, wide);
        }
        Match found = match(relo, spec);
        Fixup fixup = found.fixup() != null ? found.fixup() : FixupCalculator.calculate(spec, null);
        boolean poisoned = InsnPatcher.patch(code, relo.insnIndex(), fixup);
        return new ReloReport.Line(index, relo, spec, found.target(), found.candidates(), found.fitting(), fixup, poisoned,
                wide);
    }

    /**
     * What a relocation means in each type of the kernel that fits it, in the kernel's order; empty if none does. Nothing is
     * patched, but later relocations of the type see only these, as they do in {@link #relocate}.
     *
     * @throws CoreException if it is ambiguous or damaged
     */
    List<AccessSpec> targets(CoreRelo relo) {
        return relo.kind() == ReloKind.TYPE_ID_LOCAL ? List.of() : match(relo, AccessSpecParser.parse(local, relo)).specs();
    }

    /**
     * @param specs what it means in each of those that fit
     * @param fixup on which they agree; null where there is none
     */
    private record Match(List<Candidate> candidates, List<Candidate> fitting, List<AccessSpec> specs, Fixup fixup) {
        AccessSpec target() {
            return specs.isEmpty() ? null : specs.getFirst();
        }
    }

    private Match match(CoreRelo relo, AccessSpec spec) {
        List<Candidate> candidates = candidates(relo);
        List<Candidate> fitting = new ArrayList<>(candidates.size());
        List<AccessSpec> specs = new ArrayList<>(1);
        Fixup fixup = null;
        for (Candidate candidate : candidates) {
            AccessSpec match = SpecMatcher.match(spec, candidate.btf(), candidate.typeId(), budget);
            if (match == null) {
                continue;
            }
            Fixup other = FixupCalculator.calculate(spec, match);
            if (fixup == null) {
                fixup = other;
            } else {
                requireAgreement(specs.getFirst(), fixup, match, other);
            }
            fitting.add(candidate);
            specs.add(match);
        }
        if (fixup != null) {
            candidatesByType.put(relo.typeId(), fitting);
        }
        return new Match(candidates, fitting, specs, fixup);
    }

    private List<Candidate> candidates(CoreRelo relo) {
        if (targets == null) {
            throw new CoreException("needs the kernel's types, and there is no /sys/kernel/btf/vmlinux "
                    + "(CONFIG_DEBUG_INFO_BTF); give a BTF file that describes this kernel");
        }
        List<Candidate> candidates = candidatesByType.get(relo.typeId());
        if (candidates == null) {
            candidates = targets.candidates(local, relo.typeId());
            candidatesByType.put(relo.typeId(), candidates);
        }
        return candidates;
    }

    private static void requireAgreement(AccessSpec first, Fixup fixup, AccessSpec second, Fixup other) {
        if (first.bitOffset() != second.bitOffset() || fixup.updated() != other.updated()
                || fixup.poison() != other.poison()) {
            throw new CoreException("ambiguous, this kernel has several types of that name which disagree: " + first
                    + " gives " + fixup.updated() + ", " + second + " gives " + other.updated()
                    + "; name a field that only the right one has in an earlier access");
        }
    }

    private String where(String program, int index, CoreRelo relo, AccessSpec spec) {
        String what;
        if (spec != null) {
            what = spec.toString();
        } else if (relo.typeId() >= 0 && relo.typeId() < local.typeCount()) {
            what = "<" + relo.kind().shortName() + "> [" + relo.typeId() + "]";
        } else {
            what = "<" + relo.kind().shortName() + "> of type " + relo.typeId();
        }
        return "program \"" + program + "\": CO-RE relocation " + index + " of instruction " + relo.insnIndex() + ", "
                + what;
    }
}
