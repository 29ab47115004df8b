package wasmbpf.host.attach;

import wasmbpf.host.load.Closing;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;

/** Programs on perf events: libbpf {@code bpf_program__attach_perf_event_opts}. */
final class PerfEvents {
    private final Kernel kernel;
    private final RunningKernel running;

    PerfEvents(Kernel kernel, RunningKernel running) {
        this.kernel = kernel;
        this.running = running;
    }

    /**
     * Opens an event.
     *
     * @param pid a process, or -1 for all: then on CPU {@code cpu}
     * @return its descriptor or {@code -errno}
     */
    int open(StructValue attr, int pid, int cpu) {
        return kernel.perfEventOpen(attr, pid, cpu, -1, Linux.PERF_FLAG_FD_CLOEXEC);
    }

    /** An event of a tracepoint's or tracefs probe's number. */
    Fd tracepoint(String operation, int id) {
        try (StructValue attr = PerfEventAttr.allocate()) {
            attr.set(PerfEventAttr.TYPE, Linux.PERF_TYPE_TRACEPOINT).set(PerfEventAttr.CONFIG, id);
            int fd = open(attr, -1, 0);
            if (fd < 0) {
                throw new AttachException(operation, -fd, permission(-fd));
            }
            return Fd.of(kernel, fd, "perf event of " + operation);
        }
    }

    /** {@code category/name}: libbpf {@code bpf_program__attach_tracepoint_opts}. */
    PerfLink tracepoint(LoadedProgram program, String target, long cookie, KernelFiles files) {
        String description = "tracepoint " + target;
        String operation = Links.operation(program, description);
        int slash = target.indexOf('/');
        if (slash <= 0 || slash == target.length() - 1 || target.contains("..")) {
            throw new AttachException(operation, Errno.EINVAL,
                    "a tracepoint is named category/name, as in tracepoint/sched/sched_process_exec");
        }
        int id = Tracefs.eventId(kernel, files, operation, target.substring(0, slash), target.substring(slash + 1));
        return attach(program, operation, description, tracepoint(operation, id), cookie, null);
    }

    static String permission(int errno) {
        return errno == Errno.EPERM || errno == Errno.EACCES
                ? "needs CAP_PERFMON (or kernel.perf_event_paranoid = -1), "
                        + "for a uprobe on recent kernels CAP_SYS_ADMIN: run with sudo" : "";
    }

    /**
     * Puts a program on an event and enables it.
     *
     * @param event  owned by the link, closed also if this fails
     * @param cookie what bpf_get_attach_cookie gives, 0 for none
     * @param probe  a tracefs probe to remove after the event, or null; removed also if this fails
     */
    PerfLink attach(LoadedProgram program, String operation, String description, Fd event, long cookie,
                    AutoCloseable probe) {
        KernelLink link = null;
        try {
            int number = event.number();
            int result = createLink(program, number, cookie);
            if (result >= 0) {
                link = new KernelLink(kernel, description, Fd.of(kernel, result, "link of " + description));
            } else if (result == -Errno.EINVAL && !running.has(Feature.PERF_LINK)) {
                if (cookie != 0) {
                    throw new AttachException(operation, Errno.EOPNOTSUPP,
                            "this kernel has no cookies on perf events (5.15 has)");
                }
                result = kernel.ioctl(number, Linux.PERF_EVENT_IOC_SET_BPF, program.fd());
                if (result < 0) {
                    throw refused(operation, -result, program);
                }
            } else {
                throw refused(operation, -result, program);
            }
            result = kernel.ioctl(number, Linux.PERF_EVENT_IOC_ENABLE, 0);
            if (result < 0) {
                throw new AttachException(operation, -result, "enabling the event");
            }
            return new PerfLink(kernel, description, event, link, probe);
        } catch (RuntimeException e) {
            Closing closing = new Closing();
            closing.close(link);
            closing.close(event);
            closing.close(probe);
            throw e;
        }
    }

    private static AttachException refused(String operation, int errno, LoadedProgram program) {
        return new AttachException(operation, errno, errno == Errno.EPROTO
                ? "its bpf_get_stack wants a perf event with PERF_SAMPLE_CALLCHAIN"
                : errno == Errno.EEXIST ? "the event has a program already" : permission(errno));
    }

    private int createLink(LoadedProgram program, int event, long cookie) {
        try (StructValue attr = LinkCreate.STRUCT.allocate()) {
            attr.set(LinkCreate.PROG_FD, program.fd()).set(LinkCreate.TARGET_FD, event)
                    .set(LinkCreate.ATTACH_TYPE, BpfAttachType.PERF_EVENT.number());
            if (cookie != 0) {
                attr.set(LinkCreate.PERF_EVENT_BPF_COOKIE, cookie);
            }
            return kernel.bpf(BpfCommand.LINK_CREATE, attr);
        }
    }
}
