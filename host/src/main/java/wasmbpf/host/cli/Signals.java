package wasmbpf.host.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIGINT and SIGTERM for a {@link Supervisor}. A signal ignored when we were started (nohup, a shell's {@code &}) stays so. */
final class Signals implements SignalHandler {
    private final Supervisor supervisor;

    private Signals(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    static void install(Supervisor supervisor) {
        Signals handler = new Signals(supervisor);
        try {
            Signal.handle(new Signal("INT"), handler);
            Signal.handle(new Signal("TERM"), handler);
        } catch (IllegalArgumentException e) {
            // The JVM was started with -Xrs: it leaves signals alone, and so do we.
        }
    }

    @Override
    public void handle(Signal signal) {
        supervisor.signal(signal.getNumber());
    }
}
