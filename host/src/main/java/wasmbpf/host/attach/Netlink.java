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

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_DELQDISC = 37;
    private static final int RTM_NEWTFILTER = 44;
    private static final int RTM_DELTFILTER = 45;
    private static final int RTM_GETTFILTER = 46;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_REPLACE = 0x100;
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
    private static final int TCA_BPF_ID = 11;
    private static final int TCA_BPF_FLAG_ACT_DIRECT = 1;
    private static final int TC_H_CLSACT = 0xffff_fff1;
    private static final int ETH_P_ALL = 3;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_FD = 1;
    private static final int IFLA_XDP_ATTACHED = 2;
    private static final int IFLA_XDP_FLAGS = 3;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int IFLA_XDP_HW_PROG_ID = 7;
    private static final int IFLA_XDP_EXPECTED_FD = 8;
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
        int error = newClsact(ifindex);
        if (error != 0 && error != Errno.EEXIST) {
            throw failed(error, "making its clsact queueing discipline");
        }
        return error == 0;
    }

    /** @return 0 or errno: EEXIST if the interface has one */
    int newClsact(int ifindex) {
        return exchange(new Message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL)
                .trafficControl(ifindex, 0xffff_0000, TC_H_CLSACT, 0).text(TCA_KIND, "clsact"), null);
    }

    /** @return 0 or errno */
    int destroyClsact(int ifindex) {
        return exchange(new Message(RTM_DELQDISC, 0).trafficControl(ifindex, 0xffff_0000, TC_H_CLSACT, 0)
                .text(TCA_KIND, "clsact"), null);
    }

    /** What the kernel chose for a filter, or a caller wants of it: 0 leaves it to the kernel. */
    record Filter(int handle, int priority) {
    }

    /** What the kernel told: of a filter its handle, priority and program's id; of XDP what is attached. */
    static final class Answer {
        int handle;
        int priority;
        int programId;
        int xdpMode;
        /** By IFLA_XDP_PROG_ID + i: the one attached, the driver's, the generic code's, the hardware's. */
        final int[] xdpProgramIds = new int[4];
    }

    /** @param parent {@link #INGRESS} or {@link #EGRESS} */
    Filter addFilter(int ifindex, int parent, int programFd, String name) {
        Answer answer = new Answer();
        int error = addFilter(ifindex, parent, programFd, name, new Filter(0, 0), false, answer);
        if (error != 0) {
            throw failed(error, "adding the filter");
        }
        return new Filter(answer.handle, answer.priority);
    }

    /** @return 0 or errno */
    int addFilter(int ifindex, int parent, int programFd, String name, Filter wanted, boolean replace, Answer answer) {
        Message message = new Message(RTM_NEWTFILTER,
                NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL) | NLM_F_ECHO)
                .trafficControl(ifindex, wanted.handle(), parent, info(wanted)).text(TCA_KIND, "bpf");
        int options = message.nest(TCA_OPTIONS);
        message.number(TCA_BPF_FD, programFd).text(TCA_BPF_NAME, name)
                .number(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
        message.end(options);
        return exchange(message, answer);
    }

    private static int info(Filter filter) {
        return filter.priority() << 16 | bigEndian(ETH_P_ALL);
    }

    /** @return 0 or errno */
    int deleteFilter(int ifindex, int parent, Filter filter) {
        return exchange(new Message(RTM_DELTFILTER, 0).trafficControl(ifindex, filter.handle(), parent, info(filter))
                .text(TCA_KIND, "bpf"), null);
    }

    /** Deletes all filters of a direction. @return 0 or errno */
    int flushFilters(int ifindex, int parent) {
        return exchange(new Message(RTM_DELTFILTER, 0).trafficControl(ifindex, 0, parent, 0), null);
    }

    /** @return 0 or errno */
    int queryFilter(int ifindex, int parent, Filter filter, Answer answer) {
        return exchange(new Message(RTM_GETTFILTER, 0).trafficControl(ifindex, filter.handle(), parent, info(filter))
                .text(TCA_KIND, "bpf"), answer);
    }

    /** What XDP programs an interface has. @return 0 or errno */
    int queryXdp(int ifindex, Answer answer) {
        return exchange(new Message(RTM_GETLINK, 0).interfaceInfo(ifindex), answer);
    }

    /** As {@link #setXdp(int, int, int)} if that program is there now. */
    int replaceXdp(int ifindex, int programFd, int flags, int expectedFd) {
        Message message = new Message(RTM_SETLINK, 0).interfaceInfo(ifindex);
        int nest = message.nest(IFLA_XDP);
        message.number(IFLA_XDP_FD, programFd).number(IFLA_XDP_FLAGS, flags | 1 << 4)
                .number(IFLA_XDP_EXPECTED_FD, expectedFd);
        message.end(nest);
        return exchange(message, null);
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
     * @param told receives what the kernel tells besides, or null
     * @return 0 or errno
     */
    private int exchange(Message message, Answer told) {
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
                    // rtnetlink has done what was asked, and queued its answer, before send returns: without the answer
                    // nobody would know what there is to undo.
                    received = kernel.recv(socket, in, Linux.MSG_DONTWAIT);
                }
                if (received < 0) {
                    throw failed((int) -received, "receiving from netlink");
                }
                Integer answer = answer(in.asByteBuffer().order(ByteOrder.nativeOrder()), (int) received, told);
                if (answer != null) {
                    return answer;
                }
            }
        } finally {
            kernel.close(socket);
        }
    }

    /** errno of the acknowledgement among these messages, or null if it is not among them. */
    private static Integer answer(ByteBuffer in, int received, Answer told) {
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
            if (type == RTM_NEWTFILTER && told != null && length >= HEADER_BYTES + 20) {
                told.handle = in.getInt(at + HEADER_BYTES + 8);
                told.priority = in.getInt(at + HEADER_BYTES + 16) >>> 16;
                attributes(in, at + HEADER_BYTES + 20, at + length, TCA_OPTIONS, told);
            }
            if (type == RTM_NEWLINK && told != null && length >= HEADER_BYTES + 16) {
                attributes(in, at + HEADER_BYTES + 16, at + length, IFLA_XDP, told);
            }
            at += length + 3 & ~3;
        }
        return null;
    }

    /** Reads the attributes of a filter or link, {@code nested} being the one that is looked into. */
    private static void attributes(ByteBuffer in, int from, int to, int nested, Answer told) {
        int at = from;
        while (to - at >= 4) {
            int length = in.getShort(at) & 0xffff;
            int type = in.getShort(at + 2) & 0x3fff;
            if (length < 4 || length > to - at) {
                return;
            }
            if (type == nested && nested != 0) {
                attributes(in, at + 4, at + length, nested == IFLA_XDP ? -1 : 0, told);
            } else if (nested == 0 && type == TCA_BPF_ID && length >= 8) {
                told.programId = in.getInt(at + 4);
            } else if (nested == -1 && type == IFLA_XDP_ATTACHED && length >= 5) {
                told.xdpMode = in.get(at + 4);
            } else if (nested == -1 && type >= IFLA_XDP_PROG_ID && type <= IFLA_XDP_HW_PROG_ID && length >= 8) {
                told.xdpProgramIds[type - IFLA_XDP_PROG_ID] = in.getInt(at + 4);
            }
            at += length + 3 & ~3;
        }
    }
}
