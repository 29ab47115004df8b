package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest's headers: all of them in the jar's list, and without a warning in C and in C++. */
class GuestHeadersTest {
    @TempDir
    Path folder;

    @Test
    void everyHeaderIsListed() throws IOException, URISyntaxException {
        Path root = Path.of(GuestHeaders.class.getResource("/wasmbpf/guest/include/libbpf-wasm.h").toURI()).getParent();
        try (Stream<Path> files = Files.walk(root)) {
            List<String> there = files.filter(Files::isRegularFile).map(f -> root.relativize(f).toString()).sorted().toList();
            assertEquals(there, GuestHeaders.NAMES.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "c++"})
    void theyCompileWithoutAWarning(String language) throws Exception {
        for (String name : GuestHeaders.NAMES) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            try (InputStream in = GuestHeaders.open(name)) {
                Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        StringBuilder source = new StringBuilder();
        for (String name : GuestHeaders.NAMES) {
            if (!name.endsWith(".bpf.h")) {
                source.append("#include <").append(name).append(">\n");
            }
        }
        Path file = folder.resolve("all." + (language.equals("c") ? "c" : "cpp"));
        Files.writeString(file, source.append("int main(void) { return 0; }\n"));
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/usr/include/wasm32-wasi")), "wasi-libc is not installed");
        assertEquals("", Clang.wasm("--sysroot=/usr", "-Wall", "-Wextra", "-O2", "-I" + folder, "-x", language, "-c",
                file.toString(), "-o", folder.resolve("all.o").toString()));
        // Emscripten's C library has much of what wasi-libc lacks, some of it with other values.
        if (Clang.installed("emcc")) {
            assertEquals("", Clang.run(List.of(language.equals("c") ? "emcc" : "em++", "-Wall", "-Wextra", "-I" + folder,
                    "-fsyntax-only", file.toString())));
        } else {
            System.out.println("emcc is not installed (examples/install-tools): the headers are not compiled with it");
        }
    }
}
