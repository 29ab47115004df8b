package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/tcpconnlat on the running kernel. */
class TcpconnlatIT {
    private static final String MODULE = "examples/tcpconnlat/tcpconnlat.wasm";

    @Test
    @Tag("kernel")
    void printsConnectionsMadeAndRefused() throws Exception {
        Runner.assumeKernel();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        long pid = ProcessHandle.current().pid();
        try (Runner runner = Runner.start(60, MODULE)) {
            runner.awaitLine(line -> line.startsWith("PID"), 30);
            int port;
            try (ServerSocket server = new ServerSocket(0, 1, loopback); Socket socket = new Socket(loopback, server.getLocalPort())) {
                port = server.getLocalPort();
                int from = socket.getLocalPort();
                String line = runner.awaitLine(each -> each.startsWith(pid + " ") && each.contains(" " + from + " "), 30);
                // The socket may be IPv6's with a mapped address.
                assertTrue(line.matches(pid + " +\\S.* (::ffff:)?127\\.0\\.0\\.1 +" + from + " +(::ffff:)?127\\.0\\.0\\.1 +" + port + " +\\d+\\.\\d{3}"), line);
            }
            try (Socket refused = new Socket(loopback, port)) {
                throw new AssertionError("connected to " + refused);
            } catch (ConnectException expected) {
                String line = runner.awaitLine(each -> each.startsWith(pid + " ") && each.endsWith(" refused"), 30);
                assertTrue(line.contains(" " + port + " "), line);
            }
        }
    }

    @Test
    void refusesWhatIsNoTime() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "soon")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertEquals("tcpconnlat.wasm: soon: not a number of milliseconds", runner.err().lines().findFirst().orElse(""));
        }
    }
}
