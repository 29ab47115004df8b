package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.SectionDef;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.RawTracepointOpen;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/**
 * Attaches the programs of one loaded object. Every link is closed with the object, if it was not before. An attempt that
 * fails leaves nothing behind.
 */
public final class Attacher {
    private final LoadedObject object;
    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;

    public Attacher(LoadedObject object) {
        this.object = object;
        this.kernel = object.kernel();
        this.running = object.runningKernel();
        this.perf = new PerfEvents(kernel, running);
    }

    /**
     * Attaches every program whose section says where: libbpf {@code bpf_object__attach_skeleton}. If one fails, those
     * attached before it are detached.
     */
    public List<Link> attachAll() {
        List<Link> links = new ArrayList<>();
        try {
            for (LoadedProgram program : object.programs()) {
                if (program.spec().autoattach() && attachesByItself(program)) {
                    links.add(attach(program));
                }
            }
            return links;
        } catch (RuntimeException e) {
            for (Link link : links.reversed()) {
                object.forget(link);
                link.close();
            }
            throw e;
        }
    }

    private static boolean attachesByItself(LoadedProgram program) {
        SectionDef section = program.spec().sectionDef();
        if (section == null || section.autoAttach() == SectionDef.AutoAttach.NONE) {
            return false;
        }
        // A bare SEC("tp") or SEC("uprobe") names no target, and libbpf passes over it.
        return switch (section.autoAttach()) {
            case TRACE, LSM, ITER -> true;
            default -> !section.target(program.spec().sectionName()).isEmpty();
        };
    }

    private String operation(LoadedProgram program, String target) {
        return "attach program \"" + program.name() + "\"" + (target.isEmpty() ? "" : " to " + target);
    }

    /** Attaches where its section says: libbpf {@code bpf_program__attach}. @throws AttachException EOPNOTSUPP if it does not */
    public Link attach(LoadedProgram program) {
        SectionDef section = program.spec().sectionDef();
        if (section == null) {
            throw new AttachException(operation(program, ""), Errno.EINVAL, "section \"" + program.spec().sectionName()
                    + "\" says nothing about where");
        }
        return attach(program, section, section.target(program.spec().sectionName()));
    }

    private Link attach(LoadedProgram program, SectionDef section, String target) {
        return object.keep(switch (section.autoAttach()) {
            case TRACEPOINT -> tracepoint(program, target);
            case RAW_TRACEPOINT -> rawTracepoint(program, target);
            case TRACE, LSM -> trace(program);
            case NONE, KPROBE, KPROBE_MULTI, KPROBE_SESSION, KSYSCALL, UPROBE, UPROBE_MULTI, USDT, TRACING_MULTI, ITER ->
                    throw new UnsupportedOperationException("being written");
        });
    }

    /** Attaches to a target, read by the program's type; null or empty: {@link #attach(LoadedProgram)}. */
    public Link attach(LoadedProgram program, String target) {
        if (target == null || target.isEmpty()) {
            return attach(program);
        }
        throw new UnsupportedOperationException("being written");
    }

    /**
     * Attaches a program of any cgroup type to the cgroup of an open directory.
     *
     * @param cgroupFd stays the caller's; may be closed at once after
     */
    public Link attachCgroup(LoadedProgram program, int cgroupFd) {
        throw new UnsupportedOperationException("being written");
    }

    // ---- tracing ----

    /** {@code category/name}: libbpf {@code bpf_program__attach_tracepoint}. */
    private Link tracepoint(LoadedProgram program, String target) {
        int slash = target.indexOf('/');
        if (slash <= 0 || slash == target.length() - 1) {
            throw new AttachException(operation(program, target), target.isEmpty() ? Errno.EOPNOTSUPP : Errno.EINVAL,
                    "a tracepoint is named category/name, as in tracepoint/sched/sched_process_exec");
        }
        String description = "tracepoint " + target;
        String operation = operation(program, description);
        int id = Tracefs.eventId(kernel, running.files(), operation, target.substring(0, slash),
                target.substring(slash + 1));
        return perf.attach(program, operation, description, perf.tracepoint(operation, id), 0, null);
    }

    /** libbpf {@code bpf_program__attach_raw_tracepoint}. */
    private Link rawTracepoint(LoadedProgram program, String target) {
        if (target.isEmpty()) {
            throw new AttachException(operation(program, ""), Errno.EOPNOTSUPP,
                    "section \"" + program.spec().sectionName() + "\" names no raw tracepoint");
        }
        return openRawTracepoint(program, target, "raw tracepoint " + target);
    }

    private Link openRawTracepoint(LoadedProgram program, String name, String description) {
        try (StructValue attr = RawTracepointOpen.STRUCT.allocate()) {
            if (name != null) {
                attr.point(RawTracepointOpen.NAME, name);
            }
            attr.set(RawTracepointOpen.PROG_FD, program.fd());
            return link(program, description, kernel.bpf(BpfCommand.RAW_TRACEPOINT_OPEN, attr),
                    "this kernel has no such raw tracepoint");
        }
    }

    /** What the program was loaded for: libbpf {@code bpf_program__attach_trace}, {@code _attach_lsm}. */
    private Link trace(LoadedProgram program) {
        String description = program.spec().sectionDef().prefix() + " " + program.spec().attachTarget();
        int result;
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program.fd())
                    .set(LinkCreate.ATTACH_TYPE, program.expectedAttachType());
            result = kernel.bpf(BpfCommand.LINK_CREATE, attr);
        }
        if (result == -Errno.EINVAL) {
            // Kernels before 5.19 make these links by the older command only.
            return openRawTracepoint(program, null, description);
        }
        return link(program, description, result, "");
    }

    private Link link(LoadedProgram program, String description, int result, String missing) {
        if (result < 0) {
            throw new AttachException(operation(program, description), -result,
                    result == -Errno.ENOENT ? missing : PerfEvents.permission(-result));
        }
        return new KernelLink(kernel, description, Fd.of(kernel, result, "link of " + description));
    }

    static String name(BpfAttachType type) {
        return type == null ? "unknown" : type.kernelName();
    }
}
