package wasmbpf.host.gen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.host.inspect.Json;

/**
 * Headers that a compiler finds in the place of others: {@code clang -ivfsoverlay DIR/overlay.yaml} reads them where a source
 * includes the file of that path, so that neither changes. An overlay is LLVM's {@code RedirectingFileSystem}, in YAML, of
 * which JSON is a part.
 */
public final class HeaderOverlay {
    private static final String FILE = "overlay.yaml";

    private final Path dir;
    private final Map<Path, Path> replaced = new LinkedHashMap<>();
    private final Map<Path, byte[]> texts = new LinkedHashMap<>();

    /** @param dir where the headers go, made if it is not there; an absolute path */
    public HeaderOverlay(Path dir) {
        this.dir = dir;
    }

    /**
     * Takes one header in; {@link #write} writes it.
     *
     * @param original the absolute path under which it is included, not looked up in the file system
     */
    public void put(Path original, byte[] text) {
        String name = original.getFileName().toString();
        Path file = dir.resolve(name);
        for (int i = 2; replaced.containsValue(file); i++) {
            file = dir.resolve(i + "." + name);
        }
        texts.put(file, text);
        replaced.put(original, file);
    }

    /** The files that {@link #write} makes or replaces. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>(texts.keySet());
        files.add(dir.resolve(FILE));
        return files;
    }

    /** Writes the headers and the overlay's own file. */
    public void write() throws IOException {
        Files.createDirectories(dir);
        for (Map.Entry<Path, byte[]> each : texts.entrySet()) {
            Files.write(each.getKey(), each.getValue());
        }
        Map<Path, List<Object>> folders = new LinkedHashMap<>();
        replaced.forEach((original, file) -> folders.computeIfAbsent(original.getParent(), folder -> new ArrayList<>()).add(
                entry(original.getFileName(), "file", "external-contents", file.toString())));
        List<Object> roots = new ArrayList<>();
        folders.forEach((folder, files) -> roots.add(entry(folder, "directory", "contents", files)));
        Map<String, Object> overlay = new LinkedHashMap<>();
        overlay.put("version", 0);
        // Else a header's own includes are looked for beside the file that is read, not beside the one in whose place it is.
        overlay.put("use-external-names", false);
        overlay.put("roots", roots);
        Files.writeString(dir.resolve(FILE), Json.pretty(overlay) + "\n");
    }

    private static Map<String, Object> entry(Path name, String type, String what, Object value) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", name.toString());
        entry.put("type", type);
        entry.put(what, value);
        return entry;
    }
}
