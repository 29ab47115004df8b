package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/sockfilter on the loopback interface of the running kernel. */
class SockfilterIT {
    private static final String MODULE = "examples/sockfilter/sockfilter.wasm";

    @Test
    @Tag("kernel")
    void printsPacketsOfOnePort() throws Exception {
        Runner.assumeKernel();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket to = new DatagramSocket(0, loopback); DatagramSocket from = new DatagramSocket(0, loopback);
                DatagramSocket other = new DatagramSocket(0, loopback);
                Runner runner = Runner.start(60, MODULE, "-p", Integer.toString(to.getLocalPort()))) {
            runner.awaitLine(line -> line.equals("Packets of lo... Hit Ctrl-C to end."), 30);
            from.send(new DatagramPacket(new byte[3], 3, other.getLocalSocketAddress()));
            for (int size = 0; size < 100; size++) {
                from.send(new DatagramPacket(new byte[size], size, to.getLocalSocketAddress()));
            }
            String last = udp(from, to, 99);
            runner.awaitLine(last::equals, 30);
            assertEquals(101, runner.out().size());
            for (int size = 0; size < 100; size++) {
                assertEquals(udp(from, to, size), runner.out().get(size + 1));
            }
        }
    }

    @Test
    @Tag("kernel")
    void printsConnections() throws Exception {
        Runner.assumeKernel();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Runner runner = Runner.start(60, MODULE, "-i", "lo", "-p", Integer.toString(server.getLocalPort()))) {
            runner.awaitLine(line -> line.startsWith("Packets of lo"), 30);
            try (Socket socket = new Socket(loopback, server.getLocalPort())) {
                String there = "TCP   127.0.0.1:" + socket.getLocalPort() + " > 127.0.0.1:" + server.getLocalPort() + ", ";
                String back = "TCP   127.0.0.1:" + server.getLocalPort() + " > 127.0.0.1:" + socket.getLocalPort() + ", ";
                runner.awaitLine(line -> line.startsWith(there), 30);
                runner.awaitLine(line -> line.startsWith(back), 30);
            }
        }
    }

    @Test
    void saysWhichInterfaceThereIsNot() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "-i", "none9")) {
            assertEquals(1, runner.exitStatus(30));
            assertTrue(runner.err().endsWith("sockfilter: none9: No such device"), runner.err());
        }
    }

    private static String udp(DatagramSocket from, DatagramSocket to, int size) {
        return "UDP   127.0.0.1:" + from.getLocalPort() + " > 127.0.0.1:" + to.getLocalPort() + ", " + (14 + 20 + 8 + size) + " bytes";
    }
}
