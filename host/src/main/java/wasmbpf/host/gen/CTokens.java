package wasmbpf.host.gen;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The tokens of a C header, as far as finding definitions in it takes: comments and white space are left out. */
final class CTokens {
    /** An identifier, keyword or number; a string or character literal; a whole directive; any other character by itself. */
    enum Kind { WORD, LITERAL, DIRECTIVE, OTHER }

    /** @param end behind its last character */
    record Token(Kind kind, int start, int end) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final int[] behindBrackets;

    CTokens(String text) {
        this.text = text;
        int at = 0;
        boolean lineStart = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end;
            if (text.startsWith("//", at)) {
                at = logicalLineEnd(at);
                continue;
            } else if (text.startsWith("/*", at)) {
                at = commentEnd(at);
                continue;
            } else if (Character.isWhitespace(c)) {
                lineStart |= c == '\n';
                at++;
                continue;
            } else if (c == '#' && lineStart) {
                end = logicalLineEnd(at);
                tokens.add(new Token(Kind.DIRECTIVE, at, end));
            } else if (c == '"' || c == '\'') {
                end = literalEnd(at);
                tokens.add(new Token(Kind.LITERAL, at, end));
            } else if (Character.isLetterOrDigit(c) || c == '_') {
                end = at + 1;
                while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                    end++;
                }
                tokens.add(new Token(Kind.WORD, at, end));
            } else {
                end = at + 1;
                tokens.add(new Token(Kind.OTHER, at, end));
            }
            lineStart = false;
            at = end;
        }
        this.behindBrackets = matchBrackets();
    }

    /** To the line feed that no backslash precedes; a comment in a directive may hold line feeds too. */
    private int logicalLineEnd(int from) {
        boolean comment = text.startsWith("//", from);
        int at = from;
        while (at < text.length() && text.charAt(at) != '\n') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at += text.startsWith("\\\r\n", at) ? 3 : 2;
            } else if (!comment && text.startsWith("/*", at)) {
                at = commentEnd(at);
            } else {
                comment |= text.startsWith("//", at);
                at++;
            }
        }
        return Math.min(at, text.length());
    }

    private int commentEnd(int from) {
        int end = text.indexOf("*/", from + 2);
        return end < 0 ? text.length() : end + 2;
    }

    private int literalEnd(int from) {
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != text.charAt(from) && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    int count() {
        return tokens.size();
    }

    Token get(int index) {
        return tokens.get(index);
    }

    /** The characters of a token; "" before the first and behind the last one. */
    String text(int index) {
        return index >= 0 && index < tokens.size() ? text.substring(get(index).start(), get(index).end()) : "";
    }

    boolean is(int index, String wanted) {
        return text(index).equals(wanted);
    }

    boolean isWord(int index) {
        return index < tokens.size() && get(index).kind() == Kind.WORD;
    }

    boolean isDirective(int index) {
        return index < tokens.size() && get(index).kind() == Kind.DIRECTIVE;
    }

    /** The index behind what begins at {@code open}, an opening bracket of any kind: the number of tokens if it is not closed. */
    int behindBrackets(int open) {
        return behindBrackets[open];
    }

    private int[] matchBrackets() {
        int[] behind = new int[count()];
        Arrays.fill(behind, count());
        Deque<Integer> open = new ArrayDeque<>();
        for (int at = 0; at < count(); at++) {
            switch (text(at)) {
                case "(", "[", "{" -> open.push(at);
                case ")", "]", "}" -> {
                    if (!open.isEmpty()) {
                        behind[open.pop()] = at + 1;
                    }
                }
                default -> { }
            }
        }
        return behind;
    }
}
