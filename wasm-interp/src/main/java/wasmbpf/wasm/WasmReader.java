package wasmbpf.wasm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A bounded cursor over a module's bytes; every read that would leave its range, and every number that breaks the
 * rules of LEB128, is a {@link MalformedException} that names the place. Not thread-safe.
 */
final class WasmReader {
    static final int NONE = -1;

    final byte[] bytes;
    /** Next byte to read. */
    int pos;
    /** First byte not to be read. */
    int end;
    private final String name;
    /** What is being read, for messages: {@code type section}. */
    private String part = "module";
    /** If set, the function being read, for messages. */
    private WasmModule module;
    private int function;
    /** In a function, the instruction being read, by its number in {@link OpBytes}, or NONE; for messages. */
    int instruction = NONE;

    WasmReader(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.end = bytes.length;
    }

    void part(String part) {
        this.part = part;
    }

    void function(WasmModule module, int function) {
        this.module = module;
        this.function = function;
    }

    /** {@code file: part at 0x12: message}; in functions with the instruction's name before a message that has it not. */
    private String locate(int offset, String message) {
        String place = module == null ? part : "function " + module.functionLabel(function);
        Opcode opcode = module == null ? null : Opcode.of(instruction);
        String mnemonic = opcode == null || (" " + message + " ").contains(" " + opcode.mnemonic() + " ") ? ""
                : opcode.mnemonic() + ": ";
        return name + ": " + place + " at 0x" + Integer.toHexString(offset) + ": " + mnemonic + message;
    }

    MalformedException malformed(int offset, String message) {
        return new MalformedException(locate(offset, message), offset);
    }

    InvalidException invalid(int offset, String message) {
        return new InvalidException(locate(offset, message), offset);
    }

    private MalformedException endOfInput(int wanted) {
        return malformed(end, "unexpected end: " + wanted + (wanted == 1 ? " more byte is" : " bytes are") + " expected, "
                + remaining() + " remain");
    }

    int remaining() {
        return end - pos;
    }

    boolean atEnd() {
        return pos >= end;
    }

    int u8() {
        if (pos >= end) {
            throw endOfInput(1);
        }
        return bytes[pos++] & 0xFF;
    }

    /** The next byte without reading it. */
    int peek() {
        if (pos >= end) {
            throw endOfInput(1);
        }
        return bytes[pos] & 0xFF;
    }

    /** Four bytes, little endian. */
    int fixed32() {
        if (remaining() < 4) {
            throw endOfInput(4);
        }
        int at = pos;
        pos = at + 4;
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    /** Eight bytes, little endian. */
    long fixed64() {
        if (remaining() < 8) {
            throw endOfInput(8);
        }
        return fixed32() & 0xFFFFFFFFL | (long) fixed32() << 32;
    }

    /** An unsigned number of 32 bits; values of 2^31 and more come out negative. */
    int u32() {
        int b = u8();
        if (b < 0x80) {
            return b;
        }
        int value = b & 0x7F;
        for (int shift = 7; shift < 28; shift += 7) {
            b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        b = u8();
        if (b > 0x0F) {
            throw tooLong(b, 32);
        }
        return value | b << 28;
    }

    /** An index or count: an unsigned number of 32 bits, cut off at 2^31 - 1, which is above every limit here. */
    int index() {
        int value = u32();
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    /** The length of a vector whose items take at least a byte each. */
    int count(String what, int limit) {
        int at = pos;
        int count = index();
        if (count > remaining()) {
            throw malformed(at, Integer.toUnsignedString(count) + " " + what + " do not fit in the "
                    + remaining() + " bytes that remain");
        }
        if (count > limit) {
            throw invalid(at, count + " " + what + "; at most " + limit + " are allowed");
        }
        return count;
    }

    int s32() {
        int b = u8();
        if (b < 0x80) {
            return b << 25 >> 25;
        }
        int value = b & 0x7F;
        for (int shift = 7; shift < 28; shift += 7) {
            b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                return value << (25 - shift) >> (25 - shift);
            }
        }
        b = u8();
        // Of the last seven bits, four belong to the number and the rest must repeat its sign.
        if (b >= 0x80 || (b & 0x78) != 0 && (b & 0x78) != 0x78) {
            throw tooLong(b, 32);
        }
        return value | b << 28;
    }

    /** A signed number of 33 bits: type indices and block types. */
    long s33() {
        long value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value << (57 - shift) >> (57 - shift);
            }
        }
        int b = u8();
        if (b >= 0x80 || (b & 0x70) != 0 && (b & 0x70) != 0x70) {
            throw tooLong(b, 33);
        }
        return (value | (long) b << 28) << 29 >> 29;
    }

    long s64() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value << (57 - shift) >> (57 - shift);
            }
        }
        int b = u8();
        if (b != 0 && b != 0x7F) {
            throw tooLong(b, 64);
        }
        return value | (long) b << 63;
    }

    long u64() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        int b = u8();
        if (b > 1) {
            throw tooLong(b, 64);
        }
        return value | (long) b << 63;
    }

    private MalformedException tooLong(int lastByte, int bits) {
        return malformed(pos - 1, (lastByte >= 0x80 ? "integer representation too long: " : "integer too large: ") + bits
                + " bits are expected");
    }

    /** A name: a length and that many bytes of UTF-8. */
    String name() {
        int at = pos;
        int length = index();
        if (length > remaining()) {
            throw malformed(at, "a name of " + Integer.toUnsignedString(length) + " bytes does not fit in the "
                    + remaining() + " bytes that remain");
        }
        int start = pos;
        pos = start + length;
        return utf8(start, length);
    }

    private String utf8(int start, int length) {
        int ascii = start;
        while (ascii < start + length && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii == start + length) {
            return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, start, length)).toString();
        } catch (CharacterCodingException e) {
            throw malformed(start, "malformed UTF-8 in a name");
        }
    }
}
