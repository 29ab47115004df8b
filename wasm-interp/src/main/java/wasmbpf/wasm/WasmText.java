package wasmbpf.wasm;

/** Pieces of the text format. Names and data come from the module, so nothing of them reaches a terminal unescaped. */
final class WasmText {
    private static final int MAX_NAME = 1000;

    private WasmText() {
    }

    /** A string literal: quotes, backslashes, control and format characters are escaped. */
    static String quote(String text) {
        return '"' + escape(text, true) + '"';
    }

    /** As part of a line of text: control and format characters are escaped. */
    static String printable(String text) {
        return escape(text, false);
    }

    /** {@link #printable} of a name, which is cut where nobody would read on: it may be megabytes. */
    static String shortened(String name) {
        return name.length() <= MAX_NAME ? printable(name) : printable(name.substring(0, MAX_NAME)) + "...";
    }

    private static String escape(String text, boolean quoted) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        text.codePoints().forEach(c -> {
            if (quoted && (c == '"' || c == '\\')) {
                out.append('\\').append((char) c);
            } else if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return out.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Bytes as a string literal. */
    static void bytes(StringBuilder out, byte[] bytes, int from, int length) {
        out.append('"');
        for (int i = from; i < from + length; i++) {
            int b = bytes[i] & 0xFF;
            if (b >= ' ' && b < 0x7F && b != '"' && b != '\\') {
                out.append((char) b);
            } else {
                out.append('\\').append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        out.append('"');
    }

    /** A name as a block comment, or nothing for null: {@code  (;"main";)}. */
    static String comment(String name) {
        return name == null ? "" : " (;" + inComment(quote(name)) + ";)";
    }

    /** Comments nest: neither bracket may occur in one. */
    static String inComment(String text) {
        return text.replace(";)", "; )").replace("(;", "( ;");
    }

    static String f32(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isNaN(value)) {
            return nan(bits < 0, Integer.toHexString(bits & 0x7FFFFF));
        }
        return Float.isInfinite(value) ? infinity(bits < 0) : Float.toString(value);
    }

    static String f64(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isNaN(value)) {
            return nan(bits < 0, Long.toHexString(bits & 0xFFFFFFFFFFFFFL));
        }
        return Double.isInfinite(value) ? infinity(bits < 0) : Double.toString(value);
    }

    private static String nan(boolean negative, String payload) {
        return (negative ? "-nan:0x" : "nan:0x") + payload;
    }

    private static String infinity(boolean negative) {
        return negative ? "-inf" : "inf";
    }
}
