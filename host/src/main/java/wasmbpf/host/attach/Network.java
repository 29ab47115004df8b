package wasmbpf.host.attach;

import java.util.Arrays;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;

/** Programs on interfaces and packet hooks: XDP, tc, tcx, netkit, netfilter. */
final class Network {
    /** How XDP is attached when nobody says: the driver if it can, else the generic code. */
    static final int XDP_ANY_MODE = 0;

    private static final int XDP_UPDATE_IF_NOEXIST = 1;
    private static final int NFPROTO_IPV4 = 2;
    private static final int NFPROTO_IPV6 = 10;
    private static final String[] HOOKS = {"pre_routing", "local_in", "forward", "local_out", "post_routing"};

    private final Kernel kernel;
    private final Links links;

    Network(Kernel kernel, Links links) {
        this.kernel = kernel;
        this.links = links;
    }

    /**
     * {@code interface} or {@code interface:skb|drv|hw}: libbpf {@code bpf_program__attach_xdp}, {@code
     * bpf_xdp_attach}.
     */
    Link xdp(LoadedProgram program, String target) {
        String description = "xdp " + target;
        String operation = Links.operation(program, description);
        int colon = target.indexOf(':');
        int flags = colon < 0 ? XDP_ANY_MODE : switch (target.substring(colon + 1)) {
            case "skb", "generic" -> 2;
            case "drv", "native" -> 4;
            case "hw", "offload" -> 8;
            default -> throw new AttachException(operation, Errno.EINVAL, "an XDP mode is skb, drv or hw");
        };
        int ifindex = Interfaces.index(kernel, operation, colon < 0 ? target : target.substring(0, colon));
        return xdp(program, description, ifindex, flags);
    }

    Link xdp(LoadedProgram program, String description, int ifindex, int flags) {
        String operation = Links.operation(program, description);
        int result = links.createOnInterface(program, ifindex, BpfAttachType.XDP.number(), flags);
        if (result == -Errno.EINVAL) {
            // Kernels before 5.9 have no links on XDP. Others say EINVAL for reasons that netlink finds as well: what it
            // says is what is wrong.
            Netlink netlink = new Netlink(kernel, operation);
            result = -netlink.setXdp(ifindex, program.fd(), flags | XDP_UPDATE_IF_NOEXIST);
            if (result == 0) {
                return new NetlinkLink(description, other -> netlink.setXdp(ifindex, other.fd(), flags), () -> {
                    int left = netlink.setXdp(ifindex, -1, flags);
                    if (left != 0) {
                        throw new AttachException("detach " + description, left, "");
                    }
                });
            }
        }
        return links.of(program, description, result, xdpAdvice(-result));
    }

    private static String xdpAdvice(int errno) {
        return switch (errno) {
            case Errno.EBUSY, Errno.EEXIST -> "the interface has an XDP program already: see ip link";
            case Errno.EOPNOTSUPP -> "the driver cannot; try INTERFACE:skb";
            default -> "";
        };
    }

    /**
     * {@code interface} or {@code interface:ingress|egress} for programs of sections {@code tc}, {@code classifier} and
     * {@code tcx}: a link where the kernel has them (6.6), else a filter of the clsact discipline. The link goes with
     * this process, the filter with {@link Link#close} only.
     */
    Link classifier(LoadedProgram program, String target) {
        String operation = Links.operation(program, "tc " + target);
        int attachType = program.spec().expectedAttachType();
        int colon = target.lastIndexOf(':');
        String name = colon < 0 ? target : target.substring(0, colon);
        if (colon >= 0) {
            int wanted = (switch (target.substring(colon + 1)) {
                case "ingress" -> BpfAttachType.TCX_INGRESS;
                case "egress" -> BpfAttachType.TCX_EGRESS;
                default -> throw new AttachException(operation, Errno.EINVAL, "a direction is ingress or egress");
            }).number();
            if (attachType != 0 && attachType != wanted) {
                throw new AttachException(operation, Errno.EINVAL, "its section \"" + program.spec().sectionName()
                        + "\" says the other direction");
            }
            attachType = wanted;
        } else if (attachType == 0) {
            attachType = BpfAttachType.TCX_INGRESS.number();
        }
        boolean egress = attachType == BpfAttachType.TCX_EGRESS.number();
        int ifindex = Interfaces.index(kernel, operation, name);
        String description = "tc " + name + (egress ? " egress" : " ingress");
        int result = links.createOnInterface(program, ifindex, attachType, 0);
        if (result != -Errno.EINVAL) {
            return links.of(program, description, result, "");
        }
        return filter(program, description, operation, ifindex, egress);
    }

    /** A filter of the clsact queueing discipline, which is made if the interface has none. */
    Link filter(LoadedProgram program, String description, String operation, int ifindex, boolean egress) {
        Netlink netlink = new Netlink(kernel, operation);
        boolean made = netlink.createClsact(ifindex);
        int parent = egress ? Netlink.EGRESS : Netlink.INGRESS;
        Netlink.Filter filter;
        try {
            filter = netlink.addFilter(ifindex, parent, program.fd(), program.name());
        } catch (RuntimeException e) {
            if (made) {
                netlink.destroyClsact(ifindex);
            }
            throw e;
        }
        return new NetlinkLink(description, other -> netlink.addFilter(ifindex, parent, other.fd(), other.name(), filter,
                true, new Netlink.Answer()), () -> {
            int error = netlink.deleteFilter(ifindex, parent, filter);
            if (made) {
                netlink.destroyClsact(ifindex);
            }
            // ENODEV and the like: the interface went, and the filter with it.
            if (error != 0 && error != Errno.ENOENT && error != Errno.ENODEV && error != Errno.EINVAL) {
                throw new AttachException("detach " + description, error, "");
            }
        });
    }

    /** A netkit interface. */
    Link netkit(LoadedProgram program, String target) {
        String description = "netkit " + target;
        int ifindex = Interfaces.index(kernel, Links.operation(program, description), target);
        return links.of(program, description,
                links.createOnInterface(program, ifindex, program.spec().expectedAttachType(), 0),
                "");
    }

    /** {@code ipv4|ipv6:HOOK[:PRIORITY]}: libbpf {@code bpf_program__attach_netfilter}. */
    Link netfilter(LoadedProgram program, String target) {
        String description = "netfilter " + target;
        String operation = Links.operation(program, description);
        String[] parts = target.split(":");
        int family = switch (parts[0]) {
            case "ipv4", "ip" -> NFPROTO_IPV4;
            case "ipv6", "ip6" -> NFPROTO_IPV6;
            default -> -1;
        };
        int hook = parts.length < 2 ? -1 : Arrays.asList(HOOKS).indexOf(parts[1].replace('-', '_'));
        int priority = -128;
        try {
            priority = parts.length > 2 ? Integer.parseInt(parts[2]) : priority;
        } catch (NumberFormatException e) {
            hook = -1;
        }
        if (family < 0 || hook < 0 || parts.length > 3) {
            throw new AttachException(operation, Errno.EINVAL, "a netfilter target is ipv4|ipv6:HOOK[:PRIORITY] with "
                    + String.join(", ", HOOKS));
        }
        return netfilter(program, description, family, hook, priority, 0);
    }

    Link netfilter(LoadedProgram program, String description, int family, int hook, int priority, int flags) {
        int result = links.create(program, 0, BpfAttachType.NETFILTER.number(), attr -> {
            attr.set(LinkCreate.NETFILTER_PF, family).set(LinkCreate.NETFILTER_HOOKNUM, hook)
                    .set(LinkCreate.NETFILTER_PRIORITY, priority);
            if (flags != 0) {
                attr.set(LinkCreate.NETFILTER_FLAGS, flags);
            }
        });
        return links.of(program, description, result, "");
    }
}
