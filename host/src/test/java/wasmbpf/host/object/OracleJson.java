package wasmbpf.host.object;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON files of src/test/resources/oracle: what libbpf made of each object (oracle/README.md). Objects become
 * {@code Map<String, Object>}, arrays {@code List<Object>}, integers {@code Long}, the rest String, Boolean, null.
 */
public final class OracleJson {
    /** The objects whose view by libbpf is kept. */
    public static final List<String> OBJECTS = List.of("sec_table", "subprogs_table", "maps_table", "externs_table",
            "attach_table");

    private final String text;
    private int at;

    private OracleJson(String text) {
        this.text = text;
    }

    /** libbpf's view of that object after it was opened. */
    public static Map<String, Object> open(String object) {
        return object(parse(new String(bytes(object + ".open.json"), StandardCharsets.UTF_8)));
    }

    /** What libbpf would submit for that object on the kernel of the recording. */
    public static Map<String, Object> relocated(String object) {
        return object(parse(new String(bytes(object + ".relocated.json"), StandardCharsets.UTF_8)));
    }

    /** The object file itself. */
    public static byte[] elf(String object) {
        return bytes(object + ".bpf.o");
    }

    /** A file of src/test/resources/oracle. */
    public static byte[] bytes(String file) {
        try (InputStream in = OracleJson.class.getResourceAsStream("/oracle/" + file)) {
            if (in == null) {
                throw new AssertionError("no test resource oracle/" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** The array under that key, each element an object; empty if there is none. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> objects(Map<String, Object> of, String key) {
        return (List<Map<String, Object>>) of.getOrDefault(key, List.of());
    }

    public static Object parse(String text) {
        OracleJson json = new OracleJson(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.error("more text");
        }
        return value;
    }

    private Object value() {
        space();
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> {
                at++;
                Map<String, Object> members = new LinkedHashMap<>();
                while (more('}', members.isEmpty())) {
                    space();
                    String key = string();
                    expect(':');
                    members.put(key, value());
                }
                yield members;
            }
            case '[' -> {
                at++;
                List<Object> elements = new ArrayList<>();
                while (more(']', elements.isEmpty())) {
                    elements.add(value());
                }
                yield elements;
            }
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    /** Whether another element follows; eats the comma before it, or the closing bracket. */
    private boolean more(char close, boolean first) {
        space();
        if (text.charAt(at) == close) {
            at++;
            return false;
        }
        if (!first) {
            expect(',');
        }
        return true;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw error("expected " + word);
        }
        at += word.length();
        return value;
    }

    private Long number() {
        int from = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        try {
            return Long.valueOf(text.substring(from, at));
        } catch (NumberFormatException e) {
            throw error("expected an integer");
        }
    }

    private String string() {
        if (text.charAt(at) != '"') {
            throw error("expected a string");
        }
        StringBuilder s = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                c = switch (text.charAt(++at)) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'u' -> {
                        at += 4;
                        yield (char) Integer.parseInt(text, at - 3, at + 1, 16);
                    }
                    default -> text.charAt(at);
                };
            }
            s.append(c);
        }
        at++;
        return s.toString();
    }

    private void expect(char c) {
        space();
        if (text.charAt(at) != c) {
            throw error("expected " + c);
        }
        at++;
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private AssertionError error(String what) {
        return new AssertionError("JSON at " + at + ": " + what);
    }
}
