package wasmbpf.host.attach;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/** Network interfaces by name, in the network namespace of the calling thread (which /sys/class/net may not show). */
public final class Interfaces {
    private static final long SIOCGIFNAME = 0x8910;
    private static final long SIOCGIFINDEX = 0x8933;
    /** {@code struct ifreq}: 16 bytes of name, then a union. */
    private static final int IFREQ_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private Interfaces() {
    }

    /** Its number: {@code if_nametoindex}. @throws AttachException ENODEV if there is none */
    public static int index(Kernel kernel, String operation, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (utf8.length >= NAME_BYTES) {
            throw new AttachException(operation, Errno.ENODEV, "no interface has so long a name");
        }
        int socket = kernel.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0);
        if (socket < 0) {
            throw new AttachException(operation, -socket, "cannot make a socket to look the interface up");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
            ByteBuffer bytes = request.asByteBuffer().order(ByteOrder.nativeOrder());
            bytes.put(0, utf8);
            int result = kernel.ioctl(socket, SIOCGIFINDEX, request);
            if (result < 0) {
                throw new AttachException(operation, -result,
                        result == -Errno.ENODEV ? "there is no such interface: see ip link" : "");
            }
            return bytes.getInt(NAME_BYTES);
        } finally {
            kernel.close(socket);
        }
    }

    /** Its name: {@code if_indextoname}. @throws AttachException ENODEV if there is none */
    public static String name(Kernel kernel, String operation, int index) {
        int socket = kernel.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0);
        if (socket < 0) {
            throw new AttachException(operation, -socket, "cannot make a socket to look the interface up");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
            ByteBuffer bytes = request.asByteBuffer().order(ByteOrder.nativeOrder());
            bytes.putInt(NAME_BYTES, index);
            int result = kernel.ioctl(socket, SIOCGIFNAME, request);
            if (result < 0) {
                throw new AttachException(operation, -result, "");
            }
            return request.getString(0);
        } finally {
            kernel.close(socket);
        }
    }
}
