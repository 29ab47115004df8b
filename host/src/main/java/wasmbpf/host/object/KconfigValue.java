package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns values of a kernel configuration into bytes of a variable: libbpf {@code set_kcfg_value_*}. */
final class KconfigValue {
    private KconfigValue() {
    }

    /** Sets a variable to the text that follows {@code CONFIG_X=}. */
    static void text(Extern.Kconfig extern, ByteBuffer image, String text, List<String> warnings) {
        switch (text.charAt(0)) {
            case 'y', 'n', 'm' -> tristate(extern, image, text.charAt(0));
            case '"' -> string(extern, image, text, warnings);
            default -> {
                if (extern.type() != Extern.KconfigType.INT && extern.type() != Extern.KconfigType.CHAR) {
                    throw misfit(extern, text, "an integer");
                }
                number(extern, image, integer(extern, text));
            }
        }
    }

    private static void tristate(Extern.Kconfig extern, ByteBuffer image, char value) {
        int at = extern.dataOffset();
        switch (extern.type()) {
            case BOOL -> {
                if (value == 'm') {
                    throw misfit(extern, "m", "enum libbpf_tristate or char");
                }
                image.put(at, (byte) (value == 'y' ? 1 : 0));
            }
            // enum libbpf_tristate: no 0, yes 1, module 2. A 64-bit one keeps its upper half zero.
            case TRISTATE -> putNumber(image, at, extern.sizeBytes(), value == 'y' ? 1 : value == 'm' ? 2 : 0);
            case CHAR -> image.put(at, (byte) value);
            case INT, CHAR_ARRAY -> throw misfit(extern, String.valueOf(value), "bool, enum libbpf_tristate or char");
        }
    }

    private static void string(Extern.Kconfig extern, ByteBuffer image, String text, List<String> warnings) {
        if (extern.type() != Extern.KconfigType.CHAR_ARRAY) {
            throw misfit(extern, text, "a char array");
        }
        byte[] quoted = text.getBytes(StandardCharsets.UTF_8);
        if (quoted.length < 2 || quoted[quoted.length - 1] != '"') {
            throw misfit(extern, text, "a string that ends in a quote");
        }
        int length = quoted.length - 2;
        if (length >= extern.sizeBytes()) {
            warnings.add("extern (kcfg) '" + extern.name() + "': long string '" + text + "' of (" + length
                    + " bytes) truncated to " + (extern.sizeBytes() - 1) + " bytes");
            length = extern.sizeBytes() - 1;
        }
        image.put(extern.dataOffset(), quoted, 1, length);
        image.put(extern.dataOffset() + length, (byte) 0);
    }

    /** Sets an integer, char or bool variable, if the value fits into it. */
    static void number(Extern.Kconfig extern, ByteBuffer image, long value) {
        switch (extern.type()) {
            case BOOL -> {
                if (value != 0 && value != 1) {
                    throw misfit(extern, Long.toUnsignedString(value), "an integer");
                }
            }
            case INT, CHAR -> {
                int bits = extern.sizeBytes() * 8;
                boolean fits = bits == 64 || (extern.signed() ? value << 64 - bits >> 64 - bits == value
                        : value >>> bits == 0);
                if (!fits) {
                    throw misfit(extern, Long.toUnsignedString(value), "more than " + extern.sizeBytes() + " bytes");
                }
            }
            case TRISTATE, CHAR_ARRAY -> throw misfit(extern, Long.toUnsignedString(value), "an integer, char or bool");
        }
        putNumber(image, extern.dataOffset(), extern.sizeBytes(), value);
    }

    private static void putNumber(ByteBuffer image, int at, int size, long value) {
        switch (size) {
            case 1 -> image.put(at, (byte) value);
            case 2 -> image.putShort(at, (short) value);
            case 4 -> image.putInt(at, (int) value);
            case 8 -> image.putLong(at, value);
            default -> throw new IllegalStateException("a number of " + size + " bytes");
        }
    }

    /** As strtoull with base 0: decimal, 0x hexadecimal or 0 octal, a sign allowed. */
    private static long integer(Extern.Kconfig extern, String text) {
        int from = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        try {
            long magnitude;
            if (text.startsWith("0x", from) || text.startsWith("0X", from)) {
                magnitude = Long.parseUnsignedLong(text, from + 2, text.length(), 16);
            } else if (text.startsWith("0", from)) {
                magnitude = Long.parseUnsignedLong(text, from, text.length(), 8);
            } else {
                magnitude = Long.parseUnsignedLong(text, from, text.length(), 10);
            }
            return text.startsWith("-") ? -magnitude : magnitude;
        } catch (NumberFormatException e) {
            throw new ObjectException("extern \"" + extern.name() + "\": value " + text
                    + " of the kernel configuration is not an integer of 64 bits", e);
        }
    }

    private static ObjectException misfit(Extern.Kconfig extern, String value, String needs) {
        return new ObjectException("extern \"" + extern.name() + "\": value " + value
                + " of the kernel configuration needs " + needs + ", the variable is " + extern.type() + " of "
                + extern.sizeBytes() + " bytes");
    }
}
