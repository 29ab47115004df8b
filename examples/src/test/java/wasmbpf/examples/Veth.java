package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A pair of interfaces, one of them in a network namespace of its own, for programs that see packets of an interface.
 * Closing it removes both, and whatever is attached to them.
 */
final class Veth implements AutoCloseable {
    static final String ADDRESS = "10.98.7.1";
    static final String PEER = "10.98.7.2";
    private final String id = Long.toString(ProcessHandle.current().pid(), 36);
    /** The interface on this side: {@link #ADDRESS}. */
    final String name = "wbx" + id;

    /** Skips the test, with the reason, where such interfaces cannot be made. */
    static Veth make() throws IOException, InterruptedException {
        Veth veth = new Veth();
        List<String> said = Runner.shell("""
                ip netns add wbx%1$s && ip link add wbx%1$s type veth peer name wby%1$s && ip link set wby%1$s netns wbx%1$s &&
                sysctl -q net.ipv6.conf.wbx%1$s.disable_ipv6=1; ip address add %2$s/24 dev wbx%1$s && ip link set wbx%1$s up &&
                ip -n wbx%1$s address add %3$s/24 dev wby%1$s && ip -n wbx%1$s link set wby%1$s up && echo made
                """.formatted(veth.id, ADDRESS, PEER));
        if (!said.contains("made")) {
            veth.close();
            Assumptions.abort("no veth interfaces in a network namespace: " + said);
        }
        return veth;
    }

    /** Sends UDP packets from the other side to {@link #ADDRESS}: each with that many bytes, as fast as it can. */
    void send(int count, int size, int port) throws IOException, InterruptedException {
        List<String> said = Runner.shell("""
                ip netns exec wbx%s bash -c 'for ((i = 0; i < %d; i++)); do printf %%0%dd 0 > /dev/udp/%s/%d || exit; done; echo sent'
                """.formatted(id, count, size, ADDRESS, port));
        if (!said.contains("sent")) {
            fail("not sent: " + said);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Runner.shell("ip link delete wbx%1$s; ip netns delete wbx%1$s".formatted(id));
    }
}
