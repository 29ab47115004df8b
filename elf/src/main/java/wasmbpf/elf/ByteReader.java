package wasmbpf.elf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A bounded cursor over bytes that nobody has checked. It knows the file, the part of it and the field being read, so
 * every error is one {@link FormatException} that names them all with the offset within the part.
 *
 * <p>Lengths are compared with what remains, never added to a position; unsigned values come as {@code long}; a count
 * is checked against the bytes left ({@link #count}) before anyone allocates for it. Not thread safe: each thread takes
 * its own {@link #slice}. The bytes are shared, never copied and never written.
 */
public final class ByteReader {
    /** The longest string that {@link #cString} hands out; longer ones are an attack or a broken table. */
    public static final int MAX_STRING_BYTES = 1 << 16;

    private final String file;
    private final String part;
    private final byte[] bytes;
    private final int start;
    private final int end;
    private final boolean littleEndian;
    private int position;

    private ByteReader(String file, String part, byte[] bytes, int start, int end, boolean littleEndian) {
        this.file = file;
        this.part = part;
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.littleEndian = littleEndian;
        this.position = start;
    }

    /** A cursor over all of {@code bytes}, which the caller must not change while it is read. */
    public static ByteReader of(String file, String part, byte[] bytes, ByteOrder order) {
        return new ByteReader(file, part, bytes, 0, bytes.length, order == ByteOrder.LITTLE_ENDIAN);
    }

    /** A cursor over {@code length} bytes from {@code offset} (both within this part), at its start. */
    public ByteReader slice(String part, long offset, long length) {
        if (offset < 0 || offset > size() || length < 0 || length > size() - offset) {
            throw new FormatException(file + ": " + part + ": " + Long.toUnsignedString(length) + " bytes at offset 0x"
                    + Long.toHexString(offset) + " do not lie within the " + size() + " bytes of " + this.part);
        }
        int from = start + (int) offset;
        return new ByteReader(file, part, bytes, from, from + (int) length, littleEndian);
    }

    /** The same part read in another byte order, at its start. */
    public ByteReader order(ByteOrder order) {
        return new ByteReader(file, part, bytes, start, end, order == ByteOrder.LITTLE_ENDIAN);
    }

    public ByteOrder order() {
        return littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    public String file() {
        return file;
    }

    public String part() {
        return part;
    }

    /** Bytes from the start of the part to the next one to be read. */
    public long position() {
        return position - start;
    }

    /** Moves to an offset within the part; its end is a legal place. */
    public void seek(long offset) {
        if (offset < 0 || offset > size()) {
            throw error("offset 0x" + Long.toHexString(offset) + " lies outside its " + size() + " bytes");
        }
        position = start + (int) offset;
    }

    public void skip(String field, long length) {
        need(field, length);
        position += (int) length;
    }

    public long remaining() {
        return end - position;
    }

    public long size() {
        return end - start;
    }

    public int u8(String field) {
        need(field, 1);
        return bytes[position++] & 0xff;
    }

    public int u16(String field) {
        need(field, 2);
        int p = position;
        position = p + 2;
        int first = bytes[p] & 0xff;
        int second = bytes[p + 1] & 0xff;
        return littleEndian ? first | second << 8 : first << 8 | second;
    }

    public int s32(String field) {
        need(field, 4);
        int p = position;
        position = p + 4;
        return word(p);
    }

    public long u32(String field) {
        return s32(field) & 0xffffffffL;
    }

    /** Eight bytes; a u64 above {@code Long.MAX_VALUE} comes out negative, so callers check the sign. */
    public long s64(String field) {
        need(field, 8);
        int p = position;
        position = p + 8;
        long first = word(p) & 0xffffffffL;
        long second = word(p + 4) & 0xffffffffL;
        return littleEndian ? first | second << 32 : first << 32 | second;
    }

    private int word(int p) {
        byte[] b = bytes;
        return littleEndian
                ? b[p] & 0xff | (b[p + 1] & 0xff) << 8 | (b[p + 2] & 0xff) << 16 | b[p + 3] << 24
                : b[p] << 24 | (b[p + 1] & 0xff) << 16 | (b[p + 2] & 0xff) << 8 | b[p + 3] & 0xff;
    }

    /**
     * {@code n} as an {@code int}, once {@code n * bytesEach} is known to fit in what remains: the check that comes
     * before an allocation.
     */
    public int count(String what, long n, int bytesEach) {
        if (n < 0 || n > remaining() / bytesEach) {
            throw error(Long.toUnsignedString(n) + " " + what + " of " + bytesEach + " bytes do not fit in the "
                    + remaining() + " bytes that remain");
        }
        return (int) n;
    }

    /** A copy of the next {@code n} bytes. */
    public byte[] bytes(String field, long n) {
        need(field, n);
        byte[] copy = Arrays.copyOfRange(bytes, position, position + (int) n);
        position += (int) n;
        return copy;
    }

    /** A NUL-terminated string; the position moves past the NUL. UTF-8, with bad sequences replaced. */
    public String cString(String field) {
        int nul = position;
        int limit = (int) Math.min(end, (long) position + MAX_STRING_BYTES);
        while (nul < limit && bytes[nul] != 0) {
            nul++;
        }
        if (nul == limit) {
            throw error(field + ": string is not ended by a NUL within "
                    + (limit == end ? "its part" : MAX_STRING_BYTES + " bytes"));
        }
        String text = new String(bytes, position, nul - position, StandardCharsets.UTF_8);
        position = nul + 1;
        return text;
    }

    /** Whether the NUL-terminated string at {@code offset} is exactly {@code name}; makes no object. */
    boolean cStringEquals(long offset, byte[] name) {
        if (offset < 0 || offset >= size() || name.length >= size() - offset) {
            return false;
        }
        int from = start + (int) offset;
        return bytes[from + name.length] == 0
                && Arrays.equals(bytes, from, from + name.length, name, 0, name.length);
    }

    /** An error at the current position, to be thrown by the caller. */
    public FormatException error(String message) {
        Objects.requireNonNull(message);
        return new FormatException(file + ": " + part + ": " + message
                + " (offset 0x" + Long.toHexString(position()) + ")");
    }

    private void need(String field, long length) {
        if (length < 0 || length > end - position) {
            throw error(field + " needs " + Long.toUnsignedString(length) + " bytes, " + remaining() + " remain");
        }
    }
}
