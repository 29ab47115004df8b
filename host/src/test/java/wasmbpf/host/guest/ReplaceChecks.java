package wasmbpf.host.guest;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;

/** Programs attached to other BPF programs. */
final class ReplaceChecks {
    private static final byte[] PACKET = new byte[64];

    private ReplaceChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("freplace", () -> on("replacement", 12, -1));
        checks.add("fentry/program", () -> on("at_entry", 11, -1));
        checks.add("fexit/program", () -> on("at_exit", 11, 1));
    }

    /** @param result what the watched program returns meanwhile @param seen -1: nothing */
    private static String on(String program, int result, long seen) throws Throwable {
        try (BpfObject target = Guest.load("guest/replace", "calls");
                BpfObject object = Guest.open("guest/replace", program)) {
            Wrong.unlessEqual(11, Guest.runOnPacket(target.program("calls").loaded(), PACKET), "result before");
            object.program(program).spec().attachTarget(target.program("calls").fd(), "replaceable");
            object.load(Guest.KERNEL);
            Link link = object.program(program).attach();
            Guest.counts(object, link, 1, () -> {
                // The last run of the four is the one after detaching.
                int expected = Guest.hits(object) < 3 ? result : 11;
                Wrong.unlessEqual(expected, Guest.runOnPacket(target.program("calls").loaded(), PACKET), "result");
            });
            if (seen >= 0) {
                Wrong.unlessEqual(seen, Guest.global(object, "seen"), "result that the program saw");
            }
            return link.description();
        }
    }
}
