package wasmbpf.sys.replay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as text and back.
 *
 * <p>Two notations: quoted text, with {@code \n \t \" \\ \xHH}; and words of hexadecimal digits between which {@code
 * +N} stands for N zero bytes. White space separates words and is otherwise free, so that long data goes on over
 * lines.
 */
final class DataText {
    private static final int SHORTEST_ZERO_RUN = 8;
    private static final int BYTES_A_LINE = 48;
    private static final HexFormat HEX = HexFormat.of();

    private DataText() {}

    static String quote(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : bytes) {
            switch (b) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (b >= ' ' && b < 127) {
                        text.append((char) b);
                    } else {
                        text.append("\\x").append(HEX.toHexDigits(b));
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    static String quote(String text) {
        return quote(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Quoted, with a new piece on a new line after each newline character. */
    static String quoteLines(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || i == bytes.length - 1) {
                text.append(text.isEmpty() ? "" : "\n").append(quote(Arrays.copyOfRange(bytes, start, i + 1)));
                start = i + 1;
            }
        }
        return text.isEmpty() ? "\"\"" : text.toString();
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        int onLine = 0;
        while (i < bytes.length) {
            int end = i;
            boolean zeros = zerosAt(bytes, i) >= SHORTEST_ZERO_RUN || zerosAt(bytes, i) == bytes.length - i;
            if (zeros) {
                end += zerosAt(bytes, i);
            } else {
                while (end < bytes.length && end - i < BYTES_A_LINE - onLine
                        && zerosAt(bytes, end) < SHORTEST_ZERO_RUN && zerosAt(bytes, end) < bytes.length - end) {
                    end++;
                }
            }
            if (!text.isEmpty()) {
                text.append(onLine == 0 ? '\n' : ' ');
            }
            if (zeros) {
                text.append('+').append(end - i);
                onLine = Math.min(BYTES_A_LINE - 1, onLine + 4);
            } else {
                text.append(HEX.formatHex(bytes, i, end));
                onLine += end - i;
            }
            if (onLine >= BYTES_A_LINE) {
                onLine = 0;
            }
            i = end;
        }
        return text.isEmpty() ? "+0" : text.toString();
    }

    private static int zerosAt(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] == 0) {
            end++;
        }
        return end - from;
    }

    /**
     * The bytes of either notation.
     * @param limit most bytes there may be; more is an error before any memory is taken for them
     */
    static byte[] parse(String text, long limit, String where) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\n') {
                i++;
            } else if (c == '"') {
                i = parseQuoted(text, i + 1, out, where);
            } else {
                int end = i;
                while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '\n') {
                    end++;
                }
                parseWord(text.substring(i, end), limit, out, where);
                i = end;
            }
            if (out.size() > limit) {
                throw new TraceException(where + ": more than the " + limit + " bytes there is room for");
            }
        }
        return out.toByteArray();
    }

    private static void parseWord(String word, long limit, ByteArrayOutputStream out, String where) {
        try {
            if (word.startsWith("+")) {
                long zeros = Long.parseLong(word, 1, word.length(), 10);
                if (zeros < 0 || zeros > limit - out.size()) {
                    throw new TraceException(where + ": " + word + " zeros, but room for " + (limit - out.size()));
                }
                out.writeBytes(new byte[(int) zeros]);
            } else {
                out.writeBytes(HEX.parseHex(word));
            }
        } catch (IllegalArgumentException e) {
            throw new TraceException(where + ": neither hexadecimal bytes nor +zeros: " + word, e);
        }
    }

    private static int parseQuoted(String text, int i, ByteArrayOutputStream out, String where) {
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c == '"') {
                return i;
            }
            if (c != '\\') {
                if (c < ' ' || c >= 127) {
                    throw new TraceException(where + ": unescaped character " + (int) c);
                }
                out.write(c);
                continue;
            }
            char escaped = i < text.length() ? text.charAt(i++) : 0;
            switch (escaped) {
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '"', '\\' -> out.write(escaped);
                case 'x' -> {
                    if (i + 2 > text.length() || !HexFormat.isHexDigit(text.charAt(i))
                            || !HexFormat.isHexDigit(text.charAt(i + 1))) {
                        throw new TraceException(where + ": \\x wants two hexadecimal digits");
                    }
                    out.write(HexFormat.fromHexDigits(text, i, i + 2));
                    i += 2;
                }
                default -> throw new TraceException(where + ": unknown escape \\" + escaped);
            }
        }
        throw new TraceException(where + ": text without closing quote");
    }

    static String sha256(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
