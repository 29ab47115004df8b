package wasmbpf.wasm;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How long an instance may run: when the time is over, running guest code traps with INTERRUPTED, as every later call does until
 * this is closed. Waiting host functions are not woken. Closing it ends the limit and takes back its interrupt; the embedder's own
 * {@link Instance#interrupt} with it. Thread-safe.
 *
 * {@snippet :
 * Instance instance = Instance.instantiate(module, imports, InstanceOptions.DEFAULT.withInterruptible(true));
 * try (TimeLimit limit = TimeLimit.start(instance, Duration.ofMillis(100))) {
 *     instance.exportedFunction("run").invoke();
 * } catch (Trap trap) {
 *     if (trap.kind() == Trap.Kind.INTERRUPTED) { ... }
 * }
 * }
 */
public final class TimeLimit implements AutoCloseable, Runnable {
    /** One thread for all limits, there from the first one on; it ends when none has run for a while. */
    private static final class Timer {
        static final ScheduledThreadPoolExecutor EXECUTOR = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "wasm-time-limits");
            thread.setDaemon(true);
            return thread;
        });

        static {
            EXECUTOR.setRemoveOnCancelPolicy(true);
            EXECUTOR.setKeepAliveTime(10, TimeUnit.SECONDS);
            EXECUTOR.allowCoreThreadTimeOut(true);
        }
    }

    private final Instance instance;
    private ScheduledFuture<?> end;
    private boolean closed;
    private boolean expired;

    private TimeLimit(Instance instance) {
        this.instance = instance;
    }

    /**
     * Starts the clock.
     *
     * @throws IllegalStateException if the instance was not made {@link InstanceOptions#interruptible}
     */
    public static TimeLimit start(Instance instance, Duration time) {
        if (!instance.options().interruptible()) {
            throw new IllegalStateException("the instance is not interruptible");
        }
        TimeLimit limit = new TimeLimit(instance);
        synchronized (limit) {
            limit.end = Timer.EXECUTOR.schedule(limit, nanos(time), TimeUnit.NANOSECONDS);
        }
        return limit;
    }

    /** At most 292 years: {@code ChronoUnit.FOREVER} has a length too. */
    private static long nanos(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException e) {
            return time.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    @Override
    public synchronized void run() {
        if (!closed) {
            expired = true;
            instance.interrupt();
        }
    }

    /** Whether the time was over before this was closed. */
    public synchronized boolean expired() {
        return expired;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        end.cancel(false);
        if (expired) {
            instance.clearInterrupt();
        }
    }
}
