package wasmbpf.wasm;

/** An exception tag: two tags are the same only if they are this same object. */
public final class WasmTag implements Extern {
    private final DefType type;
    /** Who defines it, or, if the embedder does, is first to import it; null: nobody. */
    private WasmModule module;
    private int index;

    public WasmTag(FuncType type) {
        this(DefType.of(type));
    }

    WasmTag(DefType type) {
        this.type = type;
    }

    /** Notes which tag of a module it is, unless that is known already. */
    WasmTag of(WasmModule module, int index) {
        if (this.module == null) {
            this.module = module;
            this.index = index;
        }
        return this;
    }

    /** Its name, or its number in its module. */
    String label() {
        String name = module == null ? null : module.tagName(index);
        return name == null ? Integer.toString(index) : name;
    }

    /** The parameters are what an exception with this tag carries. */
    public FuncType type() {
        return type.func();
    }

    DefType defType() {
        return type;
    }

    Layout layout() {
        return type.layout();
    }

    @Override
    public ExternType externType() {
        return new ExternType.Tag(type);
    }
}
