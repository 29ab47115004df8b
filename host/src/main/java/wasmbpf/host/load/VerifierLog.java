package wasmbpf.host.load;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.BpfProgType;

/**
 * What the verifier said of one program. Its last lines say why it refused; what a user can do something about is
 * recognised in them.
 *
 * @param program the program's name
 * @param text    the whole log, lines ended by newlines
 */
public record VerifierLog(String program, String text) {
    /** Knows what instructions of the program were before linking. */
    @FunctionalInterface
    interface Diagnosis {
        /** Why the call of an impossible helper at this instruction of the final program stands there, or null. */
        String poisonAt(int insnIndex, int helper);
    }

    /** Helper numbers from here on are marks of the loader's: 195896080 CO-RE, 2001000000 maps, 2002000000 kfuncs. */
    private static final int FIRST_MARK = 190_000_000;
    private static final Pattern INSN = Pattern.compile("^(\\d+): \\(");
    private static final Pattern BAD_HELPER =
            Pattern.compile("(?:invalid func|unknown func|cannot (?:use|call) helper) (\\S*?)#(\\d+)");
    private static final Pattern SOURCE = Pattern.compile("^; (.*?)(?: @ (\\S+:\\d+))?$");

    /** How many lines it has. */
    public int lineCount() {
        return (int) text.lines().count();
    }

    /** Whether it says why: of a type it does not know, a kernel's log is empty or has statistics alone. */
    boolean hasReason() {
        return lastUseful(text.lines().toList()) >= 0;
    }

    /**
     * The reason in one line, the line of C it happened in first: {@code "x = p->y;" (prog.c:12): R1 invalid mem
     * access}.
     *
     * @param diagnosis knows marks of the loader's; null if there are none
     */
    String summary(Diagnosis diagnosis, BpfProgType type) {
        List<String> lines = text.lines().toList();
        int last = lastUseful(lines);
        if (last < 0) {
            return "no reason given";
        }
        String reason = lines.get(last).strip();
        String source = sourceBefore(lines, last);
        Matcher helper = BAD_HELPER.matcher(reason);
        String explained = null;
        if (helper.find()) {
            explained = explainHelper(helper, lines, last, diagnosis, type);
        }
        int more = lines.size() - 1;
        return (source.isEmpty() ? "" : source + ": ") + (explained == null ? reason : explained)
                + (more == 0 ? "" : " (" + more + (more == 1 ? " more log line" : " more log lines")
                + "; --verifier-log FILE|- prints all)");
    }

    /** The last line that says why: not the statistics, not empty, not a state. */
    private static int lastUseful(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("processed ") && !line.startsWith("verification time ")
                    && !line.startsWith("stack depth ") && !line.startsWith("max_states_per_insn")) {
                return i;
            }
        }
        return -1;
    }

    private static String sourceBefore(List<String> lines, int from) {
        for (int i = from - 1; i >= 0; i--) {
            Matcher source = SOURCE.matcher(lines.get(i));
            if (source.matches()) {
                return "\"" + source.group(1).strip() + "\""
                        + (source.group(2) == null ? "" : " (" + source.group(2) + ")");
            }
        }
        return "";
    }

    private static String explainHelper(Matcher helper, List<String> lines, int last, Diagnosis diagnosis,
                                        BpfProgType type) {
        int number;
        try {
            number = Integer.parseInt(helper.group(2));
        } catch (NumberFormatException e) {
            return null;
        }
        if (number >= FIRST_MARK) {
            for (int i = last; i >= 0; i--) {
                Matcher insn = INSN.matcher(lines.get(i));
                if (insn.find() && diagnosis != null) {
                    try {
                        return diagnosis.poisonAt(Integer.parseInt(insn.group(1)), number);
                    } catch (NumberFormatException e) {
                        return null;
                    }
                }
            }
            return null;
        }
        String name = BpfHelper.name(number);
        return "this kernel has no helper bpf_" + name + " for programs of type "
                + (type == null ? "unknown" : type.kernelName()) + " (" + lines.get(last).strip() + ")";
    }
}
