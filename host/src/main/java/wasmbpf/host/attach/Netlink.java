package wasmbpf.host.attach;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * Requests to rtnetlink: clsact queueing disciplines, BPF classifiers on them, XDP. libbpf netlink.c.
 *
 * <pre>
 * struct nlmsghdr  u32 length, u16 type, u16 flags, u32 sequence, u32 port
 * struct tcmsg     u8 family, 3 bytes, s32 ifindex, u32 handle, u32 parent, u32 info
 * struct ifinfomsg u8 family, u8, u16 type, s32 index, u32 flags, u32 change
 * attribute        u16 length, u16 type | NESTED 1<<15, bytes, padding to 4
 * </pre>
 */
final class Netlink {
    static final int INGRESS = 0xffff_fff2;
    static final int EGRESS = 0xffff_fff3;

    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_DELQDISC = 37;
    private static final int RTM_NEWTFILTER = 44;
    private static final int RTM_DELTFILTER = 45;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_EXCL = 0x200;
    private static final int NLM_F_CREATE = 0x400;
    private static final int NLM_F_ECHO = 8;
    private static final int NLMSG_ERROR = 2;
    private static final int NLA_F_NESTED = 1 << 15;
    private static final int TCA_KIND = 1;
    private static final int TCA_OPTIONS = 2;
    private static final int TCA_BPF_FD = 6;
    private static final int TCA_BPF_NAME = 7;
    private static final int TCA_BPF_FLAGS = 8;
    private static final int TCA_BPF_FLAG_ACT_DIRECT = 1;
    private static final int TC_H_CLSACT = 0xffff_fff1;
    private static final int ETH_P_ALL = 3;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_FD = 1;
    private static final int IFLA_XDP_FLAGS = 3;
    private static final int HEADER_BYTES = 16;
    private static final int BUFFER_BYTES = 8192;

    private final Kernel kernel;
    private final String operation;

    Netlink(Kernel kernel, String operation) {
        this.kernel = kernel;
        this.operation = operation;
    }

    /** A message being put together. */
    private static final class Message {
        final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

        Message(int type, int flags) {
            bytes.putInt(0).putShort((short) type).putShort((short) (NLM_F_REQUEST | NLM_F_ACK | flags))
                    .putInt(1).putInt(0);
        }

        Message trafficControl(int ifindex, int handle, int parent, int info) {
            bytes.putInt(0).putInt(ifindex).putInt(handle).putInt(parent).putInt(info);
            return this;
        }

        Message interfaceInfo(int ifindex) {
            bytes.putInt(0).putInt(ifindex).putInt(0).putInt(0);
            return this;
        }

        Message number(int type, int value) {
            bytes.putShort((short) 8).putShort((short) type).putInt(value);
            return this;
        }

        Message text(int type, String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.putShort((short) (5 + utf8.length)).putShort((short) type).put(utf8).put((byte) 0);
            while (bytes.position() % 4 != 0) {
                bytes.put((byte) 0);
            }
            return this;
        }

        int nest(int type) {
            int start = bytes.position();
            bytes.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
            return start;
        }

        void end(int start) {
            bytes.putShort(start, (short) (bytes.position() - start));
        }
    }

    /** @return whether it was made just now; false if the interface had one */
    boolean createClsact(int ifindex) {
        Message message = new Message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL)
                .trafficControl(ifindex, 0xffff_0000, TC_H_CLSACT, 0).text(TCA_KIND, "clsact");
        int error = exchange(message, null);
        if (error != 0 && error != Errno.EEXIST) {
            throw failed(error, "making its clsact queueing discipline");
        }
        return error == 0;
    }

    void destroyClsact(int ifindex) {
        exchange(new Message(RTM_DELQDISC, 0).trafficControl(ifindex, 0xffff_0000, TC_H_CLSACT, 0)
                .text(TCA_KIND, "clsact"), null);
    }

    /** What the kernel chose for a filter. */
    record Filter(int handle, int priority) {
    }

    /** @param parent {@link #INGRESS} or {@link #EGRESS} */
    Filter addFilter(int ifindex, int parent, int programFd, String name) {
        Message message = new Message(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO)
                .trafficControl(ifindex, 0, parent, bigEndian(ETH_P_ALL)).text(TCA_KIND, "bpf");
        int options = message.nest(TCA_OPTIONS);
        message.number(TCA_BPF_FD, programFd).text(TCA_BPF_NAME, name)
                .number(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
        message.end(options);
        int[] answer = new int[2];
        int error = exchange(message, answer);
        if (error != 0) {
            throw failed(error, "adding the filter");
        }
        return new Filter(answer[0], answer[1]);
    }

    /** @return 0 or errno */
    int deleteFilter(int ifindex, int parent, Filter filter) {
        return exchange(new Message(RTM_DELTFILTER, 0).trafficControl(ifindex, filter.handle(), parent,
                filter.priority() << 16 | bigEndian(ETH_P_ALL)).text(TCA_KIND, "bpf"), null);
    }

    /** @param programFd -1 takes it off @return 0 or errno */
    int setXdp(int ifindex, int programFd, int flags) {
        Message message = new Message(RTM_SETLINK, 0).interfaceInfo(ifindex);
        int nest = message.nest(IFLA_XDP);
        message.number(IFLA_XDP_FD, programFd);
        if (flags != 0) {
            message.number(IFLA_XDP_FLAGS, flags);
        }
        message.end(nest);
        return exchange(message, null);
    }

    private static int bigEndian(int protocol) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes((short) protocol) & 0xffff
                : protocol;
    }

    private AttachException failed(int errno, String doing) {
        return new AttachException(operation, errno, doing + (errno == Errno.EPERM ? "; needs CAP_NET_ADMIN" : ""));
    }

    /**
     * Sends a message and waits for its acknowledgement.
     *
     * @param filter receives handle and priority of an echoed filter, or null
     * @return 0 or errno
     */
    private int exchange(Message message, int[] filter) {
        int socket = kernel.socket(Linux.AF_NETLINK, Linux.SOCK_RAW, Linux.NETLINK_ROUTE);
        if (socket < 0) {
            throw failed(-socket, "opening a netlink socket");
        }
        try (Arena arena = Arena.ofConfined()) {
            int length = message.bytes.position();
            message.bytes.putInt(0, length);
            MemorySegment out = arena.allocate(length, 8);
            out.asByteBuffer().put(message.bytes.array(), 0, length);
            long sent = kernel.send(socket, out, 0);
            if (sent < 0) {
                throw failed((int) -sent, "sending to netlink");
            }
            MemorySegment in = arena.allocate(BUFFER_BYTES, 8);
            while (true) {
                long received = kernel.recv(socket, in, 0);
                if (received < 0) {
                    throw failed((int) -received, "receiving from netlink");
                }
                Integer answer = answer(in.asByteBuffer().order(ByteOrder.nativeOrder()), (int) received, filter);
                if (answer != null) {
                    return answer;
                }
            }
        } finally {
            kernel.close(socket);
        }
    }

    /** errno of the acknowledgement among these messages, or null if it is not among them. */
    private static Integer answer(ByteBuffer in, int received, int[] filter) {
        int at = 0;
        while (received - at >= HEADER_BYTES) {
            int length = in.getInt(at);
            if (length < HEADER_BYTES || length > received - at) {
                return Errno.EBADMSG;
            }
            int type = in.getShort(at + 4) & 0xffff;
            if (type == NLMSG_ERROR && length >= HEADER_BYTES + 4) {
                return -in.getInt(at + HEADER_BYTES);
            }
            if (type == RTM_NEWTFILTER && filter != null && length >= HEADER_BYTES + 20) {
                filter[0] = in.getInt(at + HEADER_BYTES + 8);
                filter[1] = in.getInt(at + HEADER_BYTES + 16) >>> 16;
            }
            at += length + 3 & ~3;
        }
        return null;
    }
}
