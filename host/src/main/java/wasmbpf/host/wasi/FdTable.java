package wasmbpf.host.wasi;

import java.util.Arrays;


/**
 * The descriptor numbers of one guest: 0-2 the standard streams, preopened directories from 3, then whatever it opens,
 * bpf maps included, so that one number means one thing in WASI calls, map values and attach targets alike. As in POSIX
 * the lowest free number is given next. Not thread-safe: used by the guest's thread only.
 */
public final class FdTable implements AutoCloseable {
    /** More than any guest needs and few enough that a looping guest cannot exhaust the host. */
    public static final int MAX_DESCRIPTORS = 1024;

    private final FileCalls files;
    private Descriptor[] slots = new Descriptor[16];

    public FdTable(FileCalls files) {
        this.files = files;
    }

    /** What {@code fd} stands for, or null. */
    public Descriptor get(int fd) {
        return fd >= 0 && fd < slots.length ? slots[fd] : null;
    }

    /** The number that stands for {@code d}, or -1. */
    public int numberOf(Descriptor d) {
        for (int fd = 0; fd < slots.length; fd++) {
            if (slots[fd] == d) {
                return fd;
            }
        }
        return -1;
    }

    /** What {@code fd} stands for. */
    Descriptor require(int fd) {
        Descriptor d = get(fd);
        if (d == null) {
            throw new WasiException(WasiErrno.BADF);
        }
        return d;
    }

    /** What {@code fd} stands for, when it carries {@code right}; NOTCAPABLE when it does not. */
    Descriptor require(int fd, long right) {
        Descriptor d = require(fd);
        if (!d.has(right)) {
            throw new WasiException(WasiErrno.NOTCAPABLE);
        }
        return d;
    }

    /** Adds at the lowest free number and returns it; -1 when the table is full (the caller keeps {@code d}). */
    int add(Descriptor d) {
        return addAtOrAbove(0, d);
    }

    /** As {@link #add}, but never the number of a standard stream. */
    public int addAboveStreams(Descriptor d) {
        return addAtOrAbove(3, d);
    }

    int addAtOrAbove(int lowest, Descriptor d) {
        int fd = lowest;
        while (fd < slots.length && slots[fd] != null) {
            fd++;
        }
        if (fd >= MAX_DESCRIPTORS) {
            return -1;
        }
        if (fd >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(fd + 1, slots.length * 2));
        }
        slots[fd] = d;
        return fd;
    }

    /** Forgets {@code fd} and closes the kernel's descriptor when it is owned. */
    void close(int fd) {
        Descriptor d = require(fd);
        slots[fd] = null;
        if (d.owned()) {
            files.close(d.hostFd());
        }
    }

    /** Forgets {@code d} wherever it stands: its kernel descriptor was closed by its owner. */
    public void remove(Descriptor d) {
        for (int fd = 0; fd < slots.length; fd++) {
            if (slots[fd] == d) {
                slots[fd] = null;
            }
        }
    }

    /** {@code fd_renumber}: {@code to}, which must be open, is closed and then stands for what {@code from} stood for. */
    void renumber(int from, int to) {
        Descriptor d = require(from);
        require(to);
        if (from != to) {
            close(to);
            slots[to] = d;
            slots[from] = null;
        }
    }

    @Override
    public void close() {
        for (int fd = 0; fd < slots.length; fd++) {
            if (slots[fd] != null) {
                close(fd);
            }
        }
    }
}
