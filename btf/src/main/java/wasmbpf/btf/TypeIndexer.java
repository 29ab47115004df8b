package wasmbpf.btf;

import java.util.Arrays;
import wasmbpf.elf.FormatException;

/**
 * Finds where each type of a BTF starts: the one pass over all bytes of types that reading costs, 126,572 types for a
 * kernel. Plain int arithmetic, since it runs when a short-lived program starts and nothing is compiled yet; in blocks,
 * as a method called often is compiled after 3,000 types, but a loop only after 60,000 of its rounds.
 */
final class TypeIndexer {
    private static final int BLOCK = 32;

    private final String file;
    private final byte[] bytes;
    private final boolean little;
    private final int startId;
    private final int end;
    /** By kind number, see {@link KindLayout}. */
    private final int[] infoBytes = new int[128];
    private final int[] elementBytes = new int[128];
    private int[] offsets;
    private int count;
    private int at;

    TypeIndexer(String file, byte[] bytes, BtfHeader header, Btf base, int startId) {
        this.file = file;
        this.bytes = bytes;
        this.little = header.littleEndian();
        this.startId = startId;
        this.at = header.typesAt();
        this.end = at + header.typeBytes();
        // A pointer takes 12 bytes, the average type of a kernel 25; grown if the guess is short.
        this.offsets = new int[header.typeBytes() / 24 + BLOCK];
        KindLayout.fill(bytes, header, base, infoBytes, elementBytes);
    }

    /** Offsets of the types into the blob; only the first {@link #count} are of meaning. */
    int[] offsets() {
        return offsets;
    }

    int count() {
        return count;
    }

    /** Takes up to 32 types; false when there are no more. */
    boolean block() {
        byte[] b = bytes;
        int p = at;
        int n = count;
        if (n + BLOCK > offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        int blockEnd = n + BLOCK;
        while (n < blockEnd && end - p >= Btf.TYPE_BYTES) {
            int kind;
            int vlen;
            if (little) {
                kind = b[p + 7] & 0x7f;
                vlen = b[p + 4] & 0xff | (b[p + 5] & 0xff) << 8 | (b[p + 6] & 0xff) << 16;
            } else {
                kind = b[p + 4] & 0x7f;
                vlen = b[p + 7] & 0xff | (b[p + 6] & 0xff) << 8 | (b[p + 5] & 0xff) << 16;
            }
            int info = infoBytes[kind];
            // At most 12 + 255 + 2^24 * 255: past an int, so compared as a long.
            long size = Btf.TYPE_BYTES + info + (long) vlen * elementBytes[kind];
            if (info < 0 || size > end - p) {
                throw error(n, p, kind, info < 0 ? "kind " + kind + " is unknown"
                        : "needs " + size + " bytes, " + (end - p) + " remain");
            }
            offsets[n++] = p;
            p += (int) size;
        }
        boolean more = n == blockEnd;
        if (!more && p != end) {
            throw error(n, p, 0, "types end with " + (end - p) + " bytes that are no type");
        }
        at = p;
        count = n;
        return more;
    }

    private FormatException error(int index, int offset, int kind, String message) {
        String name = kind == 0 || BtfKind.of(kind) == BtfKind.UNKN ? "" : " " + BtfKind.of(kind);
        return new FormatException(file + ": BTF type " + (startId + index) + name + ": " + message + " (offset 0x"
                + Integer.toHexString(offset) + ")");
    }
}
