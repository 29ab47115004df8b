package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guest headers have every public function of libbpf but those that docs/abi.md names. */
class LibbpfFunctionsTest {
    private static final Path HEADERS = Path.of("src/main/resources/wasmbpf/guest/include");

    private static Set<String> defined() throws IOException {
        Set<String> names = new TreeSet<>();
        Pattern definition = Pattern.compile("^(?:static inline .*?|#define )\\**\\b(\\w+)\\(", Pattern.MULTILINE);
        try (Stream<Path> files = Files.walk(HEADERS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".h")).toList()) {
                Matcher found = definition.matcher(Files.readString(file));
                while (found.find()) {
                    names.add(found.group(1));
                }
            }
        }
        return names;
    }

    private static Set<String> documented() throws IOException {
        String text = Files.readString(Path.of("../docs/abi.md"));
        int from = text.indexOf("## What of libbpf a module does not have");
        Set<String> names = new TreeSet<>();
        for (String line : text.substring(from).lines().filter(l -> l.startsWith("| `")).toList()) {
            Matcher name = Pattern.compile("`(\\w+)`").matcher(line.split("\\|")[1]);
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    @Test
    void whatIsMissingIsWhatTheDocumentSays() throws IOException {
        List<String> all = lines("/gen/libbpf-functions");
        Set<String> defined = defined();
        assertEquals(documented(),
                all.stream().filter(name -> !defined.contains(name)).collect(Collectors.toCollection(TreeSet::new)));
        assertFalse(all.isEmpty());
    }

    private static List<String> lines(String resource) {
        try (var in = LibbpfFunctionsTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes()).lines().filter(l -> !l.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
