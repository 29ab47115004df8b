package wasmbpf.host.attach;

import wasmbpf.sys.Errno;

/**
 * Where in a function a probe sits: {@code function}, {@code function+0x10}, or a bare number.
 *
 * @param function empty if only an offset was given
 * @param offset   bytes from the function's start, or into the file
 */
record ProbeTarget(String function, long offset) {
    /** @param operation for messages @throws AttachException EINVAL if it is neither */
    static ProbeTarget parse(String operation, String text) {
        int plus = text.lastIndexOf('+');
        String function = plus < 0 ? text : text.substring(0, plus);
        try {
            if (plus < 0 && !text.isEmpty() && Character.isDigit(text.charAt(0))) {
                return new ProbeTarget("", number(text));
            }
            long offset = plus < 0 ? 0 : number(text.substring(plus + 1));
            if (function.isEmpty() || offset < 0) {
                throw new NumberFormatException(text);
            }
            return new ProbeTarget(function, offset);
        } catch (NumberFormatException e) {
            throw new AttachException(operation, Errno.EINVAL,
                    "\"" + text + "\" is not FUNCTION or FUNCTION+OFFSET or OFFSET");
        }
    }

    /** As strtol with base 0: 0x for hexadecimal, 0 for octal. */
    private static long number(String text) {
        return Long.decode(text);
    }

    @Override
    public String toString() {
        return function.isEmpty() ? "0x" + Long.toHexString(offset)
                : offset == 0 ? function : function + "+0x" + Long.toHexString(offset);
    }
}
