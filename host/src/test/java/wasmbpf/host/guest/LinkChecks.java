package wasmbpf.host.guest;

import java.util.function.Function;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.Link;
import wasmbpf.host.attach.TypedAttacher;
import wasmbpf.host.guest.Guest.Trigger;
import wasmbpf.host.load.KernelFiles;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.ObjectLoader;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.SystemCall;

/** What can be done with links: update, pin, cookies; and the ways of kernels that have no links. */
final class LinkChecks {
    private static final String COOKIES = "guest/cookies";
    private static final long COOKIE = 0x1234_5678_9abc_def0L;
    private static final Trigger GETPGID = () -> LibC.getpgid(Guest.PID);
    private static final Trigger A64L = () -> LibC.ofText("a64l", "zz");

    private LinkChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("link.update/xdp", () -> updates("guest/network", "xdp", "b"));
        checks.add("link.update/tcx", () -> updates("guest/network", "tcx_ingress", "b"));
        checks.add("link.update/clsact", () -> {
            Devices.ownNamespace();
            Devices.pair("veth", "a", "b");
            int b = Devices.index("b");
            return updates("guest/network", "tc",
                    object -> object.attacher().attachTc(object.program("tc").loaded(), b, false),
                    () -> Devices.sendFrame("a"));
        });
        checks.add("link.update/cgroup", LinkChecks::updatesOnACgroup);
        checks.add("link.pin", LinkChecks::pins);
        addCookies(checks);
        checks.add("legacy/kprobe-tracefs", () -> asOn(withoutDynamicEvents(), Guest.KERNEL, "kprobe", GETPGID));
        checks.add("legacy/kretprobe-tracefs", () -> asOn(withoutDynamicEvents(), Guest.KERNEL, "kretprobe", GETPGID));
        checks.add("legacy/uprobe-tracefs", () -> asOn(withoutDynamicEvents(), Guest.KERNEL, "uprobe", A64L));
        checks.add("legacy/uretprobe-tracefs", () -> asOn(withoutDynamicEvents(), Guest.KERNEL, "uretprobe", A64L));
        for (String program : new String[] {"kprobe", "tracepoint", "fentry_called", "tp_btf"}) {
            checks.add("legacy/" + program + "-without-links",
                    () -> asOn(KernelFiles.RUNNING, withoutLinks(), program, GETPGID));
        }
        checks.add("legacy/xdp-netlink", () -> {
            Devices.ownNamespace();
            Devices.pair("veth", "a", "b");
            return withoutLinks("guest/network", "xdp", "b", () -> Devices.sendFrame("a"));
        });
        checks.add("legacy/cgroup-prog-attach", () -> {
            try (OwnCgroup cgroup = OwnCgroup.make(); Sockets sockets = new Sockets()) {
                return withoutLinks("guest/cgroup", "sock_create", cgroup.path(), () -> {
                    sockets.open(2, 2);
                    sockets.closeLast();
                });
            }
        });
    }

    /** Attaches a program with {@link #COOKIE}. */
    @FunctionalInterface
    private interface WithCookie {
        Link attach(TypedAttacher attacher, LoadedProgram program);
    }

    private static void addCookies(Checks checks) {
        String function = "security_task_getpgid";
        long[] cookie = {COOKIE};
        cookie(checks, "kprobe", GETPGID, (to, it) -> to.kprobe(it, function, 0, false, COOKIE));
        cookie(checks, "kretprobe", GETPGID, (to, it) -> to.kprobe(it, function, 0, true, COOKIE));
        cookie(checks, "kprobe_multi", GETPGID,
                (to, it) -> to.kprobeMulti(it, new String[] {function}, null, cookie, false));
        cookie(checks, "tracepoint", GETPGID, (to, it) -> to.tracepoint(it, "syscalls", "sys_enter_getpgid", COOKIE));
        cookie(checks, "raw_tp", GETPGID, (to, it) -> to.rawTracepoint(it, "sys_enter", COOKIE));
        cookie(checks, "lsm", GETPGID, (to, it) -> to.trace(it, COOKIE));
        cookie(checks, "uprobe", A64L, (to, it) -> to.uprobe(it, "libc.so.6", "a64l", 0, 0, false, -1, COOKIE));
        cookie(checks, "uprobe_multi", A64L,
                (to, it) -> to.uprobeMulti(it, "libc.so.6", "a64l", null, null, cookie, false, -1));
        checks.add("cookie/fentry", () -> {
            try (BpfObject object = Guest.load(COOKIES, "fentry")) {
                LoadedProgram program = object.program("fentry").loaded();
                Link link = object.attacher().typed().trace(program, COOKIE);
                Guest.counts(object, link, 1, () -> Guest.run(program, null));
                Wrong.unlessEqual(COOKIE, Guest.global(object, "seen"), "cookie");
                return null;
            }
        });
    }

    private static void cookie(Checks checks, String program, Trigger trigger, WithCookie way) {
        checks.add("cookie/" + program, () -> Guest.firesSeeing(COOKIE, COOKIES, program, 1,
                object -> way.attach(object.attacher().typed(), object.program(program).loaded()), trigger));
    }

    /** Another program of the same kind in the place of the first. */
    private static String updates(String name, String program, String target) throws Throwable {
        Devices.ownNamespace();
        Devices.pair("veth", "a", "b");
        return updates(name, program, object -> object.program(program).attach(target), () -> Devices.sendFrame("a"));
    }

    private static String updatesOnACgroup() throws Throwable {
        try (OwnCgroup cgroup = OwnCgroup.make(); Sockets sockets = new Sockets()) {
            return updates("guest/cgroup", "sock_create", object -> object.program("sock_create").attach(cgroup.path()),
                    () -> {
                        sockets.open(2, 2);
                        sockets.closeLast();
                    });
        }
    }

    private static String updates(String name, String program, Function<BpfObject, Link> attach, Trigger trigger)
            throws Throwable {
        try (BpfObject first = Guest.load(name, program); BpfObject second = Guest.load(name, program)) {
            Link link = attach.apply(first);
            trigger.run();
            link.update(second.program(program).loaded());
            trigger.run();
            trigger.run();
            Wrong.unlessEqual(1L, Guest.hits(first), "runs of the first");
            Wrong.unlessEqual(2L, Guest.hits(second), "runs of the second");
            link.close();
            trigger.run();
            Wrong.unlessEqual(2L, Guest.hits(second), "runs after it was detached");
            return link.description();
        }
    }

    private static String pins() throws Throwable {
        String path = "/sys/fs/bpf/wasmbpf_link";
        try (BpfObject object = Guest.load("guest/tracing", "raw_tp")) {
            Link link = object.program("raw_tp").attach();
            link.pin(path);
            try {
                link.close();
                GETPGID.run();
                Wrong.unlessEqual(1L, Guest.hits(object), "runs of a pinned link");
            } finally {
                Guest.KERNEL.unlink(path);
            }
            // The kernel lets go of the link a moment after its last name is gone.
            long before;
            long until = System.nanoTime() + 5_000_000_000L;
            do {
                Thread.sleep(20);
                before = Guest.hits(object);
                GETPGID.run();
            } while (Guest.hits(object) != before && System.nanoTime() < until);
            Wrong.unlessEqual(before, Guest.hits(object), "runs after it was unpinned");
            return null;
        }
    }

    // ---- older ways, which every kernel still has ----

    /** Linux before 4.17: no PMUs for probes, so they are made by writing to files of tracefs. */
    private static KernelFiles withoutDynamicEvents() {
        return path -> path.startsWith("/sys/bus/event_source/devices/kprobe/")
                || path.startsWith("/sys/bus/event_source/devices/uprobe/") ? null : KernelFiles.RUNNING.read(path);
    }

    /** Linux before 5.7: BPF_LINK_CREATE is not known. */
    private static Kernel withoutLinks() {
        return (call, attr, a, b, c, d, e, f) -> call == SystemCall.BPF && a == BpfCommand.LINK_CREATE.number()
                ? -Errno.EINVAL : Guest.KERNEL.call(call, attr, a, b, c, d, e, f);
    }

    private static String asOn(KernelFiles files, Kernel kernel, String program, Trigger trigger) throws Throwable {
        BpfObject object = Guest.open("guest/tracing", program);
        object.variable("target").set(Guest.ints(Guest.PID));
        try (LoadedObject loaded = new ObjectLoader(kernel, new RunningKernel(kernel, files), LoadOptions.DEFAULT)
                .load(object.spec())) {
            Link link = new Attacher(loaded).attach(loaded.program(program));
            for (int i = 0; i < 3; i++) {
                trigger.run();
            }
            int offset = Guest.variable(object, "hits").offset();
            Wrong.unlessEqual(3L, loaded.map(".bss").memory().getLong(offset), "runs");
            link.close();
            trigger.run();
            Wrong.unlessEqual(3L, loaded.map(".bss").memory().getLong(offset), "runs after it was detached");
            return link.description();
        }
    }

    private static String withoutLinks(String name, String program, String target, Trigger trigger) throws Throwable {
        try (BpfObject object = Guest.open(name, program).load(withoutLinks())) {
            Link link = object.program(program).attach(target);
            Guest.counts(object, link, 1, trigger);
            return link.getClass().getSimpleName();
        }
    }
}
