package wasmbpf.host.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.KernelLink;
import wasmbpf.host.attach.Link;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.Variable;
import wasmbpf.sys.BpfAttrs.TestRun;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** What all checks work with: the kernel, the objects, and how it is seen that a program ran. */
final class Guest {
    static final Kernel KERNEL = LinuxKernel.open();
    static final int PID = (int) ProcessHandle.current().pid();

    private Guest() {
    }

    /** An object of the test resources, {@code folder/name}; no program is loaded but those named, if any are. */
    static BpfObject open(String object, String... programs) {
        String file = "/" + object + ".bpf.o";
        BpfObject opened;
        try (InputStream in = Guest.class.getResourceAsStream(file)) {
            opened = BpfObject.open(object.substring(object.lastIndexOf('/') + 1) + ".bpf.o", in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (programs.length > 0) {
            List<String> wanted = List.of(programs);
            opened.programs().forEach(program -> program.autoload(wanted.contains(program.name())));
            wanted.forEach(opened::program);
        }
        return opened;
    }

    /** As {@link #open}, loaded, its variable {@code target} (if it has one) set to this process. */
    static BpfObject load(String object, String... programs) {
        BpfObject opened = open(object, programs);
        try {
            if (hasVariable(opened, "target")) {
                opened.variable("target").set(ints(PID));
            }
            return opened.load(KERNEL);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static boolean hasVariable(BpfObject object, String name) {
        return variable(object, name) != null;
    }

    /** Where a variable is, or null. */
    static Variable variable(BpfObject object, String name) {
        for (MapSpec map : object.spec().maps()) {
            for (Variable variable : map.variables()) {
                if (variable.name().equals(name)) {
                    return variable;
                }
            }
        }
        return null;
    }

    /** A 64-bit variable of a loaded object, as it is now. */
    static long global(BpfObject object, String name) {
        return global(object, name, 0);
    }

    /** As {@link #global(BpfObject, String)}, of an array. */
    static long global(BpfObject object, String name, int index) {
        Variable variable = variable(object, name);
        for (BpfMap map : object.maps()) {
            if (map.spec() == variable.map()) {
                byte[] value = map.loaded().lookup(ints(0));
                return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(variable.offset() + 8 * index);
            }
        }
        throw new AssertionError(name);
    }

    /** How often the programs of an object ran: its variable {@code hits}. */
    static long hits(BpfObject object) {
        return global(object, "hits");
    }

    /** What is done to make a program run. */
    @FunctionalInterface
    interface Trigger {
        void run() throws Throwable;
    }

    /**
     * Loads one program, attaches it, does something three times and expects it to have run as often as that makes it
     * run; then detaches it and expects it to run no more.
     *
     * @param each   how often it runs when the trigger runs once
     * @param attach null: where its section says
     * @return what was attached to what, and the variable {@code seen}
     */
    static String fires(String object, String program, int each, Function<BpfObject, Link> attach, Trigger trigger)
            throws Throwable {
        try (BpfObject loaded = load(object, program)) {
            Link link = attach == null ? loaded.program(program).attach() : attach.apply(loaded);
            counts(loaded, link, each, trigger);
            return link.description() + (hasVariable(loaded, "seen") ? ", saw " + global(loaded, "seen") : "");
        }
    }

    /** The second half of {@link #fires}, on what is attached already. */
    static void counts(BpfObject loaded, Link link, int each, Trigger trigger) throws Throwable {
        long before = hits(loaded);
        for (int i = 0; i < 3; i++) {
            trigger.run();
        }
        // A packet is taken in by a softirq, on a busy emulated CPU after the call that sent it.
        for (int i = 0; i < 500 && hits(loaded) < before + 3L * each; i++) {
            Thread.sleep(10);
        }
        Wrong.unlessEqual(before + 3L * each, hits(loaded), "runs while attached to " + link.description());
        link.close();
        trigger.run();
        Wrong.unlessEqual(before + 3L * each, hits(loaded), "runs after it was detached");
    }

    /** As {@link #fires}, the last value its variable {@code seen} had being checked as well. */
    static String firesSeeing(long seen, String object, String program, int each, Function<BpfObject, Link> attach,
                              Trigger trigger) throws Throwable {
        try (BpfObject loaded = load(object, program)) {
            Link link = attach == null ? loaded.program(program).attach() : attach.apply(loaded);
            counts(loaded, link, each, trigger);
            Wrong.unlessEqual(seen, global(loaded, "seen"), "what the program saw");
            return link.description();
        }
    }

    /** Runs a program once with that context (may be null); its return value. */
    static int run(LoadedProgram program, byte[] context) {
        try (StructValue attr = TestRun.STRUCT.allocate()) {
            attr.set(TestRun.PROG_FD, program.fd());
            if (context != null) {
                attr.point(TestRun.CTX_IN, context);
            }
            SysException.check("run " + program, KERNEL.bpf(BpfCommand.PROG_TEST_RUN, attr));
            return attr.getInt(TestRun.RETVAL);
        }
    }

    /** Runs a program once on a packet; its return value. */
    static int runOnPacket(LoadedProgram program, byte[] packet) {
        try (StructValue attr = TestRun.STRUCT.allocate()) {
            attr.set(TestRun.PROG_FD, program.fd()).point(TestRun.DATA_IN, packet);
            SysException.check("run " + program, KERNEL.bpf(BpfCommand.PROG_TEST_RUN, attr));
            return attr.getInt(TestRun.RETVAL);
        }
    }

    /** All an iterator prints. */
    static String read(BpfObject object, Link link) {
        StringBuilder text = new StringBuilder();
        try (Fd output = object.attacher().openIterator((KernelLink) link); Arena arena = Arena.ofConfined()) {
            var buffer = arena.allocate(4096);
            while (true) {
                int count = (int) SysException.check("read", KERNEL.read(output.number(), buffer));
                if (count == 0) {
                    return text.toString();
                }
                byte[] bytes = new byte[count];
                buffer.asByteBuffer().get(bytes);
                text.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    /** Numbers as a program sees them in memory. */
    static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.nativeOrder());
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    static long toLong(byte[] bytes) {
        return bytes == null ? -1 : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }

    static int toInt(byte[] bytes) {
        return bytes == null ? -1 : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
    }
}
