package wasmbpf.host.guest;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Linux;

/** Tables of functions that the kernel calls: a congestion control, a scheduler. */
final class StructOpsChecks {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;

    private StructOpsChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("struct_ops", () -> congestionControl("unlinked", "wasmbpf_map"));
        checks.add("struct_ops.link", () -> congestionControl("linked", "wasmbpf_link"));
        checks.add("struct_ops/sched_ext", StructOpsChecks::scheduler);
    }

    private static String congestionControl(String map, String name) throws Exception {
        BpfObject object = Guest.open("guest/ops");
        for (String each : new String[] {"linked", "unlinked"}) {
            object.map(each).spec().autocreate(each.equals(map));
        }
        try (object) {
            object.load(Guest.KERNEL);
            Link link = object.attacher().attachStructOps(object.map(map).loaded());
            try (Sockets sockets = new Sockets(); Arena arena = Arena.ofConfined()) {
                int server = sockets.bound(Linux.AF_INET, Linux.SOCK_STREAM);
                sockets.listen(server);
                int client = sockets.open(Linux.AF_INET, Linux.SOCK_STREAM);
                var text = arena.allocate(name.length());
                text.asByteBuffer().put(name.getBytes(StandardCharsets.US_ASCII));
                Wrong.unlessEqual(0, Guest.KERNEL.setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, text),
                        "choosing the congestion control");
                sockets.connect(client, Linux.AF_INET, sockets.port(server));
                Wrong.unlessEqual(1L, Guest.hits(object), "connections it was given");
                link.close();
                int other = sockets.open(Linux.AF_INET, Linux.SOCK_STREAM);
                Wrong.unlessEqual(-Errno.ENOENT, Guest.KERNEL.setsockopt(other, IPPROTO_TCP, TCP_CONGESTION, text),
                        "choosing it after it was detached");
            }
            return link.description();
        }
    }

    private static String scheduler() throws Exception {
        try (BpfObject object = Guest.load("guest/sched")) {
            Link link = object.attacher().attachStructOps(object.map("scheduler").loaded());
            Wrong.unlessEqual("enabled", state(), "state");
            long until = System.nanoTime() + 5_000_000_000L;
            while (Guest.hits(object) < 10 && System.nanoTime() < until) {
                Thread.sleep(10);
            }
            Wrong.unless(Guest.hits(object) >= 10, Guest.hits(object) + " tasks scheduled in 5 s");
            link.close();
            Wrong.unlessEqual("disabled", state(), "state after it was detached");
            return link.description();
        }
    }

    private static String state() throws Exception {
        return Files.readString(Path.of("/sys/kernel/sched_ext/state")).strip();
    }
}
