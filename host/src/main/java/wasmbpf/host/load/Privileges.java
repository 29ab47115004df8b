package wasmbpf.host.load;

import java.nio.charset.StandardCharsets;

import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Linux;

/**
 * What to say when the kernel refuses with EPERM or EACCES and no word: which capability is missing, or that a policy
 * of the kernel stands in the way.
 *
 * @param missing a capability this process lacks explains it
 * @param advice  begins with {@code "; "}
 */
record Privileges(boolean missing, String advice) {

    /** For maps and BTF. */
    static Privileges forMaps(RunningKernel running) {
        return of(running, false, false);
    }

    /** For programs of that type: kernel/bpf/syscall.c, is_perfmon_prog_type and is_net_admin_prog_type. */
    static Privileges forProgram(RunningKernel running, BpfProgType type) {
        boolean perfmon = false;
        boolean netAdmin = false;
        switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM ->
                    perfmon = true;
            case STRUCT_OPS, EXT -> {
                perfmon = true;
                netAdmin = true;
            }
            case SCHED_CLS, SCHED_ACT, XDP, LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, FLOW_DISSECTOR,
                    CGROUP_DEVICE, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS, NETFILTER ->
                    netAdmin = true;
            case null, default -> { }
        }
        return of(running, perfmon, netAdmin);
    }

    private static Privileges of(RunningKernel running, boolean perfmon, boolean netAdmin) {
        long held = running.kernel().effectiveCapabilities();
        if (held < 0 || (held >>> Linux.CAP_SYS_ADMIN & 1) != 0) {
            return new Privileges(false, "");
        }
        boolean lacks = (held >>> Linux.CAP_BPF & 1) == 0
                || perfmon && (held >>> Linux.CAP_PERFMON & 1) == 0
                || netAdmin && (held >>> Linux.CAP_NET_ADMIN & 1) == 0;
        if (!lacks) {
            return new Privileges(false, "");
        }
        String names = "CAP_BPF" + (perfmon && netAdmin ? ", CAP_PERFMON and CAP_NET_ADMIN"
                : perfmon ? " and CAP_PERFMON" : netAdmin ? " and CAP_NET_ADMIN" : "");
        String ambient = "+bpf" + (perfmon ? ",+perfmon" : "") + (netAdmin ? ",+net_admin" : "");
        return new Privileges(true, "; needs " + names + "; run with sudo, or setpriv --inh-caps " + ambient
                + " --ambient-caps " + ambient);
    }

    /** What to say of EPERM at BPF_PROG_LOAD with every capability there and not a word from the verifier. */
    static String refusedByPolicy(RunningKernel running, BpfProgType type) {
        String advice = "; refused before verification though no capability is missing: a policy of this kernel";
        byte[] lockdown = running.files().readIfReadable("/sys/kernel/security/lockdown");
        if (lockdown != null) {
            String modes = new String(lockdown, StandardCharsets.US_ASCII).strip();
            if (modes.contains("[integrity]") || modes.contains("[confidentiality]")) {
                advice += " (lockdown " + modes.substring(modes.indexOf('[') + 1, modes.indexOf(']')) + ")";
            }
        }
        return advice + " forbids programs of type " + (type == null ? "unknown" : type.kernelName());
    }
}
