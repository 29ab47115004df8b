package wasmbpf.host.abi;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.BpfProgram;
import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.FdTable;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.host.wasi.Interruption;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.Trap;
import wasmbpf.wasm.WasmFunction;

/**
 * The {@code wasm_bpf} functions for one guest: libbpf's meaning, real {@code -errno}, nothing lost, no bad argument that
 * ends the guest. {@link #resolve} gives the functions; {@link #close} detaches and closes what the guest left open.
 * Calls come from the guest's thread, {@link #interrupt} from any.
 */
public final class WasmBpfFunctions implements AutoCloseable {
    private static final int MAX_STRING = GuestContext.MAX_STRING;
    /** In place of a table's element, which has 32 bits. */
    private static final long EXPORT = Long.MIN_VALUE;
    private static final FuncType CALLBACK = BufferCalls.CALLBACK;

    private final GuestContext context;
    private final AbiOptions options;
    private final FdTable fds;
    private final Messages messages;
    private final HandleTable<GuestObject> objects;
    private final MapOperations maps;
    private final ObjectCalls objectCalls;
    private final AttachCalls attachCalls;
    private final BufferCalls buffers;
    private final UserRingCalls userRings;
    private final BpfCalls bpf;
    private final NetlinkCalls netlink;
    private final SystemCalls system;
    private boolean interruptionSeen;
    /** Whether it was said that there is no callback: a guest may poll on. */
    private boolean callbackMissed;
    private GuestMemory memory;

    /** As below, with one kernel for both. */
    public WasmBpfFunctions(Kernel kernel, AbiOptions options, LoadOptions loading, FdTable fds, Messages messages) {
        this(kernel, kernel, options, loading, fds, messages);
    }

    /**
     * @param kernel what objects are loaded through
     * @param own what the guest's own system calls go to, and its memory
     * @param fds the guest's descriptors, shared with WASI
     */
    public WasmBpfFunctions(Kernel kernel, Kernel own, AbiOptions options, LoadOptions loading, FdTable fds,
            Messages messages) {
        this.context = new GuestContext(kernel, own, options, loading, fds, messages);
        this.options = options;
        this.fds = fds;
        this.messages = messages;
        this.objects = context.objects;
        this.maps = new MapOperations(fds);
        this.objectCalls = new ObjectCalls(context);
        this.attachCalls = new AttachCalls(context, objectCalls);
        this.system = new SystemCalls(context);
        this.buffers = new BufferCalls(context, system);
        this.userRings = new UserRingCalls(context);
        this.bpf = new BpfCalls(context, maps);
        this.netlink = new NetlinkCalls(context);
    }

    /** The function a module imports, bound by its type too, or null when there is none like it. */
    public HostFunction resolve(String module, String name, FuncType type) {
        boolean wrapper = module.equals(options.callbackModule());
        if (!wrapper && !module.equals(WasmBpfFunction.MODULE) && !module.equals(WasmBpfFunction.OLD_MODULE)) {
            return null;
        }
        for (WasmBpfFunction f : WasmBpfFunction.values()) {
            if (f.wasmName().equals(name) && (!wrapper || f == WasmBpfFunction.POLL_EXPORT) && f.type().equals(type)
                    && (!f.isNew() || module.equals(WasmBpfFunction.MODULE))) {
                return HostFunction.of(module, name, type, f.parameterNames(),
                        new HostCall(this, f, context.messages));
            }
        }
        return null;
    }

    long call(WasmBpfFunction function, Instance caller, long[] a) {
        if (memory == null) {
            memory = new GuestMemory(caller.memory(0));
            context.memory(memory);
        }
        return switch (function) {
            case LOAD -> load((int) a[0], (int) a[1]);
            case CLOSE -> close(a[0]);
            case ATTACH -> attach(a[0], (int) a[1], (int) a[2]);
            case ATTACH_FD -> attachFd(a[0], (int) a[1], (int) a[2]);
            case POLL -> poll(a[0], (int) a[1], tableFunction(caller, (int) a[2]),
                    (int) a[2], (int) a[3], (int) a[4], (int) a[5], (int) a[6]);
            case POLL_EXPORT -> poll(a[0], (int) a[1], caller.exportedFunction(options.callbackExport()),
                    EXPORT, (int) a[2], (int) a[3], (int) a[4], (int) a[5]);
            case MAP_FD_BY_NAME -> mapFd(a[0], (int) a[1]);
            case MAP_OPERATE, MAP_OPERATE_64 ->
                    maps.operate(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4], a[5]);
            case QUERY -> system.query((int) a[0]);
            case OPEN -> objectCalls.open((int) a[0], (int) a[1], (int) a[2]);
            case LOAD_OPENED -> objectCalls.load(a[0]);
            case FIND -> objectCalls.find(a[0], (int) a[1], (int) a[2]);
            case GET -> objectCalls.get(a[0], (int) a[1], (int) a[2], (int) a[3]);
            case SET -> objectCalls.set(a[0], (int) a[1], (int) a[2], (int) a[3], a[4]);
            case GET_TEXT -> objectCalls.getText(a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4], (int) a[5]);
            case SET_TEXT -> objectCalls.setText(a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4]);
            case GET_BYTES -> objectCalls.bytes()
                    .get(a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4], (int) a[5]);
            case SECTION -> objectCalls.bytes().section((int) a[0]);
            case MAP_VALUE -> objectCalls.value(a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4]);
            case ATTACH_AS -> attachCalls.attach(a[0], (int) a[1], (int) a[2], (int) a[3]);
            case LINK -> attachCalls.link((int) a[0], (int) a[1], (int) a[2]);
            case BUFFERS_NEW -> buffers.create();
            case BUFFERS_ADD -> buffers.add(caller, (int) a[0], (int) a[1]);
            case BUFFERS_POLL -> buffers.poll((int) a[0], (int) a[1]);
            case BUFFERS_CONSUME -> buffers.consume((int) a[0], (int) a[1], (int) a[2]);
            case BUFFERS_GET -> buffers.get((int) a[0], (int) a[1], (int) a[2]);
            case BUFFERS_FREE -> buffers.free((int) a[0]);
            case USER_RING_NEW -> userRings.create((int) a[0]);
            case USER_RING_RESERVE -> userRings.reserve((int) a[0], (int) a[1], (int) a[2]);
            case USER_RING_COMMIT -> userRings.commit((int) a[0], a[1], (int) a[2], a[3] != 0);
            case USER_RING_FREE -> userRings.free((int) a[0]);
            case BPF -> bpf.call((int) a[0], (int) a[1], (int) a[2]);
            case NETLINK -> netlink.call((int) a[0], (int) a[1]);
            case KERNEL_BTF -> objectCalls.kernelBtf((int) a[0], (int) a[1], (int) a[2]);
            case MESSAGE -> context.messages.call(memory, (int) a[0], (int) a[1], (int) a[2]);
            case SIGNAL -> system.signal((int) a[0]);
            case PERF_EVENT_OPEN ->
                    system.perfEventOpen((int) a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4]);
            case IOCTL -> system.ioctl((int) a[0], (int) a[1], (int) a[2]);
            case SOCKET -> system.socket((int) a[0], (int) a[1], (int) a[2]);
            case BIND -> system.bind((int) a[0], (int) a[1], (int) a[2]);
            case SETSOCKOPT -> system.setsockopt((int) a[0], (int) a[1], (int) a[2], (int) a[3], (int) a[4]);
            case IF_NAMETOINDEX -> system.interfaceIndex((int) a[0]);
            case IF_INDEXTONAME -> system.interfaceName((int) a[0], (int) a[1]);
        };
    }

    /** The image is copied: the guest may patch or free its own as soon as this returns. */
    private long load(int image, int size) {
        byte[] elf = memory.bytes(image, size);
        BpfObject object = BpfObject.open(options.objectName(), elf);
        try {
            object.load(context.kernel, context.loading);
        } catch (Throwable t) {
            object.close();
            throw t;
        }
        return objects.add(new GuestObject(object, fds));
    }

    private int close(long handle) {
        GuestObject object = objects.remove(handle);
        if (object == null) {
            return -Errno.EINVAL;
        }
        statistics(object);
        for (GuestBuffer buffer : object.buffers()) {
            context.unwatch(buffer.poller());
        }
        object.close();
        return 0;
    }

    private int attach(long handle, int name, int target) {
        String programName = memory.cString(name, MAX_STRING);
        String targetText = target == 0 ? "" : memory.cString(target, MAX_STRING);
        GuestObject object = objects.get(handle);
        if (object == null || !object.object().isLoaded()) {
            return -Errno.EINVAL;
        }
        BpfProgram program = object.object().findProgram(programName);
        if (program == null) {
            return unknownProgram(object, programName);
        }
        if (targetText.isEmpty()) {
            program.attach();
        } else {
            program.attach(targetText);
        }
        return 0;
    }

    private int unknownProgram(GuestObject object, String name) {
        StringBuilder known = new StringBuilder();
        for (BpfProgram p : object.object().programs()) {
            known.append(known.isEmpty() ? "" : ", ").append(p.name());
        }
        messages.warn("attach program \"" + name + "\": ENOENT; the object has " + known);
        return -Errno.ENOENT;
    }

    /**
     * Only a directory the runtime itself opened for the guest is a target; sections that are no cgroup's attach by
     * themselves, the descriptor not looked at, as the function's inventors have it.
     */
    private int attachFd(long handle, int name, int targetFd) {
        String programName = memory.cString(name, MAX_STRING);
        GuestObject object = objects.get(handle);
        if (object == null || !object.object().isLoaded()) {
            return -Errno.EINVAL;
        }
        BpfProgram program = object.object().findProgram(programName);
        if (program == null) {
            return unknownProgram(object, programName);
        }
        BpfProgType type = BpfProgType.of(program.spec().type());
        if (type == BpfProgType.XDP) {
            messages.warn("attach program \"" + programName + "\": EINVAL; an xdp program is attached by interface name, "
                    + "not by descriptor");
            return -Errno.EINVAL;
        }
        if (targetFd < 0 || !isCgroup(type)) {
            program.attach();
            return 0;
        }
        Descriptor descriptor = fds.get(targetFd);
        if (descriptor == null || descriptor.preopenName() == null) {
            messages.warn("attach program \"" + programName + "\": EBADF; descriptor " + targetFd
                    + " is no directory given with --dir");
            return -Errno.EBADF;
        }
        object.object().attacher().attachCgroup(program.loaded(), descriptor.hostFd());
        return 0;
    }

    private static boolean isCgroup(BpfProgType type) {
        return type != null && switch (type) {
            case CGROUP_SKB, CGROUP_SOCK, CGROUP_DEVICE, CGROUP_SOCK_ADDR, CGROUP_SYSCTL, CGROUP_SOCKOPT, SOCK_OPS -> true;
            default -> false;
        };
    }

    private int mapFd(long handle, int name) {
        String mapName = memory.cString(name, MAX_STRING);
        GuestObject object = objects.get(handle);
        if (object == null || !object.object().isLoaded()) {
            return -Errno.EINVAL;
        }
        BpfMap map = object.object().findMap(mapName);
        if (map == null || object.object().loaded().map(map.spec()) == null) {
            return -Errno.ENOENT;
        }
        int fd = object.descriptor(map);
        return fd < 0 ? -Errno.EMFILE : fd;
    }

    /** Says once why a poll has no callback. */
    private int noCallback(int fd, long element) {
        if (!callbackMissed) {
            callbackMissed = true;
            String map = fds.get(fd) instanceof GuestMap.OfObject polled ? "map \"" + polled.map().name() + "\"" : "descriptor " + fd;
            messages.warn("poll " + map + ": EINVAL; " + (element == EXPORT
                    ? "the module exports no function \"" + options.callbackExport() + "\" of type " + CALLBACK
                            + " for its events; -c NAME names another"
                    : "its callback, element " + Integer.toUnsignedString((int) element)
                            + " of the table, is no function of type " + CALLBACK));
        }
        return -Errno.EINVAL;
    }

    /** The function a C function pointer means, or null: a bad pointer is the guest's argument error, no trap. */
    private static WasmFunction tableFunction(Instance caller, int element) {
        try {
            return caller.tableFunction(0, element);
        } catch (Trap t) {
            return null;
        }
    }

    /**
     * What a poll returns that a signal ended. Every guest's C library has WASI's numbers, so its {@code -EINTR}, which
     * guests compare with, is -27; the kernel's -4 would read as EADDRNOTAVAIL there and end {@code bootstrap} with an error.
     */
    static final int GUEST_EINTR = -27;

    /** @param element what the guest gave for its callback, or {@link #EXPORT} */
    private int poll(long handle, int fd, WasmFunction callback, long element, int context, int data, int maxSize,
            int timeoutMillis) {
        GuestObject object = objects.get(handle);
        if (object == null) {
            return -Errno.EINVAL;
        }
        memory.offset(data, Integer.toUnsignedLong(maxSize));
        if (callback == null || !callback.type().equals(CALLBACK)) {
            return noCallback(fd, element);
        }
        if (!(fds.get(fd) instanceof GuestMap polled)) {
            return -Errno.EBADF;
        }
        LoadedMap map = polled instanceof GuestMap.OfObject own && own.object() == object ? own.map() : null;
        if (map == null || !map.is(BpfMapType.RINGBUF) && !map.is(BpfMapType.PERF_EVENT_ARRAY)) {
            return -Errno.EINVAL;
        }
        GuestBuffer buffer = object.buffer(map);
        if (buffer == null) {
            buffer = openBuffer(object, map);
        }
        int result;
        GuestCallback handler =
                new GuestCallback(object, buffer, memory, callback, context, data, maxSize, messages);
        object.beginPoll();
        try {
            result = buffer.poller().poll(timeoutMillis, handler);
        } finally {
            object.endPoll();
        }
        if (result == Poller.INTERRUPTED && this.context.interrupted()) {
            // Told once, a guest that polls on is held a little each time, so that it does not spin.
            if (interruptionSeen) {
                this.context.finishing(false);
            }
            if (interruptionSeen && handler.delivered() == 0) {
                LockSupport.parkNanos(Interruption.REPEAT_NANOS);
            }
            interruptionSeen = true;
            return GUEST_EINTR;
        }
        return result == GuestCallback.CLOSED ? handler.delivered() : result;
    }

    private GuestBuffer openBuffer(GuestObject object, LoadedMap map) {
        EventBuffer events = null;
        for (BpfMap m : object.object().maps()) {
            if (object.object().loaded().map(m.spec()) == map) {
                events = m.events();
            }
        }
        Poller poller = object.object().poller(events);
        GuestBuffer buffer = new GuestBuffer(map, events, poller);
        object.buffers().add(buffer);
        context.watch(poller);
        return buffer;
    }

    /**
     * Ends the poll under way and every later one with -EINTR. From any thread.
     *
     * @param signal the number that the guest is told if it asks, 0 for none
     */
    public void interrupt(int signal) {
        if (signal != 0) {
            system.signalled(signal);
        }
        context.interrupt();
    }

    /**
     * Whether the guest has taken a signal to handle it and does not wait for events any more: such a one ends by itself,
     * and may need time. From any thread.
     */
    public boolean finishing() {
        return context.finishing();
    }

    /** As {@link #interrupt(int)}, without a signal. */
    public void interrupt() {
        interrupt(0);
    }

    private void statistics(GuestObject object) {
        if (!options.statistics()) {
            return;
        }
        for (GuestBuffer buffer : object.buffers()) {
            EventBuffer events = buffer.events();
            messages.warn("map \"" + events.name() + "\": " + events.delivered() + " events delivered, " + events.lost()
                    + " lost");
        }
    }

    /** Detaches and closes everything the guest did not. */
    @Override
    public void close() {
        buffers.close();
        userRings.close();
        for (GuestObject object : objects.open()) {
            statistics(object);
            object.close();
        }
    }
}
