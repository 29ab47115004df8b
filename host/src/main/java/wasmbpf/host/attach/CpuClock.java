package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructValue;

/** Attaches PERF_EVENT programs to the CPU clock: what a sampling profiler wants. */
final class CpuClock {
    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;

    CpuClock(Kernel kernel, RunningKernel running, PerfEvents perf) {
        this.kernel = kernel;
        this.running = running;
        this.perf = perf;
    }

    /**
     * {@code PID[:FREQUENCY]}: the CPU clock of a process, or with -1 that of every online CPU, FREQUENCY times a
     * second (99 if not said).
     */
    Link attach(LoadedProgram program, String target) {
        String description = "CPU clock of " + target;
        String operation = Links.operation(program, description);
        int pid;
        long frequency = 99;
        try {
            int colon = target.indexOf(':');
            pid = Integer.parseInt(colon < 0 ? target : target.substring(0, colon));
            frequency = colon < 0 ? frequency : Long.parseLong(target.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new AttachException(operation, Errno.EINVAL, "it is PID, or -1 for all, or PID:FREQUENCY", e);
        }
        if (pid < -1 || frequency < 1) {
            throw new AttachException(operation, Errno.EINVAL, "it is PID, or -1 for all, or PID:FREQUENCY");
        }
        List<Link> made = new ArrayList<>();
        try {
            for (int cpu : pid >= 0 ? List.of(-1) : running.cpus().online()) {
                int fd;
                try (StructValue attr = PerfEventAttr.allocate()) {
                    attr.set(PerfEventAttr.TYPE, Linux.PERF_TYPE_SOFTWARE)
                            .set(PerfEventAttr.CONFIG, Linux.PERF_COUNT_SW_CPU_CLOCK)
                            .set(PerfEventAttr.SAMPLE_FREQ, frequency).set(PerfEventAttr.FLAGS, PerfEventAttr.FREQ);
                    fd = perf.open(attr, pid, cpu);
                }
                if (fd < 0) {
                    throw new AttachException(operation, -fd,
                            fd == -Errno.ESRCH ? "there is no such process" : PerfEvents.permission(-fd));
                }
                made.add(perf.attach(program, operation, description,
                        Fd.of(kernel, fd, "perf event of " + description), 0, null));
            }
            return made.size() == 1 ? made.getFirst() : new CompositeLink(description, made, () -> { });
        } catch (RuntimeException e) {
            made.forEach(Link::close);
            throw e;
        }
    }
}
