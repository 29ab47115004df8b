package wasmbpf.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

/**
 * The expected tables, and that docs/kernels.md shows them: {@code mvn -pl host -am test -Dtest=ResultTablesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dkernels.update=true} writes that part of it.
 */
class ResultTablesTest {
    private static final List<String> SERIES = List.of("5.10", "6.1", "6.12", "latest");
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path DOCUMENT = ROOT.resolve("docs/kernels.md");
    private static final String BEGIN = "<!-- results -->\n";
    private static final String END = "<!-- end of results -->\n";

    private static Map<String, Map<String, Outcome>> tables() throws IOException {
        Map<String, Map<String, Outcome>> tables = new LinkedHashMap<>();
        for (String series : SERIES) {
            tables.put(series, Outcome.parse(Files.readAllLines(file(series))));
        }
        return tables;
    }

    private static Path file(String series) {
        return ROOT.resolve("host/src/test/kernels/expected").resolve(series);
    }

    @Test
    void nothingWrongIsExpected() throws IOException {
        tables().forEach((series, table) -> table.values().forEach(
                outcome -> assertTrue(!outcome.result().equals(Outcome.WRONG), series + ": " + outcome)));
    }

    @Test
    void documentShowsWhatTheTablesSay() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        String shown = document.substring(begin, end);
        String now = markdown();
        if (Boolean.getBoolean("kernels.update")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + now + document.substring(end));
            return;
        }
        assertEquals(now, shown, "docs/kernels.md is behind the tables; see the Javadoc of this test");
    }

    private static String markdown() throws IOException {
        Map<String, Map<String, Outcome>> tables = tables();
        Set<String> checks = new LinkedHashSet<>();
        tables.values().forEach(table -> checks.addAll(table.keySet()));
        List<String> everywhere = new ArrayList<>();
        StringBuilder rows = new StringBuilder("| check |");
        for (String series : SERIES) {
            String first = Files.readAllLines(file(series)).getFirst();
            rows.append(' ').append(first, "# Debian's ".length(), first.indexOf(';')).append(" |");
        }
        rows.append("\n|---|---|---|---|---|\n");
        for (String check : checks) {
            List<String> results = SERIES.stream().map(series -> tables.get(series).get(check))
                    .map(outcome -> outcome == null ? "" : outcome.result()).toList();
            if (results.stream().allMatch(Outcome.OK::equals)) {
                everywhere.add(check);
            } else {
                rows.append("| ").append(check).append(" | ").append(String.join(" | ", results)).append(" |\n");
            }
        }
        return "Of " + checks.size() + " checks these " + everywhere.size() + " are ok on all four: "
                + wrapped(String.join(", ", everywhere) + ".") + "\n\n" + rows;
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int column = 60;
        for (String word : text.split(" ")) {
            if (column + word.length() > 118) {
                lines.append('\n');
                column = 0;
            } else if (!lines.isEmpty()) {
                lines.append(' ');
            }
            lines.append(word);
            column += word.length() + 1;
        }
        return lines.toString();
    }
}
