package wasmbpf.host.guest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;

/** Network devices of the calling thread's own network namespace, which goes with the thread and takes them along. */
public final class Devices {
    private static final int RTM_NEWLINK = 16;
    private static final int REQUEST_ACK_CREATE_EXCL = 1 | 4 | 0x400 | 0x200;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int PEER = 1;
    private static final int EXPERIMENT = 0x88b5;
    private static final Kernel KERNEL = Guest.KERNEL;

    private Devices() {
    }

    /** Gives the thread a network namespace with its loopback interface up. */
    public static void ownNamespace() {
        SysException.check("unshare", KERNEL.unshare(Linux.CLONE_NEWNET));
        up("lo");
    }

    /** SIOCSIFFLAGS of IFF_UP. */
    static void up(String name) {
        request(name, 0x8914, (short) 1);
    }

    /** SIOCGIFINDEX; java.net knows interfaces with addresses only. */
    static int index(String name) {
        return request(name, 0x8933, (short) 0);
    }

    private static int request(String name, long what, short value) {
        int socket = KERNEL.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(40, 8);
            ByteBuffer bytes = request.asByteBuffer().order(ByteOrder.nativeOrder());
            bytes.put(0, name.getBytes(StandardCharsets.US_ASCII)).putShort(16, value);
            SysException.check("ioctl on " + name, KERNEL.ioctl(socket, what, request));
            return bytes.getInt(16);
        } finally {
            KERNEL.close(socket);
        }
    }

    /** Makes two devices of that kind (veth, netkit), each the other's peer, and sets them up. */
    static void pair(String kind, String name, String peer) {
        ByteBuffer message = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
        message.putInt(0).putShort((short) RTM_NEWLINK).putShort((short) REQUEST_ACK_CREATE_EXCL).putInt(1).putInt(0);
        message.put(new byte[16]);
        text(message, IFLA_IFNAME, name);
        int info = nest(message, IFLA_LINKINFO);
        text(message, IFLA_INFO_KIND, kind);
        int data = nest(message, IFLA_INFO_DATA);
        int peerInfo = nest(message, PEER);
        message.put(new byte[16]);
        text(message, IFLA_IFNAME, peer);
        end(message, peerInfo);
        end(message, data);
        end(message, info);
        message.putInt(0, message.position());
        int socket = KERNEL.socket(Linux.AF_NETLINK, Linux.SOCK_RAW, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(message.position(), 8);
            MemorySegment.copy(MemorySegment.ofArray(message.array()), 0, request, 0, message.position());
            SysException.check("send", KERNEL.send(socket, request, 0));
            MemorySegment answer = arena.allocate(4096, 8);
            SysException.check("receive", KERNEL.recv(socket, answer, 0));
            SysException.check("make " + kind, answer.asByteBuffer().order(ByteOrder.nativeOrder()).getInt(16));
        } finally {
            KERNEL.close(socket);
        }
        up(name);
        up(peer);
    }

    private static void text(ByteBuffer message, int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        message.putShort((short) (5 + bytes.length)).putShort((short) type).put(bytes).put((byte) 0);
        while (message.position() % 4 != 0) {
            message.put((byte) 0);
        }
    }

    private static int nest(ByteBuffer message, int type) {
        int start = message.position();
        message.putShort((short) 0).putShort((short) type);
        return start;
    }

    private static void end(ByteBuffer message, int start) {
        message.putShort(start, (short) (message.position() - start));
    }

    /** Sends a frame of the type for experiments out of a device. */
    static void sendFrame(String device) {
        int socket = KERNEL.socket(Linux.AF_PACKET, Linux.SOCK_RAW, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(64, 8);
            frame.asByteBuffer().order(ByteOrder.BIG_ENDIAN).putLong(0, -1L).putShort(12, (short) EXPERIMENT);
            // struct sockaddr_ll: family, protocol, interface, hardware type, packet type, address.
            MemorySegment address = arena.allocate(20, 8);
            address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) Linux.AF_PACKET)
                    .putShort(Short.reverseBytes((short) EXPERIMENT)).putInt(index(device));
            SysException.check("send on " + device, KERNEL.sendTo(socket, frame, 0, address));
        } finally {
            KERNEL.close(socket);
        }
    }
}
