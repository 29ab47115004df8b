package wasmbpf.host.attach;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import wasmbpf.host.load.ProbeType;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * Probes made through files of tracefs, as kernels before 4.17 want it: a line is added to {@code kprobe_events} or
 * {@code uprobe_events}, and an event of a tracepoint's kind appears. libbpf {@code add_kprobe_event_legacy}.
 */
final class TracefsProbes {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int MAX_NAME = 64;

    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;

    TracefsProbes(Kernel kernel, RunningKernel running, PerfEvents perf) {
        this.kernel = kernel;
        this.running = running;
        this.perf = perf;
    }

    /** An event, and what removes its probe. */
    record Probe(Fd event, AutoCloseable removal) {
    }

    Probe kprobe(String operation, ProbeTarget target, boolean returning) {
        String group = returning ? "kretprobes" : "kprobes";
        String where = target.function().isEmpty() ? "0x" + Long.toHexString(target.offset())
                : target.function() + "+0x" + Long.toHexString(target.offset());
        return probe(operation, "kprobe_events", group, target.function(), target.offset(), where, returning);
    }

    Probe uprobe(String operation, String path, long fileOffset, boolean returning) {
        String group = returning ? "uretprobes" : "uprobes";
        return probe(operation, "uprobe_events", group, path, fileOffset,
                path + ":0x" + Long.toHexString(fileOffset), returning);
    }

    private Probe probe(String operation, String file, String group, String function, long offset, String where,
                        boolean returning) {
        String directory = Tracefs.directory(kernel);
        if (directory == null) {
            throw new AttachException(operation, Errno.ENOENT,
                    "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing");
        }
        String name = name(function, offset);
        String path = directory + "/" + file;
        append(operation, path, (returning ? "r:" : "p:") + group + "/" + name + " " + where);
        AutoCloseable removal = () -> Removal.run(
                () -> append("remove probe " + name, path, "-:" + group + "/" + name));
        try {
            int id = Tracefs.eventId(kernel, running.files(), operation, group, name);
            return new Probe(perf.tracepoint(operation, id), removal);
        } catch (RuntimeException e) {
            try {
                removal.close();
            } catch (Exception suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** {@code libbpf_PID_N_FUNCTION_0xOFFSET}, every other character an underscore, short enough for the kernel. */
    private String name(String function, long offset) {
        StringBuilder name = new StringBuilder("libbpf_" + kernel.getpid() + "_" + NUMBER.getAndIncrement() + "_");
        String tail = "_0x" + Long.toHexString(offset);
        for (int i = 0; i < function.length() && name.length() < MAX_NAME - 1 - tail.length(); i++) {
            char c = function.charAt(i);
            name.append(c < 128 && Character.isLetterOrDigit(c) ? c : '_');
        }
        return name.append(tail).toString();
    }

    private void append(String operation, String path, String line) {
        int fd = kernel.open(path, Linux.O_WRONLY | Linux.O_APPEND, 0);
        if (fd < 0) {
            throw new AttachException(operation, -fd, fd == -Errno.ENOENT
                    ? "this kernel has no " + path + " (CONFIG_" + (path.endsWith("kprobe_events") ? "K" : "U")
                            + "PROBE_EVENTS)" : "cannot open " + path);
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            MemorySegment memory = arena.allocate(bytes.length);
            memory.asByteBuffer().put(bytes);
            long result = kernel.write(fd, memory);
            if (result < 0) {
                throw new AttachException(operation, (int) -result, "writing \"" + line + "\" to " + path);
            }
        } finally {
            kernel.close(fd);
        }
    }

    /** The bit of {@code config} that makes a perf probe a return probe, or 0. */
    static long returnBit(RunningKernel running, String source, boolean returning, String operation) {
        if (!returning) {
            return 0;
        }
        int bit = ProbeType.returnBit(source, running.files());
        if (bit < 0) {
            throw new AttachException(operation, Errno.EOPNOTSUPP,
                    "this kernel does not say how return probes are made");
        }
        return 1L << bit;
    }
}
