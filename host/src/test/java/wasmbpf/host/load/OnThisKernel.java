package wasmbpf.host.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Assumptions;

import wasmbpf.host.BpfObject;
import wasmbpf.sys.BpfAttrs.TestRun;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** What tests on the running kernel need; they are skipped, with the reason, where it may not be asked. */
public final class OnThisKernel {
    private OnThisKernel() {
    }

    /** The kernel, if this process may load programs. */
    public static Kernel require() {
        Kernel kernel = LinuxKernel.open();
        long held = kernel.effectiveCapabilities();
        for (int capability : new int[] {Linux.CAP_BPF, Linux.CAP_PERFMON, Linux.CAP_NET_ADMIN, Linux.CAP_SYS_ADMIN}) {
            if (held < 0 || (held >>> capability & 1) == 0) {
                abort("needs capability " + capability + ": run as root");
            }
        }
        return kernel;
    }

    public static void abort(String reason) {
        System.out.println("kernel test skipped: " + reason);
        Assumptions.abort(reason);
    }

    /** An object of src/test/resources/load. */
    public static BpfObject open(String name) {
        return BpfObject.open(name + ".bpf.o", bytes(name));
    }

    public static byte[] bytes(String name) {
        return resource("/load/" + name + ".bpf.o");
    }

    public static byte[] resource(String path) {
        try (InputStream in = OnThisKernel.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program once with that context; its return value. */
    public static int run(Kernel kernel, LoadedProgram program, byte[] context) {
        try (StructValue attr = TestRun.STRUCT.allocate()) {
            attr.set(TestRun.PROG_FD, program.fd()).point(TestRun.CTX_IN, context);
            SysException.check("run " + program, kernel.bpf(BpfCommand.PROG_TEST_RUN, attr));
            return attr.getInt(TestRun.RETVAL);
        }
    }

    /** Numbers as a program sees them in memory. */
    public static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    public static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.nativeOrder());
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    /** A 64-bit global variable of a loaded object. */
    public static long global(BpfObject object, String section, int offset) {
        return object.map(section).loaded().memory().getLong(offset);
    }

    /** Makes sure that a file system is mounted, for tests only. */
    public static void requireMounted(Kernel kernel, String type, String path, long magic) {
        if (kernel.fileSystemType(path) == magic) {
            return;
        }
        try {
            Process mount = new ProcessBuilder("mount", "-t", type, type, path).inheritIO().start();
            if (mount.waitFor() != 0 || kernel.fileSystemType(path) != magic) {
                abort(type + " is not mounted at " + path);
            }
        } catch (IOException | InterruptedException e) {
            abort(type + " cannot be mounted at " + path + ": " + e);
        }
    }

}
