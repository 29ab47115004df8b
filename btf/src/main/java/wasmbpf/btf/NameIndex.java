package wasmbpf.btf;

import java.util.Arrays;

/**
 * The named types of one BTF (not its base), by a hash of their essential name: so one table answers both look-ups by
 * exact name and CO-RE's search for candidates. Two int arrays, no objects; chains run in ascending id.
 *
 * <p>One index has the FUNCs or all but them: of the 72,000 named types of a kernel 56,000 are functions, which only programs
 * that attach to or call them by BTF look up, and CO-RE never does.
 */
final class NameIndex {
    private static final int FUNC = BtfKind.FUNC.number();
    private static final int BLOCK = 32;

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

    static NameIndex of(Btf btf, boolean functions) {
        int n = btf.typeCount() - btf.startId();
        int buckets = Math.max(16, Integer.highestOneBit(Math.max(1, n)));
        NameIndex index = new NameIndex(btf, buckets - 1, new int[buckets], new int[n]);
        // A method of a few types, called often, is compiled after 3,000 types; one loop over all of them would be
        // interpreted for 60,000 (the JIT's threshold for loops), half of a kernel: 7 ms rather than 4.3 in a fresh JVM.
        for (int end = n; end > 0; end -= BLOCK) {
            index.add(Math.max(0, end - BLOCK), end, functions);
        }
        return index;
    }

    /** From the last to the first, each put before its chain: chains come out ascending. */
    private void add(int from, int end, boolean functions) {
        byte[] bytes = btf.bytes();
        int kindByte = btf.littleEndian() ? 7 : 4;
        for (int i = end - 1; i >= from; i--) {
            int at = btf.offsetOf(btf.startId() + i);
            if ((bytes[at + kindByte] & 0x7f) == FUNC == functions) {
                int nameOffset = btf.word(at);
                if (nameOffset != 0) {
                    int bucket = btf.essentialHash(nameOffset) & mask;
                    next[i] = heads[bucket];
                    heads[bucket] = i + 1;
                }
            }
        }
    }

    int find(BtfKind kind, byte[] name) {
        int startId = btf.startId();
        for (int i = head(name, false); i != 0; i = next[i - 1]) {
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
        for (int i = head(name, essential); i != 0; i = next[i - 1]) {
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

    /** What is left of a___b___c is a___b, of which nothing more may be taken away. */
    private int head(byte[] name, boolean essential) {
        int hash = essential ? EssentialName.hashWhole(name) : EssentialName.hash(name, 0, name.length);
        return heads[hash & mask];
    }
}
