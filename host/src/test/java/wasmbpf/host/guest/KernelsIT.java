package wasmbpf.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Boots other kernels under QEMU, runs {@link KernelMatrix} in each and compares with the table that is checked in:
 * {@code mvn -Pkernels verify}. System properties: {@code kernels} the series to boot, {@code kernels.update=true}
 * writes the tables instead, {@code kernels.only} a pattern of checks, {@code kernels.guests} (2) how many run at a
 * time, {@code kernels.seconds} (600) how long each may take.
 */
@Tag("guests")
class KernelsIT {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path SCRIPTS = ROOT.resolve("host/src/test/kernels");
    private static final Path TARGET = ROOT.resolve("host/target/kernels");
    private static final Path CACHE = Path.of(property("kernels.cache",
            System.getProperty("user.home") + "/.cache/wasm-bpf/kernels"));
    private static final int NO_RESULT = 125;

    /** What a guest left. */
    private record Run(String version, int status, Path log, Path table) {
    }

    private static String property(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    @TestFactory
    List<DynamicTest> eachKernelDoesWhatItsTableSays() throws Exception {
        String series = property("kernels", "");
        if (series.isEmpty()) {
            skip("not asked for: mvn -Pkernels verify boots other kernels");
        }
        for (String tool : List.of("qemu-system-x86_64", "busybox", "cpio", "xz", "zstd", "apt-get")) {
            if (start(List.of("sh", "-c", "command -v " + tool), null).waitFor() != 0) {
                skip(tool + " is missing: host/src/test/kernels/install-tools installs what is needed on Debian");
            }
        }
        Files.createDirectories(TARGET);
        List<String> wanted = List.of(series.trim().split("[\\s,]+"));
        Map<String, String[]> kernels = Fetched.kernels(SCRIPTS, CACHE, wanted);
        if (kernels.isEmpty()) {
            skip("no kernel of " + wanted + " can be fetched, nor was one kept at " + CACHE);
        }
        Path guest = GuestImage.make(TARGET.resolve("guest"), ROOT);
        ExecutorService guests = Executors.newFixedThreadPool(Integer.parseInt(property("kernels.guests", "2")));
        List<DynamicTest> tests = new ArrayList<>();
        for (String each : wanted) {
            String[] kernel = kernels.get(each);
            if (kernel == null) {
                tests.add(DynamicTest.dynamicTest(each, () -> skip("kernel " + each + " cannot be fetched")));
            } else {
                Future<Run> run = guests.submit(() -> boot(each, kernel[0], kernel[1], guest));
                tests.add(DynamicTest.dynamicTest(each + " (" + kernel[0] + ")", () -> compare(each, run)));
            }
        }
        guests.shutdown();
        return tests;
    }

    private static void skip(String reason) {
        System.out.println("guest kernels SKIPPED: " + reason);
        Assumptions.abort(reason);
    }

    private static Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(output == null ? ProcessBuilder.Redirect.DISCARD
                : ProcessBuilder.Redirect.to(output.toFile()));
        builder.environment().put("BOOT_CACHE", CACHE.resolve("unpacked").toString());
        builder.environment().put("BOOT_TIMES", "1");
        return builder.start();
    }

    private static Run boot(String series, String version, String kernel, Path guest) throws Exception {
        Path out = TARGET.resolve(series);
        Path table = out.resolve("table");
        Path log = TARGET.resolve(series + ".log");
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve("boot").toString(), "-t",
                property("kernels.seconds", "600"),
                "-o", out.toString(), kernel, guest.toString()));
        command.addAll(GuestImage.command("/out/table", property("kernels.only", ".*")));
        int status = NO_RESULT;
        // The emulated machine dies now and then before it did anything; a second time it does not.
        for (int i = 0; i < 2 && status == NO_RESULT; i++) {
            Files.deleteIfExists(table);
            status = start(command, log).waitFor();
        }
        return new Run(version, status, log, table);
    }

    private static void compare(String series, Future<Run> future) throws Exception {
        Run run;
        try {
            run = future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("booting " + series, e.getCause());
        }
        if (run.status() != 0 || !Files.exists(run.table())) {
            List<String> log = Files.readAllLines(run.log(), StandardCharsets.UTF_8);
            fail("kernel " + series + ": exit " + run.status() + "; " + run.log() + " ends so:\n"
                    + String.join("\n", log.subList(Math.max(0, log.size() - 30), log.size())));
        }
        List<String> lines = Files.readAllLines(run.table());
        Path expected = SCRIPTS.resolve("expected").resolve(series);
        Map<String, Outcome> seen = Outcome.parse(lines);
        if (Boolean.parseBoolean(property("kernels.update", "false"))) {
            update(expected, run.version(), seen);
            return;
        }
        Map<String, Outcome> wanted = Outcome.parse(Files.exists(expected) ? Files.readAllLines(expected) : List.of());
        String only = property("kernels.only", ".*");
        wanted.keySet().removeIf(check -> !check.matches(only));
        List<String> differences = Outcome.differences(wanted, seen);
        System.out.println("kernel " + series + " (" + run.version() + "): " + seen.size() + " checks, "
                + seen.values().stream().filter(outcome -> outcome.result().equals(Outcome.OK)).count() + " ok, "
                + differences.size() + " unexpected");
        assertEquals(List.of(), differences, "kernel " + series + " (" + run.version() + ") differs from " + expected
                + ". If it is right so, write the table anew, look at it and check it in: mvn -Pkernels verify"
                + " -Dkernels=" + series + " -Dkernels.update=true");
    }

    /** Writes what was seen; of checks that did not run, what the table said. */
    private static void update(Path expected, String version, Map<String, Outcome> seen) throws IOException {
        Map<String, Outcome> table = Files.exists(expected) && !property("kernels.only", "").isEmpty()
                ? Outcome.parse(Files.readAllLines(expected)) : new LinkedHashMap<>();
        table.putAll(seen);
        List<String> lines = new ArrayList<>(List.of("# Debian's " + version
                + "; written by mvn -Pkernels verify -Dkernels.update=true"));
        table.values().forEach(outcome -> lines.add(outcome.line()));
        Files.write(expected, lines);
        System.out.println("written: " + expected);
        assertEquals(List.of(), table.values().stream().filter(outcome -> outcome.result().equals(Outcome.WRONG))
                .toList(), "what is wrong cannot be expected");
    }
}
