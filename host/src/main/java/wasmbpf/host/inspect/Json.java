package wasmbpf.host.inspect;

import java.util.List;
import java.util.Map;

/**
 * Values as JSON text: Map (keys in its order), Iterable, String, Boolean, null, {@link Raw}, and integers (as they are: a
 * reader that keeps them in doubles loses those beyond 2^53). Compact, or pretty in the way of bpftool's {@code -p}: a line a
 * key, four blanks a level.
 */
public final class Json {
    /** Text that is put as it is: a number in another base, as bpftool prints some in its plain form. */
    record Raw(String text) {
    }

    /** An object that may have a key twice: anonymous members of a struct are all called "". */
    record Members(List<Map.Entry<String, Object>> entries) {
    }

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private int depth;
    /** Whether something stands before what comes next, at the same level. */
    private boolean more;

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
        comma();
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> members(map.entrySet());
            case Members members -> members(members.entries());
            case Iterable<?> elements -> {
                begin('[');
                elements.forEach(this::value);
                end(']');
            }
            case Boolean b -> out.append(b);
            case Long n -> out.append(n);
            case Integer n -> out.append(n);
            case Raw raw -> out.append(raw.text());
            default -> string(value.toString());
        }
        more = true;
        return this;
    }

    private void members(Iterable<? extends Map.Entry<?, ?>> entries) {
        begin('{');
        for (Map.Entry<?, ?> entry : entries) {
            comma();
            line();
            string(entry.getKey().toString());
            out.append(pretty ? ": " : ":");
            more = false;
            value(entry.getValue());
        }
        end('}');
    }

    private void comma() {
        if (more) {
            out.append(',');
        }
    }

    private void begin(char open) {
        out.append(open);
        depth++;
        more = false;
    }

    private void end(char close) {
        depth--;
        if (more) {
            line();
        }
        out.append(close);
    }

    private void line() {
        if (pretty) {
            out.append('\n').repeat("    ", depth);
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
