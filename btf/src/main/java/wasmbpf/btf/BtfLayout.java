package wasmbpf.btf;

/** Sizes and alignments of C types as the compiler laid them out: the one place where they are computed. */
public final class BtfLayout {
    private BtfLayout() {
    }

    /** Bytes of a type. */
    public static long sizeOf(Btf btf, int id) {
        throw new UnsupportedOperationException("being written");
    }

    /** Alignment in bytes. */
    public static int alignOf(Btf btf, int id) {
        throw new UnsupportedOperationException("being written");
    }
}
