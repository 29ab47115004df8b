package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/tc on the running kernel, on an interface of its own. */
class TcIT {
    @Test
    @Tag("kernel")
    void printsPacketsOfBothDirectionsAndRemovesWhatItMade() throws Exception {
        Runner.assumeKernel();
        try (Veth veth = Veth.make(); DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(Veth.ADDRESS), 0));
                Runner runner = Runner.start(60, "examples/tc/tc.wasm", veth.name)) {
            runner.awaitLine(line -> line.startsWith("Packets of " + veth.name), 30);
            veth.send(1, 10, socket.getLocalPort());
            runner.awaitLine(("in  " + Veth.PEER + " > " + Veth.ADDRESS + " protocol 17 ttl 64, 52 bytes")::equals, 30);
            socket.send(new DatagramPacket(new byte[20], 20, InetAddress.getByName(Veth.PEER), 9));
            runner.awaitLine(("out " + Veth.ADDRESS + " > " + Veth.PEER + " protocol 17 ttl 64, 62 bytes")::equals, 30);
            runner.interrupt();
            assertEquals(0, runner.exitStatus(30), runner.err());
            assertEquals(List.of(), Runner.shell("tc qdisc show dev " + veth.name + " clsact"));
        }
    }
}
