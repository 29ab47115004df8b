package wasmbpf.host.guest;

import java.nio.file.Files;
import java.nio.file.Path;

import wasmbpf.host.BpfObject;

/** Iterators, and what they print. */
final class IteratorChecks {
    private static final String OBJECT = "guest/iterators";

    private IteratorChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("iter/task", () -> prints("task", "task " + Guest.PID + "\n"));
        checks.add("iter.s/task", () -> prints("task_sleepable", "task " + Guest.PID + "\n"));
        checks.add("iter/task_file", () -> prints("task_file", "descriptor 0\n"));
        checks.add("iter/bpf_map_elem", IteratorChecks::elements);
        checks.add("iter/bpf_prog", IteratorChecks::programs);
        checks.add("iter/ksym", IteratorChecks::symbols);
        checks.add("iter/pinned", IteratorChecks::pinned);
    }

    private static String prints(String program, String text) {
        try (BpfObject object = Guest.load(OBJECT, program)) {
            Wrong.unlessEqual(text, Guest.read(object, object.program(program).attach()), "output");
            return null;
        }
    }

    private static String elements() {
        try (BpfObject object = Guest.load(OBJECT, "map_elem")) {
            object.map("table").loaded().update(Guest.ints(3), Guest.longs(33));
            Wrong.unlessEqual("3=33\n", Guest.read(object, object.program("map_elem").attach("table")), "output");
            return null;
        }
    }

    private static String programs() {
        try (BpfObject object = Guest.load(OBJECT, "bpf_prog")) {
            long seen = Guest.read(object, object.program("bpf_prog").attach()).lines().count();
            Wrong.unless(seen >= 1, "no program is listed");
            return null;
        }
    }

    private static String symbols() {
        try (BpfObject object = Guest.load(OBJECT, "ksym")) {
            long seen = Guest.read(object, object.program("ksym").attach()).lines().count();
            Wrong.unless(seen > 10_000, seen + " symbols");
            return null;
        }
    }

    private static String pinned() throws Exception {
        String path = "/sys/fs/bpf/wasmbpf_iterator";
        try (BpfObject object = Guest.load(OBJECT, "task")) {
            object.program("task").attach(path);
            Wrong.unlessEqual("task " + Guest.PID + "\n", Files.readString(Path.of(path)), "output");
        } finally {
            Guest.KERNEL.unlink(path);
        }
        return null;
    }
}
