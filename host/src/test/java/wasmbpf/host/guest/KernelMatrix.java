package wasmbpf.host.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import wasmbpf.host.attach.AttachException;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.object.ObjectException;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.SysException;

/**
 * Runs every check once on the kernel it finds itself under and prints a result table: what the guests of
 * {@link KernelsIT} run. Plain Java, so that a guest needs a small JVM and no test framework.
 *
 * <pre>KernelMatrix TABLE [REGEX]     writes the outcomes to TABLE; only the checks whose names match</pre>
 */
final class KernelMatrix {
    private static final long SECONDS_EACH = 240;

    private KernelMatrix() {
    }

    static Checks all() throws IOException {
        Checks checks = new Checks();
        TracingChecks.addTo(checks);
        UserProbeChecks.addTo(checks);
        ReplaceChecks.addTo(checks);
        SecurityChecks.addTo(checks);
        IteratorChecks.addTo(checks);
        NetworkChecks.addTo(checks);
        SocketMapChecks.addTo(checks);
        CgroupChecks.addTo(checks);
        BufferChecks.addTo(checks);
        MapChecks.addTo(checks);
        ExternChecks.addTo(checks);
        StructOpsChecks.addTo(checks);
        LinkChecks.addTo(checks);
        ModuleChecks.addTo(checks, Path.of("modules"));
        return checks;
    }

    public static void main(String[] args) throws IOException {
        Path table = Path.of(args[0]);
        String regex = args.length > 1 ? args[1] : ".*";
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Checks.Check> check : all().byName().entrySet()) {
            if (check.getKey().matches(regex)) {
                String line = run(check.getKey(), check.getValue()).line();
                System.out.println(line);
                lines.add(line);
                // Written each time: what is here when a kernel dies tells which check killed it.
                Files.write(table, lines);
            }
        }
        // Threads of checks that hang must not keep the guest.
        Runtime.getRuntime().halt(0);
    }

    private static Outcome run(String name, Checks.Check check) {
        List<String> before = Fd.open();
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                return check.run();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
        // A thread each: some checks move theirs to a network namespace or a cgroup.
        Thread thread = Thread.ofPlatform().daemon().name(name).start(task);
        try {
            String detail = task.get(SECONDS_EACH, TimeUnit.SECONDS);
            thread.join();
            List<String> after = Fd.open();
            return after.equals(before) ? new Outcome(name, Outcome.OK, detail == null ? "" : oneLine(detail))
                    : new Outcome(name, Outcome.WRONG, "descriptors left open: " + after + ", before " + before);
        } catch (TimeoutException e) {
            return new Outcome(name, Outcome.WRONG, "still running after " + SECONDS_EACH + " s");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            return failed(name, e.getCause());
        }
    }

    private static Outcome failed(String name, Throwable cause) {
        int errno = switch (cause) {
            case LoadException e -> e.errno();
            case AttachException e -> e.errno();
            case SysException e -> e.errno();
            case ObjectException e -> Errno.ESRCH;
            default -> 0;
        };
        if (errno != 0) {
            return new Outcome(name, Errno.name(errno), oneLine(String.valueOf(cause.getMessage())));
        }
        if (cause instanceof ModuleChecks.Ended e) {
            return new Outcome(name, "exit-" + e.status(), oneLine(e.getMessage()));
        }
        if (!(cause instanceof Wrong)) {
            StackTraceElement[] trace = cause.getStackTrace();
            System.err.println(name + ": " + cause);
            for (int i = 0; i < Math.min(4, trace.length); i++) {
                System.err.println("    at " + trace[i]);
            }
        }
        return new Outcome(name, Outcome.WRONG,
                oneLine(cause instanceof Wrong ? cause.getMessage() : cause.toString()));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
