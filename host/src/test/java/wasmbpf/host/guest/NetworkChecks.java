package wasmbpf.host.guest;

import java.util.function.Function;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.host.guest.Guest.Trigger;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;

/** Programs on interfaces and packet hooks, in a network namespace that each check makes. */
final class NetworkChecks {
    private static final String OBJECT = "guest/network";
    private static final int SO_REUSEPORT = 15;
    /** What is sent out of one arrives at the other. */
    private static final Trigger TO_B = () -> Devices.sendFrame("a");

    private NetworkChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("xdp", () -> onPair("xdp", "b", TO_B));
        checks.add("xdp/skb", () -> onPair("xdp", "b:skb", TO_B));
        checks.add("xdp/drv", () -> onPair("xdp", "b:drv", TO_B));
        checks.add("xdp.frags", () -> onPair("xdp_frags", "b", TO_B));
        checks.add("xdp/devmap", NetworkChecks::deviceMap);
        checks.add("xdp/cpumap", NetworkChecks::cpuMap);
        checks.add("tc", () -> onPair("tc", "b", TO_B));
        checks.add("tc/classifier", () -> onPair("classifier", "a:egress", TO_B));
        checks.add("tc/clsact-ingress", () -> clsact("b", false));
        checks.add("tc/clsact-egress", () -> clsact("a", true));
        checks.add("tcx/ingress", () -> onPair("tcx_ingress", "b", TO_B));
        checks.add("tcx/egress", () -> onPair("tcx_egress", "a", TO_B));
        checks.add("netkit/primary", () -> netkit("netkit_primary", "a"));
        checks.add("netkit/peer", () -> netkit("netkit_peer", "b"));
        checks.add("netfilter", () -> onLoopback("netfilter", "ipv4:local_in"));
        checks.add("sk_lookup", () -> onLoopback("sk_lookup", null));
        checks.add("flow_dissector", () -> {
            Devices.ownNamespace();
            Devices.pair("veth", "a", "b");
            return Guest.fires(OBJECT, "flow_dissector", 1, toOwnNamespace("flow_dissector"), TO_B);
        });
        for (String program : new String[] {"action", "lwt_in", "lwt_out", "lwt_xmit"}) {
            checks.add(program, () -> testRun(program));
        }
        checks.add("lwt_seg6local", () -> {
            Guest.load(OBJECT, "lwt_seg6local").close();
            return "loaded, not attached: newer kernels do not run it by themselves";
        });
        checks.add("socket", NetworkChecks::socketFilter);
        checks.add("sk_reuseport", () -> reuseport("sk_reuseport"));
        checks.add("sk_reuseport/migrate", () -> reuseport("sk_reuseport_migrate"));
    }

    private static String onPair(String program, String target, Trigger trigger) throws Throwable {
        Devices.ownNamespace();
        Devices.pair("veth", "a", "b");
        return Guest.fires(OBJECT, program, 1, object -> object.program(program).attach(target), trigger);
    }

    private static String clsact(String device, boolean egress) throws Throwable {
        Devices.ownNamespace();
        Devices.pair("veth", "a", "b");
        int index = Devices.index(device);
        return Guest.fires(OBJECT, "tc", 1,
                object -> object.attacher().attachTc(object.program("tc").loaded(), index, egress), TO_B);
    }

    /** Both programs belong to the first of the two; the peer's runs for what the peer sends. */
    private static String netkit(String program, String sender) throws Throwable {
        Devices.ownNamespace();
        Devices.pair("netkit", "a", "b");
        return Guest.fires(OBJECT, program, 1, object -> object.program(program).attach("a"),
                () -> Devices.sendFrame(sender));
    }

    private static Function<BpfObject, Link> toOwnNamespace(String program) {
        String self = "/proc/self/task/" + Guest.KERNEL.gettid() + "/ns/net";
        return object -> object.program(program).attach(self);
    }

    /** Datagrams over the loopback interface. @param target null: the thread's network namespace */
    private static String onLoopback(String program, String target) throws Throwable {
        Devices.ownNamespace();
        try (Sockets sockets = new Sockets()) {
            int receiver = sockets.bound(Linux.AF_INET, Linux.SOCK_DGRAM);
            int port = sockets.port(receiver);
            int sender = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            return Guest.fires(OBJECT, program, 1, target == null ? toOwnNamespace(program)
                    : object -> object.program(program).attach(target), () -> {
                        sockets.sendTo(sender, Linux.AF_INET, port);
                        sockets.receive(receiver);
                    });
        }
    }

    /** A frame that arrives is sent on to another device, whose own program sees it. */
    private static String deviceMap() throws Throwable {
        Devices.ownNamespace();
        Devices.pair("veth", "a", "b");
        Devices.pair("veth", "c", "d");
        try (BpfObject object = Guest.load(OBJECT, "redirects_to_device", "on_device", "passes")) {
            object.map("devices").loaded().update(Guest.ints(0),
                    Guest.ints(Devices.index("c"), object.program("on_device").fd()));
            // A veth takes what is redirected to it once its peer has a program too.
            object.program("passes").attach("d:drv");
            Link link = object.program("redirects_to_device").attach("b:drv");
            Guest.counts(object, link, 1, TO_B);
            return link.description();
        }
    }

    private static String cpuMap() throws Throwable {
        Devices.ownNamespace();
        Devices.pair("veth", "a", "b");
        try (BpfObject object = Guest.load(OBJECT, "redirects_to_cpu", "on_cpu")) {
            object.map("cpus").loaded().update(Guest.ints(0), Guest.ints(64, object.program("on_cpu").fd()));
            Link link = object.program("redirects_to_cpu").attach("b:drv");
            // A kernel thread of that CPU runs it a moment later.
            Guest.counts(object, link, 1, () -> {
                long before = Guest.hits(object);
                Devices.sendFrame("a");
                for (int i = 0; i < 100 && Guest.hits(object) == before; i++) {
                    Thread.sleep(10);
                }
            });
            return link.description();
        }
    }

    /** A program that is part of a route or filter, run on a packet. */
    private static String testRun(String program) {
        try (BpfObject object = Guest.load(OBJECT, program)) {
            byte[] packet = new byte[64];
            packet[12] = 8;
            packet[14] = 0x45;
            Guest.runOnPacket(object.program(program).loaded(), packet);
            Wrong.unlessEqual(1L, Guest.hits(object), "runs");
            return "loaded and run, not attached";
        }
    }

    private static String socketFilter() throws Throwable {
        Devices.ownNamespace();
        try (Sockets sockets = new Sockets()) {
            int receiver = sockets.bound(Linux.AF_INET, Linux.SOCK_DGRAM);
            int port = sockets.port(receiver);
            int sender = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            return Guest.fires(OBJECT, "socket", 1,
                    object -> object.attacher().attachSocket(object.program("socket").loaded(), receiver), () -> {
                        sockets.sendTo(sender, Linux.AF_INET, port);
                        sockets.receive(receiver);
                    });
        }
    }

    /** Runs for each datagram that two sockets of a port could receive. */
    private static String reuseport(String program) throws Throwable {
        Devices.ownNamespace();
        try (Sockets sockets = new Sockets()) {
            int first = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            SysException.check("setsockopt",
                    Guest.KERNEL.setsockopt(first, Linux.SOL_SOCKET, SO_REUSEPORT, 1));
            sockets.bind(first, Linux.AF_INET, 0);
            int port = sockets.port(first);
            int second = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            SysException.check("setsockopt",
                    Guest.KERNEL.setsockopt(second, Linux.SOL_SOCKET, SO_REUSEPORT, 1));
            sockets.bind(second, Linux.AF_INET, port);
            int sender = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            return Guest.fires(OBJECT, program, 1,
                    object -> object.attacher().attachSocket(object.program(program).loaded(), first),
                    () -> sockets.sendTo(sender, Linux.AF_INET, port));
        }
    }
}
