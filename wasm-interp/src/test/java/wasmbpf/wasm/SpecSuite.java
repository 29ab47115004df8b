package wasmbpf.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/**
 * The official test suite as one zip file: a folder per script with a JSON manifest and binary modules. The system
 * property {@code wasm.testsuite} says where it lies.
 */
final class SpecSuite implements AutoCloseable {
    private static final String ROOT = "spec-json/";

    private final ZipFile zip;

    private SpecSuite(ZipFile zip) {
        this.zip = zip;
    }

    /** Why the suite cannot run here and how to change that; null if it is there. */
    static String missing() {
        String property = System.getProperty("wasm.testsuite", "");
        return Files.isRegularFile(Path.of(property)) ? null : "the official WebAssembly test suite is not at \""
                + property + "\": build wasm-testsuite.zip as docs/testing.md says and pass -Dwasm.testsuite=FILE";
    }

    /** Opens the suite; aborts the test, with the reason, if it is not there. */
    static SpecSuite open() {
        String property = System.getProperty("wasm.testsuite", "");
        Path path = Path.of(property);
        Assumptions.assumeTrue(!property.isEmpty() && Files.isRegularFile(path),
                () -> "no WebAssembly test suite at -Dwasm.testsuite=" + property);
        try {
            return new SpecSuite(new ZipFile(path.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One script: its folder, and the contents of its manifest. */
    record Script(SpecSuite suite, String path, Map<String, Object> manifest) {
        /** As {@code core}, {@code proposals/threads}: the first folders of the path. */
        String suiteName() {
            return (String) manifest.get("suite");
        }

        /** As {@code gc}, {@code simd}, {@code custom-descriptors}. */
        String group() {
            return (String) manifest.get("group");
        }

        List<Map<String, Object>> commands() {
            List<Map<String, Object>> commands = new ArrayList<>();
            for (Object command : SpecJson.list(manifest.get("commands"))) {
                commands.add(SpecJson.object(command));
            }
            return commands;
        }

        /** The bytes of a module named by a command's {@code filename}. */
        byte[] module(String filename) {
            return suite.read(path.substring(0, path.lastIndexOf('/') + 1) + filename);
        }

        /** As {@code core/align}. */
        @Override
        public String toString() {
            return path.substring(ROOT.length(), path.lastIndexOf('/'));
        }
    }

    /** Every script of the suite, by path. */
    List<Script> scripts() {
        return zip.stream().map(ZipEntry::getName)
                .filter(name -> name.endsWith(".json") && !name.equals(ROOT + "index.json")).sorted()
                .map(name -> new Script(this, name,
                        SpecJson.object(SpecJson.parse(new String(read(name), StandardCharsets.UTF_8)))))
                .toList();
    }

    private byte[] read(String name) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IllegalArgumentException("not in the test suite: " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
