package wasmbpf.host.attach;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

import wasmbpf.host.load.KernelFiles;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/** The tracing file system, where tracepoints have their numbers. */
public final class Tracefs {
    private static final String[] PLACES = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

    private Tracefs() {
    }

    /** Where it is mounted, or null; null also where this process may not look. */
    public static String directory(Kernel kernel) {
        for (String place : PLACES) {
            if (kernel.access(place + "/events", 0) >= 0) {
                return place;
            }
        }
        return null;
    }

    /**
     * The number of an event.
     *
     * @param operation for messages
     * @throws AttachException ENOENT if there is no such event or no tracefs, EACCES if it may not be read
     */
    static int eventId(Kernel kernel, KernelFiles files, String operation, String category, String name) {
        String directory = PLACES[0];
        byte[] file = read(files, operation, directory, category, name);
        if (file == null) {
            directory = PLACES[1];
            file = read(files, operation, directory, category, name);
        }
        String where = file == null ? directory(kernel) : directory;
        if (where == null) {
            file = readUnmounted(kernel, "events/" + category + "/" + name + "/id");
        }
        if (file == null) {
            throw new AttachException(operation, Errno.ENOENT, where == null
                    ? "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing"
                    : "this kernel has no such tracepoint: see " + where + "/events");
        }
        try {
            return Integer.parseInt(new String(file, StandardCharsets.US_ASCII).strip());
        } catch (NumberFormatException e) {
            throw new AttachException(operation, Errno.EINVAL, "its id file holds no number");
        }
    }

    /**
     * A file of tracefs where that is mounted nowhere (a container, a bare machine): read through a mount of our own that
     * no one else sees and that ends with its descriptor. Null if the kernel refuses, or there is no such file.
     *
     * @param path within it: {@code events/sched/sched_switch/id}
     * @return its first 64 bytes
     */
    public static byte[] readUnmounted(Kernel kernel, String path) {
        int context = kernel.fsopen("tracefs");
        if (context < 0) {
            return null;
        }
        int mount = kernel.fsconfigCreate(context) < 0 ? -1 : kernel.fsmount(context);
        kernel.close(context);
        if (mount < 0) {
            return null;
        }
        int fd = kernel.openat(mount, path, Linux.O_RDONLY, 0);
        kernel.close(mount);
        if (fd < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64);
            long n = kernel.read(fd, buffer);
            return n < 0 ? null : buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
        } finally {
            kernel.close(fd);
        }
    }

    private static byte[] read(KernelFiles files, String operation, String directory, String category, String name) {
        String path = directory + "/events/" + category + "/" + name + "/id";
        try {
            return files.read(path);
        } catch (UncheckedIOException e) {
            throw new AttachException(operation, Errno.EACCES, "cannot read " + path
                    + ", which only root may unless tracefs is mounted with another mode", e);
        }
    }
}
