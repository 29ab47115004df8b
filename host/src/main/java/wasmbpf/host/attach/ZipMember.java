package wasmbpf.host.attach;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import wasmbpf.elf.ByteSource;
import wasmbpf.elf.FormatException;

/**
 * A file stored in a zip archive as it is, which Android maps and runs in place: libbpf zip.c.
 *
 * <pre>
 * local header    "PK\3\4"  … u16 method @8, u16 name length @26, u16 extra length @28; name, extra, the file
 * central header  "PK\1\2"  … u16 method @10, u32 bytes @20, name, extra and comment lengths @28, u32 local header @42
 * end             "PK\5\6"  … u16 headers @10, u32 bytes of them @12, u32 offset @16, comment of at most 65535 bytes
 * </pre>
 */
final class ZipMember implements ByteSource {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MAX_DIRECTORY = 1 << 26;

    private final ByteSource archive;
    private final long start;
    private final long size;

    private ZipMember(ByteSource archive, long start, long size) {
        this.archive = archive;
        this.start = start;
        this.size = size;
    }

    /**
     * Finds a member.
     *
     * @param name of the archive, for messages
     * @return null if it has no such member
     * @throws FormatException if it is no zip archive, or the member is compressed
     */
    static ZipMember find(ByteSource archive, String name, String member) {
        byte[] wanted = member.getBytes(StandardCharsets.UTF_8);
        ByteBuffer directory = directory(archive, name);
        while (directory.remaining() >= CENTRAL_BYTES && directory.getInt(directory.position()) == CENTRAL) {
            int at = directory.position();
            int nameBytes = u16(directory, at + 28);
            int next = at + CENTRAL_BYTES + nameBytes + u16(directory, at + 30) + u16(directory, at + 32);
            if (next > directory.limit()) {
                break;
            }
            if (nameBytes == wanted.length && directory.slice(at + CENTRAL_BYTES, nameBytes).equals(ByteBuffer.wrap(wanted))) {
                if (u16(directory, at + 10) != 0) {
                    throw new FormatException(name + ": member \"" + member
                            + "\" is compressed; only what is stored as it is can be mapped and run, and so be probed");
                }
                return member(archive, name, member, u32(directory, at + 42), u32(directory, at + 20));
            }
            directory.position(next);
        }
        return null;
    }

    private static ZipMember member(ByteSource archive, String name, String member, long header, long size) {
        if (header + LOCAL_BYTES <= archive.size()) {
            ByteBuffer local = read(archive, header, LOCAL_BYTES);
            long start = header + LOCAL_BYTES + u16(local, 26) + u16(local, 28);
            if (local.getInt(0) == LOCAL && start + size <= archive.size()) {
                return new ZipMember(archive, start, size);
            }
        }
        throw new FormatException(name + ": member \"" + member + "\" does not lie within the archive");
    }

    private static ByteBuffer directory(ByteSource archive, String name) {
        long tailBytes = Math.min(archive.size(), END_BYTES + MAX_COMMENT);
        ByteBuffer tail = read(archive, archive.size() - tailBytes, (int) tailBytes);
        for (int at = (int) tailBytes - END_BYTES; at >= 0; at--) {
            long bytes = tail.getInt(at) == END ? u32(tail, at + 12) : -1;
            if (bytes >= 0 && bytes <= MAX_DIRECTORY && u32(tail, at + 16) + bytes <= archive.size()) {
                return read(archive, u32(tail, at + 16), (int) bytes);
            }
        }
        throw new FormatException(name + ": is not a zip archive (has no end of central directory)");
    }

    private static ByteBuffer read(ByteSource archive, long offset, int length) {
        return ByteBuffer.wrap(archive.read(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int u16(ByteBuffer buffer, int at) {
        return buffer.getShort(at) & 0xffff;
    }

    private static long u32(ByteBuffer buffer, int at) {
        return buffer.getInt(at) & 0xffff_ffffL;
    }

    /** Where it starts in the archive, bytes. */
    long start() {
        return start;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte[] read(long offset, int length) {
        return archive.read(start + offset, length);
    }
}
