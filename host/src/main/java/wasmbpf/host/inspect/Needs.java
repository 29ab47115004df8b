package wasmbpf.host.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.object.Extern;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;

/**
 * What a kernel and a process must have for an object, as its file tells: kernel version, features, privileges, helper
 * functions. What the verifier will say is not in it, and neither is what a distribution has put into an older kernel.
 */
public final class Needs {
    private final Map<String, String> features = new LinkedHashMap<>();
    private final List<String> capabilities = new ArrayList<>();
    private final SortedSet<String> helpers = new TreeSet<>();
    private final SortedSet<String> kfuncs = new TreeSet<>();
    private String kernel = "3.18";

    private Needs() {
    }

    /** Programs whose autoload is off, and maps whose autocreate is off, need nothing. */
    public static Needs of(ObjectSpec spec) {
        Needs needs = new Needs();
        boolean tracing = false;
        boolean network = false;
        for (ProgramSpec program : spec.programs()) {
            needs.calls(program.code());
            if (program.subprogram() || !program.autoload()) {
                continue;
            }
            needs.program(spec, program);
            BpfProgType type = BpfProgType.of(program.type());
            tracing |= type != null && traces(type);
            network |= type != null && handlesPackets(type);
        }
        for (MapSpec map : spec.maps()) {
            if (map.autocreate()) {
                needs.map(map);
            }
        }
        for (Extern extern : spec.externs()) {
            switch (extern) {
                case Extern.Kconfig kconfig -> {
                    if (kconfig.name().startsWith("CONFIG_")) {
                        needs.feature("the kernel's configuration, in /proc/config.gz or /boot", null);
                    }
                }
                case Extern.Ksym ksym when ksym.function() -> {
                    needs.kfuncs.add(ksym.essentialName() + (ksym.weak() ? " (weak)" : ""));
                    needs.feature("kernel functions by BTF", "5.13");
                }
                case Extern.Ksym ksym when ksym.typed() -> needs.feature("typed kernel variables", "5.10");
                case Extern.Ksym _ -> needs.feature("/proc/kallsyms", null);
            }
        }
        needs.capabilities.add("CAP_BPF");
        if (tracing) {
            needs.capabilities.add("CAP_PERFMON");
        }
        if (network) {
            needs.capabilities.add("CAP_NET_ADMIN");
        }
        return needs;
    }

    private void calls(InsnBuffer code) {
        for (int i = 0; i < code.count(); i++) {
            if (code.isLdimm64(i)) {
                i++;
            } else if (code.isCall(i) && code.src(i) == 0) {
                helpers.add("bpf_" + BpfHelper.name(code.imm(i)));
            }
        }
    }

    private void program(ObjectSpec spec, ProgramSpec program) {
        KernelVersions.Since type = KernelVersions.ofProgram(program.type());
        if (type != null) {
            feature(type.what(), type.version());
        }
        KernelVersions.Since attach = KernelVersions.ofAttach(program.expectedAttachType());
        if (attach != null) {
            feature(attach.what(), attach.version());
        }
        if (program.sectionDef() != null) {
            if (program.sectionDef().sleepable()) {
                feature("sleepable programs", "5.10");
            }
            if (program.sectionDef().xdpFrags()) {
                feature("XDP in several buffers", "5.18");
            }
            if (program.sectionDef().attachesByBtf()) {
                feature("the kernel's BTF (CONFIG_DEBUG_INFO_BTF)", null);
            }
            if (program.type() == BpfProgType.LSM.number()) {
                feature("the BPF security module (CONFIG_BPF_LSM, bpf in lsm=)", "5.7");
            }
        }
        if (!program.coreRelocations().isEmpty()) {
            feature("the kernel's BTF (CONFIG_DEBUG_INFO_BTF), or --btf FILE, for CO-RE", null);
        }
    }

    private void map(MapSpec map) {
        KernelVersions.Since type = KernelVersions.ofMap(map.type());
        if (type != null) {
            feature(type.what(), type.version());
        }
        if (map.internal()) {
            feature("global data", "5.2");
        } else if ((map.flags() & BpfFlags.BPF_F_MMAPABLE) != 0 && map.type() != BpfMapType.ARENA.number()) {
            feature("arrays mapped into memory", "5.5");
        }
        if (map.pinning() == MapSpec.Pinning.BY_NAME || map.pinPath() != null) {
            feature("a BPF file system at /sys/fs/bpf", null);
        }
    }

    private void feature(String what, String since) {
        features.put(what, since);
        if (since != null && KernelVersions.compare(since, kernel) > 0) {
            kernel = since;
        }
    }

    /** The oldest mainline release that has all of {@link #features}; helper functions are not counted. */
    public String kernel() {
        return kernel;
    }

    /** What is needed, each with the release it came with or null. */
    public Map<String, String> features() {
        return features;
    }

    /** Capabilities of the process that loads it; root has them all, and CAP_SYS_ADMIN stands for each. */
    public List<String> capabilities() {
        return capabilities;
    }

    /** Helper functions that some program calls. */
    public SortedSet<String> helpers() {
        return helpers;
    }

    /** Kernel functions that some program calls. */
    public SortedSet<String> kfuncs() {
        return kfuncs;
    }

    Map<String, Object> rows() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kernel", kernel);
        row.put("features", features);
        row.put("capabilities", capabilities);
        row.put("helpers", helpers);
        row.put("kfuncs", kfuncs);
        return row;
    }

    /** What the kernel loads with CAP_PERFMON only: perfmon_capable in bpf_prog_load, is_perfmon_prog_type. */
    private static boolean traces(BpfProgType type) {
        return switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM, STRUCT_OPS, EXT -> true;
            default -> false;
        };
    }

    /** is_net_admin_prog_type. */
    private static boolean handlesPackets(BpfProgType type) {
        return switch (type) {
            case SCHED_CLS, SCHED_ACT, XDP, LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, FLOW_DISSECTOR,
                    CGROUP_DEVICE, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS, EXT, NETFILTER,
                    STRUCT_OPS -> true;
            default -> false;
        };
    }
}
