package wasmbpf.sys.replay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.InfoStructs;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * What a decorator knows of the descriptors and mappings that calls made: the symbol of each, and what it is, as far as
 * printing the calls that use it needs that. Confined by its owner's lock.
 */
final class Handles {
    /** How a descriptor is written. */
    enum Naming {
        /** {@code fd#4}: the number in order of appearance, the same on every run. */
        SYMBOL,
        /** {@code 7<map "rb">}: the number as it is, with what it is. */
        NUMBER
    }

    /** A descriptor, from the call that made it to its close. */
    static final class Descriptor {
        final int symbol;
        final SystemCall origin;
        String label;
        /** Null if this is no map, or one of unknown type. */
        BpfMapType mapType;
        /** A netlink socket, whose messages may carry descriptors. */
        boolean netlink;
        /** For an epoll descriptor, the data registered for each descriptor in it. */
        final Map<Integer, Long> epollData = new HashMap<>();

        Descriptor(int symbol, SystemCall origin, String label) {
            this.symbol = symbol;
            this.origin = origin;
            this.label = label;
        }

        /** Whether values of this map are descriptors where user space writes them. */
        boolean holdsDescriptors() {
            return mapType != null && switch (mapType) {
                case PROG_ARRAY, PERF_EVENT_ARRAY, CGROUP_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS, SOCKMAP, SOCKHASH,
                        XSKMAP, REUSEPORT_SOCKARRAY -> true;
                case UNSPEC, HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, STACK_TRACE, LRU_HASH, LRU_PERCPU_HASH, LPM_TRIE,
                        DEVMAP, CPUMAP, CGROUP_STORAGE, PERCPU_CGROUP_STORAGE, QUEUE, STACK, SK_STORAGE, DEVMAP_HASH,
                        STRUCT_OPS, RINGBUF, INODE_STORAGE, TASK_STORAGE, BLOOM_FILTER, USER_RINGBUF, CGRP_STORAGE,
                        ARENA, INSN_ARRAY, RHASH -> false;
            };
        }
    }

    private final Naming naming;
    private final Map<Integer, Descriptor> byNumber = new HashMap<>();
    private final List<Region> regions = new ArrayList<>();
    /** 0, 1 and 2 are standard input, output and error everywhere. */
    private int nextSymbol = 3;
    private int nextRegion = 1;

    Handles(Naming naming) {
        this.naming = naming;
    }

    Descriptor descriptor(int number) {
        return byNumber.get(number);
    }

    /** The number of the open descriptor with that symbol, or -1. */
    int number(int symbol) {
        for (Map.Entry<Integer, Descriptor> entry : byNumber.entrySet()) {
            if (entry.getValue().symbol == symbol) {
                return entry.getKey();
            }
        }
        return -1;
    }

    int freshSymbol() {
        return nextSymbol++;
    }

    int freshRegionSymbol() {
        return nextRegion++;
    }

    void add(Region region) {
        regions.add(region);
    }

    void remove(Region region) {
        regions.remove(region);
    }

    List<Region> regions() {
        return regions;
    }

    /** The mapping that the loader knows to lie over {@code address}, or null. */
    Region region(long address) {
        for (Region region : regions) {
            if (address >= region.address && address - region.address < region.sizeBytes) {
                return region;
            }
        }
        return null;
    }

    String fdText(int number) {
        if (number == Linux.AT_FDCWD) {
            return "AT_FDCWD";
        }
        Descriptor known = byNumber.get(number);
        if (known == null) {
            return Integer.toString(number);
        }
        return switch (naming) {
            case SYMBOL -> "fd#" + known.symbol;
            case NUMBER -> known.label.isEmpty() ? Integer.toString(number) : number + "<" + known.label + ">";
        };
    }

    /** What is left of a timeout differs from run to run, so of a positive one only the sign is told. */
    String timeoutText(int millis) {
        return naming == Naming.SYMBOL && millis > 0 ? "some" : Integer.toString(millis);
    }

    String regionText(long address) {
        if (address == 0) {
            return "0";
        }
        Region region = region(address);
        if (region == null || naming == Naming.NUMBER) {
            return "0x" + Long.toHexString(address);
        }
        return "mem#" + region.symbol + (address == region.address ? "" : "+" + (address - region.address));
    }

    /** Whether a good result of the call is a new descriptor. */
    static boolean makesDescriptor(SystemCall call, long a, long b) {
        if (call == SystemCall.BPF) {
            BpfCommand command = BpfCommand.of((int) a);
            return command != null && command.returnsFd();
        }
        if (call == SystemCall.FCNTL) {
            return b == Linux.F_DUPFD_CLOEXEC || b == 0;
        }
        return Signature.of(call).result().equals("fd");
    }

    /**
     * Notes what a call is about to end, whatever its result. Before the call: after it, the number may already be that
     * of a descriptor another thread opened.
     */
    void noteEnd(SystemCall call, long a) {
        if (call == SystemCall.CLOSE) {
            byNumber.remove((int) a);
            byNumber.forEach((number, descriptor) -> descriptor.epollData.remove((int) a));
        }
    }

    /**
     * Notes what a call that went well changed.
     * @param symbol of the descriptor it made; ignored if it made none
     */
    void note(SystemCall call, StructValue attr, long a, long b, long c, long d, long result, int symbol) {
        if (result < 0) {
            return;
        }
        if (makesDescriptor(call, a, b)) {
            Descriptor made = new Descriptor(symbol, call, label(call, attr, a, b));
            made.mapType = mapType(call, attr, (int) a);
            made.netlink = call == SystemCall.SOCKET && a == Linux.AF_NETLINK;
            if (call == SystemCall.DUP || call == SystemCall.FCNTL) {
                Descriptor from = byNumber.get((int) a);
                made.mapType = from == null ? null : from.mapType;
                made.label = from == null ? "" : from.label;
            }
            byNumber.put((int) result, made);
        } else if (call == SystemCall.EPOLL_CTL) {
            noteEpoll((int) a, (int) b, (int) c, d);
        } else if (call == SystemCall.BPF && a == BpfCommand.OBJ_GET_INFO_BY_FD.number() && attr != null) {
            noteInfo(attr);
        }
    }

    private void noteEpoll(int epollFd, int operation, int fd, long event) {
        Descriptor epoll = byNumber.get(epollFd);
        if (epoll == null) {
            return;
        }
        if (operation == Linux.EPOLL_CTL_DEL) {
            epoll.epollData.remove(fd);
        } else {
            epoll.epollData.put(fd, EpollText.data(event));
        }
    }

    /** A map opened by path or id shows its type only when asked for it. */
    private void noteInfo(StructValue attr) {
        StructValue info = attr.pointedStruct(BpfAttrs.ObjInfo.INFO);
        Descriptor known = byNumber.get(attr.getInt(BpfAttrs.ObjInfo.BPF_FD));
        if (known != null && info != null && info.struct() == InfoStructs.MapInfo.STRUCT) {
            known.mapType = BpfMapType.of(info.getInt(InfoStructs.MapInfo.TYPE));
            known.label = "map \"" + info.getString(InfoStructs.MapInfo.NAME) + "\"";
        }
    }

    private static BpfMapType mapType(SystemCall call, StructValue attr, int command) {
        return call == SystemCall.BPF && attr != null && command == BpfCommand.MAP_CREATE.number()
                ? BpfMapType.of(attr.getInt(BpfAttrs.MapCreate.MAP_TYPE)) : null;
    }

    private static String label(SystemCall call, StructValue attr, long a, long b) {
        if (call == SystemCall.OPENAT) {
            return new String(RawMemory.readText(b, 4096), StandardCharsets.ISO_8859_1);
        }
        if (call != SystemCall.BPF || attr == null) {
            return call == SystemCall.EPOLL_CREATE1 ? "epoll" : call == SystemCall.EVENTFD2 ? "event"
                    : call == SystemCall.PERF_EVENT_OPEN ? "perf" : call.kernelName();
        }
        BpfCommand known = BpfCommand.of((int) a);
        return switch (known) {
            case MAP_CREATE -> "map \"" + attr.getString(BpfAttrs.MapCreate.MAP_NAME) + "\"";
            case PROG_LOAD -> "prog \"" + attr.getString(BpfAttrs.ProgLoad.PROG_NAME) + "\"";
            case BTF_LOAD, BTF_GET_FD_BY_ID -> "btf";
            case LINK_CREATE, RAW_TRACEPOINT_OPEN, LINK_GET_FD_BY_ID -> "link";
            case MAP_GET_FD_BY_ID -> "map";
            case PROG_GET_FD_BY_ID -> "prog";
            case null, default -> known == null ? "bpf" : known.name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
