package wasmbpf.elf;

import java.nio.charset.StandardCharsets;

/** A SHT_STRTAB section: NUL-terminated strings named by their offset. */
public final class StringTable {
    private final ByteReader reader;

    StringTable(ByteReader reader) {
        this.reader = reader;
    }

    /**
     * The string at {@code offset}; offset 0 is "" even in an empty table.
     *
     * @param field what it names, for the message
     */
    public String string(long offset, String field) {
        if (offset == 0) {
            return "";
        }
        if (offset >= reader.size() || offset < 0) {
            throw reader.error(field + " at offset 0x" + Long.toHexString(offset) + " lies outside its "
                    + reader.size() + " bytes");
        }
        reader.seek(offset);
        return reader.cString(field);
    }

    /** Whether the string at {@code offset} is {@code name}; false also for an offset outside the table. */
    public boolean equalsAt(long offset, byte[] name) {
        return reader.cStringEquals(offset, name);
    }

    /** {@code name} as {@link #equalsAt} compares it. */
    public static byte[] encode(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
