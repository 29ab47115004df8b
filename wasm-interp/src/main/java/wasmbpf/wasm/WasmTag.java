package wasmbpf.wasm;

/** An exception tag: two tags are the same only if they are this same object. */
public final class WasmTag implements Extern {
    private final DefType type;

    public WasmTag(FuncType type) {
        this(DefType.of(type));
    }

    WasmTag(DefType type) {
        this.type = type;
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
