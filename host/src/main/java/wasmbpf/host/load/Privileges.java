package wasmbpf.host.load;

import java.nio.charset.StandardCharsets;

import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Linux;

/**
 * What to say when the kernel refuses with EPERM or EACCES and no word: which capability is missing, or that a policy
 * of the kernel stands in the way.
 *
 * @param missing a capability this process lacks explains it
 * @param advice  begins with {@code "; "}
 */
public record Privileges(boolean missing, String advice) {

    /** For all that an object would load, so that the first refusal names what the last step needs. */
    public static Privileges forObject(RunningKernel running, ObjectSpec spec) {
        boolean perfmon = false;
        boolean netAdmin = false;
        for (ProgramSpec program : spec.programs()) {
            if (program.autoload()) {
                BpfProgType type = BpfProgType.of(program.type());
                perfmon |= needsPerfmon(type);
                netAdmin |= needsNetAdmin(type);
            }
        }
        for (MapSpec map : spec.maps()) {
            netAdmin |= map.autocreate() && needsNetAdmin(BpfMapType.of(map.type()));
        }
        return of(running, perfmon, netAdmin);
    }

    static Privileges forMap(RunningKernel running, BpfMapType type) {
        return of(running, false, needsNetAdmin(type));
    }

    static Privileges forProgram(RunningKernel running, BpfProgType type) {
        return of(running, needsPerfmon(type), needsNetAdmin(type));
    }

    /** kernel/bpf/syscall.c, map_create. */
    private static boolean needsNetAdmin(BpfMapType type) {
        return type != null && switch (type) {
            case SOCKMAP, SOCKHASH, DEVMAP, DEVMAP_HASH, XSKMAP -> true;
            default -> false;
        };
    }

    /** kernel/bpf/syscall.c, is_perfmon_prog_type. */
    private static boolean needsPerfmon(BpfProgType type) {
        return type != null && switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM, STRUCT_OPS, EXT -> true;
            default -> false;
        };
    }

    /** kernel/bpf/syscall.c, is_net_admin_prog_type. */
    private static boolean needsNetAdmin(BpfProgType type) {
        return type != null && switch (type) {
            case SCHED_CLS, SCHED_ACT, XDP, LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, FLOW_DISSECTOR,
                    CGROUP_DEVICE, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS, NETFILTER, STRUCT_OPS,
                    EXT -> true;
            default -> false;
        };
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

    /** What to say of a verdict of the verifier's where it forbids more: kernel/bpf/token.c, bpf_allow_ptr_leaks and others. */
    static String strict(RunningKernel running) {
        long held = running.kernel().effectiveCapabilities();
        return held < 0 || (held >>> Linux.CAP_SYS_ADMIN & 1) != 0 || (held >>> Linux.CAP_PERFMON & 1) != 0 ? ""
                : "; without CAP_PERFMON the verifier forbids arithmetic on pointers and more: run with sudo, or add +perfmon to "
                        + "both lists of setpriv";
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
