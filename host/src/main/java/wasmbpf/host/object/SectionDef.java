package wasmbpf.host.object;

import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfProgType;

/**
 * What a section name says about the programs in it: one row of {@link SectionDefs}.
 *
 * @param pattern the name as the table spells it; a trailing {@code +} also allows {@code /anything} after it
 * @param type program type
 * @param attachType expected attach type; {@link BpfAttachType#CGROUP_INET_INGRESS}, which is 0, where none is meant
 * @param attachTypeOptional a kernel without {@code expected_attach_type} may still load it (libbpf SEC_EXP_ATTACH_OPT)
 * @param attachable the attach type is also what BPF_PROG_ATTACH takes (libbpf SEC_ATTACHABLE)
 * @param attachesByBtf {@code attach_btf_id} is looked up when the program is loaded (libbpf SEC_ATTACH_BTF)
 * @param sleepable BPF_F_SLEEPABLE is set
 * @param xdpFrags BPF_F_XDP_HAS_FRAGS is set
 * @param usdt becomes UPROBE_MULTI where the kernel has it (libbpf SEC_USDT)
 * @param autoAttach how {@code bpf_program__attach} attaches it
 * @param foreign libbpf refuses such a section; other loaders take it, and so do we
 */
public record SectionDef(String pattern, BpfProgType type, BpfAttachType attachType, boolean attachTypeOptional,
                         boolean attachable, boolean attachesByBtf, boolean sleepable, boolean xdpFrags, boolean usdt,
                         AutoAttach autoAttach, boolean foreign) {

    /** How a program is attached when nobody says where: libbpf's {@code prog_attach_fn} column. */
    public enum AutoAttach {
        /** Needs a target given by the caller: an interface, a cgroup, a socket. */
        NONE,
        KPROBE, KPROBE_MULTI, KPROBE_SESSION, KSYSCALL, UPROBE, UPROBE_MULTI, USDT, TRACEPOINT, RAW_TRACEPOINT,
        TRACE, TRACING_MULTI, LSM, ITER
    }

    /** The fixed part of the name: the pattern without its {@code +}. */
    public String prefix() {
        return takesTarget() ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    /** Whether {@code /anything} may follow. */
    public boolean takesTarget() {
        return pattern.endsWith("+");
    }

    /** Whether a section of that name, without a leading {@code ?}, is of this row: libbpf {@code sec_def_matches}. */
    boolean matches(String sectionName) {
        if (!takesTarget()) {
            return sectionName.equals(pattern);
        }
        int length = pattern.length() - 1;
        return sectionName.startsWith(prefix())
                && (sectionName.length() == length || sectionName.charAt(length) == '/');
    }

    /** What follows {@code prefix/} in that section name, or the empty string. */
    public String target(String sectionName) {
        int slash = prefix().length();
        return takesTarget() && sectionName.length() > slash ? sectionName.substring(slash + 1) : "";
    }
}
