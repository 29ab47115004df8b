package wasmbpf.host.guest;

import static wasmbpf.host.guest.Guest.fires;
import static wasmbpf.host.guest.Guest.firesSeeing;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.host.guest.Guest.Trigger;
import wasmbpf.sys.Linux;

/** Programs on kernel functions and tracepoints. */
final class TracingChecks {
    private static final String OBJECT = "guest/tracing";
    private static final Trigger GETPGID = () -> LibC.getpgid(Guest.PID);

    private TracingChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("kprobe", () -> fires(OBJECT, "kprobe", 1, null, GETPGID));
        checks.add("kprobe/offset", () -> fires(OBJECT, "kprobe_offset", 1, null, GETPGID));
        checks.add("kprobe/module", () -> fires(OBJECT, "kprobe_module", 1, null, TracingChecks::openTun));
        checks.add("kretprobe", () -> firesSeeing(LibC.getpgid(0), OBJECT, "kretprobe", 1, null, GETPGID));
        checks.add("ksyscall", () -> firesSeeing(Guest.PID, OBJECT, "ksyscall", 1, null, GETPGID));
        checks.add("kretsyscall", () -> firesSeeing(LibC.getpgid(0), OBJECT, "kretsyscall", 1, null, GETPGID));
        checks.add("kprobe.multi", () -> fires(OBJECT, "kprobe_multi", 1, null, GETPGID));
        checks.add("kprobe.multi/pattern", () -> fires(OBJECT, "kprobe_multi_pattern", 1, null, GETPGID));
        checks.add("kprobe.multi/module", () -> fires(OBJECT, "kprobe_multi_module", 1, null, TracingChecks::openTun));
        checks.add("kretprobe.multi", () -> firesSeeing(LibC.getpgid(0), OBJECT, "kretprobe_multi", 1, null, GETPGID));
        checks.add("kprobe.session", () -> fires(OBJECT, "kprobe_session", 2, null, GETPGID));
        checks.add("kprobe.session/entry", () -> fires(OBJECT, "kprobe_session_entry", 1, null, GETPGID));
        checks.add("tracepoint", () -> fires(OBJECT, "tracepoint", 1, null, GETPGID));
        checks.add("tracepoint.s", () -> fires(OBJECT, "tracepoint_sleepable", 1, null, GETPGID));
        checks.add("raw_tp", () -> fires(OBJECT, "raw_tp", 1, null, GETPGID));
        checks.add("raw_tp.w", TracingChecks::writableRawTracepoint);
        checks.add("tp_btf", () -> fires(OBJECT, "tp_btf", 1, null, GETPGID));
        checks.add("fentry", () -> firesWhenRun("fentry", 1));
        checks.add("fentry/called", () -> fires(OBJECT, "fentry_called", 1, null, GETPGID));
        checks.add("fentry.s", () -> firesWhenRun("fentry_sleepable", 1));
        checks.add("fentry/module", () -> fires(OBJECT, "fentry_module", 1, null, TracingChecks::openTun));
        checks.add("fexit", () -> firesWhenRun("fexit", 2));
        checks.add("fexit/module", () -> firesSeeing(0, OBJECT, "fexit_module", 1, null, TracingChecks::openTun));
        checks.add("fsession", () -> fsession());
        checks.add("fmod_ret", () -> firesWhenRun("fmod_ret", 1));
        checks.add("fmod_ret/denies", TracingChecks::denies);
        checks.add("perf_event", TracingChecks::clockTicks);
    }

    /** Calls tun_chr_open of the module tun once. */
    private static void openTun() {
        int fd = Guest.KERNEL.open("/dev/net/tun", Linux.O_RDONLY, 0);
        Wrong.unless(fd >= 0, "/dev/net/tun cannot be opened: " + fd);
        Guest.KERNEL.close(fd);
    }

    /** A program on a function that BPF_PROG_TEST_RUN of the program itself calls. */
    private static String firesWhenRun(String program, long seen) throws Throwable {
        try (BpfObject object = Guest.load(OBJECT, program)) {
            Link link = object.program(program).attach();
            Guest.counts(object, link, 1, () -> Guest.run(object.program(program).loaded(), null));
            Wrong.unlessEqual(seen, Guest.global(object, "seen"), "what the program saw");
            return link.description();
        }
    }

    /** Entry and return of a function that another program's run calls. */
    private static String fsession() throws Throwable {
        try (BpfObject object = Guest.load(OBJECT, "fsession"); BpfObject runs = Guest.load(OBJECT, "fentry")) {
            Link link = object.program("fsession").attach();
            Guest.counts(object, link, 2, () -> Guest.run(runs.program("fentry").loaded(), null));
            return link.description();
        }
    }

    private static String writableRawTracepoint() throws Throwable {
        try (BpfObject packet = Guest.load("load/network", "on_socket")) {
            return fires(OBJECT, "raw_tp_writable", 1, null,
                    () -> Guest.runOnPacket(packet.program("on_socket").loaded(), new byte[64]));
        }
    }

    private static String denies() throws Throwable {
        Wrong.unless(LibC.getpgid(Guest.PID) > 0, "getpgid fails by itself");
        String detail = fires(OBJECT, "fmod_ret_denies", 1, null, GETPGID);
        try (BpfObject object = Guest.load(OBJECT, "fmod_ret_denies")) {
            Link link = object.program("fmod_ret_denies").attach();
            Wrong.unlessEqual(-1L, LibC.getpgid(Guest.PID), "getpgid while it is denied");
            link.close();
            Wrong.unless(LibC.getpgid(Guest.PID) > 0, "getpgid fails after the program was detached");
        }
        return detail;
    }

    private static String clockTicks() {
        try (BpfObject object = Guest.load(OBJECT, "perf_event")) {
            Link link = object.program("perf_event").attach("-1:1000");
            long until = System.nanoTime() + 5_000_000_000L;
            while (Guest.hits(object) < 10 && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            long ticks = Guest.hits(object);
            Wrong.unless(ticks >= 10, ticks + " ticks of 1000 a second in 5 s");
            link.close();
            return null;
        }
    }
}
