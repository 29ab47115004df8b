package wasmbpf.host.guest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import wasmbpf.host.BpfObject;
import wasmbpf.host.load.RunningKernel;

/** What programs take from the kernel by name. */
final class ExternChecks {
    private static final String OBJECT = "guest/externs";
    private static final int TRI_MODULE = 2;

    private ExternChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("kconfig", ExternChecks::kconfig);
        checks.add("ksym", ExternChecks::symbol);
        checks.add("ksym/typed", ExternChecks::variable);
        checks.add("kfunc", () -> {
            try (BpfObject object = Guest.load("guest/kfunc")) {
                return runs(object, "kfunc", 0);
            }
        });
        checks.add("kfunc/module", () -> {
            try (BpfObject object = Guest.load("guest/kfunc_module")) {
                // The kernel's function looked and found no connection: ENOENT, or that it does not track any.
                Wrong.unlessEqual(2, Guest.runOnPacket(object.program("kfunc_of_module").loaded(), new byte[64]),
                        "result");
                Wrong.unlessEqual(1L, Guest.hits(object), "runs");
                long error = (int) Guest.global(object, "values", 0);
                Wrong.unless(error < 0, "the kernel's function says " + error);
                return "looked for a connection: " + error;
            }
        });
    }

    private static String runs(BpfObject object, String program, long... values) {
        Guest.runOnPacket(object.program(program).loaded(), new byte[64]);
        Wrong.unlessEqual(1L, Guest.hits(object), "runs");
        long[] seen = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            seen[i] = Guest.global(object, "values", i);
        }
        Wrong.unless(Arrays.equals(values, seen), Arrays.toString(seen) + " instead of " + Arrays.toString(values));
        return null;
    }

    /** Debian's configuration: 250 ticks a second, tun a module, host name "(none)". */
    private static String kconfig() {
        try (BpfObject object = Guest.load(OBJECT, "kconfig")) {
            return runs(object, "kconfig", RunningKernel.of(Guest.KERNEL).version(), 250, 1, TRI_MODULE, '(', 0, 1);
        }
    }

    private static String symbol() throws Exception {
        long address = 0;
        for (String line : Files.readAllLines(Path.of("/proc/kallsyms"))) {
            if (line.endsWith(" init_task")) {
                address = Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16);
            }
        }
        Wrong.unless(address != 0, "init_task is not in /proc/kallsyms");
        try (BpfObject object = Guest.load(OBJECT, "symbol")) {
            return runs(object, "symbol", address, 0);
        }
    }

    private static String variable() {
        try (BpfObject object = Guest.load("guest/ksym_typed")) {
            Guest.run(object.program("variable").loaded(), Guest.longs(0, 0));
            Wrong.unlessEqual(1L, Guest.hits(object) > 0 ? 1L : 0L, "runs");
            Wrong.unlessEqual(1L, Guest.global(object, "values", 0), "number of the second CPU");
            Wrong.unlessEqual(0L, Guest.global(object, "values", 1), "address of a variable that is not there");
            return null;
        }
    }
}
