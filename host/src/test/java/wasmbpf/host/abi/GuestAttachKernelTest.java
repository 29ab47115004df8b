package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.host.guest.Devices;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.Preopen;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.WasmModule;

/**
 * libbpf's ways to attach, from a guest in C, on the running kernel: {@code guestapi/attach.c} says of each what link came
 * of it, whether the program ran, and that it ran no more afterwards. It runs in a network namespace of its own, in which
 * packets are sent, and attaches besides only to this process, a cgroup and a folder of bpffs that are made for it. What
 * this kernel may refuse, kprobes and replaced functions, runs under other kernels ({@code kernels/modules}).
 */
@Tag("kernel")
class GuestAttachKernelTest {
    private static final List<String> WAYS = List.of("uprobe", "uprobe_multi", "usdt", "cgroup", "netns", "tcx", "netkit",
            "netfilter", "tc", "xdp", "iter", "trace", "struct_ops", "pin", "percpu", "buffers", "texts");

    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GuestAttachKernelTest.class.getResourceAsStream("/guestapi/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void eachWayAttachesRunsAndEnds() throws Exception {
        long capabilities = LinuxKernel.open().effectiveCapabilities();
        Assumptions.assumeTrue((capabilities >> Linux.CAP_SYS_ADMIN & 1) != 0, "needs root to load, attach and run");
        Assumptions.assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF");
        Path bpffs = Path.of("/sys/fs/bpf");
        Assumptions.assumeTrue(Files.getFileStore(bpffs).type().equals("bpf"), "no BPF file system at /sys/fs/bpf");
        Path cgroups = cgroups();
        Assumptions.assumeTrue(cgroups != null, "no cgroup2 is mounted");
        String own = "wasmbpf-guest-" + ProcessHandle.current().pid();
        Path cgroup = Files.createDirectory(cgroups.resolve(own));
        Path pins = Files.createDirectory(bpffs.resolve(own));
        try {
            inNamespace(() -> {
                run(cgroup, pins);
                return null;
            });
        } finally {
            Files.delete(cgroup);
            Files.delete(pins);
        }
    }

    private void run(Path cgroup, Path pins) throws Exception {
        List<String> before = Fd.open();
        var said = new ByteArrayOutputStream();
        WasmModule module = WasmModule.decode("attach.wasm", resource("attach.wasm"));
        List<String> arguments = new ArrayList<>(List.of("attach.wasm", "-o", "/out/printed", "-c", "/cgroup", "-p",
                pins.toString(), "-i", "lo", "-n", "/proc/thread-self/ns/net", "-j",
                System.getProperty("java.home") + "/lib/server/libjvm.so"));
        arguments.addAll(WAYS);
        GuestOptions options = new GuestOptions(
                new WasiOptions(arguments, List.of(),
                        List.of(new Preopen("/", "/", false), new Preopen(folder.toString(), "/out", false),
                                new Preopen(cgroup.toString(), "/cgroup", false)), false),
                new AbiOptions("attach", AbiOptions.CALLBACK_MODULE, AbiOptions.CALLBACK_EXPORT, false),
                LoadOptions.DEFAULT, GuestOptions.MAX_MEMORY, null);
        try (Traffic traffic = new Traffic();
                Guest guest = new Guest(module, options, LinuxKernel.open(), LinuxKernel.open(),
                        new Messages(new PrintStream(said, true), false))) {
            assertEquals(0, guest.run(null));
        }
        assertEquals(new String(resource("attach.expected")), Files.readString(folder.resolve("printed")));
        assertEquals("", said.toString(), "the guest takes what there is to say");
        assertEquals(before, Fd.open(), "nothing stays open");
    }

    /** Where cgroup2 is, or null. */
    private static Path cgroups() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(" - cgroup2 ")) {
                return Path.of(line.split(" ")[4]);
            }
        }
        return null;
    }

    /** Network namespaces are threads': that of this one goes with it. */
    private static void inNamespace(Callable<Void> body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            Devices.ownNamespace();
            return body.call();
        });
        Thread thread = new Thread(task, "own network namespace");
        thread.start();
        task.get();
        thread.join();
    }

    /** Packets to nobody over the namespace's loopback interface, and garbage collections, for USDT. */
    private static final class Traffic implements AutoCloseable {
        private volatile boolean ended;
        private final Thread thread = new Thread(this::send, "packets");

        Traffic() {
            thread.start();
        }

        private void send() {
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; !ended; i++) {
                    socket.send(new DatagramPacket(new byte[10], 10, InetAddress.getByName("127.0.0.1"), 9));
                    if (i % 16 == 0) {
                        System.gc();
                    }
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
