package wasmbpf.host.wasi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;


/**
 * {@code poll_oneoff}: sleeping and waiting for descriptors, which is all the waiting WASI has. When the runtime asks the
 * guest to finish, the wait under way ends, once; a guest that takes no notice sleeps on, so that one which prints in a
 * loop does not flood its output while it is given time to finish. A sleep ends as if its time were over: Rust's
 * thread::sleep panics at any error and wasi-libc makes ENOTSUP of it. A wait for descriptors alone ends with EINTR.
 *
 * <pre>
 *  subscription  0 userdata u64  8 tag u8  16 clock: id u32, 24 timeout u64, 32 precision u64, 40 flags u16
 *                                          16 fd: number u32                               (48 bytes;
                                             {@link Snapshot} has what differs before preview 1)
 *  event         0 userdata u64  8 error u16  10 type u8  16 bytes ready u64  24 flags u16 (32 bytes)
 * </pre>
 */
final class PollOneoff {
    private static final int EVENT = 32;
    /** Far above what one guest can have open, so only a hostile count meets it. */
    private static final int MAX_SUBSCRIPTIONS = 4 * FdTable.MAX_DESCRIPTORS;
    private static final int CLOCK = 0;
    private static final int FD_READ = 1;
    private static final int FD_WRITE = 2;
    private static final int ABSTIME = 1;
    private static final int HANGUP = 1;
    private static final long FIONREAD = 0x541b;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;
    private final Clocks clocks;
    private final Interruption interruption;
    private final Snapshot snapshot;

    PollOneoff(FdTable fds, FileCalls files, Scratch scratch, Clocks clocks, Interruption interruption, Snapshot snapshot) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
        this.clocks = clocks;
        this.interruption = interruption;
        this.snapshot = snapshot;
    }

    /** One subscription as read, and what became of it. */
    private static final class Subscription {
        long userdata;
        int type;
        /** What the event says when it is due: 0 or a WASI error number. */
        int error;
        /** Due without waiting: an error, or a file, which never blocks. */
        boolean immediate;
        long deadlineNanos;
        int hostFd = -1;
        int revents;
    }

    int call(GuestMemory memory, long[] args) {
        int in = (int) args[0];
        int out = (int) args[1];
        long count = Integer.toUnsignedLong((int) args[2]);
        if (count == 0 || count > MAX_SUBSCRIPTIONS) {
            return WasiErrno.INVAL;
        }
        memory.offset(in, (long) snapshot.subscriptionBytes * count);
        memory.offset(out, EVENT * count);
        memory.offset((int) args[3], 4);
        Subscription[] all = new Subscription[(int) count];
        long now = System.nanoTime();
        for (int i = 0; i < all.length; i++) {
            all[i] = read(memory, in + snapshot.subscriptionBytes * i, now);
        }
        boolean woken = await(all, now);
        int events = 0;
        now = woken ? earliest(all) : System.nanoTime();
        for (Subscription s : all) {
            if (s.immediate || s.revents != 0 || s.type == CLOCK && s.deadlineNanos - now <= 0) {
                write(memory, out + EVENT * events++, s);
            }
        }
        memory.i32((int) args[3], events);
        return WasiErrno.SUCCESS;
    }

    private Subscription read(GuestMemory memory, int at, long now) {
        Subscription s = new Subscription();
        s.userdata = memory.i64(at);
        s.type = memory.u8(at + 8);
        switch (s.type) {
            case CLOCK -> readClock(memory, at + snapshot.clockOffset(), s, now);
            case FD_READ, FD_WRITE -> readFd(memory.i32(at + 16), s);
            default -> throw new WasiException(WasiErrno.INVAL);
        }
        return s;
    }

    /** @param at where the subscription's clock begins */
    private void readClock(GuestMemory memory, int at, Subscription s, long now) {
        int id = memory.i32(at);
        if (id != Clocks.REALTIME && id != Clocks.MONOTONIC) {
            s.immediate = true;
            s.error = id == 2 || id == Clocks.THREAD_CPUTIME ? WasiErrno.NOTSUP : WasiErrno.INVAL;
            return;
        }
        long timeout = memory.i64(at + 8);
        if ((memory.u16(at + 24) & ABSTIME) != 0) {
            long left = Long.compareUnsigned(timeout, clocks.now(id)) <= 0 ? 0 : timeout - clocks.now(id);
            timeout = left;
        }
        // A timeout of 2^63 ns and more is 292 years: for ever, as far as a guest can tell.
        s.deadlineNanos = now + (timeout < 0 ? Long.MAX_VALUE / 2 : Math.min(timeout, Long.MAX_VALUE / 2));
    }

    private void readFd(int fd, Subscription s) {
        Descriptor d = fds.get(fd);
        if (d == null || !d.has(Rights.POLL_FD_READWRITE)) {
            s.immediate = true;
            s.error = d == null ? WasiErrno.BADF : WasiErrno.NOTCAPABLE;
            return;
        }
        s.hostFd = d.hostFd();
        s.immediate = d.fileType() == FileType.REGULAR_FILE || d.fileType() == FileType.DIRECTORY;
    }

    /** When the first clock is due. */
    private static long earliest(Subscription[] all) {
        Subscription first = null;
        for (Subscription s : all) {
            if (s.type == CLOCK && (first == null || s.deadlineNanos - first.deadlineNanos < 0)) {
                first = s;
            }
        }
        if (first == null) {
            throw new WasiException(WasiErrno.INTR);
        }
        return first.deadlineNanos;
    }

    /** Waits for the first of everything subscribed; sets {@code revents}. True when asked to finish meanwhile. */
    private boolean await(Subscription[] all, long now) {
        long timeout = Long.MAX_VALUE;
        int watched = 0;
        for (Subscription s : all) {
            if (s.immediate) {
                timeout = 0;
            } else if (s.type == CLOCK) {
                timeout = Math.min(timeout, Math.max(0, s.deadlineNanos - now));
            } else {
                watched++;
            }
        }
        boolean wakes = !interruption.delivered();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfds = arena.allocate(8L * (watched + 1), 8);
            int n = 0;
            for (Subscription s : all) {
                if (!s.immediate && s.type != CLOCK) {
                    short events = (short) (s.type == FD_READ ? FileCalls.POLLIN : FileCalls.POLLOUT);
                    pollfds.set(ValueLayout.JAVA_INT, 8L * n, s.hostFd);
                    pollfds.set(ValueLayout.JAVA_SHORT, 8L * n++ + 4, events);
                }
            }
            pollfds.set(ValueLayout.JAVA_INT, 8L * n, wakes ? interruption.wakeFd() : -1);
            pollfds.set(ValueLayout.JAVA_SHORT, 8L * n + 4, (short) FileCalls.POLLIN);
            int ready = interruption.poll(pollfds.address(), n + 1, timeout);
            WasiException.check(ready);
            n = 0;
            int own = 0;
            for (Subscription s : all) {
                if (!s.immediate && s.type != CLOCK) {
                    s.revents = pollfds.get(ValueLayout.JAVA_SHORT, 8L * n++ + 6);
                    own += s.revents != 0 ? 1 : 0;
                }
            }
            if (ready > own && own == 0 && timeout != 0) {
                interruption.markDelivered();
                return true;
            }
            return false;
        }
    }

    private void write(GuestMemory memory, int at, Subscription s) {
        long bytes = 0;
        int flags = 0;
        int error = s.error;
        if (s.type != CLOCK && error == 0) {
            error = (s.revents & FileCalls.POLLNVAL) != 0 ? WasiErrno.BADF : 0;
            flags = (s.revents & (FileCalls.POLLHUP | FileCalls.POLLERR)) != 0 ? HANGUP : 0;
            scratch.i32(Scratch.TIMES, 0);
            if (s.type == FD_READ && files.ioctl(s.hostFd, FIONREAD, scratch.address(Scratch.TIMES), 4) == 0) {
                bytes = scratch.i32(Scratch.TIMES) & 0xffffffffL;
            } else if (s.type == FD_WRITE) {
                bytes = 1;
            }
        }
        memory.i64(at, s.userdata);
        memory.i64(at + 8, (long) s.type << 16 | error);
        memory.i64(at + 16, bytes);
        memory.i64(at + 24, flags);
    }
}
