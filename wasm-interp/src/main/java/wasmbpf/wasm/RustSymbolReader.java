package wasmbpf.wasm;

/**
 * The characters of a name that rustc has mangled, and what they spell: numbers and identifiers. Source: Rust RFC 2603; see
 * {@link RustSymbol}.
 */
final class RustSymbolReader {
    /** What the name is not. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    /** An identifier and the number that tells it from others of its name. */
    record Identifier(long number, String name) {
    }

    private final String text;
    private int at;

    RustSymbolReader(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    int length() {
        return text.length();
    }

    char next() {
        if (at == text.length()) {
            throw new Unreadable();
        }
        return text.charAt(at++);
    }

    boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    /** {@code _} is 0, {@code 0_} 1, and so on. */
    long base62() {
        if (skip('_')) {
            return 0;
        }
        long value = 0;
        for (char c = next(); c != '_'; c = next()) {
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 36 : -1;
            if (digit < 0) {
                throw new Unreadable();
            }
            // Crates have hashes of 64 bits here: what does not fit in a long is never used.
            value = value * 62 + digit;
        }
        return value + 1;
    }

    /** 0 if there is no tag, else one more than the number behind it. */
    long optional(char tag) {
        return skip(tag) ? base62() + 1 : 0;
    }

    Identifier identifier() {
        long number = optional('s');
        return new Identifier(number, plainIdentifier());
    }

    String plainIdentifier() {
        boolean punycode = skip('u');
        int length = 0;
        int from = at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0 && text.charAt(at) < 128
                && !(at > from && length == 0)) {
            length = 10 * length + next() - '0';
            if (length > text.length()) {
                throw new Unreadable();
            }
        }
        if (at == from) {
            throw new Unreadable();
        }
        skip('_');
        if (length > text.length() - at) {
            throw new Unreadable();
        }
        String name = text.substring(at, at + length);
        at += length;
        return punycode ? unicode(name) : name;
    }

    /** Punycode, RFC 3492, with an underscore where that has a hyphen. */
    private static String unicode(String name) {
        int last = name.lastIndexOf('_');
        StringBuilder decoded = new StringBuilder(name.substring(0, Math.max(0, last)));
        int code = 128;
        int bias = 72;
        int position = 0;
        for (int from = last + 1; from < name.length();) {
            int start = position;
            long weight = 1;
            long sum = position;
            for (int k = 36;; k += 36) {
                char c = from < name.length() ? name.charAt(from++) : 0;
                int digit = c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? c - '0' + 26 : -1;
                sum += digit * weight;
                if (digit < 0 || sum > Integer.MAX_VALUE) {
                    throw new Unreadable();
                }
                int threshold = Math.clamp(k - bias, 1, 26);
                if (digit < threshold) {
                    break;
                }
                weight *= 36 - threshold;
            }
            int length = decoded.codePointCount(0, decoded.length()) + 1;
            bias = bias((int) sum - start, length, start == 0 && code == 128);
            code += (int) (sum / length);
            position = (int) (sum % length);
            if (!Character.isValidCodePoint(code)) {
                throw new Unreadable();
            }
            decoded.insert(decoded.offsetByCodePoints(0, position++), Character.toString(code));
        }
        return decoded.toString();
    }

    private static int bias(int delta, int length, boolean first) {
        int rest = first ? delta / 700 : delta / 2;
        rest += rest / length;
        int k = 0;
        for (; rest > 455; k += 36) {
            rest /= 35;
        }
        return k + 36 * rest / (rest + 38);
    }

    /** Hexadecimal, lower case, up to an underscore. */
    String digits() {
        int from = at;
        for (char c = next(); c != '_'; c = next()) {
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                throw new Unreadable();
            }
        }
        if (at - 1 == from) {
            throw new Unreadable();
        }
        return text.substring(from, at - 1);
    }
}
