package wasmbpf.host.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SystemCall;

/** The packaged runner jar as a process of its own. */
final class Runner {
    private static final long PATIENCE_SECONDS = 60;

    /** What a run left behind. */
    record Result(int status, String out, String err) {}

    /** A run under way. */
    static final class Running {
        private final Process process;
        private final StringBuilder out = new StringBuilder();
        private final CompletableFuture<Void> outDone;
        private final CompletableFuture<String> err;

        private Running(Process process) {
            this.process = process;
            this.outDone = CompletableFuture.runAsync(() -> {
                try (InputStream in = process.getInputStream()) {
                    byte[] buffer = new byte[8192];
                    int n;
                    while ((n = in.read(buffer)) >= 0) {
                        synchronized (out) {
                            out.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                            out.notifyAll();
                        }
                    }
                } catch (IOException e) {
                    // The reader was closed on purpose.
                }
            });
            this.err = CompletableFuture.supplyAsync(() -> {
                try (InputStream in = process.getErrorStream()) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    return "(closed: " + e.getMessage() + ")";
                }
            });
        }

        OutputStream stdin() {
            return process.getOutputStream();
        }

        /** Waits until standard output has that text. */
        Running awaitOutput(String text) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            synchronized (out) {
                while (out.indexOf(text) < 0) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0 || outDone.isDone() && out.indexOf(text) < 0) {
                        process.destroyForcibly();
                        throw new AssertionError("no \"" + text + "\" in: " + out + "\n" + err.join());
                    }
                    out.wait(100);
                }
            }
            return this;
        }

        Running signal(int number) {
            LinuxKernel.open().call(SystemCall.KILL, null, process.pid(), number, 0, 0, 0, 0);
            return this;
        }

        /** As {@link #signal}, for a guest that prints nothing: once its thread is there and has had time to wait. */
        Running signalAfterStart(int number) throws IOException, InterruptedException {
            for (int i = 0; i < 600 && process.isAlive(); i++) {
                try (var threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
                    for (Path thread : threads) {
                        if (Files.readString(thread.resolve("comm")).equals("guest\n")) {
                            Thread.sleep(1000);
                            return signal(number);
                        }
                    }
                }
                Thread.sleep(100);
            }
            throw new AssertionError("no guest thread");
        }

        Result end() throws InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end; so far: " + out);
            }
            outDone.join();
            return new Result(process.exitValue(), out.toString(), err.join());
        }
    }

    private Runner() {}

    static Path jar() {
        String jar = System.getProperty("runner.jar");
        if (jar == null || !Files.exists(Path.of(jar))) {
            throw new AssertionError("no runner jar at " + jar + "; build it with mvn package");
        }
        return Path.of(jar);
    }

    static String guest(String name) {
        try {
            return Path.of(Runner.class.getResource("/" + name).toURI()).toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code java -jar} of the runner, signals as a terminal's shell leaves them, whatever started the tests. */
    static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-jar",
                jar().toString()));
        command.addAll(List.of(args));
        return command;
    }

    static Running start(List<String> command) throws IOException {
        return new Running(new ProcessBuilder(command).start());
    }

    /** Runs to the end with empty input. */
    static Result run(String... args) throws Exception {
        Running running = start(command(args));
        running.stdin().close();
        return running.end();
    }

    /** Runs {@code tool.wasm} to the end. */
    static Result tool(String... args) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(guest("guests/tool.wasm"));
        all.addAll(List.of(args));
        return run(all.toArray(String[]::new));
    }
}
