package wasmbpf.host.attach;

import wasmbpf.elf.FormatException;
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
 * Probes of functions in programs and libraries: libbpf {@code bpf_program__attach_uprobe_opts}, {@code _uprobe_multi}.
 */
final class Uprobes {
    /** perf takes the semaphore's place in the upper half of {@code config}. */
    private static final int REFERENCE_COUNTER_SHIFT = 32;

    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;
    private final Links links;
    private final TracefsProbes probes;

    Uprobes(Kernel kernel, RunningKernel running, PerfEvents perf, Links links, TracefsProbes probes) {
        this.kernel = kernel;
        this.running = running;
        this.perf = perf;
        this.links = links;
        this.probes = probes;
    }

    /** {@code path:function[+offset]} or {@code path:offset}, in every process that runs it. */
    Link attach(LoadedProgram program, String text, boolean returning, int pid) {
        String description = (returning ? "uretprobe " : "uprobe ") + text;
        String operation = Links.operation(program, description);
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new AttachException(operation, Errno.EINVAL,
                    "a uprobe is named path:function, as in uprobe//usr/bin/bash:readline");
        }
        ProbeTarget target = ProbeTarget.parse(operation, text.substring(colon + 1));
        return attach(program, description, text.substring(0, colon), target, 0, returning, pid, 0);
    }

    /** A place in a file by function or offset; the rest as below. {@code file}: a path, or a name to look for. */
    Link attach(LoadedProgram program, String description, String file, ProbeTarget target, long semaphoreOffset,
                boolean returning, int pid, long cookie) {
        String operation = Links.operation(program, description);
        String path = Binary.resolve(operation, file);
        if (returning && target.offset() != 0 && !target.function().isEmpty()) {
            throw new AttachException(operation, Errno.EINVAL, "a return probe has no offset");
        }
        long offset = target.offset();
        if (!target.function().isEmpty()) {
            try (Binary binary = Binary.open(operation, path)) {
                offset += binary.functionOffset(target.function());
            } catch (FormatException e) {
                throw new AttachException(operation, Errno.ENOEXEC, e.getMessage(), e);
            }
        }
        return attach(program, description, path, offset, semaphoreOffset, returning, pid, cookie);
    }

    /**
     * One place in a file.
     *
     * @param fileOffset      bytes from the file's start
     * @param semaphoreOffset in the file, of a counter to be raised while the probe is there; 0 for none
     * @param pid             a process, or -1 for all
     * @param cookie          0 for none
     */
    Link attach(LoadedProgram program, String description, String path, long fileOffset, long semaphoreOffset,
                boolean returning, int pid, long cookie) {
        String operation = Links.operation(program, description);
        int type = ProbeType.of("uprobe", running.files());
        if (type < 0) {
            if (semaphoreOffset != 0) {
                throw new AttachException(operation, Errno.EOPNOTSUPP,
                        "this kernel cannot raise the semaphores of probes (4.20 can)");
            }
            TracefsProbes.Probe probe = probes.uprobe(operation, Binary.file(path), fileOffset, returning);
            return perf.attach(program, operation, description, probe.event(), cookie, probe.removal());
        }
        int fd;
        try (StructValue attr = PerfEventAttr.allocate()) {
            attr.set(PerfEventAttr.TYPE, type);
            long config = TracefsProbes.returnBit(running, "uprobe", returning, operation)
                    | semaphoreOffset << REFERENCE_COUNTER_SHIFT;
            if (config != 0) {
                attr.set(PerfEventAttr.CONFIG, config);
            }
            attr.point(PerfEventAttr.UPROBE_PATH, Binary.file(path)).set(PerfEventAttr.PROBE_OFFSET, fileOffset);
            fd = perf.open(attr, pid < 0 ? -1 : pid, pid < 0 ? 0 : -1);
        }
        if (fd < 0) {
            throw new AttachException(operation, -fd, fd == -Errno.EINVAL
                    ? "0x" + Long.toHexString(fileOffset) + " is no place in the code of " + path
                    : fd == -Errno.ESRCH ? "there is no process " + pid : PerfEvents.permission(-fd));
        }
        return perf.attach(program, operation, description, Fd.of(kernel, fd, "perf event of " + description), cookie,
                null);
    }

    /** {@code path:pattern} as one link. */
    Link attachMulti(LoadedProgram program, String text, boolean returning, boolean session) {
        String description = (session ? "uprobe.session " : returning ? "uretprobe.multi " : "uprobe.multi ") + text;
        String operation = Links.operation(program, description);
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new AttachException(operation, Errno.EINVAL,
                    "it is named path:pattern, as in uprobe.multi//usr/lib/libc.so.6:malloc*");
        }
        String path = Binary.resolve(operation, text.substring(0, colon));
        return attachMulti(program, description, path, offsets(operation, path, text.substring(colon + 1)), null, null,
                returning, session, -1);
    }

    /** File offsets of a function, or of all that a pattern names. */
    long[] offsets(String operation, String path, String pattern) {
        try (Binary binary = Binary.open(operation, path)) {
            return Glob.hasWildcard(pattern) ? binary.functionOffsets(pattern)
                    : new long[] {functionOffset(binary, operation, pattern)};
        } catch (FormatException e) {
            throw new AttachException(operation, Errno.ENOEXEC, e.getMessage(), e);
        }
    }

    private static long functionOffset(Binary binary, String operation, String text) {
        ProbeTarget target = ProbeTarget.parse(operation, text);
        return (target.function().isEmpty() ? 0 : binary.functionOffset(target.function())) + target.offset();
    }

    /**
     * Several places as one link.
     *
     * @param semaphoreOffsets one for each offset, or null
     * @param cookies          one for each offset, or null
     */
    Link attachMulti(LoadedProgram program, String description, String path, long[] offsets, long[] semaphoreOffsets,
                     long[] cookies, boolean returning, boolean session, int pid) {
        int attachType = (session ? BpfAttachType.TRACE_UPROBE_SESSION : BpfAttachType.TRACE_UPROBE_MULTI).number();
        int result = links.create(program, 0, attachType, attr -> {
            attr.point(LinkCreate.UPROBE_MULTI_PATH, Binary.file(path)).point(LinkCreate.UPROBE_MULTI_OFFSETS, offsets);
            if (semaphoreOffsets != null) {
                attr.point(LinkCreate.UPROBE_MULTI_REF_CTR_OFFSETS, semaphoreOffsets);
            }
            if (cookies != null) {
                attr.point(LinkCreate.UPROBE_MULTI_COOKIES, cookies);
            }
            if (returning) {
                attr.set(LinkCreate.UPROBE_MULTI_FLAGS, BpfFlags.BPF_F_UPROBE_MULTI_RETURN);
            }
            if (pid > 0) {
                attr.set(LinkCreate.UPROBE_MULTI_PID, pid);
            }
        });
        return links.of(program, description, result, result != -Errno.EINVAL ? ""
                : "Linux has uprobe." + (session ? "session since 6.13" : "multi since 6.6"));
    }
}
