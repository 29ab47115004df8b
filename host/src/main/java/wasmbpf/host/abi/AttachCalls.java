package wasmbpf.host.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.KernelLink;
import wasmbpf.host.attach.Link;
import wasmbpf.host.attach.TypedAttacher;
import wasmbpf.host.attach.TypedAttacher.Place;
import wasmbpf.host.load.BtfTargets;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;

/**
 * Attaching by kind with options, and what can be done with the links. The options are one struct for all kinds, of
 * which each takes its part:
 *
 * <pre>
 *  0 u32 size   4 u32 flags (1: at return)   8 u32 text, 12 u32 text2, 16 u32 text3
 * 20 s32 fd (or interface)   24 s32 pid   28 u32 place, XDP or netfilter flags
 * 32 u64 offset   40 u64 cookie   48 u64 semaphore's offset, or revision
 * 56 u32 count   60 u32 symbols (pointers)   64 u32 addresses (u64)   68 u32 cookies (u64)   72 u32 semaphores (u64)
 * 76 s32 relative fd   80 u32 relative id   84 u32 info   88 u32 info's size
 * 92 s32 priority   96 u32 protocol family   100 u32 hook
 * </pre>
 */
final class AttachCalls {
    private static final int OPTIONS = 104;
    private static final int RETURNING = 1;
    /** No kernel links so many functions at once. */
    private static final int MOST = 1 << 20;

    private static final int DESTROY = 0;
    private static final int DETACH = 1;
    private static final int UPDATE = 2;
    private static final int PIN = 3;
    private static final int DISCONNECT = 4;
    private static final int DESCRIPTOR = 5;
    private static final int UPDATE_MAP = 6;

    private final GuestContext context;
    private final ObjectCalls objects;
    private final HandleTable<GuestLink> links = new HandleTable<>();

    AttachCalls(GuestContext context, ObjectCalls objects) {
        this.context = context;
        this.objects = objects;
    }

    /** A link the guest holds; {@code shown}: its descriptor, once the guest asked for it. */
    private static final class GuestLink {
        final GuestObject owner;
        final Link link;
        Descriptor shown;
        boolean detached;

        GuestLink(GuestObject owner, Link link) {
            this.owner = owner;
            this.link = link;
        }
    }

    /** @return the link's handle, or {@code -errno} */
    int attach(long handle, int kind, int index, int options) {
        GuestObject object = context.object(handle);
        if (!object.object().isLoaded()) {
            return -Errno.EINVAL;
        }
        if (options != 0) {
            context.memory().offset(options, OPTIONS);
            if (context.memory().i32(options) < OPTIONS) {
                return -Errno.EINVAL;
            }
        }
        Link link = attach(object, kind, index, options);
        return (int) links.add(new GuestLink(object, link));
    }

    private Link attach(GuestObject object, int kind, int index, int at) {
        Attacher attacher = object.object().attacher();
        if (kind == 21) {
            return attacher.attachStructOps(map(object, index));
        }
        if (object.object().loaded().program(objects.program(object, index).name()) == null) {
            throw new SysException("attach " + objects.program(object, index), Errno.EINVAL, "it is not loaded");
        }
        LoadedProgram program = objects.program(object, index).loaded();
        TypedAttacher typed = attacher.typed();
        boolean returning = (u32(at, 4) & RETURNING) != 0;
        int fd = u32(at, 20);
        int pid = at == 0 ? -1 : u32(at, 24);
        int flags = u32(at, 28);
        long cookie = u64(at, 40);
        return switch (kind) {
            case 0 -> attacher.attach(program);
            case 1 -> attacher.attach(program, text(at, 8));
            case 2 -> typed.kprobe(program, text(at, 8), u64(at, 32), returning, cookie);
            case 3 -> kprobeMulti(typed, program, at, returning);
            case 4 -> typed.systemCall(program, text(at, 8), returning, cookie);
            case 5 -> typed.uprobe(program, text(at, 8), text(at, 12), u64(at, 32), u64(at, 48), returning, pid, cookie);
            case 6 -> {
                String pattern = u32(at, 56) == 0 ? text(at, 12) : null;
                if (pattern == null && numbers(at, 64) == null) {
                    throw new SysException("attach " + program, Errno.EINVAL, "no offsets are given");
                }
                yield typed.uprobeMulti(program, text(at, 8), pattern, numbers(at, 64), numbers(at, 72), numbers(at, 68),
                        returning, pid);
            }
            case 7 -> typed.usdt(program, text(at, 8), text(at, 12), text(at, 16), pid, cookie);
            case 8 -> typed.tracepoint(program, text(at, 8), text(at, 12), cookie);
            case 9 -> typed.rawTracepoint(program, text(at, 8), cookie);
            case 10 -> typed.trace(program, cookie);
            case 11 -> attacher.attachPerfEvent(program, context.hostFd(fd), cookie);
            case 12 -> place(at).equals(Place.ANY) ? attacher.attachCgroup(program, context.hostFd(fd))
                    : typed.cgroup(program, context.hostFd(fd), place(at));
            case 13 -> attacher.attachNetworkNamespace(program, context.hostFd(fd));
            case 14 -> typed.socketMap(program, context.hostFd(fd));
            case 15 -> attacher.attachXdp(program, fd, flags);
            case 16 -> typed.tcx(program, fd, place(at));
            case 17 -> typed.netkit(program, fd, place(at));
            case 18 -> attacher.attachNetfilter(program, u32(at, 96), u32(at, 100), u32(at, 92), flags);
            case 19 -> typed.iterator(program, iteratorInfo(program, at));
            case 20 -> freplace(attacher, program, context.hostFd(fd), text(at, 8));
            default -> throw new SysException("attach " + program, Errno.EINVAL, "there is no kind " + kind);
        };
    }

    private Link kprobeMulti(TypedAttacher typed, LoadedProgram program, int at, boolean returning) {
        if (u32(at, 56) == 0) {
            return typed.kprobeMulti(program, text(at, 8), returning);
        }
        String[] symbols = texts(at);
        long[] addresses = numbers(at, 64);
        if (symbols == null && addresses == null) {
            throw new SysException("attach " + program, Errno.EINVAL, "neither functions nor addresses are given");
        }
        return typed.kprobeMulti(program, symbols, addresses, numbers(at, 68), returning);
    }

    private Link freplace(Attacher attacher, LoadedProgram program, int targetFd, String function) {
        int id = BtfTargets.functionOf(context.kernel, "attach " + program, targetFd, function);
        return attacher.attachFreplace(program, targetFd, id);
    }

    private LoadedMap map(GuestObject object, int index) {
        var maps = object.object().maps();
        LoadedMap loaded = index < 0 || index >= maps.size() ? null
                : object.object().loaded().map(maps.get(index).spec());
        if (loaded == null) {
            throw new SysException("attach map " + index, Errno.EINVAL, "it was not created");
        }
        return loaded;
    }

    // ---- the options ----

    private int u32(int options, int offset) {
        return options == 0 ? 0 : context.memory().i32(options + offset);
    }

    private long u64(int options, int offset) {
        return options == 0 ? 0 : context.memory().i64(options + offset);
    }

    private String text(int options, int offset) {
        String text = context.text(u32(options, offset));
        return text == null ? "" : text;
    }

    private int count(int options) {
        int count = u32(options, 56);
        if (count < 0 || count > MOST) {
            throw new SysException("attach to " + Integer.toUnsignedString(count) + " places", Errno.E2BIG);
        }
        return count;
    }

    private String[] texts(int options) {
        int pointers = u32(options, 60);
        if (pointers == 0) {
            return null;
        }
        String[] texts = new String[count(options)];
        context.memory().offset(pointers, 4L * texts.length);
        for (int i = 0; i < texts.length; i++) {
            texts[i] = context.memory().cString(context.memory().i32(pointers + 4 * i), GuestContext.MAX_STRING);
        }
        return texts;
    }

    private long[] numbers(int options, int offset) {
        int pointer = u32(options, offset);
        if (pointer == 0) {
            return null;
        }
        long[] numbers = new long[count(options)];
        context.memory().offset(pointer, 8L * numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = context.memory().i64(pointer + 8 * i);
        }
        return numbers;
    }

    private Place place(int options) {
        int relative = u32(options, 76);
        return new Place(u32(options, 28), relative <= 0 ? 0 : context.hostFd(relative), u32(options, 80),
                u64(options, 48));
    }

    /** {@code union bpf_iter_link_info}, the guest's descriptor in it exchanged for the host's. */
    private byte[] iteratorInfo(LoadedProgram program, int options) {
        int size = u32(options, 88);
        int pointer = u32(options, 84);
        if (size == 0 || pointer == 0) {
            return new byte[0];
        }
        if (size < 0 || size > 64) {
            throw new SysException("attach " + program, Errno.E2BIG, "its link information has " + size + " bytes");
        }
        byte[] info = context.memory().bytes(pointer, size);
        String kind = program.spec().attachTarget();
        // map: fd at 0. cgroup: order, fd at 4. task: tid, pid, pidfd at 8.
        int at = kind.startsWith("cgroup") ? 4 : kind.startsWith("task") ? 8 : 0;
        if (at + 4 <= size) {
            ByteBuffer bytes = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN);
            int fd = bytes.getInt(at);
            if (fd != 0) {
                bytes.putInt(at, context.hostFd(fd));
            }
        }
        return info;
    }

    // ---- links ----

    int link(int handle, int operation, int argument) {
        GuestLink held = links.get(handle);
        if (held == null) {
            return -Errno.EBADF;
        }
        if (operation != DESTROY && (held.detached || !held.owner.object().isLoaded())) {
            return -Errno.EINVAL;
        }
        switch (operation) {
            case DESTROY -> {
                links.remove(handle);
                forget(held);
                held.link.close();
            }
            case DETACH -> {
                if (held.link instanceof KernelLink link) {
                    link.detach();
                } else {
                    held.detached = true;
                    forget(held);
                    held.link.close();
                }
            }
            case UPDATE -> {
                if (!(context.fds.get(argument) instanceof GuestProgram program)) {
                    return -Errno.EBADF;
                }
                held.link.update(program.program());
            }
            case UPDATE_MAP -> {
                if (!(context.fds.get(argument) instanceof GuestMap.OfObject map)
                        || !(held.link instanceof KernelLink link)) {
                    return -Errno.EINVAL;
                }
                held.owner.object().attacher().updateStructOps(link, map.map());
            }
            case PIN -> held.link.pin(context.memory().cString(argument, GuestContext.MAX_STRING));
            case DISCONNECT -> {
                links.remove(handle);
                forget(held);
            }
            case DESCRIPTOR -> {
                return descriptor(held);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private void forget(GuestLink held) {
        if (held.shown != null) {
            context.fds.remove(held.shown);
        }
        if (held.owner.object().isLoaded()) {
            held.owner.object().loaded().forget(held.link);
        }
    }

    private int descriptor(GuestLink held) {
        int[] fds = held.link.fds();
        if (fds.length == 0 || !held.owner.object().isLoaded()) {
            return -Errno.ENOENT;
        }
        if (held.shown == null) {
            held.shown = held.owner.keep(new LinkDescriptor(fds[0]));
        }
        int fd = context.fds.numberOf(held.shown);
        fd = fd >= 0 ? fd : context.fds.addAboveStreams(held.shown);
        return fd < 0 ? -Errno.EMFILE : fd;
    }

    /** Stays the link's; its object forgets it when it closes. */
    private static final class LinkDescriptor extends Descriptor {
        LinkDescriptor(int hostFd) {
            super(hostFd);
        }
    }
}
