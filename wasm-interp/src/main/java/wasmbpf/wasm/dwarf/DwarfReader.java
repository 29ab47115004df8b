package wasmbpf.wasm.dwarf;

import java.nio.charset.StandardCharsets;

/** A bounded little-endian cursor over a part of one section. Positions count from the start of the section. */
final class DwarfReader {
    private final byte[] bytes;
    /** Where the section starts and ends in the bytes. */
    private final int start;
    private final int sectionEnd;
    private final Budget budget;
    private int pos;
    private int end;
    /** Bytes of an offset into another section: 4, or 8 in 64-bit DWARF. */
    private int offsetBytes = 4;

    DwarfReader(byte[] bytes, int start, int length, Budget budget) {
        this.bytes = bytes;
        this.start = start;
        this.sectionEnd = start + length;
        this.budget = budget;
        this.pos = start;
        this.end = sectionEnd;
    }

    /** Another cursor over the whole section. */
    DwarfReader fresh() {
        return new DwarfReader(bytes, start, sectionEnd - start, budget);
    }

    int position() {
        return pos - start;
    }

    int remaining() {
        return end - pos;
    }

    int offsetBytes() {
        return offsetBytes;
    }

    void offsetBytes(int count) {
        offsetBytes = count;
    }

    void seek(long position) throws DwarfException {
        if (position < 0 || position > end - start) {
            throw new DwarfException("position " + position + " outside its section");
        }
        pos = start + (int) position;
    }

    void skip(long count) throws DwarfException {
        if (count < 0 || count > remaining()) {
            throw new DwarfException(count + " bytes to skip, " + remaining() + " remain");
        }
        pos += (int) count;
    }

    /** Reads no further than {@code length} bytes from here. */
    void limit(long length) throws DwarfException {
        if (length < 0 || length > remaining()) {
            throw new DwarfException(length + " bytes announced, " + remaining() + " remain");
        }
        end = pos + (int) length;
    }

    /** Reads on behind the limit, up to the end of the section. */
    void leaveLimit() {
        pos = end;
        end = sectionEnd;
    }

    private void need(int count) throws DwarfException {
        budget.spend(1);
        if (remaining() < count) {
            throw new DwarfException("unexpected end");
        }
    }

    int u8() throws DwarfException {
        need(1);
        return bytes[pos++] & 0xFF;
    }

    int u16() throws DwarfException {
        need(2);
        int at = pos;
        pos += 2;
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    long u32() throws DwarfException {
        return u16() | (long) u16() << 16;
    }

    long u64() throws DwarfException {
        return u32() | u32() << 32;
    }

    /** A number of 1, 2, 3, 4 or 8 bytes. */
    long fixed(int count) throws DwarfException {
        return switch (count) {
            case 1 -> u8();
            case 2 -> u16();
            case 3 -> u16() | (long) u8() << 16;
            case 4 -> u32();
            case 8 -> u64();
            default -> throw new DwarfException("a number of " + count + " bytes");
        };
    }

    long offset() throws DwarfException {
        return fixed(offsetBytes);
    }

    /** The length that a unit starts with; sets {@link #offsetBytes}. */
    long unitLength() throws DwarfException {
        long length = u32();
        if (length == 0xFFFFFFFFL) {
            offsetBytes = 8;
            return u64();
        }
        if (length >= 0xFFFFFFF0L) {
            throw new DwarfException("a reserved unit length");
        }
        offsetBytes = 4;
        return length;
    }

    /** Bits beyond 64 are dropped. */
    long uleb() throws DwarfException {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            int b = u8();
            if (shift < 64) {
                value |= (b & 0x7FL) << shift;
            }
            if (b < 0x80) {
                return value;
            }
        }
    }

    long sleb() throws DwarfException {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            int b = u8();
            if (shift < 64) {
                value |= (b & 0x7FL) << shift;
            }
            if (b < 0x80) {
                return shift < 57 && (b & 0x40) != 0 ? value | -1L << shift + 7 : value;
            }
        }
    }

    /** UTF-8 up to a NUL; malformed parts become U+FFFD. */
    String string() throws DwarfException {
        int from = pos;
        skipString();
        return new String(bytes, from, pos - 1 - from, StandardCharsets.UTF_8);
    }

    void skipString() throws DwarfException {
        int at = pos;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        budget.spend(1 + (at - pos >> 3));
        if (at == end) {
            throw new DwarfException("a string without end");
        }
        pos = at + 1;
    }
}
