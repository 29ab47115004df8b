package wasmbpf.host.load;

import java.io.UncheckedIOException;

/**
 * The files in which a kernel tells about itself: /sys, /proc, /boot. They are read here and not through
 * {@link wasmbpf.sys.Kernel} since they are large, and the same for a recorded run; a test puts files of another kernel
 * in their place.
 */
@FunctionalInterface
public interface KernelFiles {
    /** The running kernel's. */
    KernelFiles RUNNING = new RunningFiles();

    /** The whole file, or null if there is none. @throws UncheckedIOException if it cannot be read */
    byte[] read(String path);

    /** As {@link #read}; null also if it cannot be read. */
    default byte[] readIfReadable(String path) {
        try {
            return read(path);
        } catch (UncheckedIOException e) {
            return null;
        }
    }
}
