package wasmbpf.host.guest;

import static wasmbpf.host.guest.Guest.fires;
import static wasmbpf.host.guest.Guest.firesSeeing;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.host.guest.Guest.Trigger;

/** Programs on functions of libraries and on their USDT probes. */
final class UserProbeChecks {
    private static final String OBJECT = "guest/tracing";
    private static final long SIXTY_THREES = 63 * 64 + 63;
    private static final Trigger A64L = () -> LibC.ofText("a64l", "zz");
    private static final String LIBJVM = System.getProperty("java.home") + "/lib/server/libjvm.so";

    private UserProbeChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("uprobe", () -> fires(OBJECT, "uprobe", 1, null, A64L));
        checks.add("uprobe/process", () -> fires(OBJECT, "uprobe", 1, object -> object.attacher()
                .attachUprobe(object.program("uprobe").loaded(), "libc.so.6:a64l", false, Guest.PID), A64L));
        checks.add("uprobe/other-process", () -> fires(OBJECT, "uprobe", 0, object -> object.attacher()
                .attachUprobe(object.program("uprobe").loaded(), "libc.so.6:a64l", false, 1), A64L));
        checks.add("uretprobe", () -> firesSeeing(SIXTY_THREES, OBJECT, "uretprobe", 1, null, A64L));
        checks.add("uprobe.s", () -> firesSeeing('z', OBJECT, "uprobe_sleepable", 1, null, A64L));
        checks.add("uprobe.multi", () -> fires(OBJECT, "uprobe_multi", 1, null, A64L));
        checks.add("uprobe.multi/pattern", () -> fires(OBJECT, "uprobe_multi_pattern", 1, null, A64L));
        checks.add("uretprobe.multi", () -> firesSeeing(SIXTY_THREES, OBJECT, "uretprobe_multi", 1, null, A64L));
        checks.add("uprobe.session", () -> fires(OBJECT, "uprobe_session", 2, null, A64L));
        checks.add("usdt", () -> usdt(-1));
        checks.add("usdt/process", () -> usdt(Guest.PID));
    }

    /** The start of a Java thread, whose name's length the probe gives. */
    private static String usdt(int pid) throws Throwable {
        try (BpfObject object = Guest.load("load/attach", "on_usdt")) {
            Link link = object.attacher().attachUsdt(object.program("on_usdt").loaded(),
                    LIBJVM + ":hotspot:thread__start", pid);
            for (int i = 0; i < 3; i++) {
                Thread.ofPlatform().name("fourteen chars").start(() -> { }).join();
            }
            Wrong.unlessEqual(3L, Guest.global(object, "hits", 6), "threads started");
            Wrong.unlessEqual(14L, Guest.global(object, "hits", 8), "length of the thread's name");
            link.close();
            Thread.ofPlatform().start(() -> { }).join();
            Wrong.unlessEqual(3L, Guest.global(object, "hits", 6), "threads started, after it was detached");
            return link.description();
        }
    }
}
