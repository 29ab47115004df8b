package wasmbpf.elf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files beside the tests. */
final class Resources {
    private Resources() {
    }

    static byte[] bytes(String name) {
        try (InputStream in = Resources.class.getResourceAsStream("/elf/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource elf/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    static ElfFile elf(String name) {
        return ElfReader.readAnyClass(name, new ArraySource(bytes(name)));
    }

    /** The lines of a readelf text from one that starts so, up to a blank line or one that starts as {@code end}. */
    static String block(String text, String start, String end) {
        StringBuilder block = new StringBuilder();
        boolean in = false;
        for (String line : text.split("\n")) {
            in |= line.startsWith(start);
            if (in && (line.isEmpty() || line.startsWith(end))) {
                return block.toString();
            }
            if (in) {
                block.append(line).append('\n');
            }
        }
        return block.toString();
    }
}
