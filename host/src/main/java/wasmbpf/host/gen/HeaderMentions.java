package wasmbpf.host.gen;

import java.util.function.Consumer;

/**
 * Names in a header that may be what it defines though no definition is to be seen: {@code a} in {@code EVENT(a);},
 * {@code STRUCT a {...};} and {@code #define EVENT struct a {...}}, {@code a_t} in {@code STRUCT {...} a_t;}. Where a type is only
 * used, as in {@code struct a *p}, its name is none of them.
 */
final class HeaderMentions {
    private HeaderMentions() {}

    /**
     * Finds them.
     *
     * @param tags     gets what may be a struct's or union's tag
     * @param typedefs gets what may be a typedef's name
     */
    static void find(CTokens tokens, Consumer<String> tags, Consumer<String> typedefs) {
        int braces = 0;
        int declaration = 0; // where the one that this token is in begins
        int brackets = 0;    // round ones, within it
        boolean behindBraces = false; // only words since a closing one
        for (int at = 0; at < tokens.count(); at++) {
            if (tokens.isDirective(at)) {
                if (tokens.text(at).indexOf('{') >= 0) {
                    find(new CTokens(tokens.text(at).substring(1)), tags, typedefs);
                }
                declaration = at + 1;
                continue;
            }
            if (tokens.isWord(at)) {
                String name = tokens.text(at);
                boolean argument = braces == 0 && brackets == 1 && tokens.isWord(declaration) && tokens.is(declaration + 1, "(")
                        && (tokens.is(at + 1, ",") || tokens.is(at + 1, ")"));
                if (argument || tokens.is(at + 1, "{") && !tokens.is(at - 1, "enum")) {
                    tags.accept(name);
                }
                if (argument || behindBraces && (tokens.is(at + 1, ";") || tokens.is(at + 1, ",") || tokens.is(at + 1, "__attribute__"))) {
                    typedefs.accept(name);
                }
                continue;
            }
            switch (tokens.text(at)) {
                case "(" -> brackets++;
                case ")" -> brackets = Math.max(0, brackets - 1);
                case "{" -> braces += tokens.text(at - 1).startsWith("\"") ? 0 : 1; // extern "C" {
                case "}" -> braces = Math.max(0, braces - 1);
                default -> { }
            }
            behindBraces = tokens.is(at, "}") || behindBraces && (brackets > 0 || tokens.is(at, ")"));
            if (tokens.is(at, ";") || tokens.is(at, "{") || tokens.is(at, "}")) {
                declaration = at + 1;
                brackets = 0;
            }
        }
    }
}
