package wasmbpf.sys;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file descriptor with one owner, who closes it once. Closing twice is an {@link IllegalStateException}: the number
 * may be someone else's by then. Which are open is kept for tests: {@link #open()} before and after must be equal.
 */
public final class Fd implements AutoCloseable {
    private static final Set<Fd> OPEN = ConcurrentHashMap.newKeySet();

    private final Kernel kernel;
    private final int number;
    private final String what;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(Kernel kernel, int number, String what) {
        this.kernel = kernel;
        this.number = number;
        this.what = what;
    }

    /**
     * Takes ownership of a descriptor.
     * @param number >= 0
     * @param what what it is, for messages: {@code map "rb"}
     */
    public static Fd of(Kernel kernel, int number, String what) {
        if (number < 0) {
            throw new IllegalArgumentException(what + ": " + number + " is no descriptor");
        }
        Fd fd = new Fd(kernel, number, what);
        OPEN.add(fd);
        return fd;
    }

    /** The descriptor's number. @throws IllegalStateException once closed */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return !closed.get();
    }

    /** Gives the descriptor up without closing it: the caller owns the number. */
    public int release() {
        end();
        return number;
    }

    /** @throws IllegalStateException on the second call */
    @Override
    public void close() {
        end();
        kernel.close(number);
    }

    private void end() {
        if (!closed.compareAndSet(false, true)) {
            throw new IllegalStateException(this + " is closed twice");
        }
        OPEN.remove(this);
    }

    /** What is open now, one text each, sorted: for leak checks. */
    public static List<String> open() {
        List<String> open = new ArrayList<>();
        for (Fd fd : OPEN) {
            open.add(fd.toString());
        }
        open.sort(null);
        return open;
    }

    @Override
    public String toString() {
        return "fd " + number + " (" + what + ")";
    }
}
