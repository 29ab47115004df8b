package wasmbpf.host.buffer;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import wasmbpf.sys.EpollEvents;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;
import wasmbpf.sys.Wakeup;

/**
 * Waits for events of one or more buffers and hands them on.
 *
 * <p>One thread polls; {@link #interrupt} may be called from any. The buffers stay the caller's to close, after this.
 */
public final class Poller implements AutoCloseable {
    /** What {@link #poll} returns when {@link #interrupt} ended it: {@code -EINTR}. */
    public static final int INTERRUPTED = -Errno.EINTR;

    private static final int MOST_EVENTS = 64;
    private static final long WAKEUP = -1;

    private final Kernel kernel;
    private final Fd epoll;
    private final EpollEvents ready = new EpollEvents(MOST_EVENTS);
    private final Wakeup wakeup;
    private final List<EventBuffer> buffers = new ArrayList<>();
    /** Of each buffer its own handler, or null: then the one that {@link #poll(int, EventHandler)} was given. */
    private final List<EventHandler> handlers = new ArrayList<>();
    private volatile boolean interrupted;
    private volatile boolean closed;

    /** @throws SysException if a descriptor cannot be had */
    public Poller(Kernel kernel) {
        this.kernel = kernel;
        this.wakeup = new Wakeup(kernel);
        try {
            this.epoll = Fd.of(kernel, SysException.check("epoll_create", kernel.epollCreate()), "epoll set");
        } catch (RuntimeException e) {
            ready.close();
            wakeup.close();
            throw e;
        }
        try {
            watch("wake-up event", wakeup.fd(), WAKEUP);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A poller for one buffer. */
    public static Poller of(Kernel kernel, EventBuffer buffer) {
        Poller poller = new Poller(kernel);
        try {
            poller.add(buffer);
        } catch (RuntimeException e) {
            poller.close();
            throw e;
        }
        return poller;
    }

    /** Adds a buffer to those waited for, whose events go to the handler of each poll. */
    public void add(EventBuffer buffer) {
        add(buffer, null);
    }

    /** Adds a buffer whose events go to a handler of its own: libbpf {@code ring_buffer__add}. */
    public void add(EventBuffer buffer, EventHandler handler) {
        for (int fd : buffer.readyFds()) {
            watch("buffer \"" + buffer.name() + "\"", fd, buffers.size());
        }
        buffers.add(buffer);
        handlers.add(handler);
    }

    /** The descriptor that is readable when a buffer has events, or after {@link #interrupt}. Stays this poller's. */
    public int fd() {
        return epoll.number();
    }

    private void watch(String what, int fd, long data) {
        SysException.check("wait for " + what,
                kernel.epollCtl(epoll.number(), Linux.EPOLL_CTL_ADD, fd, Linux.EPOLLIN, data));
    }

    /** As {@link #poll(int, EventHandler)} where every buffer has a handler of its own. */
    public int poll(int timeoutMillis) {
        return poll(timeoutMillis, null);
    }

    /**
     * Hands on at most so many events of what is there, and does not wait: libbpf {@code ring_buffer__consume_n}. Buffers
     * are taken in the order they were added, each until it is empty.
     *
     * @param limit   most events to hand on, >= 1
     * @param handler of the buffers that have none of their own
     * @return events handed on, or a handler's negative result
     */
    public int consume(int limit, EventHandler handler) {
        kernel.refreshMapped();
        int count = 0;
        for (int i = 0; i < buffers.size() && count < limit; i++) {
            int drained = buffers.get(i).drain(handlerOf(i, handler), limit - count);
            if (drained < 0) {
                return drained;
            }
            count += drained;
        }
        return count;
    }

    private EventHandler handlerOf(int buffer, EventHandler other) {
        EventHandler own = handlers.get(buffer);
        if (own == null && other == null) {
            throw new IllegalArgumentException("buffer \"" + buffers.get(buffer).name() + "\" has no handler: give one to "
                    + "poll, or to add");
        }
        return own == null ? other : own;
    }

    /**
     * Hands on what is there; if nothing is, waits for it first.
     *
     * <p>Every event that is there when this is called is handed on, and further ones while fewer than a buffer's
     * capacity came, so that a program which is itself traced ends its poll. A buffer's order is kept; buffers are
     * taken in the order they were added.
     *
     * @param timeoutMillis how long to wait when there is nothing: 0 not at all, negative for ever
     * @param handler       of the buffers that have none of their own
     * @return events handed on, 0 when the time is over, a handler's negative result, or {@link #INTERRUPTED}
     * @throws SysException if waiting fails
     */
    public int poll(int timeoutMillis, EventHandler handler) {
        if (interrupted) {
            return INTERRUPTED;
        }
        int count = drain(handler);
        if (count != 0 || timeoutMillis == 0) {
            return count;
        }
        long deadline = timeoutMillis < 0 ? Long.MAX_VALUE : System.nanoTime() + timeoutMillis * 1_000_000L;
        int wait = timeoutMillis < 0 ? -1 : timeoutMillis;
        int idle = 0;
        while (true) {
            // The kernel must see our positions before we sleep on them: commit reads consumer_pos after its xchg, and
            // if it saw an old one and we an old producer_pos, nobody would wake us.
            VarHandle.fullFence();
            // Level-triggered: what arrived since the drain above makes this return at once.
            int found = kernel.epollWait(epoll.number(), ready, wait);
            if (interrupted) {
                return INTERRUPTED;
            }
            if (found < 0 && found != -Errno.EINTR) {
                throw new SysException("wait for events", -found);
            }
            count = drain(handler);
            if (count != 0) {
                return count;
            }
            if (found == 0) {
                // The kernel waited to the end. The clock is not asked: waits take no time in a replay.
                return 0;
            }
            if (timeoutMillis >= 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return 0;
                }
                wait = (int) ((left + 999_999) / 1_000_000);
            }
            if (found > 0) {
                // Ready, yet nothing to take: a record still being written, which epoll reports as data (or this is a
                // handler waiting on the buffer that called it). Let the writer run: it is on another CPU or preempted.
                LockSupport.parkNanos(Math.min(1_000_000, 1_000L << Math.min(idle++, 10)));
            }
        }
    }

    private int drain(EventHandler handler) {
        kernel.refreshMapped();
        int count = 0;
        for (int i = 0; i < buffers.size(); i++) {
            EventBuffer buffer = buffers.get(i);
            int drained = buffer.drain(handlerOf(i, handler), buffer.capacityEvents());
            if (drained < 0) {
                return drained;
            }
            count = (int) Math.min((long) count + drained, Integer.MAX_VALUE);
        }
        return count;
    }

    /** Ends the poll under way and all that follow, until {@link #resume}. Any thread; safe after close. */
    public void interrupt() {
        synchronized (wakeup) {
            interrupted = true;
            if (!closed) {
                wakeup.wake();
            }
        }
    }

    /** Takes {@link #interrupt} back. */
    public void resume() {
        synchronized (wakeup) {
            interrupted = false;
            wakeup.clear();
        }
    }

    /** Until it is closed. */
    public boolean isOpen() {
        return !closed;
    }

    /** Gives the descriptors back; not while another thread polls. */
    @Override
    public void close() {
        synchronized (wakeup) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ready.close();
        try {
            epoll.close();
        } finally {
            wakeup.close();
        }
    }
}
