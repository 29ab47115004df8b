package wasmbpf.host.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.host.attach.Tracefs;
import wasmbpf.host.inspect.Json;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;

/**
 * {@code wasm-bpf doctor [MODULE|OBJECT]}: whether this machine runs BPF programs, and what to do where it does not; with a
 * file, whether it runs those ({@link ObjectDoctor}).
 */
final class DoctorCommand extends Command {
    /** R_OK and X_OK of access(2). */
    private static final int READ = 4;
    private static final int SEARCH = 1;

    private final Findings findings = new Findings();

    DoctorCommand() {
        super("doctor", "[MODULE|OBJECT]", "check whether this machine can run BPF programs, or those of a file");
    }

    @Override
    List<Option> options() {
        return List.of(BpftoolOptions.JSON_OUTPUT, BpftoolOptions.PRETTY, KernelObjectCommand.OUTPUT);
    }

    /** @return 0 when nothing stands in the way, 1 otherwise */
    @Override
    int run(ParsedArguments arguments) {
        if (arguments.operands().size() > 1) {
            throw new UsageException("doctor takes one file at most");
        }
        Kernel kernel = LinuxKernel.open();
        Findings findings = examine(kernel, RunningKernel.of(kernel),
                arguments.operands().isEmpty() ? null : arguments.operands().get(0));
        Words.print(switch (KernelObjectCommand.format(arguments)) {
            case TEXT -> findings.text();
            case PRETTY -> Json.pretty(findings.rows()) + "\n";
            case JSON, LINES -> Json.compact(findings.rows()) + "\n";
        });
        return findings.failed() ? 1 : 0;
    }

    /** @param file a module or object, or null */
    Findings examine(Kernel kernel, RunningKernel running, String file) {
        boolean privileged = capabilities(kernel, file == null ? "" : ObjectDoctor.advice(running, file));
        machine(kernel, running, privileged);
        if (privileged) {
            features(running);
        }
        if (file != null) {
            new ObjectDoctor(kernel, running, findings, privileged).file(file);
        }
        return findings;
    }

    private void good(String line) {
        findings.good(line);
    }

    private void note(String line) {
        findings.note(line);
    }

    private void bad(String line) {
        findings.bad(line);
    }

    /**
     * Whether programs of some kind can be loaded at all.
     *
     * @param advice what those of the file need, or ""
     */
    private boolean capabilities(Kernel kernel, String advice) {
        long all = kernel.effectiveCapabilities();
        boolean admin = has(all, Linux.CAP_SYS_ADMIN);
        if (!admin && !has(all, Linux.CAP_BPF)) {
            bad("capabilities: neither CAP_BPF nor CAP_SYS_ADMIN" + (advice.isEmpty()
                    ? "; run with sudo, or setpriv --inh-caps +bpf,+perfmon --ambient-caps +bpf,+perfmon" : advice));
            return false;
        }
        good("capabilities: may load programs");
        if (!admin && !has(all, Linux.CAP_PERFMON)) {
            note("capabilities: no CAP_PERFMON, so no tracing programs");
        }
        if (!admin && !has(all, Linux.CAP_NET_ADMIN)) {
            note("capabilities: no CAP_NET_ADMIN, so no xdp, tc and socket programs");
        }
        return true;
    }

    private static boolean has(long capabilities, int capability) {
        return (capabilities >> capability & 1) != 0;
    }

    private void machine(Kernel kernel, RunningKernel running, boolean privileged) {
        good("kernel: " + running.release() + ", " + System.getProperty("os.arch"));
        if (running.vmlinux() != null) {
            good("types: the kernel has BTF, " + running.vmlinux().typeCount() + " types");
        } else {
            bad("types: no BTF in /sys/kernel/btf/vmlinux nor beside the kernel; programs with CO-RE need --btf FILE");
        }
        String lockdown = text("/sys/kernel/security/lockdown");
        if (lockdown.contains("[confidentiality]")) {
            bad("lockdown: confidentiality; the kernel lets no program read its memory");
        } else {
            good("lockdown: " + (lockdown.isEmpty() ? "none reported" : lockdown));
        }
        // Without the capabilities it may just be that this process cannot see it: they are told first, and once.
        if (privileged || Tracefs.directory(kernel) != null) {
            fileSystem(kernel, "tracefs", Linux.TRACEFS_MAGIC, Tracefs.readUnmounted(kernel, "events/header_page") == null
                            ? "tracepoints and probes by name" : "tracepoints are found without it; patterns of probes",
                    "mount -t tracefs tracefs /sys/kernel/tracing", "/sys/kernel/tracing", "/sys/kernel/debug/tracing");
        }
        fileSystem(kernel, "bpffs", Linux.BPF_FS_MAGIC, "pinned maps and programs", "mount -t bpf bpf /sys/fs/bpf", "/sys/fs/bpf");
        String cgroup = cgroup2();
        if (cgroup == null) {
            note("cgroup2: not mounted; cgroup programs have nothing to attach to");
        } else {
            good("cgroup2: " + cgroup);
        }
        String paranoid = text("/proc/sys/kernel/perf_event_paranoid");
        if (paranoid.matches("[3-9]")) {
            note("perf: kernel.perf_event_paranoid is " + paranoid + ", which on some distributions keeps processes without "
                    + "CAP_SYS_ADMIN from kprobes and perf events: sysctl kernel.perf_event_paranoid=2");
        }
        String jit = text("/proc/sys/net/core/bpf_jit_enable");
        if (jit.equals("0")) {
            note("jit: off; programs run slowly; sysctl net.core.bpf_jit_enable=1");
        }
        if (running.version() < (5 << 16 | 11 << 8)) {
            note("memory: counted against RLIMIT_MEMLOCK before 5.11; we raise it, which needs CAP_SYS_RESOURCE");
        }
    }

    private void fileSystem(Kernel kernel, String name, long magic, String use, String fix, String... places) {
        for (String place : places) {
            if (kernel.fileSystemType(place) == magic) {
                if (kernel.access(place, READ | SEARCH) == 0) {
                    good(name + ": " + place);
                } else {
                    note(name + ": " + place + " is closed to this user; " + use + " need it");
                }
                return;
            }
        }
        note(name + ": not mounted; " + use + " need it: " + fix);
    }

    private static String cgroup2() {
        for (String line : text("/proc/self/mountinfo").split("\n")) {
            if (line.contains(" - cgroup2 ")) {
                return line.split(" ")[4];
            }
        }
        return null;
    }

    private static String text(String file) {
        byte[] bytes = KernelFiles.RUNNING.readIfReadable(file);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    }

    private void features(RunningKernel running) {
        List<String> missing = new ArrayList<>();
        int there = 0;
        for (Feature feature : Feature.values()) {
            if (running.has(feature)) {
                there++;
            } else {
                missing.add(feature.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        good("features: " + there + " of " + Feature.values().length
                + (missing.isEmpty() ? "" : ", done without: " + String.join(", ", missing)));
    }
}
