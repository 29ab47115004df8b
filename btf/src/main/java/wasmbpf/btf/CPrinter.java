package wasmbpf.btf;

/** C declarations of BTF types, as {@code bpftool btf dump file X format c} prints them. */
public final class CPrinter {
    private CPrinter() {
    }

    /** Declarations of all types, each after those it needs. */
    public static String print(Btf btf) {
        throw new UnsupportedOperationException("being written");
    }
}
