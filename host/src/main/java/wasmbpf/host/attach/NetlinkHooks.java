package wasmbpf.host.attach;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;

/**
 * What libbpf does through netlink without a link to show for it: {@code bpf_tc_*} and {@code bpf_xdp_*}. What it
 * attaches stays after this process. Results are 0 or {@code -errno}.
 */
public final class NetlinkHooks {
    public static final int TC_INGRESS = 1;
    public static final int TC_EGRESS = 2;

    private final Netlink netlink;

    public NetlinkHooks(Kernel kernel) {
        netlink = new Netlink(kernel, "netlink");
    }

    /**
     * A filter of the clsact queueing discipline.
     *
     * @param point     {@link #TC_INGRESS} or {@link #TC_EGRESS}
     * @param handle    0: the kernel's choice
     * @param priority  0: the kernel's choice
     * @param programId 0 before the kernel was asked
     */
    public record Filter(int point, int handle, int priority, int programId) {
    }

    /** @param points of {@link #TC_INGRESS} and {@link #TC_EGRESS}, or-ed; -EEXIST if the interface has the discipline */
    public int createTcHook(int ifindex, int points) {
        return valid(ifindex, points) ? -netlink.newClsact(ifindex) : -Errno.EINVAL;
    }

    /** Both points: the discipline goes; one: its filters go. */
    public int destroyTcHook(int ifindex, int points) {
        if (!valid(ifindex, points)) {
            return -Errno.EINVAL;
        }
        return -(points == (TC_INGRESS | TC_EGRESS) ? netlink.destroyClsact(ifindex)
                : netlink.flushFilters(ifindex, parent(points)));
    }

    private static boolean valid(int ifindex, int points) {
        return ifindex > 0 && points > 0 && points <= (TC_INGRESS | TC_EGRESS);
    }

    private static int parent(int point) {
        return point == TC_EGRESS ? Netlink.EGRESS : Netlink.INGRESS;
    }

    /** Puts a program there; {@code result[0]} says what the kernel chose. */
    public int attachTc(int ifindex, Filter wanted, int programFd, String name, boolean replace, Filter[] result) {
        Netlink.Answer answer = new Netlink.Answer();
        int error = netlink.addFilter(ifindex, parent(wanted.point()), programFd, name,
                new Netlink.Filter(wanted.handle(), wanted.priority()), replace, answer);
        result[0] = new Filter(wanted.point(), answer.handle, answer.priority, answer.programId);
        return -error;
    }

    public int detachTc(int ifindex, Filter filter) {
        return -netlink.deleteFilter(ifindex, parent(filter.point()),
                new Netlink.Filter(filter.handle(), filter.priority()));
    }

    /** {@code result[0]} receives what is there. */
    public int queryTc(int ifindex, Filter filter, Filter[] result) {
        Netlink.Answer answer = new Netlink.Answer();
        int error = netlink.queryFilter(ifindex, parent(filter.point()),
                new Netlink.Filter(filter.handle(), filter.priority()), answer);
        result[0] = new Filter(filter.point(), answer.handle, answer.priority, answer.programId);
        return -error;
    }

    /**
     * @param programFd  -1 takes the program off
     * @param flags      XDP_FLAGS_*
     * @param expectedFd of the program that must be there now, or negative for whatever is
     */
    public int setXdp(int ifindex, int programFd, int flags, int expectedFd) {
        return -(expectedFd < 0 ? netlink.setXdp(ifindex, programFd, flags)
                : netlink.replaceXdp(ifindex, programFd, flags, expectedFd));
    }

    /**
     * @param result receives, if not null, how XDP is attached (0 not, 1 driver, 2 generic, 3 hardware, 4 several) and
     *               the programs' ids: the one attached, the driver's, the generic code's, the hardware's
     */
    public int queryXdp(int ifindex, int[] result) {
        Netlink.Answer answer = new Netlink.Answer();
        int error = netlink.queryXdp(ifindex, answer);
        result[0] = answer.xdpMode;
        System.arraycopy(answer.xdpProgramIds, 0, result, 1, 4);
        return -error;
    }
}
