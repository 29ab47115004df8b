package wasmbpf.bench.table;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that measures one engine with one module: {@code EngineRun ENGINE MODULE ARGUMENT SECONDS}. Runs the
 * guest until it has had that much CPU time and prints {@code RESULT} and {@code CPU-MS} of its fastest run: CPU time of the
 * thread that runs the guest, so the JVM's own compilation does not count, nor that it had to wait for a core.
 */
final class EngineRun {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LEAST_RUNS = 3;
    /** Java frames of an interpreted guest are large. */
    private static final long STACK_BYTES = 512L << 20;

    private EngineRun() {}

    public static void main(String[] args) throws Exception {
        JavaEngine engine = JavaEngine.valueOf(args[0]);
        byte[] module = Files.readAllBytes(Path.of(args[1]));
        int argument = Integer.parseInt(args[2]);
        double seconds = Double.parseDouble(args[3]);
        Throwable[] failure = {null};
        Thread guest = new Thread(null, () -> measure(engine, module, argument, seconds), "guest", STACK_BYTES);
        guest.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
        guest.start();
        guest.join();
        if (failure[0] != null) {
            failure[0].printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void measure(JavaEngine engine, byte[] module, int argument, double seconds) {
        JavaEngine.Guest guest = engine.open(module);
        long first = THREADS.getCurrentThreadCpuTime();
        long best = Long.MAX_VALUE;
        long result = 0;
        for (int runs = 0; ; runs++) {
            long before = THREADS.getCurrentThreadCpuTime();
            result = guest.run(argument);
            long after = THREADS.getCurrentThreadCpuTime();
            best = Math.min(best, after - before);
            // A run that alone takes the whole time is warm in itself.
            if (after - first > seconds * 1e9 && (runs >= LEAST_RUNS - 1 || best > seconds * 1e9)) {
                break;
            }
        }
        System.out.println("RESULT " + result);
        System.out.println("CPU-MS " + best / 1e6);
    }
}
