package wasmbpf.host.guest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** What a guest sees at /guest: a small JVM, the runner jar, the checks with their objects, modules. */
final class GuestImage {
    private GuestImage() {
    }

    /** Makes it anew. */
    static Path make(Path directory, Path root) throws IOException {
        Files.createDirectories(directory);
        Path jre = directory.resolve("jre");
        delete(jre);
        run("jlink", "--add-modules", "java.base,jdk.unsupported", "--strip-debug", "--no-header-files", "--no-man-pages",
                "--output", jre.toString());
        copy(Path.of(System.getProperty("runner.jar")), directory.resolve("wasm-bpf.jar"));
        Path classes = root.resolve("host/target/test-classes");
        List<String> pack = new ArrayList<>(List.of("--create", "--no-compress", "--file",
                directory.resolve("checks.jar").toString()));
        for (String part : List.of("wasmbpf/host/guest", "guest", "load")) {
            pack.addAll(List.of("-C", classes.toString(), part));
        }
        run("jar", pack.toArray(String[]::new));
        Path modules = directory.resolve("modules");
        delete(modules);
        copy(root.resolve("host/src/test/kernels/modules"), modules.resolve("modules"));
        for (ModuleChecks.Row row : ModuleChecks.Row.read(modules.resolve("modules"))) {
            String module = row.command().getFirst();
            copy(root.resolve(module), modules.resolve(module));
        }
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(String tool, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        if (ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments) != 0) {
            throw new AssertionError(tool + " " + List.of(arguments) + ": " + said);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** What to run in a guest. C1 and the serial collector: the second compiler costs more than it gives in 10 s. */
    static List<String> command(String table, String only) {
        return List.of("jre/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.foreign=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.foreign.abi=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.foreign.abi.x64=ALL-UNNAMED",
                "-cp", "wasm-bpf.jar:checks.jar", KernelMatrix.class.getName(), table, only);
    }
}
