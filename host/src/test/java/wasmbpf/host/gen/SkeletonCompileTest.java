package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The skeletons of the examples and of test objects with every kind of variable: without a warning in C and in C++. */
class SkeletonCompileTest {
    @TempDir
    private static Path dir;

    @BeforeAll
    static void writeHeadersAndSkeletons() throws IOException {
        for (String name : GuestHeaders.NAMES) {
            Path file = dir.resolve("include").resolve(name);
            Files.createDirectories(file.getParent());
            try (InputStream in = GuestHeaders.open(name)) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path root = Path.of(System.getProperty("project.root"));
        for (String folder : List.of("examples", "host/src/test/resources/abi", "host/src/test/resources/guestapi",
                "host/src/test/resources/oracle")) {
            List<Path> objects;
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                objects = files.filter(f -> f.toString().endsWith(".bpf.o")
                        && !f.toString().contains("/target/")).toList();
            }
            for (Path object : objects) {
                String name = object.getFileName().toString().replace(".bpf.o", "").replace('.', '_').replace('-', '_') + "_bpf";
                SkeletonModel.Source source = SkeletonModel.of(object.toString(), Files.readAllBytes(object), name);
                Files.writeString(dir.resolve(name + ".skel.h"), CSkeletonPrinter.print(source.model(), source.btf()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"c, gnu17", "c++, c++17"})
    void withoutAWarning(String language, String standard) throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/usr/include/wasm32-wasi")), "wasi-libc is not installed");
        List<Path> skeletons;
        try (Stream<Path> files = Files.list(dir)) {
            skeletons = files.filter(f -> f.toString().endsWith(".skel.h")).sorted().toList();
        }
        assertTrue(skeletons.size() >= 16, skeletons.toString());
        for (Path skeleton : skeletons) {
            String name = skeleton.getFileName().toString().replace(".skel.h", "");
            Path file = dir.resolve(name + (language.equals("c") ? ".c" : ".cpp"));
            Files.writeString(file, """
                    #define NAME_SKEL_TYPES
                    #include "name.skel.h"
                    int main(void)
                    {
                        struct name *skel = FIRST();
                        int err = skel ? name__attach(skel) : -1;
                        name__detach(skel);
                        name__destroy(skel);
                        return err;
                    }
                    """.replace("NAME", name.toUpperCase(Locale.ROOT)).replace("name", name)
                    .replace("FIRST", name + (language.equals("c") ? "__open_and_load" : "::open_and_load")));
            assertEquals("", Clang.wasm("--sysroot=/usr", "-Wall", "-Wextra", "-std=" + standard,
                    "-I" + dir.resolve("include"), "-fsyntax-only", file.toString()));
        }
    }
}
