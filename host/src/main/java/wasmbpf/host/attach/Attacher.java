package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.load.Closing;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.SectionDef;
import wasmbpf.host.object.SectionDef.AutoAttach;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.IterCreate;
import wasmbpf.sys.BpfAttrs.IterLinkInfo;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;

/**
 * Attaches the programs of one loaded object. Every link is closed with the object, if it was not before. An attempt
 * that fails leaves nothing behind.
 */
public final class Attacher {
    private final LoadedObject object;
    private final Kernel kernel;
    private final RunningKernel running;
    private final PerfEvents perf;
    private final Links links;
    private final Kprobes kprobes;
    private final Uprobes uprobes;
    private final Usdt usdt;
    private final Network network;
    private final FileTargets files;
    private TypedAttacher typed;

    public Attacher(LoadedObject object) {
        this.object = object;
        this.kernel = object.kernel();
        this.running = object.runningKernel();
        this.perf = new PerfEvents(kernel, running);
        this.links = new Links(kernel);
        TracefsProbes probes = new TracefsProbes(kernel, running, perf);
        this.kprobes = new Kprobes(kernel, running, perf, links, probes);
        this.uprobes = new Uprobes(kernel, running, perf, links, probes);
        this.usdt = new Usdt(object, running, uprobes);
        this.network = new Network(kernel, links);
        this.files = new FileTargets(object, kernel, links);
    }

    /** One method for each way there is, with all it can be told. */
    public TypedAttacher typed() {
        if (typed == null) {
            typed = new TypedAttacher(object, perf, links, kprobes, uprobes, usdt, network);
        }
        return typed;
    }

    /**
     * Attaches every program whose section says where: libbpf {@code bpf_object__attach_skeleton}. If one fails, those
     * attached before it are detached.
     */
    public List<Link> attachAll() {
        List<Link> made = new ArrayList<>();
        try {
            for (LoadedProgram program : object.programs()) {
                if (program.spec().autoattach() && attachesByItself(program)) {
                    made.add(attach(program));
                }
            }
            for (LoadedMap map : object.maps()) {
                if (map.structOpsValue() != null && map.spec().autoattach()) {
                    made.add(attachStructOps(map));
                }
            }
            return made;
        } catch (RuntimeException e) {
            Closing closing = new Closing();
            for (Link link : made.reversed()) {
                object.forget(link);
                closing.close(link);
            }
            try {
                closing.rethrow();
            } catch (RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** Whether {@link #attachAll} attaches it: its section says where. */
    public static boolean attachesByItself(LoadedProgram program) {
        SectionDef section = program.spec().sectionDef();
        if (section == null) {
            return false;
        }
        // A bare SEC("tp") or SEC("uprobe") names no target, and libbpf passes over it.
        return switch (section.autoAttach()) {
            case NONE -> false;
            case TRACE, LSM, ITER -> true;
            case KPROBE, KPROBE_MULTI, KPROBE_SESSION, KSYSCALL, UPROBE, UPROBE_MULTI, USDT, TRACEPOINT, RAW_TRACEPOINT,
                    TRACING_MULTI -> !section.target(program.spec().sectionName()).isEmpty();
        };
    }

    /**
     * Attaches where its section says: libbpf {@code bpf_program__attach}.
     *
     * @throws AttachException EOPNOTSUPP if the section does not say where
     */
    public Link attach(LoadedProgram program) {
        SectionDef section = program.spec().sectionDef();
        if (section == null || section.autoAttach() == AutoAttach.NONE) {
            throw new AttachException(Links.operation(program, ""), Errno.EOPNOTSUPP, "section \""
                    + program.spec().sectionName() + "\" does not say where; give a target: " + TargetText.wanted(program));
        }
        // Loaded for a function or hook by BTF, it goes there: bpf_program__set_attach_target may have chosen another.
        boolean loadedForIt = section.autoAttach() == AutoAttach.TRACE || section.autoAttach() == AutoAttach.LSM;
        String target = loadedForIt ? "" : section.target(program.spec().sectionName());
        if (section.autoAttach() == AutoAttach.USDT && section.sleepable() && !target.isEmpty()) {
            // libbpf's attach_usdt reads "usdt/" alone, so its users know to attach these by hand.
            throw new AttachException(Links.operation(program, ""), Errno.EINVAL, "section \""
                    + program.spec().sectionName() + "\" is not attached by itself, as in libbpf; give " + target
                    + " as the target, or use SEC(\"usdt/" + target + "\")");
        }
        if (target.isEmpty() && !attachesByItself(program)) {
            throw new AttachException(Links.operation(program, ""), Errno.EOPNOTSUPP, "section \""
                    + program.spec().sectionName() + "\" does not say where; give a target: " + TargetText.wanted(program));
        }
        return kept(attach(program, section, target, -1));
    }

    /**
     * Attaches to a target, read by the program's type. Null or empty: {@link #attach(LoadedProgram)}.
     *
     * @throws AttachException EINVAL if the target makes no sense for it
     */
    public Link attach(LoadedProgram program, String target) {
        if (target == null || target.isEmpty()) {
            return attach(program);
        }
        SectionDef section = program.spec().sectionDef();
        if (section != null && section.autoAttach() != AutoAttach.NONE) {
            return kept(attach(program, section, target, -1));
        }
        return kept(attachByType(program, target));
    }

    /** A program whose section has a way to attach by itself, to what its section says or to something like it. */
    private Link attach(LoadedProgram program, SectionDef section, String target, int pid) {
        boolean returning = section.prefix().contains("ret");
        return switch (section.autoAttach()) {
            case TRACEPOINT -> tracepoint(program, target);
            case RAW_TRACEPOINT -> openRawTracepoint(program, target, "raw tracepoint " + target);
            case TRACE, LSM -> trace(program, target);
            case ITER -> iterator(program, target);
            case KPROBE -> kprobes.attach(program, target, returning);
            case KPROBE_MULTI -> kprobes.attachMulti(program, target, returning, false);
            case KPROBE_SESSION -> kprobes.attachMulti(program, target, false, true);
            case KSYSCALL -> kprobes.attachSystemCall(program, target, returning);
            case UPROBE -> uprobes.attach(program, target, returning, pid);
            case UPROBE_MULTI -> {
                boolean session = program.spec().expectedAttachType() == BpfAttachType.TRACE_UPROBE_SESSION.number();
                yield uprobes.attachMulti(program, target, returning, session);
            }
            case USDT -> usdt.attach(program, target, pid);
            case TRACING_MULTI -> throw new AttachException(Links.operation(program, target), Errno.EOPNOTSUPP,
                    "no released kernel attaches to many functions by BTF; use "
                            + section.prefix().replace(".multi", ""));
            case NONE -> throw new AssertionError(program);
        };
    }

    /** A program that only a target can tell where to go. */
    private Link attachByType(LoadedProgram program, String target) {
        BpfProgType type = BpfProgType.of(program.type());
        return switch (type) {
            case XDP -> network.xdp(program, target);
            case SCHED_CLS -> TargetText.isNetkit(program) ? network.netkit(program, target) : network.classifier(program, target);
            case NETFILTER -> network.netfilter(program, target);
            case CGROUP_SKB, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, CGROUP_DEVICE, SOCK_OPS,
                    LSM -> files.cgroup(program, target);
            case SK_LOOKUP, FLOW_DISSECTOR -> files.networkNamespace(program, target);
            case SK_MSG, SK_SKB -> files.socketMap(program, target);
            case PERF_EVENT -> new CpuClock(kernel, running, perf).attach(program, target);
            case LIRC_MODE2 -> files.device(program, target);
            case null, default -> throw new AttachException(Links.operation(program, target), Errno.EINVAL,
                    "a target means nothing for it: " + TargetText.wanted(program));
        };
    }

    private <T extends Link> T kept(T link) {
        return object.keep(link, link::isOpen);
    }

    // ---- targets that text cannot name ----

    /**
     * Attaches a program of any cgroup type to the cgroup of an open directory.
     *
     * @param cgroupFd stays the caller's; may be closed at once after
     */
    public Link attachCgroup(LoadedProgram program, int cgroupFd) {
        return kept(files.cgroup(program, "cgroup of descriptor " + cgroupFd, cgroupFd));
    }

    /** Attaches SK_LOOKUP and FLOW_DISSECTOR to an open network namespace, which stays the caller's. */
    public Link attachNetworkNamespace(LoadedProgram program, int namespaceFd) {
        return kept(files.networkNamespace(program, "network namespace of descriptor " + namespaceFd, namespaceFd));
    }

    /** Attaches XDP to an interface. @param flags XDP_FLAGS_SKB_MODE 2, DRV_MODE 4, HW_MODE 8, or 0 */
    public Link attachXdp(LoadedProgram program, int ifindex, int flags) {
        return kept(network.xdp(program, "xdp interface " + ifindex, ifindex, flags));
    }

    /** Attaches a classifier through the clsact discipline, even where links exist: libbpf {@code bpf_tc_attach}. */
    public Link attachTc(LoadedProgram program, int ifindex, boolean egress) {
        String description = "tc interface " + ifindex + (egress ? " egress" : " ingress");
        return kept(network.filter(program, description, Links.operation(program, description), ifindex,
                egress));
    }

    /** Attaches to a netfilter hook. @param family NFPROTO_IPV4 2 or NFPROTO_IPV6 10 @param flags BPF_F_NETFILTER_* */
    public Link attachNetfilter(LoadedProgram program, int family, int hook, int priority, int flags) {
        return kept(network.netfilter(program, "netfilter family " + family + " hook " + hook, family, hook,
                priority, flags));
    }

    /** Attaches to a perf event of the caller's, which is duplicated: libbpf {@code bpf_program__attach_perf_event}. */
    public Link attachPerfEvent(LoadedProgram program, int eventFd, long cookie) {
        String description = "perf event of descriptor " + eventFd;
        return kept(perf.attach(program, Links.operation(program, description), description,
                links.duplicate(program, eventFd, description), cookie, null));
    }

    /** Attaches at the start (or return) of a function, in one process or all ({@code pid} -1). */
    public Link attachUprobe(LoadedProgram program, String pathAndFunction, boolean returning, int pid) {
        return kept(uprobes.attach(program, pathAndFunction, returning, pid));
    }

    /** Attaches to the sites of a USDT probe, {@code path:provider:name}, in one process or all ({@code pid} -1). */
    public Link attachUsdt(LoadedProgram program, String probe, int pid) {
        return kept(usdt.attach(program, probe, pid));
    }

    /** Sets a socket filter, or the choice among sockets of a port (SK_REUSEPORT), on a socket, which is duplicated. */
    public Link attachSocket(LoadedProgram program, int socketFd) {
        String description = "socket of descriptor " + socketFd;
        boolean reuseport = program.is(BpfProgType.SK_REUSEPORT);
        Fd socket = links.duplicate(program, socketFd, description);
        int result = kernel.setsockopt(socket.number(), Linux.SOL_SOCKET,
                reuseport ? Linux.SO_ATTACH_REUSEPORT_EBPF : Linux.SO_ATTACH_BPF, program.fd());
        if (result < 0) {
            socket.close();
            throw new AttachException(Links.operation(program, description), -result, "");
        }
        return kept(new SocketLink(kernel, description, socket, reuseport));
    }

    /** Replaces a function of another program (freplace) after load: libbpf {@code bpf_program__attach_freplace}. */
    public Link attachFreplace(LoadedProgram program, int targetProgramFd, int targetBtfId) {
        String description = "function " + targetBtfId + " of program of descriptor " + targetProgramFd;
        return kept(links.of(program, description, links.create(program, targetProgramFd,
                program.spec().expectedAttachType(), attr -> attr.set(LinkCreate.TARGET_BTF_ID, targetBtfId)), ""));
    }

    /** A link that was pinned, by this process or another: libbpf {@code bpf_link__open}. Closing it leaves the pin. */
    public KernelLink openPinned(String path) {
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path);
            int fd = kernel.bpf(BpfCommand.OBJ_GET, attr);
            if (fd < 0) {
                throw new AttachException("open link pinned at " + path, -fd, "");
            }
            return kept(new KernelLink(kernel, "pin " + path, Fd.of(kernel, fd, "link pinned at " + path)));
        }
    }

    /** A descriptor to read an iterator's output from, once to its end. The caller closes it. */
    public Fd openIterator(KernelLink iterator) {
        try (StructValue attr = IterCreate.STRUCT.allocate()) {
            attr.set(IterCreate.LINK_FD, iterator.fd());
            int fd = kernel.bpf(BpfCommand.ITER_CREATE, attr);
            if (fd < 0) {
                throw new AttachException("open " + iterator.description(), -fd, "");
            }
            return Fd.of(kernel, fd, "output of " + iterator.description());
        }
    }

    /** Registers a struct_ops map with the kernel: libbpf {@code bpf_map__attach_struct_ops}. */
    public Link attachStructOps(LoadedMap map) {
        return kept(new StructOps(kernel).attach(map));
    }

    /**
     * Puts another map of the same struct_ops in the place of the one that a link has, at once: libbpf
     * {@code bpf_link__update_map}.
     *
     * @throws AttachException EINVAL if the map is not of SEC(".struct_ops.link")
     */
    public void updateStructOps(KernelLink link, LoadedMap map) {
        new StructOps(kernel).update(link, map);
    }

    // ---- each way ----

    /** {@code category/name}: libbpf {@code bpf_program__attach_tracepoint}. */
    private Link tracepoint(LoadedProgram program, String target) {
        return perf.tracepoint(program, target, 0, running.files());
    }

    private Link openRawTracepoint(LoadedProgram program, String name, String description) {
        return TypedAttacher.openRawTracepoint(links, object, program, name, description, 0);
    }

    /** What the program was loaded for: libbpf {@code bpf_program__attach_trace}, {@code _attach_lsm}. */
    private Link trace(LoadedProgram program, String target) {
        String loadedFor = program.spec().attachTarget();
        String description = program.spec().sectionDef().prefix() + " " + loadedFor;
        if (!target.isEmpty() && !target.equals(loadedFor)) {
            throw new AttachException(Links.operation(program, target), Errno.EINVAL, "it was loaded for \"" + loadedFor
                    + "\": such a program's target is fixed when it is loaded");
        }
        int result = links.create(program, 0, program.expectedAttachType(), Links.plain());
        if (result == -Errno.EINVAL) {
            // Kernels before 5.19 make these links by the older command only.
            return openRawTracepoint(program, null, description);
        }
        return links.of(program, description, result, "");
    }

    /**
     * An iterator: over all of its kind, over a map of the object if the target names one; with a path the link is
     * pinned there, to be read by {@code cat}.
     */
    private Link iterator(LoadedProgram program, String target) {
        String kind = program.spec().attachTarget();
        String description = "iterator " + kind;
        LoadedMap map = target.equals(kind) || target.isEmpty() ? null : object.map(target);
        KernelLink link;
        if (map == null) {
            boolean path = target.startsWith("/");
            if (!path && !target.isEmpty() && !target.equals(kind)) {
                throw new AttachException(Links.operation(program, target), Errno.EINVAL,
                        "an iterator's target is a map of the object, or a path in bpffs to pin it at");
            }
            link = links.of(program, description,
                    links.create(program, 0, BpfAttachType.TRACE_ITER.number(), Links.plain()),
                    "");
            if (path) {
                try {
                    link.pin(target);
                } catch (RuntimeException e) {
                    link.close();
                    throw e;
                }
            }
            return link;
        }
        try (StructValue info = IterLinkInfo.STRUCT.allocate()) {
            info.set(IterLinkInfo.MAP_MAP_FD, map.fd());
            return links.of(program, description + " of map " + target, links.create(program, 0,
                    BpfAttachType.TRACE_ITER.number(), attr -> attr.point(LinkCreate.ITER_INFO, info)), "");
        }
    }
}
