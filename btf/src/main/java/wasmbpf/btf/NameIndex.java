package wasmbpf.btf;

import java.util.Arrays;

/**
 * The named types of one BTF (not its base), by a hash of their essential name: so one table answers both look-ups by
 * exact name and CO-RE's search for candidates. Two int arrays, no objects; chains run in ascending id.
 */
final class NameIndex {
    private final Btf btf;
    private final int mask;
    /** By hash: own index + 1 of the chain's first type, 0 for none. */
    private final int[] heads;
    /** By own index: the next of the chain, +1. */
    private final int[] next;

    private NameIndex(Btf btf, int mask, int[] heads, int[] next) {
        this.btf = btf;
        this.mask = mask;
        this.heads = heads;
        this.next = next;
    }

    static NameIndex of(Btf btf) {
        int startId = btf.startId();
        int n = btf.typeCount() - startId;
        int buckets = Math.max(16, Integer.highestOneBit(Math.max(1, n)));
        int[] heads = new int[buckets];
        int[] next = new int[n];
        int mask = buckets - 1;
        // From the last to the first, each put before its chain: chains come out ascending.
        for (int i = n - 1; i >= 0; i--) {
            int nameOffset = btf.word(btf.offsetOf(startId + i));
            if (nameOffset != 0) {
                int bucket = btf.essentialHash(nameOffset) & mask;
                next[i] = heads[bucket];
                heads[bucket] = i + 1;
            }
        }
        return new NameIndex(btf, mask, heads, next);
    }

    int find(BtfKind kind, byte[] name) {
        int startId = btf.startId();
        for (int i = head(name); i != 0; i = next[i - 1]) {
            int id = startId + i - 1;
            if (btf.kind(id) == kind && btf.nameEquals(id, name)) {
                return id;
            }
        }
        return -1;
    }

    int[] ids(byte[] name, boolean essential) {
        int startId = btf.startId();
        int[] ids = new int[4];
        int n = 0;
        for (int i = head(name); i != 0; i = next[i - 1]) {
            int id = startId + i - 1;
            if (essential ? btf.essentialNameEquals(btf.nameOffset(id), name) : btf.nameEquals(id, name)) {
                if (n == ids.length) {
                    ids = Arrays.copyOf(ids, n * 2);
                }
                ids[n++] = id;
            }
        }
        return Arrays.copyOf(ids, n);
    }

    private int head(byte[] name) {
        return heads[EssentialName.hash(name, 0, name.length) & mask];
    }
}
