package wasmbpf.host.cli;

import wasmbpf.host.abi.Guest;

/**
 * Runs a guest on a thread of its own and decides when and with what status it is over. The first signal, or the end of
 * the time allowed, asks the guest to finish and gives it the grace period, a longer one if it takes the signal to handle
 * it; after that, or at a second signal, the process ends under it: the kernel then detaches everything, as the links are
 * this process's.
 */
final class Supervisor implements Runnable {
    /** Deepest guest recursion allowed (50,000 calls) times what one takes on the Java stack. What is not used costs nothing. */
    private static final long STACK_BYTES = 128L << 20;
    /** timeout(1) signals its child and then the whole process group: one request that arrives twice. */
    private static final long SAME_SIGNAL_NANOS = 200_000_000;
    private static final int SIGTERM = 15;
    private static final long FOREVER = Long.MAX_VALUE;

    private final GuestRun guestRun;
    private final Guest guest;
    private final long timeoutNanos;
    private final long graceNanos;
    private final long handlerGraceNanos;
    private boolean ended;
    private int status;
    private int signal;
    private long signalledNanos;

    /**
     * @param timeoutNanos      Long.MAX_VALUE = none
     * @param graceNanos        for a guest that may not know of the signal
     * @param handlerGraceNanos for one that took it: to print what it has, to remove what it made; no less than that
     */
    Supervisor(GuestRun guestRun, Guest guest, long timeoutNanos, long graceNanos, long handlerGraceNanos) {
        this.guestRun = guestRun;
        this.guest = guest;
        this.timeoutNanos = timeoutNanos;
        this.graceNanos = graceNanos;
        this.handlerGraceNanos = handlerGraceNanos;
    }

    /**
     * Runs the guest.
     *
     * @return the exit status; whether the guest's thread has ended is {@link #ended}
     */
    int supervise() throws InterruptedException {
        Signals.install(this);
        Thread thread = new Thread(null, this, "guest", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        boolean timedOut = !await(timeoutNanos, true);
        if (ended()) {
            return status;
        }
        guest.interrupt(timedOut ? SIGTERM : signal());
        if (!await(graceNanos, false) && guest.finishing()) {
            await(handlerGraceNanos - graceNanos, false);
        }
        if (timedOut) {
            return ExitStatus.TIMEOUT;
        }
        return ended() ? status : 128 + signal();
    }

    /** Waits for the guest's end, or a signal when {@code orSignal}; false when the time is over first. */
    private synchronized boolean await(long nanos, boolean orSignal) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!ended && !(orSignal && signal != 0)) {
            if (nanos == FOREVER) {
                wait();
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        }
        return true;
    }

    synchronized boolean ended() {
        return ended;
    }

    private synchronized int signal() {
        return signal;
    }

    /** A signal arrived; the second one ends the process on the spot. */
    void signal(int number) {
        synchronized (this) {
            long now = System.nanoTime();
            if (signal == 0) {
                signal = number;
                signalledNanos = now;
                notifyAll();
                return;
            }
            if (now - signalledNanos < SAME_SIGNAL_NANOS) {
                return;
            }
        }
        Runtime.getRuntime().halt(128 + number);
    }

    @Override
    public void run() {
        int result = guestRun.run(guest);
        synchronized (this) {
            status = result;
            ended = true;
            notifyAll();
        }
    }
}
