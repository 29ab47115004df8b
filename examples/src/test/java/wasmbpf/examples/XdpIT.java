package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/xdp on the running kernel, on an interface of its own. */
class XdpIT {
    private static final String MODULE = "examples/xdp/xdp.wasm";

    @Test
    @Tag("kernel")
    void countsEveryPacketAndDropsThoseOfOnePort() throws Exception {
        Runner.assumeKernel();
        try (Veth veth = Veth.make(); DatagramSocket closed = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(Veth.ADDRESS), 0));
                DatagramSocket open = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(Veth.ADDRESS), 0));
                Runner runner = Runner.start(60, MODULE, "-d", Integer.toString(closed.getLocalPort()), veth.name)) {
            runner.awaitLine(line -> line.startsWith("Counting on " + veth.name), 30);
            veth.send(30, 100, closed.getLocalPort());
            veth.send(70, 100, open.getLocalPort());
            runner.awaitLine(line -> line.matches("UDP +17 +100 +" + 100 * (14 + 20 + 8 + 100)), 30);
            runner.awaitLine(line -> line.equals("dropped to port " + closed.getLocalPort() + ": 30"), 30);
            open.setSoTimeout(5000);
            for (int i = 0; i < 70; i++) {
                open.receive(new DatagramPacket(new byte[200], 200));
            }
            closed.setSoTimeout(100);
            try {
                closed.receive(new DatagramPacket(new byte[200], 200));
                fail("a packet of the closed port came through");
            } catch (SocketTimeoutException none) {
                assertTrue(runner.out().size() > 3);
            }
        }
    }

    @Test
    void refusesWhatIsNoPort() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "-d", "70000", "lo")) {
            assertTrue(runner.exitStatus(30) != 0);
            assertTrue(runner.err().startsWith("xdp.wasm: -d 70000: not a number from 1 to 65535"), runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void leavesNothingAttached() throws Exception {
        Runner.assumeKernel();
        try (Veth veth = Veth.make()) {
            try (Runner runner = Runner.start(60, MODULE, "-c", "1", veth.name)) {
                assertEquals(0, runner.exitStatus(30), runner.err());
            }
            assertTrue(Runner.shell("ip link show dev " + veth.name).stream().noneMatch(line -> line.contains("xdp")));
        }
    }
}
