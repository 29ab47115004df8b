package wasmbpf.host.guest;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.sys.Linux;

/** Programs on the sockets of a map. */
final class SocketMapChecks {
    private static final String OBJECT = "guest/sockets";

    private SocketMapChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("sk_msg", () -> seesMessages("sk_msg", true));
        checks.add("sk_skb/verdict", () -> seesMessages("verdict", false));
        checks.add("sk_skb/stream_verdict", () -> seesMessages("stream_verdict", false));
        checks.add("sk_skb/stream_parser", SocketMapChecks::parser);
    }

    /** @param sender whether the map has the sender's socket, or the receiver's */
    private static String seesMessages(String program, boolean sender) throws Throwable {
        try (BpfObject object = Guest.load(OBJECT, program); Sockets sockets = new Sockets()) {
            int[] ends = connected(sockets);
            Link link = object.program(program).attach("sockets");
            object.map("sockets").loaded().update(Guest.ints(0), Guest.ints(ends[sender ? 0 : 1]));
            exchange(sockets, ends, 3);
            Wrong.unlessEqual(3L, Guest.hits(object), "runs");
            link.close();
            // A socket keeps the programs its map had when it was put there; taken out and put back it has none.
            object.map("sockets").loaded().delete(Guest.ints(0));
            object.map("sockets").loaded().update(Guest.ints(0), Guest.ints(ends[sender ? 0 : 1]));
            exchange(sockets, ends, 1);
            Wrong.unlessEqual(3L, Guest.hits(object), "runs after it was detached");
            return link.description();
        }
    }

    /** The parser says where messages end, the verdict where they go. */
    private static String parser() throws Throwable {
        try (BpfObject object = Guest.load(OBJECT, "stream_parser", "stream_verdict");
                Sockets sockets = new Sockets()) {
            int[] ends = connected(sockets);
            object.program("stream_parser").attach("sockets");
            object.program("stream_verdict").attach("sockets");
            object.map("sockets").loaded().update(Guest.ints(0), Guest.ints(ends[1]));
            exchange(sockets, ends, 3);
            Wrong.unlessEqual(6L, Guest.hits(object), "runs of both");
            return null;
        }
    }

    private static int[] connected(Sockets sockets) {
        int server = sockets.bound(Linux.AF_INET, Linux.SOCK_STREAM);
        sockets.listen(server);
        int client = sockets.open(Linux.AF_INET, Linux.SOCK_STREAM);
        sockets.connect(client, Linux.AF_INET, sockets.port(server));
        return new int[] {client, sockets.accept(server)};
    }

    private static void exchange(Sockets sockets, int[] ends, int times) {
        for (int i = 0; i < times; i++) {
            sockets.send(ends[0]);
            sockets.receive(ends[1]);
        }
    }
}
