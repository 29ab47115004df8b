package wasmbpf.host.inspect;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import wasmbpf.btf.BtfKind;
import wasmbpf.host.attach.Tracefs;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.SectionDef;
import wasmbpf.sys.BpfProgType;

/**
 * Whether what a program's section names is there to be attached to, found without attaching. What only the kernel can say
 * (functions of fentry, LSM hooks, iterators) it has said when the program was loaded.
 */
public final class AttachCheck {
    private static final String[] TRACEFS = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
    private static final String PMU = "/sys/bus/event_source/devices/";

    private final RunningKernel kernel;
    private Set<String> symbols;

    public AttachCheck(RunningKernel kernel) {
        this.kernel = kernel;
    }

    /** What stands in the way, with what to do; null if nothing that can be seen. */
    public String problem(ProgramSpec program) {
        SectionDef section = program.sectionDef();
        if (section == null) {
            return "section \"" + program.sectionName() + "\" does not say what it is for; the module has to attach it itself";
        }
        String target = section.target(program.sectionName());
        BpfProgType type = BpfProgType.of(program.type());
        if (type == BpfProgType.LSM && !text("/sys/kernel/security/lsm").isEmpty()
                && !("," + text("/sys/kernel/security/lsm") + ",").contains(",bpf,")) {
            return "LSM programs are not called here: bpf is not among the security modules ("
                    + text("/sys/kernel/security/lsm") + "); boot with lsm=...,bpf";
        }
        if (target.isEmpty()) {
            return null;
        }
        return switch (section.autoAttach()) {
            case TRACEPOINT -> tracepoint(target);
            case RAW_TRACEPOINT -> kernel.vmlinux() == null || kernel.vmlinux().find(BtfKind.TYPEDEF, "btf_trace_" + target) > 0
                    ? null : "the kernel proper has no tracepoint " + target + "; a module may";
            case KPROBE -> kprobe(function(target));
            case KPROBE_MULTI, KPROBE_SESSION -> target.contains("*") || target.contains("?") ? pattern() : named(function(target));
            case KSYSCALL -> kprobe("__" + architecture() + "_sys_" + target) != null && kprobe("__se_sys_" + target) != null
                    ? kprobe("__" + architecture() + "_sys_" + target) : null;
            case UPROBE, UPROBE_MULTI, USDT -> binary(target);
            case NONE, TRACE, LSM, ITER, TRACING_MULTI -> null;
        };
    }

    private static String function(String target) {
        int plus = target.indexOf('+');
        return plus < 0 ? target : target.substring(0, plus);
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "x64";
            case "aarch64" -> "arm64";
            default -> System.getProperty("os.arch");
        };
    }

    private String text(String file) {
        byte[] bytes = kernel.files().readIfReadable(file);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    }

    private String tracepoint(String target) {
        for (String tracefs : TRACEFS) {
            if (kernel.files().readIfReadable(tracefs + "/events/header_page") != null) {
                return kernel.files().readIfReadable(tracefs + "/events/" + target + "/id") != null ? null
                        : "this kernel has no tracepoint " + target + "; ls " + tracefs + "/events shows those it has";
            }
        }
        // As where it is attached: mounted nowhere, it is read through a mount of our own.
        if (Tracefs.directory(kernel.kernel()) == null && Tracefs.readUnmounted(kernel.kernel(), "events/header_page") != null) {
            return Tracefs.readUnmounted(kernel.kernel(), "events/" + target + "/id") != null ? null
                    : "this kernel has no tracepoint " + target;
        }
        return "tracefs cannot be read, so it is unknown whether tracepoint " + target
                + " is there: mount -t tracefs tracefs /sys/kernel/tracing";
    }

    private String pattern() {
        return Tracefs.directory(kernel.kernel()) != null ? null
                : "patterns are looked up in tracefs, which is not mounted: mount -t tracefs tracefs /sys/kernel/tracing";
    }

    private String kprobe(String function) {
        if (text(PMU + "kprobe/type").isEmpty()
                && kernel.files().readIfReadable(TRACEFS[0] + "/kprobe_events") == null
                && kernel.files().readIfReadable(TRACEFS[1] + "/kprobe_events") == null) {
            return "this kernel has no kprobes (CONFIG_KPROBE_EVENTS), or tracefs is not mounted";
        }
        return named(function);
    }

    private String named(String function) {
        if (symbols == null) {
            symbols = new HashSet<>();
            for (String line : text("/proc/kallsyms").split("\n")) {
                String[] fields = line.split("[ \t]");
                if (fields.length > 2) {
                    symbols.add(fields[2]);
                }
            }
        }
        return symbols.size() < 2 || symbols.contains(function) ? null
                : "this kernel has no function " + function + "; grep " + function + " /proc/kallsyms shows what it has like it";
    }

    private String binary(String target) {
        int colon = target.indexOf(':');
        String file = colon < 0 ? target : target.substring(0, colon);
        if (text(PMU + "uprobe/type").isEmpty() && kernel.files().readIfReadable(TRACEFS[0] + "/uprobe_events") == null
                && kernel.files().readIfReadable(TRACEFS[1] + "/uprobe_events") == null) {
            return "this kernel has no uprobes (CONFIG_UPROBE_EVENTS), or tracefs is not mounted";
        }
        // What has no slash is searched for along PATH and the loader's folders when it is attached.
        return !file.contains("/") || file.contains("!/") || Files.exists(Path.of(file)) ? null : "there is no file " + file;
    }
}
