package wasmbpf.host.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.core.CoreException;
import wasmbpf.elf.FormatException;
import wasmbpf.host.BpfObject;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.ObjectException;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SysException;
import wasmbpf.wasm.WasmException;
import wasmbpf.wasm.WasmModule;

/**
 * {@code wasm-bpf doctor [MODULE|OBJECT]}: whether this machine runs BPF programs, and what to do where it does not. With a
 * file, its objects are loaded and closed again; nothing is attached.
 */
final class DoctorCommand extends Command {
    /** R_OK and X_OK of access(2). */
    private static final int READ = 4;
    private static final int SEARCH = 1;

    private final StringBuilder out = new StringBuilder();
    private boolean failed;

    DoctorCommand() {
        super("doctor", "[MODULE|OBJECT]", "check whether this machine can run BPF programs, or those of a file");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    /** @return 0 when nothing stands in the way, 1 otherwise */
    @Override
    int run(ParsedArguments arguments) {
        if (arguments.operands().size() > 1) {
            throw new UsageException("doctor takes one file at most");
        }
        Kernel kernel = LinuxKernel.open();
        RunningKernel running = RunningKernel.of(kernel);
        boolean privileged = capabilities(kernel);
        machine(kernel, running);
        if (privileged) {
            features(running);
        }
        if (!arguments.operands().isEmpty()) {
            file(kernel, arguments.operands().get(0));
        }
        Words.print(out.toString());
        return failed ? 1 : 0;
    }

    private void good(String line) {
        out.append("ok    ").append(line).append('\n');
    }

    private void note(String line) {
        out.append("note  ").append(line).append('\n');
    }

    private void bad(String line) {
        failed = true;
        out.append("FAIL  ").append(line).append('\n');
    }

    /** Whether programs of some kind can be loaded at all. */
    private boolean capabilities(Kernel kernel) {
        long all = kernel.effectiveCapabilities();
        boolean admin = has(all, Linux.CAP_SYS_ADMIN);
        if (!admin && !has(all, Linux.CAP_BPF)) {
            bad("capabilities: neither CAP_BPF nor CAP_SYS_ADMIN; run with sudo, or "
                    + "setpriv --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon");
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

    private void machine(Kernel kernel, RunningKernel running) {
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
        fileSystem(kernel, "tracefs", Linux.TRACEFS_MAGIC, "tracepoints and probes by name",
                "mount -t tracefs tracefs /sys/kernel/tracing", "/sys/kernel/tracing", "/sys/kernel/debug/tracing");
        fileSystem(kernel, "bpffs", Linux.BPF_FS_MAGIC, "pinned maps and programs", "mount -t bpf bpf /sys/fs/bpf", "/sys/fs/bpf");
        String cgroup = cgroup2();
        if (cgroup == null) {
            note("cgroup2: not mounted; cgroup programs have nothing to attach to");
        } else {
            good("cgroup2: " + cgroup);
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

    private void file(Kernel kernel, String file) {
        byte[] bytes = Words.read(file);
        String name = RunCommand.objectName(file);
        try {
            if (bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E') {
                load(kernel, name, file, bytes);
                return;
            }
            List<EmbeddedObjects.Embedded> objects = EmbeddedObjects.of(WasmModule.decode(file, bytes));
            for (EmbeddedObjects.Embedded e : objects) {
                load(kernel, name, file + ": object at 0x" + Long.toHexString(e.address()), e.elf());
            }
            if (objects.isEmpty()) {
                note(file + ": no BPF object lies ready in its memory; it may make one when it runs");
            }
        } catch (WasmException e) {
            bad(e.getMessage());
        }
    }

    private void load(Kernel kernel, String name, String title, byte[] elf) {
        try (BpfObject object = BpfObject.open(name, elf)) {
            object.load(kernel);
            good(title + ": loads here, " + object.programs().size() + " programs, " + object.maps().size() + " maps");
        } catch (LoadException | FormatException | ObjectException | CoreException | SysException e) {
            bad(title + ": " + e.getMessage());
        }
    }
}
