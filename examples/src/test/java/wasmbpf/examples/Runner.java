package wasmbpf.examples;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/**
 * The packaged runner jar running a module, as a user starts it. Reads both outputs as they come; closing it ends the
 * process. Ctrl-C is sent by timeout(1), since a child of Maven may have inherited SIGINT as ignored.
 */
final class Runner implements AutoCloseable {
    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    private Runner(Process process) {
        this.process = process;
        this.outReader = reader(process.getInputStream(), out);
        this.errReader = reader(process.getErrorStream(), err);
    }

    /** Skips the test, with the reason, where BPF programs cannot be loaded. */
    static void assumeKernel() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF (/sys/kernel/btf/vmlinux)");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "not root: loading BPF programs needs CAP_BPF and more");
    }

    /**
     * Starts {@code java -jar wasm-bpf.jar ARGUMENTS} in the source tree's top folder.
     *
     * @param interruptAfterSeconds when to send SIGINT; ten seconds later the process is killed
     */
    static Runner start(int interruptAfterSeconds, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "--preserve-status", "-k", "10", "-s", "INT", Integer.toString(interruptAfterSeconds),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-jar", System.getProperty("runner.jar")));
        command.addAll(List.of(arguments));
        return new Runner(new ProcessBuilder(command).directory(Path.of(System.getProperty("project.root")).toFile()).start());
    }

    /**
     * Starts a Java program of one source file with the jar on its class path, as {@link #start} otherwise.
     *
     * @param arguments the file and what follows it
     */
    static Runner startSource(int interruptAfterSeconds, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "--preserve-status", "-k", "10", "-s", "INT", Integer.toString(interruptAfterSeconds),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--class-path", System.getProperty("runner.jar")));
        command.addAll(List.of(arguments));
        return new Runner(new ProcessBuilder(command).directory(Path.of(System.getProperty("project.root")).toFile()).start());
    }

    private static Thread reader(InputStream stream, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line; (line = reader.readLine()) != null;) {
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }
            } catch (IOException e) {
                // the process was ended
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until a line of standard output fits, and gives it; fails the test after the time. */
    String awaitLine(Predicate<String> wanted, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        synchronized (out) {
            int seen = 0;
            while (true) {
                for (; seen < out.size(); seen++) {
                    if (wanted.test(out.get(seen))) {
                        return out.get(seen);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return fail("no such line within " + seconds + " s; printed so far: " + tail(out) + "; errors: " + tail(err));
                }
                out.wait(left);
            }
        }
    }

    /** Waits until a line of standard output fits, or the process ended without one; fails the test after the time. */
    boolean printsOrEnds(Predicate<String> wanted, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            boolean ended = !process.isAlive();
            if (ended) {
                outReader.join(5000);
            }
            if (out().stream().anyMatch(wanted)) {
                return true;
            }
            if (ended) {
                return false;
            }
            Thread.sleep(50);
        }
        return fail("neither such a line nor the end within " + seconds + " s; printed so far: " + tail(out) + "; errors: " + tail(err));
    }

    /** Waits for the end and gives the exit status, as a shell sees it: the runner's own, also when it was interrupted. */
    int exitStatus(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            fail("still running after " + seconds + " s; printed: " + tail(out) + "; errors: " + tail(err));
        }
        outReader.join(5000);
        errReader.join(5000);
        return process.exitValue();
    }

    /** Ctrl-C, now. timeout(1) saw to it that the signal is not ignored. */
    void interrupt() throws IOException, InterruptedException {
        shell("kill -INT " + pid());
    }

    /** The process's id: of the JVM, which timeout(1) is the parent of. */
    long pid() {
        return process.children().findFirst().orElseThrow().pid();
    }

    List<String> out() {
        synchronized (out) {
            return List.copyOf(out);
        }
    }

    String err() {
        synchronized (err) {
            return String.join("\n", err);
        }
    }

    private static String tail(List<String> lines) {
        synchronized (lines) {
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Runs a shell script to its end and gives its output's lines. */
    static List<String> shell(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        List<String> lines = shell.inputReader().lines().toList();
        if (!shell.waitFor(120, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            fail("script took more than two minutes");
        }
        return lines;
    }
}
