package wasmbpf.host.attach;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import wasmbpf.host.load.KernelFeatures;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.ProbeType;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;

/**
 * Probes of kernel functions: libbpf {@code bpf_program__attach_kprobe_opts}, {@code _kprobe_multi_opts}, {@code
 * _ksyscall}.
 */
final class Kprobes {
    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;
    private final Links links;
    private final TracefsProbes probes;

    Kprobes(Kernel kernel, RunningKernel running, PerfEvents perf, Links links, TracefsProbes probes) {
        this.kernel = kernel;
        this.running = running;
        this.perf = perf;
        this.links = links;
        this.probes = probes;
    }

    /** @param returning at the function's return; then the offset must be 0 */
    Link attach(LoadedProgram program, String text, boolean returning) {
        return attach(program, text, returning, 0);
    }

    /** @param cookie what bpf_get_attach_cookie gives, 0 for none */
    Link attach(LoadedProgram program, String text, boolean returning, long cookie) {
        String kind = returning ? "kretprobe " : "kprobe ";
        String operation = Links.operation(program, kind + text);
        ProbeTarget target = ProbeTarget.parse(operation, text);
        if (returning && target.offset() != 0) {
            throw new AttachException(operation, Errno.EINVAL, "a return probe has no offset");
        }
        int type = ProbeType.of("kprobe", running.files());
        String description = kind + target;
        if (type < 0) {
            TracefsProbes.Probe probe = probes.kprobe(operation, target, returning);
            return perf.attach(program, operation, description, probe.event(), cookie, probe.removal());
        }
        int fd;
        try (StructValue attr = PerfEventAttr.allocate()) {
            attr.set(PerfEventAttr.TYPE, type);
            long config = TracefsProbes.returnBit(running, "kprobe", returning, operation);
            if (config != 0) {
                attr.set(PerfEventAttr.CONFIG, config);
            }
            if (target.function().isEmpty()) {
                attr.set(PerfEventAttr.KPROBE_ADDR, target.offset());
            } else {
                attr.point(PerfEventAttr.KPROBE_FUNC, target.function());
                if (target.offset() != 0) {
                    attr.set(PerfEventAttr.PROBE_OFFSET, target.offset());
                }
            }
            fd = perf.open(attr, -1, 0);
        }
        if (fd < 0) {
            throw new AttachException(operation, -fd, fd == -Errno.ENOENT || fd == -Errno.EINVAL
                    ? "this kernel has no such function, or one that cannot be probed: see /proc/kallsyms"
                    : fd == -Errno.EADDRNOTAVAIL ? "the function's name is not unique" : PerfEvents.permission(-fd));
        }
        return perf.attach(program, operation, description, Fd.of(kernel, fd, "perf event of " + description), cookie,
                null);
    }

    /** The function of a system call: {@code __x64_sys_NAME} or, without wrappers, {@code __se_sys_NAME}. */
    Link attachSystemCall(LoadedProgram program, String name, boolean returning) {
        return attachSystemCall(program, name, returning, 0);
    }

    Link attachSystemCall(LoadedProgram program, String name, boolean returning, long cookie) {
        String prefix = KernelFeatures.syscallPrefix();
        if (prefix != null && running.has(KernelFeatures.Feature.SYSCALL_WRAPPER)) {
            return attach(program, "__" + prefix + "_sys_" + name, returning, cookie);
        }
        return attach(program, "__se_sys_" + name, returning, cookie);
    }

    /**
     * One link on all functions of a pattern.
     *
     * @param pattern a name, or one with {@code *} and {@code ?}
     * @param session the program runs at entry and, if it says so, at return
     */
    Link attachMulti(LoadedProgram program, String pattern, boolean returning, boolean session) {
        String description = (session ? "kprobe.session " : returning ? "kretprobe.multi " : "kprobe.multi ") + pattern;
        String operation = Links.operation(program, description);
        String[] symbols = Glob.hasWildcard(pattern) ? functions(operation, pattern) : new String[] {pattern};
        return attachMulti(program, description, symbols, null, null, returning, session);
    }

    /**
     * One link on the functions of a list.
     *
     * @param symbols   names, or null where there are addresses
     * @param addresses of functions, or null where there are names
     * @param cookies   one for each, or null
     */
    Link attachMulti(LoadedProgram program, String description, String[] symbols, long[] addresses, long[] cookies,
                     boolean returning, boolean session) {
        int attachType = (session ? BpfAttachType.TRACE_KPROBE_SESSION : BpfAttachType.TRACE_KPROBE_MULTI).number();
        int result = links.create(program, 0, attachType, attr -> {
            if (symbols != null) {
                attr.point(LinkCreate.KPROBE_MULTI_SYMS, symbols).set(LinkCreate.KPROBE_MULTI_CNT, symbols.length);
            } else {
                attr.point(LinkCreate.KPROBE_MULTI_ADDRS, addresses)
                        .set(LinkCreate.KPROBE_MULTI_CNT, addresses.length);
            }
            if (cookies != null) {
                attr.point(LinkCreate.KPROBE_MULTI_COOKIES, cookies);
            }
            if (returning) {
                attr.set(LinkCreate.KPROBE_MULTI_FLAGS, BpfFlags.BPF_F_KPROBE_MULTI_RETURN);
            }
        });
        // The kernel says ESRCH of a name it does not know; libbpf makes ENOENT of it, as for other probes.
        return links.of(program, description, result == -Errno.ESRCH ? -Errno.ENOENT : result,
                result == -Errno.EOPNOTSUPP ? "this kernel has no fprobe (CONFIG_FPROBE)"
                        : result == -Errno.EINVAL
                        ? "Linux has kprobe." + (session ? "session since 6.10" : "multi since 5.18")
                        : result == -Errno.ESRCH || result == -Errno.ENOENT ? "no such function can be probed" : "");
    }

    /** What ftrace can probe and kallsyms names: libbpf {@code libbpf_available_kallsyms_parse}. */
    private String[] functions(String operation, String pattern) {
        String directory = Tracefs.directory(kernel);
        byte[] available = directory == null ? null
                : running.files().readIfReadable(directory + "/available_filter_functions");
        if (available == null) {
            throw new AttachException(operation, Errno.ENOENT,
                    "available_filter_functions of tracefs is not there, which patterns are looked up in");
        }
        Set<String> names = new HashSet<>();
        List<String> matching = new ArrayList<>();
        for (String line : new String(available, StandardCharsets.ISO_8859_1).split("\n")) {
            int end = line.indexOf(' ');
            String name = end < 0 ? line : line.substring(0, end);
            if (Glob.matches(pattern, name) && names.add(name)) {
                matching.add(name);
            }
        }
        if (matching.isEmpty()) {
            throw new AttachException(operation, Errno.ENOENT, "no function of this kernel matches");
        }
        return matching.toArray(String[]::new);
    }
}
