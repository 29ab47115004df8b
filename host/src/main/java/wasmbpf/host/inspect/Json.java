package wasmbpf.host.inspect;

import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Values as JSON text: Map (keys in its order), Iterable, String, Boolean, null, and integers (as they are: a reader that
 * keeps them in doubles loses those beyond 2^53). Compact, or pretty with tabs as bpftool's {@code -p} prints.
 */
public final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private int depth;

    private Json(boolean pretty) {
        this.pretty = pretty;
    }

    /** On one line, without a line feed. */
    public static String compact(Object value) {
        return new Json(false).value(value).out.toString();
    }

    /** Over several lines, indented, without a line feed at the end. */
    public static String pretty(Object value) {
        return new Json(true).value(value).out.toString();
    }

    private Json value(Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> all('{', '}', map.entrySet(), (json, entry) -> {
                json.string(entry.getKey().toString());
                json.out.append(json.pretty ? ": " : ":");
                json.value(entry.getValue());
            });
            case Iterable<?> elements -> all('[', ']', elements, Json::value);
            case Boolean b -> out.append(b);
            case Long n -> out.append(n);
            case Integer n -> out.append(n);
            default -> string(value.toString());
        }
        return this;
    }

    private <T> void all(char open, char close, Iterable<? extends T> elements, BiConsumer<Json, T> print) {
        Iterator<? extends T> each = elements.iterator();
        out.append(open);
        depth++;
        boolean some = false;
        while (each.hasNext()) {
            if (some) {
                out.append(',');
            }
            some = true;
            line();
            print.accept(this, each.next());
        }
        depth--;
        if (some) {
            line();
        }
        out.append(close);
    }

    private void line() {
        if (pretty) {
            out.append('\n').append("    ".repeat(depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    // Lone surrogates cannot be encoded; control characters may not stand in a string.
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c) && !paired(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i)) ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
