package wasmbpf.host.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfAttrs.ProgAttach;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** A stand-in that knows what outlives a process: pins, probes in tracefs, what netlink and PROG_ATTACH attached. */
public class KeepingKernel extends StandInKernel {
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_DELQDISC = 37;
    private static final int RTM_NEWTFILTER = 44;
    private static final int RTM_DELTFILTER = 45;

    private final Set<String> kept = new TreeSet<>();
    private int acknowledged;

    /** What is there that closing descriptors does not take away. */
    public Set<String> kept() {
        return kept;
    }

    @Override
    protected Integer answer(BpfCommand command, StructValue attr) {
        switch (command) {
            case OBJ_PIN -> kept.add("pin " + string(attr.get(ObjPin.PATHNAME)));
            case PROG_ATTACH -> kept.add("attach type " + attr.get(ProgAttach.ATTACH_TYPE));
            case PROG_DETACH -> kept.remove("attach type " + attr.get(ProgAttach.ATTACH_TYPE));
            case MAP_DELETE_ELEM -> kept.remove("value of " + openDescriptors().get(attr.getInt(MapElem.MAP_FD)));
            case MAP_UPDATE_ELEM -> {
                // A struct_ops map without link is registered by its value.
                String map = openDescriptors().get(attr.getInt(MapElem.MAP_FD));
                if (map.equals("map unlinked")) {
                    kept.add("value of " + map);
                }
            }
            default -> { }
        }
        return super.answer(command, attr);
    }

    @Override
    protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        switch (call) {
            case UNLINKAT -> kept.remove("pin " + string(b));
            case WRITE -> probe(new String(at(b, c).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
            case SETSOCKOPT -> {
                if (c == Linux.SO_ATTACH_BPF || c == Linux.SO_ATTACH_REUSEPORT_EBPF) {
                    kept.add("socket program");
                } else {
                    kept.remove("socket program");
                }
            }
            case SENDTO -> {
                netlink(at(b, c));
                return c;
            }
            case RECVFROM -> {
                return acknowledge(at(b, c));
            }
            default -> { }
        }
        return super.answer(call, attr, a, b, c, d, e, f);
    }

    private void probe(String line) {
        if (line.startsWith("-:")) {
            kept.remove("probe " + line.substring(2));
        } else if (line.startsWith("p:") || line.startsWith("r:")) {
            kept.add("probe " + line.substring(2, line.indexOf(' ')));
        }
    }

    private void netlink(MemorySegment message) {
        acknowledged = 0;
        switch (message.get(ValueLayout.JAVA_SHORT_UNALIGNED, 4)) {
            case RTM_NEWQDISC -> kept.add("clsact");
            case RTM_DELQDISC -> kept.removeIf(each -> each.equals("clsact") || each.equals("filter"));
            case RTM_NEWTFILTER -> kept.add("filter");
            case RTM_DELTFILTER -> acknowledged = kept.remove("filter") ? 0 : -Errno.ENOENT;
            case RTM_SETLINK -> {
                // Header, ifinfomsg, the nest's header, the number's header.
                if (message.get(ValueLayout.JAVA_INT_UNALIGNED, 16 + 16 + 4 + 4) < 0) {
                    kept.remove("xdp");
                } else {
                    kept.add("xdp");
                }
            }
            default -> throw new AssertionError(message);
        }
    }

    /** NLMSG_ERROR with that number, 0 for success. */
    private long acknowledge(MemorySegment answer) {
        answer.asSlice(0, 20).fill((byte) 0);
        answer.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 20);
        answer.set(ValueLayout.JAVA_SHORT_UNALIGNED, 4, (short) 2);
        answer.set(ValueLayout.JAVA_INT_UNALIGNED, 16, acknowledged);
        return 20;
    }
}
