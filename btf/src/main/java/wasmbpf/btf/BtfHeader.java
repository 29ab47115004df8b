package wasmbpf.btf;

import java.nio.ByteOrder;
import wasmbpf.elf.ByteReader;
import wasmbpf.elf.FormatException;

/**
 * Where the sections of a BTF blob lie, as offsets from its start; checked to lie within it and in order.
 *
 * @param headerBytes {@code hdr_len}
 * @param layoutBytes 0 if there is no layout section
 */
record BtfHeader(boolean littleEndian, int headerBytes, int typesAt, int typeBytes, int layoutAt, int layoutBytes,
                 int stringsAt, int stringBytes) {

    static BtfHeader read(String file, byte[] bytes, boolean hasBase) {
        ByteReader reader = ByteReader.of(file, "BTF header", bytes, ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Btf.HEADER_BYTES) {
            throw reader.error("needs " + Btf.HEADER_BYTES + " bytes, there are " + bytes.length);
        }
        int magic = reader.u16("magic");
        boolean little = magic == Btf.MAGIC;
        if (!little && magic != (Btf.MAGIC >>> 8 | (Btf.MAGIC & 0xff) << 8)) {
            throw new FormatException(file + ": is not BTF: magic is 0x" + Integer.toHexString(magic)
                    + ", not 0xeb9f in either byte order");
        }
        reader = reader.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        reader.seek(2);
        int version = reader.u8("version");
        if (version != 1) {
            throw reader.error("version is " + version + ", not 1");
        }
        reader.skip("flags", 1);
        long headerBytes = reader.u32("header length");
        if (headerBytes < Btf.HEADER_BYTES || headerBytes > bytes.length) {
            throw reader.error("header length is " + headerBytes + " of " + bytes.length + " bytes");
        }
        long typeOffset = reader.u32("type offset");
        long typeBytes = reader.u32("type length");
        long stringOffset = reader.u32("string offset");
        long stringBytes = reader.u32("string length");
        long layoutOffset = 0;
        long layoutBytes = 0;
        if (headerBytes >= Btf.HEADER_WITH_LAYOUT_BYTES) {
            layoutOffset = reader.u32("layout offset");
            layoutBytes = reader.u32("layout length");
        }
        // A tail we do not know may change the meaning of what we do (the kernel refuses it too, btf_parse_hdr).
        checkZero(reader, headerBytes);

        long room = bytes.length - headerBytes;
        if (stringOffset > room || stringBytes > room - stringOffset) {
            throw reader.error("strings at " + stringOffset + " + " + stringBytes + " end outside the " + room
                    + " bytes after the header");
        }
        if (typeOffset % 4 != 0 || typeOffset > stringOffset || typeBytes > stringOffset - typeOffset) {
            throw reader.error("types at " + typeOffset + " + " + typeBytes + " are not aligned or run into the strings at "
                    + stringOffset);
        }
        if (layoutBytes != 0) {
            if (layoutOffset % 4 != 0 || layoutBytes % 4 != 0 || layoutOffset < typeOffset + typeBytes
                    || layoutOffset > stringOffset || layoutBytes > stringOffset - layoutOffset) {
                throw reader.error("layout at " + layoutOffset + " + " + layoutBytes
                        + " is not aligned or not between types and strings");
            }
        }
        int start = (int) headerBytes;
        BtfHeader header = new BtfHeader(little, start, start + (int) typeOffset, (int) typeBytes,
                start + (int) layoutOffset, (int) layoutBytes, start + (int) stringOffset, (int) stringBytes);
        header.checkStrings(reader, bytes, hasBase);
        return header;
    }

    private static void checkZero(ByteReader reader, long end) {
        while (reader.position() < end) {
            int value = reader.u8("unknown header field");
            if (value != 0) {
                throw reader.error("unknown header field is 0x" + Integer.toHexString(value) + ", not 0");
            }
        }
    }

    private void checkStrings(ByteReader reader, byte[] bytes, boolean hasBase) {
        if (stringBytes == 0) {
            if (!hasBase) {
                throw reader.error("there are no strings");
            }
            return;
        }
        if (bytes[stringsAt + stringBytes - 1] != 0) {
            throw reader.error("strings do not end with a NUL");
        }
        if (!hasBase && bytes[stringsAt] != 0) {
            throw reader.error("strings do not start with a NUL; is this a split BTF without its base?");
        }
    }
}
