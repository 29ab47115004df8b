package wasmbpf.host.guest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;

import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;

/** Sockets of a check, all on the loopback interface, closed together. */
final class Sockets implements AutoCloseable {
    private static final Kernel KERNEL = Guest.KERNEL;

    private final Arena arena = Arena.ofConfined();
    private final Deque<Integer> open = new ArrayDeque<>();

    private int keep(int fd) {
        open.push((int) SysException.check("socket", fd));
        return fd;
    }

    int open(int family, int type) {
        return keep(KERNEL.socket(family, type, 0));
    }

    /** sockaddr_in or sockaddr_in6 of the loopback address. */
    MemorySegment loopback(int family, int port) {
        MemorySegment address = arena.allocate(family == Linux.AF_INET ? 16 : 28, 8);
        var bytes = address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) family)
                .order(ByteOrder.BIG_ENDIAN).putShort((short) port);
        if (family == Linux.AF_INET) {
            bytes.putInt(0x7f000001);
        } else {
            bytes.put(23, (byte) 1);
        }
        return address;
    }

    void bind(int fd, int family, int port) {
        SysException.check("bind", KERNEL.bind(fd, loopback(family, port)));
    }

    /** A socket bound to a free port. */
    int bound(int family, int type) {
        int fd = open(family, type);
        bind(fd, family, 0);
        return fd;
    }

    int port(int fd) {
        MemorySegment name = arena.allocate(28, 8);
        SysException.check("getsockname", KERNEL.getsockname(fd, name));
        return name.asByteBuffer().order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
    }

    void connect(int fd, int family, int port) {
        SysException.check("connect", KERNEL.connect(fd, loopback(family, port)));
    }

    void listen(int fd) {
        SysException.check("listen", KERNEL.listen(fd, 8));
    }

    int accept(int fd) {
        return keep(KERNEL.accept(fd));
    }

    void sendTo(int fd, int family, int port) {
        SysException.check("sendto", KERNEL.sendTo(fd, arena.allocate(5), 0, loopback(family, port)));
    }

    void send(int fd) {
        SysException.check("send", KERNEL.send(fd, arena.allocate(5), 0));
    }

    /** Waits for what was sent, at most 5 s. */
    void receive(int fd) {
        MemorySegment poll = arena.allocate(8, 8);
        poll.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(fd).putShort((short) 1);
        Wrong.unlessEqual(1, KERNEL.ppoll(poll, 5000), "sockets that received something");
        SysException.check("recv", KERNEL.recv(fd, arena.allocate(100), 0));
    }

    /** recvfrom(2) with room for the sender's address, which programs see. */
    void receiveFrom(int fd) {
        MemorySegment address = arena.allocate(110, 8);
        MemorySegment length = arena.allocate(4, 4);
        length.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(110);
        MemorySegment buffer = arena.allocate(100);
        SysException.check("recvfrom", KERNEL.call(SystemCall.RECVFROM, null, fd, buffer.address(), 100, 0,
                address.address(), length.address()));
    }

    /** getpeername(2) is 52, getsockname(2) 51 on x86-64. */
    void name(int call, int fd) {
        MemorySegment address = arena.allocate(110, 8);
        MemorySegment length = arena.allocate(4, 4);
        length.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(110);
        Wrong.unlessEqual(0L, LibC.syscall(call, fd, address.address(), length.address()), "result of call " + call);
    }

    /** sockaddr_un of an abstract name. */
    MemorySegment unix(String name) {
        MemorySegment address = arena.allocate(3 + name.length(), 8);
        var bytes = address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) Linux.AF_UNIX).put((byte) 0);
        for (char each : name.toCharArray()) {
            bytes.put((byte) each);
        }
        return address;
    }

    void bindUnix(int fd, String name) {
        SysException.check("bind", KERNEL.bind(fd, unix(name)));
    }

    void connectUnix(int fd, String name) {
        SysException.check("connect", KERNEL.connect(fd, unix(name)));
    }

    void sendToUnix(int fd, String name) {
        SysException.check("sendto", KERNEL.sendTo(fd, arena.allocate(5), 0, unix(name)));
    }

    void getOption(int fd, int level, int option) {
        MemorySegment value = arena.allocate(4, 4);
        MemorySegment length = arena.allocate(4, 4);
        length.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(4);
        Wrong.unlessEqual(0L, LibC.syscall(55, fd, level, option, value.address(), length.address()), "getsockopt");
    }

    void closeLast() {
        KERNEL.close(open.pop());
    }

    @Override
    public void close() {
        open.forEach(KERNEL::close);
        open.clear();
        arena.close();
    }
}
