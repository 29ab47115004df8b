package wasmbpf.wasm;

/** What can be imported and exported, in the order of the binary format's codes 0 to 4. */
public enum ExternKind {
    FUNC("function"), TABLE("table"), MEMORY("memory"), GLOBAL("global"), TAG("tag");

    private final String word;

    ExternKind(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
