package wasmbpf.host.cli;

/** What may be written where a person reads. Names in modules, objects and kernels are anyone's, and a terminal obeys some bytes. */
final class Terminal {
    private Terminal() {
    }

    /** The text with control characters other than tab and the end of a line as {@code \}{@code u{1b}}. */
    static String printable(String text) {
        int at = 0;
        while (at < text.length() && !obeyed(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (obeyed(c)) {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean obeyed(char c) {
        return c < ' ' && c != '\n' && c != '\t' || c >= 0x7F && c < 0xA0;
    }

    /** A message to standard error. */
    static void say(String message) {
        System.err.println("wasm-bpf: " + printable(message));
    }
}
