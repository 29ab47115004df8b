package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** examples/sockops on the running kernel, on a cgroup of its own. */
class SockopsIT {
    private static final String MODULE = "examples/sockops/sockops.wasm";
    private static final int REQUEST = 1000;
    private static final int ANSWER = 20_000;
    private static final String RTT = " rtt \\d+\\.\\d{3} ms";
    private static final Pattern CONNECTED = Pattern.compile("connected (127\\.0\\.0\\.1:\\d+) > (127\\.0\\.0\\.1:\\d+)" + RTT);

    /** Makes one connection with itself and sends there and back; run in a process that is in the cgroup. */
    public static void main(String[] args) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            try (Socket client = new Socket(loopback, server.getLocalPort()); Socket accepted = server.accept()) {
                client.getOutputStream().write(new byte[REQUEST]);
                accepted.getInputStream().readNBytes(REQUEST);
                accepted.getOutputStream().write(new byte[ANSWER]);
                client.getInputStream().readNBytes(ANSWER);
            }
        }
    }

    private static void connectIn(Cgroup cgroup) throws Exception {
        Path classes = Path.of(SockopsIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        cgroup.run(Path.of(System.getProperty("java.home"), "bin", "java") + " -XX:+UseSerialGC -Djava.net.preferIPv4Stack=true -cp " + classes + " "
                + SockopsIT.class.getName());
    }

    private static Runner start(Cgroup cgroup, String... options) throws Exception {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "--dir";
        arguments[1] = cgroup.mount().toString();
        arguments[2] = MODULE;
        System.arraycopy(options, 0, arguments, 3, options.length);
        arguments[arguments.length - 1] = cgroup.path().toString();
        Runner runner = Runner.start(90, arguments);
        runner.awaitLine(("TCP connections of " + cgroup.path() + "... Hit Ctrl-C to end.")::equals, 60);
        return runner;
    }

    @Test
    @Tag("kernel")
    void printsBothEndsOfAConnectionInTheCgroup() throws Exception {
        Runner.assumeKernel();
        try (Cgroup cgroup = Cgroup.make(); Runner runner = start(cgroup)) {
            main(new String[0]); // not in the cgroup
            connectIn(cgroup);
            Matcher ends = CONNECTED.matcher(runner.awaitLine(line -> CONNECTED.matcher(line).matches(), 30));
            assertTrue(ends.matches());
            String there = Pattern.quote(ends.group(1) + " > " + ends.group(2)) + RTT;
            String back = Pattern.quote(ends.group(2) + " > " + ends.group(1)) + RTT;
            runner.awaitLine(line -> line.matches("accepted  " + back), 30);
            // A SYN and a FIN count as a byte each, if they were acknowledged by then.
            runner.awaitLine(line -> line.matches("closed    " + there + ", sent 100[0-2], received 2000[01] bytes, 0 retransmitted"), 30);
            runner.awaitLine(line -> line.matches("closed    " + back + ", sent 2000[0-2], received 100[01] bytes, 0 retransmitted"), 30);
            assertEquals(4, runner.out().size() - 1, () -> String.join("\n", runner.out()));
            runner.interrupt();
            assertEquals(0, runner.exitStatus(40), runner.err());
        }
    }

    @Test
    @Tag("kernel")
    void letsDataBypassTcp() throws Exception {
        Runner.assumeKernel();
        try (Cgroup cgroup = Cgroup.make(); Runner runner = start(cgroup, "--redirect")) {
            connectIn(cgroup);
            runner.awaitLine(line -> line.matches("closed .*, sent [0-2], received [01] bytes, 0 retransmitted"), 30);
            runner.interrupt();
            assertEquals(0, runner.exitStatus(40), runner.err());
            List<String> last = runner.out().stream().filter(line -> line.startsWith("past TCP: ")).toList();
            assertTrue(last.size() == 1 && last.getFirst().matches("past TCP: \\d+ messages, " + (REQUEST + ANSWER) + " bytes"), last.toString());
        }
    }

    @Test
    @Tag("kernel")
    void saysWhatIsNoCgroup() throws Exception {
        Runner.assumeKernel();
        try (Runner runner = Runner.start(30, "--dir", "/tmp", MODULE, "/tmp")) {
            assertEquals(1, runner.exitStatus(30));
            assertTrue(runner.err().contains("sockops: cannot attach to /tmp; is it a folder of cgroup2?"), runner.err());
        }
    }

    @Test
    void saysHowAFolderIsReached() throws Exception {
        try (Runner runner = Runner.start(30, MODULE, "/sys/fs/cgroup")) {
            assertEquals(1, runner.exitStatus(30));
            assertTrue(runner.err().matches("sockops: /sys/fs/cgroup: .*; is it under a folder given with wasm-bpf --dir\\?"), runner.err());
        }
    }
}
