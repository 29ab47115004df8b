package wasmbpf.core;

import java.util.List;
import wasmbpf.btf.EssentialName;
import wasmbpf.core.CandidateIndex.Candidate;

/**
 * What CO-RE did to one program, a line per relocation in the order given. Keeps the BTFs it speaks of alive; text is
 * made when asked for.
 */
public record ReloReport(String program, List<Line> lines) {
    public ReloReport {
        lines = List.copyOf(lines);
    }

    /**
     * One relocation.
     *
     * @param index      its place among the program's relocations
     * @param local      what it means in the object
     * @param target     what it means in the kernel, as the first candidate that has it; null if none does
     * @param candidates those that were looked at; empty for type_id_local, which asks nobody
     * @param matching   those of them that have it
     * @param fixup      values before and after
     * @param poisoned   whether the instruction was replaced by a call of {@link InsnPatcher#POISON}
     * @param wide       whether the instruction was an ldimm64, of two slots
     */
    public record Line(int index, CoreRelo relo, AccessSpec local, AccessSpec target, List<Candidate> candidates,
                       List<Candidate> matching, Fixup fixup, boolean poisoned, boolean wide) {
        public int insnIndex() {
            return relo.insnIndex();
        }

        public ReloKind kind() {
            return relo.kind();
        }

        /** The local spec in libbpf's words: {@code <byte_off> [45] struct task_struct.pid (0:31 @ offset 1256)}. */
        public String localText() {
            return local.toString();
        }

        /** The same of the kernel's type, or null. */
        public String targetText() {
            return target == null ? null : target.toString();
        }

        /** For a poisoned instruction, why it was and what to do; for any other, what was changed. No newline. */
        public String explanation() {
            if (!poisoned) {
                return localText() + " -> " + (target == null ? "not in this kernel" : targetText());
            }
            String type = AccessSpec.kindText(local.btf(), local.rootTypeId()) + " "
                    + EssentialName.of(local.btf().name(local.rootTypeId()));
            if (target != null) {
                return localText() + ": " + type + local.path() + " has " + fixup.originalSize()
                        + " bytes in the object and " + fixup.updatedSize() + " in this kernel (" + targetText()
                        + "), and only pointers and unsigned integers can be loaded at another size; use "
                        + "BPF_CORE_READ_INTO with bpf_core_field_size";
            }
            String guard = kind().isEnumvalBased() ? "bpf_core_enum_value_exists" : "bpf_core_field_exists";
            String missing = candidates.isEmpty()
                    ? "this kernel has no " + type
                    : "this kernel's " + type + " has no " + local.path() + " of a type that fits";
            return localText() + ": " + missing + "; guard the access with " + guard + ", or describe other kernels' "
                    + type + " as " + type + "___flavor";
        }

        @Override
        public String toString() {
            return "insn " + insnIndex() + ": " + explanation();
        }
    }

    /** The relocation that poisoned the instruction at this slot, or null; of an ldimm64, either slot. */
    public Line poisonAt(int insnIndex) {
        for (Line line : lines) {
            if (line.poisoned && (line.insnIndex() == insnIndex
                    || line.insnIndex() == insnIndex - 1 && line.wide())) {
                return line;
            }
        }
        return null;
    }
}
