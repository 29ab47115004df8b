package wasmbpf.host.abi;

import wasmbpf.host.attach.NetlinkHooks;
import wasmbpf.host.attach.NetlinkHooks.Filter;
import wasmbpf.sys.Errno;

/**
 * {@code bpf_tc_*} and {@code bpf_xdp_*}. The options:
 *
 * <pre>
 *  0 u32 size   4 s32 interface   8 u32 attach points (tc)   12 s32 program   16 u32 flags   20 u32 handle
 * 24 u32 priority   28 u32 program's id   32 u32 XDP mode   36 u32 x 3 ids: driver's, generic, hardware's
 * 48 s32 expected program (XDP), negative for any
 * </pre>
 */
final class NetlinkCalls {
    private static final int OPTIONS = 52;
    private static final int TC_HOOK_CREATE = 0;
    private static final int TC_HOOK_DESTROY = 1;
    private static final int TC_ATTACH = 2;
    private static final int TC_DETACH = 3;
    private static final int TC_QUERY = 4;
    private static final int XDP_ATTACH = 5;
    private static final int XDP_QUERY = 6;
    private static final int REPLACE = 1;

    private final GuestContext context;

    NetlinkCalls(GuestContext context) {
        this.context = context;
    }

    int call(int operation, int at) {
        var memory = context.memory();
        memory.offset(at, OPTIONS);
        if (memory.i32(at) < OPTIONS) {
            return -Errno.EINVAL;
        }
        NetlinkHooks hooks = new NetlinkHooks(context.own);
        int ifindex = memory.i32(at + 4);
        int point = memory.i32(at + 8);
        int program = memory.i32(at + 12);
        Filter filter = new Filter(point, memory.i32(at + 20), memory.i32(at + 24) & 0xffff, 0);
        boolean onePoint = point == NetlinkHooks.TC_INGRESS || point == NetlinkHooks.TC_EGRESS;
        if (operation >= TC_ATTACH && operation <= TC_QUERY && !onePoint) {
            return -Errno.EINVAL;
        }
        Filter[] result = new Filter[1];
        int error = switch (operation) {
            case TC_HOOK_CREATE -> hooks.createTcHook(ifindex, point);
            case TC_HOOK_DESTROY -> hooks.destroyTcHook(ifindex, point);
            case TC_ATTACH -> hooks.attachTc(ifindex, filter, context.hostFd(program), name(program),
                    (memory.i32(at + 16) & REPLACE) != 0, result);
            case TC_DETACH -> hooks.detachTc(ifindex, filter);
            case TC_QUERY -> hooks.queryTc(ifindex, filter, result);
            case XDP_ATTACH -> hooks.setXdp(ifindex, program < 0 ? -1 : context.hostFd(program), memory.i32(at + 16),
                    memory.i32(at + 48) < 0 ? -1 : context.hostFd(memory.i32(at + 48)));
            case XDP_QUERY -> xdp(hooks, ifindex, at);
            default -> -Errno.EINVAL;
        };
        if (error == 0 && result[0] != null) {
            memory.i32(at + 20, result[0].handle());
            memory.i32(at + 24, result[0].priority());
            memory.i32(at + 28, result[0].programId());
        }
        return error;
    }

    private String name(int program) {
        return context.fds.get(program) instanceof GuestProgram known ? known.program().name() : "guest";
    }

    private int xdp(NetlinkHooks hooks, int ifindex, int at) {
        int[] found = new int[5];
        int error = hooks.queryXdp(ifindex, found);
        context.memory().i32(at + 28, found[1]);
        context.memory().i32(at + 32, found[0]);
        for (int i = 0; i < 3; i++) {
            context.memory().i32(at + 36 + 4 * i, found[2 + i]);
        }
        return error;
    }
}
