package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code wasm-bpf}, installed beside a jar, with a JDK that only prints what it is called with. */
@Timeout(60)
class LauncherTest {
    @TempDir
    Path root;

    private Path installed;
    private Path jdk;

    @BeforeEach
    void install() throws IOException {
        root = root.toRealPath();
        installed = Files.createDirectories(root.resolve("usr/share/wasm bpf"));
        Files.copy(Path.of("..", "wasm-bpf"), installed.resolve("wasm-bpf"));
        assertTrue(installed.resolve("wasm-bpf").toFile().setExecutable(true));
        Files.writeString(installed.resolve("wasm-bpf.jar"), "a jar");
        jdk = root.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        release("25.0.3", "25.0.3+9-LTS");
        // A training run leaves the cache that it is told to.
        Path java = Files.writeString(jdk.resolve("bin/java"), """
                #!/bin/sh
                for a; do
                  case $a in
                    -XX:AOTCacheOutput=*) echo cache > "${a#-XX:AOTCacheOutput=}"; exit "${TRAINING_STATUS:-0}" ;;
                  esac
                  printf '%s\\n' "$a"
                done
                """);
        assertTrue(java.toFile().setExecutable(true));
    }

    private void release(String version, String build) throws IOException {
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"" + build + "\"\nJAVA_VERSION=\""
                + version + "\"\n");
    }

    private record Result(int status, List<String> lines) {
        String option(String prefix) {
            return lines.stream().filter(line -> line.startsWith(prefix)).findFirst().orElse("");
        }
    }

    private Result run(Path from, Map<String, String> environment, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("sh"));
        words.addAll(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(words).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().put("WASM_BPF_JAVA_HOME", jdk.toString());
        builder.environment().remove("WASM_BPF_JAVA_OPTS");
        builder.environment().remove("WASM_BPF_AOT");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.lines().toList());
    }

    private void runsTheJar(Path from, String script) throws Exception {
        Result result = run(from, Map.of(), script, "module.wasm", "two words", "*");
        assertEquals(0, result.status, () -> "" + result);
        assertEquals(List.of("-jar", installed.resolve("wasm-bpf.jar").toString(), "module.wasm", "two words", "*"),
                result.lines.subList(result.lines.size() - 5, result.lines.size()));
    }

    private Path link(String path, String target) throws IOException {
        Path link = root.resolve(path);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, Path.of(target));
    }

    @Test
    void findsTheJarBesideItself() throws Exception {
        runsTheJar(installed, "wasm-bpf");
        runsTheJar(installed, "./wasm-bpf");
        runsTheJar(root, "usr/share/wasm bpf/wasm-bpf");
        runsTheJar(root, installed.resolve("wasm-bpf").toString());
        Result result = run(root, Map.of("CDPATH", root.resolve("usr").toString()), "usr/share/../share/wasm bpf/wasm-bpf", "m");
        assertEquals("m", result.lines.getLast(), () -> "" + result);
    }

    @Test
    void followsLinks() throws Exception {
        link("usr/bin/absolute", installed.resolve("wasm-bpf").toString());
        link("usr/bin/relative", "../share/wasm bpf/wasm-bpf");
        link("usr/bin/chained", "relative");
        link("bin", "usr/bin");
        for (String name : List.of("absolute", "relative", "chained")) {
            runsTheJar(root, "usr/bin/" + name);
            runsTheJar(root.resolve("usr/bin"), name);
            // The way back from a link in a folder that is a link is from where that folder lies.
            runsTheJar(root, "bin/" + name);
        }
    }

    private List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(installed)) {
            return files.filter(file -> file.toString().endsWith(".aot")).sorted().toList();
        }
    }

    @Test
    void keepsOneCacheForAJarAndAJdk() throws Exception {
        Result first = run(root, Map.of(), installed.resolve("wasm-bpf").toString(), "m");
        Path made = caches().getFirst();
        assertEquals("-XX:AOTCache=" + made, first.option("-XX:AOTCache"));
        assertTrue(made.getFileName().toString().startsWith("wasm-bpf-25.0.3+9-LTS-"), made::toString);
        Files.writeString(made, "kept");
        run(root, Map.of(), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals("kept", Files.readString(made));

        Files.setLastModifiedTime(installed.resolve("wasm-bpf.jar"), FileTime.fromMillis(1_000_000_000_000L));
        run(root, Map.of(), installed.resolve("wasm-bpf").toString(), "m");
        Path again = caches().getFirst();
        assertFalse(again.equals(made), made::toString);

        release("25.0.4", "25.0.4+1-LTS");
        Result newer = run(root, Map.of(), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals(1, caches().size());
        assertEquals("-XX:AOTCache=" + caches().getFirst(), newer.option("-XX:AOTCache"));
        assertFalse(caches().getFirst().equals(again), again::toString);
    }

    @Test
    void keepsTheCacheOfARunThatFailedButNotOfAJvmThatDid() throws Exception {
        Result crashed = run(root, Map.of("TRAINING_STATUS", "134"), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals(0, crashed.status);
        assertEquals("", crashed.option("-XX:AOTCache"));
        assertEquals(List.of(), caches());
        Result failed = run(root, Map.of("TRAINING_STATUS", "1"), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals("-XX:AOTCache=" + caches().getFirst(), failed.option("-XX:AOTCache"));
    }

    @Test
    void makesNoCacheIfToldSo() throws Exception {
        Result result = run(root, Map.of("WASM_BPF_AOT", "off"), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals("", result.option("-XX:AOTCache"));
        assertEquals(List.of(), caches());
    }

    @Test
    void refusesAnOldJdk() throws Exception {
        release("21.0.1", "21.0.1+12");
        Result result = run(root, Map.of(), installed.resolve("wasm-bpf").toString(), "m");
        assertEquals(125, result.status);
        assertEquals(List.of("wasm-bpf: WASM_BPF_JAVA_HOME=" + jdk + " is no Java 25 or newer"), result.lines);
    }
}
