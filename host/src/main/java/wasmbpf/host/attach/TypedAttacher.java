package wasmbpf.host.attach;

import java.util.function.Consumer;

import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.RawTracepointOpen;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;

/**
 * Attaches by kind, whatever the section says, with the options libbpf has: one method for each
 * {@code bpf_program__attach_KIND_opts}. A cookie is what bpf_get_attach_cookie gives the program, 0 for none; a pid of
 * -1 means every process. Links are closed with the object, if they were not before.
 */
public final class TypedAttacher {
    private final LoadedObject object;
    private final PerfEvents perf;
    private final Links links;
    private final Kprobes kprobes;
    private final Uprobes uprobes;
    private final Usdt usdt;
    private final Network network;

    TypedAttacher(LoadedObject object, PerfEvents perf, Links links, Kprobes kprobes, Uprobes uprobes, Usdt usdt,
                  Network network) {
        this.object = object;
        this.perf = perf;
        this.links = links;
        this.kprobes = kprobes;
        this.uprobes = uprobes;
        this.usdt = usdt;
        this.network = network;
    }

    /**
     * Where among the programs of one hook a new one goes.
     *
     * @param flags    BPF_F_BEFORE 8, BPF_F_AFTER 16, BPF_F_REPLACE 4, BPF_F_LINK 1 &lt;&lt; 13, BPF_F_ID 32
     * @param fd       of the program or link it goes before or behind, 0 for none
     * @param id       the same by id
     * @param revision the hook must still have, 0 for any
     */
    public record Place(int flags, int fd, int id, long revision) {
        public static final Place ANY = new Place(0, 0, 0, 0);
    }

    /** @param function a kernel function; empty: {@code offset} is an address */
    public Link kprobe(LoadedProgram program, String function, long offset, boolean returning, long cookie) {
        return object.keep(kprobes.attach(program, new ProbeTarget(function, offset).toString(), returning, cookie));
    }

    /** @param pattern a name, or one with {@code *} and {@code ?} */
    public Link kprobeMulti(LoadedProgram program, String pattern, boolean returning) {
        return object.keep(kprobes.attachMulti(program, pattern, returning, isSession(program)));
    }

    /**
     * @param symbols   names, or null where there are addresses
     * @param addresses of functions, or null where there are names
     * @param cookies   one for each, or null
     */
    public Link kprobeMulti(LoadedProgram program, String[] symbols, long[] addresses, long[] cookies,
                            boolean returning) {
        int count = symbols != null ? symbols.length : addresses.length;
        return object.keep(kprobes.attachMulti(program, "kprobe.multi of " + count + " functions", symbols, addresses,
                cookies, returning, isSession(program)));
    }

    private static boolean isSession(LoadedProgram program) {
        int type = program.expectedAttachType();
        return type == BpfAttachType.TRACE_KPROBE_SESSION.number()
                || type == BpfAttachType.TRACE_UPROBE_SESSION.number();
    }

    /** @param name as in {@code openat} */
    public Link systemCall(LoadedProgram program, String name, boolean returning, long cookie) {
        return object.keep(kprobes.attachSystemCall(program, name, returning, cookie));
    }

    /**
     * @param file            a path, or the name of a program or library to look for
     * @param function        empty: {@code offset} counts from the file's start
     * @param semaphoreOffset in the file, of a counter raised while the probe is there; 0 for none
     */
    public Link uprobe(LoadedProgram program, String file, String function, long offset, long semaphoreOffset,
                       boolean returning, int pid, long cookie) {
        ProbeTarget target = new ProbeTarget(function, offset);
        String description = (returning ? "uretprobe " : "uprobe ") + file + ":" + target;
        return object.keep(uprobes.attach(program, description, file, target, semaphoreOffset, returning, pid, cookie));
    }

    /**
     * One link on several places of a file.
     *
     * @param pattern    functions, or null where there are offsets
     * @param offsets    in the file, or null where there is a pattern
     * @param semaphores one for each offset, or null
     * @param cookies    one for each offset, or null
     */
    public Link uprobeMulti(LoadedProgram program, String file, String pattern, long[] offsets, long[] semaphores,
                            long[] cookies, boolean returning, int pid) {
        String description = "uprobe.multi " + file + ":" + (pattern != null ? pattern : offsets.length + " places");
        String operation = Links.operation(program, description);
        String path = Binary.resolve(operation, file);
        long[] places = pattern != null ? uprobes.offsets(operation, path, pattern) : offsets;
        return object.keep(uprobes.attachMulti(program, description, path, places, semaphores, cookies, returning,
                isSession(program), pid));
    }

    /** @param cookie what bpf_usdt_cookie gives */
    public Link usdt(LoadedProgram program, String file, String provider, String name, int pid, long cookie) {
        return object.keep(usdt.attach(program, file + ":" + provider + ":" + name, pid, cookie));
    }

    public Link tracepoint(LoadedProgram program, String category, String name, long cookie) {
        return object.keep(perf.tracepoint(program, category + "/" + name, cookie, object.runningKernel().files()));
    }

    public Link rawTracepoint(LoadedProgram program, String name, long cookie) {
        return object.keep(openRawTracepoint(links, object, program, name, "raw tracepoint " + name, cookie));
    }

    /** A raw tracepoint by name or, with null, what the program was loaded for. */
    static Link openRawTracepoint(Links links, LoadedObject object, LoadedProgram program, String name,
                                  String description, long cookie) {
        int result;
        try (StructValue attr = RawTracepointOpen.STRUCT.allocate()) {
            if (name != null) {
                attr.point(RawTracepointOpen.NAME, name);
            }
            attr.set(RawTracepointOpen.PROG_FD, program.fd());
            if (cookie != 0) {
                attr.set(RawTracepointOpen.COOKIE, cookie);
            }
            result = object.kernel().bpf(BpfCommand.RAW_TRACEPOINT_OPEN, attr);
        }
        return links.of(program, description, result,
                result == -Errno.ENOENT ? "this kernel has no such raw tracepoint" : "");
    }

    /** Programs whose target was fixed when they were loaded: tp_btf, fentry, fexit, fmod_ret, LSM. */
    public Link trace(LoadedProgram program, long cookie) {
        String description = "tracing of " + program.spec().attachTarget();
        int result = links.create(program, 0, program.expectedAttachType(),
                cookie == 0 ? Links.plain() : attr -> attr.set(LinkCreate.TRACING_COOKIE, cookie));
        if (result == -Errno.EINVAL && cookie == 0) {
            // Kernels before 5.19 make these links by the older command only.
            return object.keep(openRawTracepoint(links, object, program, null, description, 0));
        }
        return object.keep(links.of(program, description, result, ""));
    }

    /** @param info {@code union bpf_iter_link_info} with the host's descriptors in it; empty for all of the kind */
    public Link iterator(LoadedProgram program, byte[] info) {
        String description = "iterator " + program.spec().attachTarget();
        return object.keep(links.of(program, description, links.create(program, 0, BpfAttachType.TRACE_ITER.number(),
                attr -> {
                    if (info.length != 0) {
                        attr.point(LinkCreate.ITER_INFO, info).set(LinkCreate.ITER_INFO_LEN, info.length);
                    }
                }), ""));
    }

    /** Ingress or egress as the program's section or expected attach type says; Linux 6.6. */
    public Link tcx(LoadedProgram program, int ifindex, Place place) {
        return onInterface(program, "tcx interface " + ifindex, ifindex, program.spec().expectedAttachType(), place,
                attr -> place(attr, place, LinkCreate.TCX_RELATIVE_FD, LinkCreate.TCX_RELATIVE_ID,
                        LinkCreate.TCX_EXPECTED_REVISION));
    }

    public Link netkit(LoadedProgram program, int ifindex, Place place) {
        return onInterface(program, "netkit interface " + ifindex, ifindex, program.spec().expectedAttachType(), place,
                attr -> place(attr, place, LinkCreate.NETKIT_RELATIVE_FD, LinkCreate.NETKIT_RELATIVE_ID,
                        LinkCreate.NETKIT_EXPECTED_REVISION));
    }

    private Link onInterface(LoadedProgram program, String description, int ifindex, int attachType, Place place,
                             Consumer<StructValue> more) {
        return object.keep(links.of(program, description,
                links.createOnInterface(program, ifindex, attachType, place.flags(), more), ""));
    }

    /** @param cgroupFd stays the caller's */
    public Link cgroup(LoadedProgram program, int cgroupFd, Place place) {
        int result = links.create(program, cgroupFd, program.spec().expectedAttachType(), attr -> {
            if (place.flags() != 0) {
                attr.set(LinkCreate.FLAGS, place.flags());
            }
            place(attr, place, LinkCreate.CGROUP_RELATIVE_FD, LinkCreate.CGROUP_RELATIVE_ID,
                    LinkCreate.CGROUP_EXPECTED_REVISION);
        });
        return object.keep(links.of(program, "cgroup of descriptor " + cgroupFd, result, ""));
    }

    private static void place(StructValue attr, Place place, wasmbpf.sys.StructField fd, wasmbpf.sys.StructField id,
                              wasmbpf.sys.StructField revision) {
        if (place.fd() != 0) {
            attr.set(fd, place.fd());
        } else if (place.id() != 0) {
            attr.set(id, place.id());
        }
        if (place.revision() != 0) {
            attr.set(revision, place.revision());
        }
    }

    /** @param mapFd of a SOCKMAP or SOCKHASH; stays the caller's */
    public Link socketMap(LoadedProgram program, int mapFd) {
        return object.keep(links.onDescriptor(program, "sockmap of descriptor " + mapFd, mapFd,
                program.spec().expectedAttachType(), 0, ""));
    }
}
