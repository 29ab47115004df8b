package wasmbpf.host.abi;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import wasmbpf.host.attach.Interfaces;
import wasmbpf.host.load.ProbeType;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Linux;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;

/** The few system calls that BPF user space makes beside bpf(2) and WASI does not have. Numbers are the kernel's. */
final class SystemCalls {
    private static final int IF_NAME_BYTES = 16;
    private static final int MOST_OPTION_BYTES = 4096;
    private static final int PERF_IOCTL = 0x24;
    private static final int TIOCGWINSZ = 0x5413;
    /** The first type a PMU may get; kprobe's and uprobe's attr holds a pointer to a name. */
    private static final int FIRST_DYNAMIC_PMU = 6;

    private final GuestContext context;
    private final Queue<Integer> signals = new ConcurrentLinkedQueue<>();

    SystemCalls(GuestContext context) {
        this.context = context;
    }

    long query(int what) {
        RunningKernel running = RunningKernel.of(context.kernel);
        return switch (what) {
            case 0 -> WasmBpfFunction.VERSION;
            case 1 -> running.pageSize();
            case 2 -> running.cpus().possible();
            case 3 -> context.own.getpid();
            case 4 -> context.own.gettid();
            case 5 -> running.cpus().online().size();
            case 6 -> context.own.call(SystemCall.GETEUID, null, 0, 0, 0, 0, 0, 0);
            default -> -Errno.EINVAL;
        };
    }

    /** A signal that the guest takes with its next {@code wasm_bpf_signal}. From any thread. */
    void signalled(int number) {
        signals.add(number);
    }

    /** NEXT (0): the number of a signal that arrived and was not taken yet; 0 if there is none. */
    int signal(int operation) {
        if (operation != 0) {
            return -Errno.EINVAL;
        }
        Integer next = signals.poll();
        if (next == null) {
            return 0;
        }
        context.finishing(true);
        return next;
    }

    int perfEventOpen(int at, int pid, int cpu, int groupFd, int flags) {
        try (StructValue value = PerfEventAttr.allocate()) {
            fill(value, at);
            int fd = context.own.perfEventOpen(value, pid, cpu, groupFd < 0 ? groupFd : context.hostFd(groupFd),
                    flags | Linux.PERF_FLAG_FD_CLOEXEC);
            return fd < 0 ? fd : context.add(Descriptor.stream(fd));
        }
    }

    /**
     * The guest's {@code struct perf_event_attr} as the kernel takes it; of pointers, the names of probes alone.
     *
     * @throws SysException E2BIG if it has members set that are not known here
     */
    void fill(StructValue value, int at) {
        context.memory().offset(at, 8);
        int size = context.memory().i32(at + 4);
        if (size < 0) {
            throw new SysException("read perf_event_attr", Errno.E2BIG);
        }
        context.memory().offset(at, size == 0 ? 64 : size);
        BpfCalls.Attr attr = new BpfCalls(context, null).new Attr(at, size == 0 ? 64 : size);
        attr.requireZeroFrom(PerfEventAttr.STRUCT.sizeBytes());
        int type = (int) attr.get(PerfEventAttr.TYPE);
        long taken = 0;
        for (StructField field : PerfEventAttr.STRUCT.fields()) {
            if (field.isPointer() || field == PerfEventAttr.SIZE || (taken >> field.offset() / 4 & 1) != 0) {
                continue;
            }
            taken |= 1L << field.offset() / 4;
            if (attr.get(field) != 0) {
                value.set(field, attr.get(field));
            }
        }
        int text = type >= FIRST_DYNAMIC_PMU ? (int) attr.get(PerfEventAttr.CONFIG1) : 0;
        if (text != 0) {
            RunningKernel running = RunningKernel.of(context.kernel);
            if (type == ProbeType.of("kprobe", running.files())) {
                value.point(PerfEventAttr.KPROBE_FUNC, context.text(text));
            } else if (type == ProbeType.of("uprobe", running.files())) {
                value.point(PerfEventAttr.UPROBE_PATH, context.text(text));
            }
        }
    }

    /** Those of perf events, and the size of a terminal. */
    int ioctl(int guestFd, int request, int argument) {
        int fd = context.hostFd(guestFd);
        if (request == TIOCGWINSZ) {
            context.memory().offset(argument, 8);
            return onMemory(fd, request, argument, 8);
        }
        if ((request >> 8 & 0xff) != PERF_IOCTL) {
            return -Errno.ENOTTY;
        }
        return switch (request & 0xff) {
            case 0, 1, 2, 3, 9 -> context.own.ioctl(fd, request, argument);
            case 4, 7 -> onMemory(fd, request, argument, 8);
            case 5, 8 -> context.own.ioctl(fd, request, argument < 0 ? argument : context.hostFd(argument));
            case 6 -> {
                String filter = context.memory().cString(argument, GuestContext.MAX_STRING);
                try (Arena arena = Arena.ofConfined()) {
                    yield context.own.ioctl(fd, Integer.toUnsignedLong(request), arena.allocateFrom(filter));
                }
            }
            default -> -Errno.ENOTTY;
        };
    }

    private int onMemory(int fd, int request, int pointer, int size) {
        long address = context.memory().address(pointer, size);
        return (int) context.own.call(SystemCall.IOCTL, null, fd, Integer.toUnsignedLong(request), address, size, 0, 0);
    }

    int socket(int domain, int type, int protocol) {
        int fd = context.own.socket(domain, type, protocol);
        if (fd == -Errno.EPERM) {
            context.messages.warn("socket: EPERM; a packet or raw socket needs CAP_NET_RAW: run with sudo");
        }
        return fd < 0 ? fd : context.add(Descriptor.stream(fd));
    }

    int bind(int guestFd, int address, int size) {
        int fd = context.hostFd(guestFd);
        if (size < 0) {
            return -Errno.EINVAL;
        }
        long at = context.memory().address(address, size);
        return (int) context.own.call(SystemCall.BIND, null, fd, at, size, 0, 0, 0);
    }

    /** A program's descriptor in the value is the guest's. */
    int setsockopt(int guestFd, int level, int name, int value, int size) {
        int fd = context.hostFd(guestFd);
        if (size < 0 || size > MOST_OPTION_BYTES) {
            return -Errno.EINVAL;
        }
        context.memory().offset(value, size);
        boolean program = level == Linux.SOL_SOCKET
                && (name == Linux.SO_ATTACH_BPF || name == Linux.SO_ATTACH_REUSEPORT_EBPF);
        if (program) {
            return size < 4 ? -Errno.EINVAL
                    : context.own.setsockopt(fd, level, name, context.hostFd(context.memory().i32(value)));
        }
        return (int) context.own.call(SystemCall.SETSOCKOPT, null, fd, level, name,
                size == 0 ? 0 : context.memory().address(value, size), size, 0);
    }

    int interfaceIndex(int name) {
        String text = context.memory().cString(name, GuestContext.MAX_STRING);
        return Interfaces.index(context.own, "look interface \"" + text + "\" up", text);
    }

    int interfaceName(int index, int name) {
        context.memory().offset(name, IF_NAME_BYTES);
        byte[] text = Interfaces.name(context.own, "look interface " + index + " up", index)
                .getBytes(StandardCharsets.UTF_8);
        context.memory().bytes(name, text, Math.min(text.length, IF_NAME_BYTES - 1));
        context.memory().u8(name + Math.min(text.length, IF_NAME_BYTES - 1), 0);
        return 0;
    }
}
