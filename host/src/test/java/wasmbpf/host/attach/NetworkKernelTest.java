package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import wasmbpf.host.BpfObject;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SystemCall;

/** Programs on the loopback interface of a network namespace, and on a cgroup, that each test makes for itself. */
@Tag("kernel")
@Timeout(60)
class NetworkKernelTest {
    private static final int XDP = 0;
    private static final int TC = 1;
    private static final int TCX_EGRESS = 2;
    private static final int NETFILTER = 3;
    private static final int SK_LOOKUP = 4;
    private static final int SOCKET = 6;
    private static final int CGROUP_SOCK = 7;
    private static final int CGROUP_CONNECT = 8;
    private static final int CGROUP_SKB = 9;
    private static final int SOCK_OPS = 10;

    private final Kernel kernel = OnThisKernel.require();
    private List<String> openBefore;
    private BpfObject object;

    @BeforeEach
    void load() {
        openBefore = Fd.open();
        object = OnThisKernel.open("network");
        object.load(kernel);
    }

    @AfterEach
    void leavesNothingOpen() {
        object.close();
        assertEquals(openBefore, Fd.open());
    }

    private long hits(int which) {
        return OnThisKernel.global(object, ".bss", 8 * which);
    }

    /** Runs on a thread with a network namespace of its own, its loopback interface up. */
    private void inNamespace(Callable<Void> body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            if (kernel.unshare(Linux.CLONE_NEWNET) < 0) {
                OnThisKernel.abort("no network namespace can be made");
            }
            loopbackUp();
            return body.call();
        });
        Thread thread = Thread.ofPlatform().start(task);
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            thread.join();
        }
    }

    /** SIOCSIFFLAGS of IFF_UP. */
    private void loopbackUp() {
        int socket = kernel.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(40, 8);
            var bytes = request.asByteBuffer().order(ByteOrder.nativeOrder());
            bytes.put(0, "lo".getBytes(StandardCharsets.US_ASCII)).putShort(16, (short) 1);
            assertEquals(0, kernel.ioctl(socket, 0x8914, request));
        } finally {
            kernel.close(socket);
        }
    }

    /** Sends that many datagrams over the loopback interface, and receives them. */
    private static void datagrams(int count) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(loopback, 0));
                DatagramSocket sender = new DatagramSocket()) {
            receiver.setSoTimeout(5000);
            byte[] payload = "hello".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < count; i++) {
                sender.send(new DatagramPacket(payload, payload.length, receiver.getLocalSocketAddress()));
                receiver.receive(new DatagramPacket(new byte[100], 100));
            }
        }
    }

    @Test
    void aPinnedLinkIsOpenedAgainAndDetachedForAll() throws Exception {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        String pin = "/sys/fs/bpf/wasm-bpf-link-" + ProcessHandle.current().pid();
        inNamespace(() -> {
            try {
                Link link = object.program("on_xdp").attach("lo:skb");
                link.pin(pin);
                link.close();
                KernelLink again = object.attacher().openPinned(pin);
                AttachException taken = assertThrows(AttachException.class, () -> object.program("on_xdp").attach("lo:skb"));
                assertEquals(Errno.EBUSY, taken.errno(), "the pin keeps it attached");
                again.detach();
                object.program("on_xdp").attach("lo:skb").close();
                AttachException none = assertThrows(AttachException.class, () -> object.attacher().openPinned(pin + "-not"));
                assertEquals(Errno.ENOENT, none.errno());
                return null;
            } finally {
                Files.deleteIfExists(Path.of(pin));
            }
        });
    }

    /** Kernels before 5.9 know no links of XDP: netlink sets the program, and takes it off. */
    @Test
    void xdpWithoutLinksIsSetByNetlink() throws Exception {
        Kernel older = (call, attr, a, b, c, d, e, f) -> call == SystemCall.BPF && a == BpfCommand.LINK_CREATE.number()
                ? -Errno.EINVAL : kernel.call(call, attr, a, b, c, d, e, f);
        inNamespace(() -> {
            try (BpfObject other = OnThisKernel.open("network").load(older)) {
                Link link = other.program("on_xdp").attach("lo:skb");
                datagrams(3);
                assertEquals(3, OnThisKernel.global(other, ".bss", 8 * XDP));
                AttachException twice = assertThrows(AttachException.class,
                        () -> other.program("on_xdp").attach("lo:skb"));
                assertEquals(Errno.EBUSY, twice.errno(), twice.getMessage());
                link.close();
                datagrams(2);
                assertEquals(3, OnThisKernel.global(other, ".bss", 8 * XDP));
            }
            return null;
        });
    }

    @Test
    void xdpSeesEveryPacketUntilItIsClosed() throws Exception {
        inNamespace(() -> {
            Link link = object.program("on_xdp").attach("lo:skb");
            datagrams(5);
            assertEquals(5, hits(XDP));
            AttachException twice = assertThrows(AttachException.class, () -> object.program("on_xdp").attach("lo"));
            assertEquals(Errno.EBUSY, twice.errno(), twice.getMessage());
            link.close();
            datagrams(2);
            assertEquals(5, hits(XDP));
            return null;
        });
    }

    @Test
    void linkIsUpdatedToAnotherProgramAtOnce() throws Exception {
        inNamespace(() -> {
            try (BpfObject other = OnThisKernel.open("network").load(kernel)) {
                Link link = object.program("on_xdp").attach("lo:skb");
                datagrams(2);
                link.update(other.program("on_xdp").loaded());
                datagrams(3);
                assertEquals(2, hits(XDP));
                assertEquals(3, OnThisKernel.global(other, ".bss", 8 * XDP));
                link.close();
            }
            return null;
        });
    }

    @Test
    void classifiersSeeTheirDirection() throws Exception {
        inNamespace(() -> {
            Link ingress = object.program("on_tc").attach("lo");
            Link egress = object.program("on_tcx_egress").attach("lo");
            datagrams(4);
            assertEquals(4, hits(TC));
            assertEquals(4, hits(TCX_EGRESS));
            ingress.close();
            egress.close();
            datagrams(1);
            assertEquals(List.of(4L, 4L), List.of(hits(TC), hits(TCX_EGRESS)));
            return null;
        });
    }

    @Test
    void clsactFilterComesAndGoesWithItsDiscipline() throws Exception {
        inNamespace(() -> {
            int lo = Interfaces.index(kernel, "test", "lo");
            Link first = object.attacher().attachTc(object.program("on_tc").loaded(), lo, false);
            Link second = object.attacher().attachTc(object.program("on_tc").loaded(), lo, true);
            datagrams(3);
            assertEquals(6, hits(TC));
            second.close();
            datagrams(1);
            assertEquals(7, hits(TC));
            first.close();
            datagrams(1);
            assertEquals(7, hits(TC));
            return null;
        });
    }

    @Test
    void clsactFilterIsUpdatedToAnotherProgramAtOnce() throws Exception {
        inNamespace(() -> {
            try (BpfObject other = OnThisKernel.open("network").load(kernel)) {
                int lo = Interfaces.index(kernel, "test", "lo");
                Link link = object.attacher().attachTc(object.program("on_tc").loaded(), lo, false);
                datagrams(2);
                link.update(other.program("on_tc").loaded());
                datagrams(3);
                assertEquals(2, hits(TC));
                assertEquals(3, OnThisKernel.global(other, ".bss", 8 * TC));
                link.close();
                datagrams(1);
                assertEquals(3, OnThisKernel.global(other, ".bss", 8 * TC));
                assertThrows(AttachException.class, () -> link.update(other.program("on_tc").loaded()));
            }
            return null;
        });
    }

    @Test
    void netfilterSeesPacketsOfItsHook() throws Exception {
        inNamespace(() -> {
            Link link = object.program("on_netfilter").attach("ipv4:local_in");
            datagrams(3);
            assertEquals(3, hits(NETFILTER));
            link.close();
            datagrams(1);
            assertEquals(3, hits(NETFILTER));
            return null;
        });
    }

    @Test
    void socketLookUpsOfANamespaceAreSeen() throws Exception {
        inNamespace(() -> {
            String self = "/proc/self/task/" + kernel.gettid() + "/ns/net";
            Link link = object.program("on_sk_lookup").attach(self);
            datagrams(3);
            assertEquals(3, hits(SK_LOOKUP));
            link.close();
            Link dissector = object.program("on_flow_dissector").attach(self);
            assertEquals("network namespace " + self, dissector.description());
            AttachException twice = assertThrows(AttachException.class,
                    () -> object.program("on_flow_dissector").attach(self));
            assertEquals(Errno.E2BIG, twice.errno(), twice.getMessage());
            return null;
        });
    }

    @Test
    void socketFilterSeesWhatItsSocketReceives() throws Exception {
        inNamespace(() -> {
            int socket = kernel.socket(Linux.AF_PACKET, Linux.SOCK_RAW, Short.reverseBytes((short) 3) & 0xffff);
            assertTrue(socket >= 0);
            Link link = object.attacher().attachSocket(object.program("on_socket").loaded(), socket);
            datagrams(2);
            // Leaving and arriving.
            assertEquals(4, hits(SOCKET));
            link.close();
            datagrams(1);
            assertEquals(4, hits(SOCKET));
            kernel.close(socket);
            return null;
        });
    }

    /** Where cgroup2 is mounted; this may be beside cgroup version 1. */
    private static Path cgroupRoot() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] halves = line.split(" - ", 2);
            if (halves[1].startsWith("cgroup2 ")) {
                return Path.of(halves[0].split(" ")[4]);
            }
        }
        OnThisKernel.abort("no cgroup2 is mounted");
        throw new AssertionError();
    }

    @Test
    void cgroupProgramsSeeProcessesOfTheirCgroupOnly() throws Exception {
        Path cgroup = cgroupRoot().resolve("wasmbpf-test-" + ProcessHandle.current().pid());
        Files.createDirectory(cgroup);
        try {
            object.program("on_sock_create").attach(cgroup.toString());
            object.program("on_connect4").attach(cgroup.toString());
            Link egress = object.program("on_egress").attach(cgroup.toString());
            String script = "echo $$ > " + cgroup + "/cgroup.procs && for i in 1 2 3; do "
                    + "exec 3<>/dev/udp/127.0.0.1/9 && echo x >&3; exec 3>&-; done";
            Process process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            assertEquals(List.of(3L, 3L, 3L), List.of(hits(CGROUP_SOCK), hits(CGROUP_CONNECT), hits(CGROUP_SKB)));
            assertEquals("cgroup " + cgroup, egress.description());
        } finally {
            object.close();
            Files.delete(cgroup);
        }
    }

    @Test
    void sockOpsSeeConnectionsOfTheirCgroup() throws Exception {
        Path cgroup = cgroupRoot().resolve("wasmbpf-ops-" + ProcessHandle.current().pid());
        Files.createDirectory(cgroup);
        try {
            int directory = kernel.open(cgroup.toString(), Linux.O_RDONLY, 0);
            object.attacher().attachCgroup(object.program("on_sockops").loaded(), directory);
            kernel.close(directory);
            Process process = new ProcessBuilder("bash", "-c", "echo $$ > " + cgroup
                    + "/cgroup.procs; exec 3<>/dev/tcp/127.0.0.1/1").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            process.waitFor();
            // At least BPF_SOCK_OPS_TCP_CONNECT_CB, whoever answers.
            assertTrue(hits(SOCK_OPS) >= 1, () -> "" + hits(SOCK_OPS));
        } finally {
            object.close();
            Files.delete(cgroup);
        }
    }

    /** struct sockaddr_in of the loopback address. */
    private static MemorySegment loopback(Arena arena, int port) {
        MemorySegment address = arena.allocate(16, 8);
        address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) Linux.AF_INET)
                .order(ByteOrder.BIG_ENDIAN).putShort((short) port).putInt(0x7f000001);
        return address;
    }

    @Test
    void messagesOfSocketsInAMapAreSeen() {
        int server = kernel.socket(Linux.AF_INET, Linux.SOCK_STREAM, 0);
        int client = kernel.socket(Linux.AF_INET, Linux.SOCK_STREAM, 0);
        int accepted = -1;
        try (BpfObject sockets = OnThisKernel.open("sockets").load(kernel); Arena arena = Arena.ofConfined()) {
            assertEquals(0, kernel.bind(server, loopback(arena, 0)));
            assertEquals(0, kernel.listen(server, 1));
            MemorySegment name = arena.allocate(16, 8);
            assertEquals(0, kernel.getsockname(server, name));
            int port = name.asByteBuffer().order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
            assertEquals(0, kernel.connect(client, loopback(arena, port)));
            accepted = kernel.accept(server);
            assertTrue(accepted >= 0);
            Link link = sockets.program("on_message").attach("sockets");
            sockets.map("sockets").loaded().update(OnThisKernel.ints(0), OnThisKernel.ints(client));
            MemorySegment text = arena.allocate(5, 8);
            for (int i = 0; i < 3; i++) {
                assertEquals(5, kernel.send(client, text, 0));
            }
            assertEquals(3, OnThisKernel.global(sockets, ".bss", 0));
            // A socket keeps the programs its map had when it was put there; taken out and put back it has none.
            link.close();
            sockets.map("sockets").loaded().delete(OnThisKernel.ints(0));
            sockets.map("sockets").loaded().update(OnThisKernel.ints(0), OnThisKernel.ints(client));
            assertEquals(5, kernel.send(client, text, 0));
            assertEquals(3, OnThisKernel.global(sockets, ".bss", 0));
        } finally {
            kernel.close(client);
            kernel.close(server);
            if (accepted >= 0) {
                kernel.close(accepted);
            }
        }
    }

    @Test
    void targetsThatMakeNoSenseAreRefusedWithAReason() throws Exception {
        check("on_xdp", "no_such_if", Errno.ENODEV, "no such interface");
        check("on_xdp", "lo:fast", Errno.EINVAL, "skb, drv or hw");
        check("on_tc", "lo:sideways", Errno.EINVAL, "ingress or egress");
        check("on_tcx_egress", "lo:ingress", Errno.EINVAL, "the other direction");
        check("on_netfilter", "ipv5:local_in", Errno.EINVAL, "ipv4|ipv6");
        check("on_sk_lookup", "/etc/passwd", Errno.EINVAL, "network namespace");
        check("on_sock_create", "/no/such/cgroup", Errno.ENOENT, "cannot open /no/such/cgroup");
        check("on_sock_create", "/tmp", Errno.EBADF, "cgroup2");
        check("on_socket", "anything", Errno.EINVAL, "set on a socket");
        AttachException bare = assertThrows(AttachException.class, () -> object.program("on_xdp").attach());
        assertEquals(Errno.EOPNOTSUPP, bare.errno());
        assertTrue(bare.getMessage().contains("an interface"), bare.getMessage());
    }

    private void check(String program, String target, int errno, String advice) {
        List<String> before = Fd.open();
        AttachException e = assertThrows(AttachException.class, () -> object.program(program).attach(target), target);
        assertEquals(errno, e.errno(), e.getMessage());
        assertTrue(e.getMessage().contains(advice), e.getMessage());
        assertEquals(before, Fd.open());
    }
}
