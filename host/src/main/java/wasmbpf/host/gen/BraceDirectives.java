package wasmbpf.host.gen;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The preprocessor's lines within a definition's braces, as Linux's uapi headers have them beside a member. */
final class BraceDirectives {
    private static final Pattern NAME = Pattern.compile("#(?:\\s|\\\\\\r?\\n)*(\\w*)");
    /** What stays of them; the members that an include or a pragma is for come from the BTF. */
    private static final Set<String> KEPT = Set.of("define", "undef", "error", "warning", "if", "ifdef", "ifndef", "elif", "elifdef",
            "elifndef", "else", "endif");

    private BraceDirectives() {}

    /**
     * The lines that stay when a definition gets other members, each with its line feed; "" if none of them matters elsewhere.
     *
     * @param open  token of the opening brace
     * @param close behind the closing one
     * @return null if a conditional reaches across a brace, so that what stands between them is not all of the definition
     */
    static String kept(CTokens tokens, int open, int close) {
        StringBuilder lines = new StringBuilder();
        boolean matters = false;
        int depth = 0;
        for (int at = open; at < close; at++) {
            if (!tokens.isDirective(at)) {
                continue;
            }
            String name = name(tokens.text(at));
            if (name.startsWith("if")) {
                depth++;
            } else if (name.startsWith("el") && depth == 0 || name.equals("endif") && --depth < 0) {
                return null;
            }
            if (KEPT.contains(name)) {
                lines.append(tokens.text(at)).append('\n');
                matters |= !name.startsWith("if") && !name.startsWith("el") && !name.equals("endif");
            }
        }
        return depth != 0 ? null : matters ? lines.toString() : "";
    }

    /** {@code define} of {@code # define X 1}. */
    private static String name(String directive) {
        Matcher matcher = NAME.matcher(directive);
        return matcher.lookingAt() ? matcher.group(1) : "";
    }
}
