package wasmbpf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files of the source tree that benchmarks read; run them from the tree's top, or with {@code -Dproject.root=DIR}. */
final class BenchData {
    private BenchData() {}

    private static Path root() {
        return Path.of(System.getProperty("project.root", "."));
    }

    /** The BTF of kernel 6.18, so that figures of different machines compare. */
    static byte[] vmlinuxBtf() {
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(root().resolve("relo-core/src/test/resources/oracle/vmlinux-6.18.44.btf.gz")))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("run the benchmarks from the top of the source tree", e);
        }
    }

    /** A file of {@code examples/}. */
    static byte[] example(String path) {
        try {
            return Files.readAllBytes(root().resolve("examples").resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("run the benchmarks from the top of the source tree", e);
        }
    }
}
