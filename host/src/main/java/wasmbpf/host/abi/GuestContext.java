package wasmbpf.host.abi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.FdTable;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.SysException;

/** What the host functions of one guest share. Used by the guest's thread, but for {@link #interrupt} and {@link #finishing()}. */
final class GuestContext {
    /** Longest name and path taken; libbpf's own limits (64 and PATH_MAX) are below. */
    static final int MAX_STRING = 8192;

    /** What objects are loaded through. */
    final Kernel kernel;
    /** What the guest's own system calls and its memory go to. */
    final Kernel own;
    final AbiOptions options;
    final LoadOptions loading;
    final FdTable fds;
    final GuestMessages messages;
    final HandleTable<GuestObject> objects = new HandleTable<>();
    private final List<Poller> pollers = new CopyOnWriteArrayList<>();
    private volatile boolean interrupted;
    private volatile boolean finishing;
    private GuestMemory memory;

    GuestContext(Kernel kernel, Kernel own, AbiOptions options, LoadOptions loading, FdTable fds, Messages messages) {
        this.kernel = kernel;
        this.own = own;
        this.options = options;
        this.messages = new GuestMessages(messages);
        this.loading = loading.withWarnings(this.messages.warnings(loading.warnings()));
        this.fds = fds;
    }

    void memory(GuestMemory guestMemory) {
        memory = guestMemory;
    }

    GuestMemory memory() {
        return memory;
    }

    /** The text at a pointer that may be NULL: then null. */
    String text(int pointer) {
        return pointer == 0 ? null : memory.cString(pointer, MAX_STRING);
    }

    /** The object of a handle. @throws SysException EINVAL */
    GuestObject object(long handle) {
        GuestObject object = objects.get(handle);
        if (object == null) {
            throw new SysException("use object " + handle, Errno.EINVAL, "there is none of that handle");
        }
        return object;
    }

    /** The kernel's number of the guest's descriptor. @throws SysException EBADF */
    int hostFd(int guestFd) {
        Descriptor descriptor = fds.get(guestFd);
        if (descriptor == null) {
            throw new SysException("use descriptor " + guestFd, Errno.EBADF, "the guest has no such descriptor");
        }
        return descriptor.hostFd();
    }

    /** Gives the guest a number for what the kernel just opened; closes it if the guest has too many. */
    int add(Descriptor descriptor) {
        int fd = fds.addAboveStreams(descriptor);
        if (fd < 0) {
            own.close(descriptor.hostFd());
            return -Errno.EMFILE;
        }
        return fd;
    }

    /** Has a poller end its polls when the guest is asked to finish. */
    void watch(Poller poller) {
        pollers.add(poller);
        if (interrupted) {
            poller.interrupt();
        }
    }

    void unwatch(Poller poller) {
        pollers.remove(poller);
    }

    boolean interrupted() {
        return interrupted;
    }

    /** The guest has taken a signal to handle it; false: it polls on as if it had not. */
    void finishing(boolean finishing) {
        this.finishing = finishing;
    }

    /** From any thread. */
    boolean finishing() {
        return finishing;
    }

    /** Ends the poll under way and every later one. From any thread. */
    void interrupt() {
        interrupted = true;
        for (Poller poller : pollers) {
            poller.interrupt();
        }
    }
}
