package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code doctor} found, in order. */
final class Findings {
    private record Finding(String level, String text) {
    }

    private final List<Finding> all = new ArrayList<>();

    void good(String line) {
        all.add(new Finding("ok", line));
    }

    /** Something that is not as it could be and stands in nobody's way. */
    void note(String line) {
        all.add(new Finding("note", line));
    }

    void bad(String line) {
        all.add(new Finding("FAIL", line));
    }

    boolean failed() {
        return all.stream().anyMatch(each -> each.level().equals("FAIL"));
    }

    String text() {
        StringBuilder out = new StringBuilder();
        all.forEach(each -> out.append(String.format("%-6s", each.level())).append(each.text()).append('\n'));
        return out.toString();
    }

    /** {@code {"ok":true,"findings":[{"level":"ok","text":"…"}]}}. */
    Map<String, Object> rows() {
        List<Object> findings = new ArrayList<>();
        for (Finding each : all) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("level", each.level().toLowerCase(java.util.Locale.ROOT));
            row.put("text", each.text());
            findings.add(row);
        }
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("ok", !failed());
        rows.put("findings", findings);
        return rows;
    }
}
