package wasmbpf.host.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import wasmbpf.host.inspect.KernelMap;
import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.host.inspect.MapAccess;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.Fd;

/** Keys and values on the command line: {@code key [hex] BYTES value [hex] BYTES|PROG|MAP}, as bpftool reads them. */
final class MapData {
    /** Opens what a word names. */
    interface Opener {
        Fd open(Words words, Kind kind);
    }

    private final Words words;
    private final Opener opener;

    MapData(Words words, Opener opener) {
        this.words = words;
        this.opener = opener;
    }

    /** The bytes that follow the keyword, and nothing after them. */
    byte[] last(String keyword, int length) {
        byte[] bytes = next(keyword, length);
        words.end();
        return bytes;
    }

    /** The bytes that follow the keyword. */
    byte[] next(String keyword, int length) {
        words.keyword(keyword);
        return bytes(keyword, length);
    }

    private byte[] bytes(String what, int length) {
        byte[] bytes = new byte[length];
        String word = words.next(length + " bytes of " + what);
        boolean hex = "hex".equals(word);
        for (int i = 0; i < length; i++) {
            if (i > 0 || hex) {
                word = words.next("byte " + (i + 1) + " of " + length + " of the " + what);
            }
            bytes[i] = octet(word, hex, what);
        }
        return bytes;
    }

    /** A number from 0 to 255: after "hex" hexadecimal, else as strtoul takes it: decimal, 0x…, or octal with a 0. */
    private static byte octet(String word, boolean hex, String what) {
        try {
            String digits = word.startsWith("0x") || word.startsWith("0X") ? word.substring(2) : word;
            int radix = hex || !digits.equals(word) ? 16 : word.length() > 1 && word.startsWith("0") ? 8 : 10;
            int value = Integer.parseInt(digits, radix);
            if (value < 0 || value > 255) {
                throw new NumberFormatException();
            }
            return (byte) value;
        } catch (NumberFormatException e) {
            throw new UsageException("map: " + word + " is no byte of a " + what);
        }
    }

    /** {@code value VALUE [any|exist|noexist]}, put under that key. */
    void update(KernelMap map, MapAccess access, byte[] key) {
        words.keyword("value");
        if (access.holdsPrograms() || access.holdsMaps()) {
            try (Fd value = opener.open(words, access.holdsMaps() ? Kind.MAP : Kind.PROGRAM)) {
                access.update(key, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value.number()).array(),
                        flags());
            }
            return;
        }
        byte[] one = bytes("value", map.valueSize());
        long flags = flags();
        byte[] value = one;
        if (map.perCpu()) {
            // As bpftool: the same value for every CPU.
            value = new byte[access.valueBytes()];
            for (int at = 0; at < value.length; at += map.valueSize() + 7 & ~7) {
                System.arraycopy(one, 0, value, at, one.length);
            }
        } else if (value.length < access.valueBytes()) {
            value = Arrays.copyOf(value, access.valueBytes());
        }
        access.update(key, value, flags);
    }

    private long flags() {
        long flags = BpfFlags.BPF_ANY;
        if (words.more()) {
            flags = switch (words.keyword("any", "exist", "noexist")) {
                case "exist" -> BpfFlags.BPF_EXIST;
                case "noexist" -> BpfFlags.BPF_NOEXIST;
                default -> BpfFlags.BPF_ANY;
            };
        }
        words.end();
        return flags;
    }
}
