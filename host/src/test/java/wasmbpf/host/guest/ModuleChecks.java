package wasmbpf.host.guest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import wasmbpf.sys.Errno;

/** Whole modules under the packaged runner: the lines of the file {@code modules}, which says what is in one. */
final class ModuleChecks {
    private static final int SIGINT = 2;
    /** What a shell says of it, and the runner if the module did not end in time by itself. */
    private static final int ENDED_BY_CTRL_C = 128 + SIGINT;
    private static final int SECONDS_TO_END = 30;
    private static final long SYS_KILL = 62;
    private static final Path DIRECTORY = Path.of("/tmp/can_not_rm/directory");
    private static final Path RENAMED = Path.of("/tmp/can_not_rm/renamed");
    private static final int REQUEST_BYTES = 1000;
    private static final int ANSWER_BYTES = 20_000;

    /**
     * One line.
     *
     * @param options of the runner
     * @param command the module and its arguments
     * @param wanted  what its output must come to match
     */
    record Row(String name, int seconds, List<String> options, List<String> command, Pattern wanted) {
        static List<Row> read(Path file) throws IOException {
            List<Row> rows = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] parts = line.split(" *\\| *", 4);
                if (parts.length < 4) {
                    throw new IllegalArgumentException(file + ": not NAME | SECONDS | COMMAND | PATTERN: " + line);
                }
                List<String> words = List.of(parts[2].split(" +"));
                int module = 0;
                while (module < words.size() && !words.get(module).endsWith(".wasm")) {
                    module++;
                }
                if (module == words.size()) {
                    throw new IllegalArgumentException(file + ": no word ends in .wasm: " + line);
                }
                rows.add(new Row(parts[0], Integer.parseInt(parts[1]), words.subList(0, module),
                        words.subList(module, words.size()), Pattern.compile(parts[3].strip(), Pattern.DOTALL)));
            }
            return rows;
        }
    }

    private ModuleChecks() {
    }

    /** @param directory holds the file {@code modules} and the modules, or is not there */
    static void addTo(Checks checks, Path directory) throws IOException {
        if (Files.exists(directory.resolve("modules"))) {
            for (Row row : Row.read(directory.resolve("modules"))) {
                checks.add("module/" + row.name(), () -> run(row, directory));
            }
        }
    }

    private static String run(Row row, Path directory) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "wasm-bpf.jar"));
        command.addAll(row.options());
        command.add(directory.resolve(row.command().getFirst()).toString());
        command.addAll(row.command().subList(1, row.command().size()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        StringBuffer output = new StringBuffer();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try (InputStream in = process.getInputStream()) {
                byte[] buffer = new byte[4096];
                int count;
                while ((count = in.read(buffer)) >= 0) {
                    output.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                output.append(e);
            }
        });
        try {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(row.seconds());
            while (process.isAlive() && System.nanoTime() < until && !row.wanted().matcher(output).find()) {
                trigger(output);
            }
            if (process.isAlive()) {
                LibC.syscall(SYS_KILL, process.pid(), SIGINT);
            }
            Wrong.unless(process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), "it does not end at Ctrl-C: " + output);
            reader.join();
        } finally {
            process.destroyForcibly();
        }
        Files.createDirectories(DIRECTORY);
        Files.delete(DIRECTORY);
        boolean matches = row.wanted().matcher(output).find();
        if (process.exitValue() != 0 && process.exitValue() != ENDED_BY_CTRL_C) {
            throw new Ended(process.exitValue(), output.toString());
        }
        Wrong.unless(matches, "its output does not match " + row.wanted() + ": " + output);
        return output.toString().lines().count() + " lines";
    }

    /** Makes things happen that modules watch; what is denied, an LSM module denied. */
    private static void trigger(StringBuffer output) throws Exception {
        new ProcessBuilder("/bin/true").start().waitFor();
        Path directory = Files.createDirectories(DIRECTORY);
        try {
            Files.move(directory, RENAMED);
            Files.move(RENAMED, directory);
        } catch (FileSystemException denied) {
            output.append("(rename: ").append(denied.getReason()).append(")\n");
        }
        int result = Guest.KERNEL.rmdir(directory.toString());
        if (result < 0) {
            output.append("(rmdir: ").append(Errno.name(-result)).append(")\n");
        }
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort()); Socket accepted = server.accept()) {
            client.getOutputStream().write(new byte[REQUEST_BYTES]);
            Wrong.unlessEqual(REQUEST_BYTES, accepted.getInputStream().readNBytes(REQUEST_BYTES).length, "bytes read");
            accepted.getOutputStream().write(new byte[ANSWER_BYTES]);
            Wrong.unlessEqual(ANSWER_BYTES, client.getInputStream().readNBytes(ANSWER_BYTES).length, "bytes read");
        }
        Thread.sleep(250);
    }

    /** The runner said why not, which on another kernel is as good a result as any. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        Ended(int status, String output) {
            super(output);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
