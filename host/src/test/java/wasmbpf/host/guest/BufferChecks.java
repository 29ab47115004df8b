package wasmbpf.host.guest;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.Poller;

/** Events from and to programs: every one, in order. */
final class BufferChecks {
    private static final String OBJECT = "guest/buffers";

    private BufferChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("ringbuf", () -> events("to_ring", "ring"));
        checks.add("perf-buffer", () -> events("to_perf", "perf"));
        checks.add("user_ringbuf", BufferChecks::commands);
        checks.add("stack_trace", BufferChecks::stack);
        checks.add("syscall/test_run", BufferChecks::called);
    }

    /** @param others of the object that older kernels do not have are left out */
    private static BpfObject load(String program, String... maps) {
        BpfObject object = Guest.open(OBJECT, program);
        List<String> wanted = List.of(maps);
        for (String map : new String[] {"ring", "perf", "commands", "stacks"}) {
            object.map(map).spec().autocreate(wanted.contains(map));
        }
        object.variable("target").set(Guest.ints(Guest.PID));
        try {
            return object.load(Guest.KERNEL);
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private static String events(String program, String map) {
        try (BpfObject object = load(program, map)) {
            EventBuffer buffer = object.map(map).events();
            Poller poller = object.poller(buffer);
            List<Long> seen = new ArrayList<>();
            object.program(program).attach();
            for (int i = 0; i < 100; i++) {
                LibC.getpgid(Guest.PID);
            }
            while (seen.size() < 100 && poller.poll(2000, (address, size) -> {
                // Events of a perf buffer are padded and lie at multiples of 4.
                seen.add(buffer.view(address, size).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
                return 0;
            }) > 0) {
                // Until all are there.
            }
            Wrong.unlessEqual(100, seen.size(), "events");
            // Buffers of several CPUs are each in order.
            seen.sort(null);
            for (int i = 0; i < 100; i++) {
                Wrong.unlessEqual((long) i, seen.get(i), "event");
            }
            Wrong.unlessEqual(0L, buffer.lost(), "lost events");
            return null;
        }
    }

    private static String commands() {
        try (BpfObject object = load("drains", "commands")) {
            var ring = object.map("commands").userRingBuffer();
            for (long i = 1; i <= 4; i++) {
                var record = ring.reserve(8);
                record.asByteBuffer().order(ByteOrder.nativeOrder()).putLong(i);
                ring.submit(record);
            }
            object.program("drains").attach();
            LibC.getpgid(Guest.PID);
            Wrong.unlessEqual(4L, Guest.hits(object), "records");
            Wrong.unlessEqual(10L, Guest.global(object, "seen"), "their sum");
            return null;
        }
    }

    private static String stack() {
        try (BpfObject object = load("takes_stack", "stacks")) {
            Link link = object.program("takes_stack").attach();
            LibC.getpgid(Guest.PID);
            link.close();
            long id = Guest.global(object, "seen");
            Wrong.unless(id >= 0, "bpf_get_stackid: " + id);
            byte[] addresses = object.map("stacks").loaded().lookup(Guest.ints((int) id));
            Wrong.unless(Guest.toLong(addresses) < 0, "no kernel address: " + Guest.toLong(addresses));
            return null;
        }
    }

    private static String called() {
        try (BpfObject object = load("called")) {
            Wrong.unlessEqual(42, Guest.run(object.program("called").loaded(), Guest.longs(77)), "result");
            Wrong.unlessEqual(77L, Guest.global(object, "seen"), "argument");
            return null;
        }
    }
}
