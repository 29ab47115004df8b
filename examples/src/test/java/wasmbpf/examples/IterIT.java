package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/iter on the running kernel. */
class IterIT {
    private static final String MODULE = "examples/iter/iter.wasm";

    private static List<String> run(String what) throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(30, MODULE, what)) {
            assertEquals(0, runner.exitStatus(40), runner.err());
            assertEquals("", runner.err());
            return runner.out();
        }
    }

    @Test
    @Tag("kernel")
    void listsProcessesOnceEach() throws Exception {
        List<String> lines = run("processes");
        assertEquals("    PID    PPID    UID COMM", lines.getFirst());
        long pid = ProcessHandle.current().pid();
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        List<String> own = lines.stream().filter(line -> line.strip().startsWith(pid + " ")).toList();
        assertTrue(own.size() == 1 && own.getFirst().matches(" *" + pid + " +" + parent + " +0 \\S.*"), own.toString());
        List<String> pids = lines.stream().skip(1).map(line -> line.strip().split(" +")[0]).toList();
        assertEquals(pids.size(), pids.stream().distinct().count());
    }

    @Test
    @Tag("kernel")
    void listsTcpSockets() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback); Socket client = new Socket(loopback, server.getLocalPort())) {
            int port = server.getLocalPort();
            int from = client.getLocalPort();
            List<String> lines = run("tcp");
            String address = "(::ffff:)?127\\.0\\.0\\.1 +"; // the JVM's sockets may be IPv6's
            assertEquals(1, lines.stream().filter(line -> line.matches("LISTEN +0 " + address + port + " .*")).count(), lines.toString());
            assertEquals(1, lines.stream().filter(line -> line.matches("ESTABLISHED +0 " + address + from + " " + address + port)).count(),
                    lines.toString());
            assertEquals(1, lines.stream().filter(line -> line.matches("ESTABLISHED +0 " + address + port + " " + address + from)).count(),
                    lines.toString());
        }
    }

    /** Iterators over a map's elements are among what some kernels forbid; under others KernelsIT runs it. */
    @Test
    @Tag("kernel")
    void countsByUser() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(30, MODULE, "users")) {
            if (runner.exitStatus(40) == 1) {
                assertTrue(runner.err().matches("(?s)wasm-bpf: load program \"elements\": .*\niter: .*"), runner.err());
                System.out.println("iterators over map elements are refused here, which the module said");
                return;
            }
            assertEquals("   UID PROCESSES THREADS", runner.out().getFirst());
            assertEquals(1, runner.out().stream().filter(line -> line.contains("UID")).count());
            assertEquals(1, runner.out().stream().filter(line -> line.matches(" +0 +\\d+ +\\d+")).count());
        }
    }

    @Test
    void refusesWhatItCannotList() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "files")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("iter.wasm: files: not processes, users or tcp", runner.err().lines().findFirst().orElse(""));
        }
    }
}
