package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;

@Timeout(30)
class SocketsTest {
    private static final int OUT = WasiFixture.OUT;
    private final Kernel kernel = LinuxKernel.open();

    @TempDir
    Path dir;

    /** A guest that was given a listening socket accepts, receives, sends and shuts down. */
    @Test
    void aConnectionIsServed() throws Exception {
        int listener = kernel.socket(Linux.AF_UNIX, Linux.SOCK_STREAM, 0);
        Path path = dir.resolve("socket");
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            byte[] name = path.toString().getBytes();
            var address = arena.allocate(name.length + 3);
            address.set(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) Linux.AF_UNIX);
            java.lang.foreign.MemorySegment.copy(name, 0, address, java.lang.foreign.ValueLayout.JAVA_BYTE, 2, name.length);
            assertEquals(0, kernel.bind(listener, address));
            assertEquals(0, kernel.listen(listener, 1));
        }
        try (WasiFixture f = WasiFixture.plain(List.of("x"), List.of());
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            int fd = f.wasi.descriptors().addAboveStreams(StandardStream.of(f.files, new Scratch(), listener, true));
            client.connect(UnixDomainSocketAddress.of(path));
            assertEquals(0, f.call("sock_accept", fd, 0, OUT));
            int connection = f.i32(OUT);
            client.write(ByteBuffer.wrap("hello".getBytes()));
            assertEquals(0, f.call("sock_recv", connection, f.iovec(0x5000, 3), 1, 1, OUT, OUT + 8));
            assertEquals("hel", f.string(0x5000, f.i32(OUT)), "peeked");
            assertEquals(0, f.call("sock_recv", connection, f.iovec(0x5000, 100), 1, 0, OUT, OUT + 8));
            assertEquals("hello", f.string(0x5000, f.i32(OUT)));
            assertEquals(0, f.call("sock_send", connection, f.iovec(f.text("ok"), 2), 1, 0, OUT));
            assertEquals(2, f.i32(OUT));
            assertEquals(0, f.call("sock_shutdown", connection, 2));
            ByteBuffer reply = ByteBuffer.allocate(10);
            while (client.read(reply) >= 0) {
                assertTrue(reply.hasRemaining());
            }
            assertEquals("ok", new String(reply.array(), 0, reply.position()));
            assertEquals(WasiErrno.INVAL, f.call("sock_shutdown", connection, 0));
            assertEquals(WasiErrno.INVAL, f.call("sock_send", connection, f.iovec(0x5000, 1), 1, 1, OUT));
            assertEquals(WasiErrno.FAULT, f.call("sock_send", connection, f.iovec(-1, 2), 1, 0, OUT));
            assertEquals(0, f.call("fd_close", connection));
        } finally {
            kernel.close(listener);
        }
    }

    @Test
    void aFileIsNoSocket() {
        try (WasiFixture f = WasiFixture.with(dir)) {
            int file = f.create("a");
            assertEquals(WasiErrno.NOTSOCK, f.call("sock_send", file, f.iovec(0x5000, 1), 1, 0, OUT));
            assertEquals(WasiErrno.BADF, f.call("sock_accept", 99, 0, OUT));
        }
    }
}
