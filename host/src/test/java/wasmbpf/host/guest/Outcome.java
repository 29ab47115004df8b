package wasmbpf.host.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one check went on one kernel: a line of a result table.
 *
 * @param check  its name, without spaces
 * @param result {@link #OK}, or the errno the kernel refused with, or {@link #WRONG}
 * @param detail what was seen, on one line; not compared
 */
record Outcome(String check, String result, String detail) {
    static final String OK = "ok";
    /** It did something else than it should: never to be expected. */
    static final String WRONG = "wrong";

    static final String FORMAT = "%-34s %-12s %s";

    String line() {
        return String.format(FORMAT, check, result, detail).stripTrailing();
    }

    /** The outcomes of a table by check; lines that start with {@code #} and empty ones are passed over. */
    static Map<String, Outcome> parse(List<String> lines) {
        Map<String, Outcome> table = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", 3);
            if (words.length < 2) {
                throw new IllegalArgumentException("not CHECK RESULT [DETAIL]: " + line);
            }
            Outcome outcome = new Outcome(words[0], words[1], words.length < 3 ? "" : words[2]);
            if (table.put(outcome.check(), outcome) != null) {
                throw new IllegalArgumentException("twice in the table: " + line);
            }
        }
        return table;
    }

    /** What differs between what was expected and what was seen, a sentence each; what works unexpectedly, too. */
    static List<String> differences(Map<String, Outcome> expected, Map<String, Outcome> seen) {
        List<String> differences = new ArrayList<>();
        for (Outcome outcome : seen.values()) {
            Outcome wanted = expected.get(outcome.check());
            if (wanted == null) {
                differences.add(outcome.check() + ": not in the expected table; it was " + outcome.shown());
            } else if (outcome.result().equals(WRONG) || !outcome.result().equals(wanted.result())) {
                differences.add(outcome.check() + ": expected " + wanted.result() + ", was " + outcome.shown());
            }
        }
        for (Outcome wanted : expected.values()) {
            if (!seen.containsKey(wanted.check())) {
                differences.add(wanted.check() + ": expected " + wanted.result() + ", did not run");
            }
        }
        return differences;
    }

    private String shown() {
        return detail.isEmpty() ? result : result + " (" + detail + ")";
    }
}
