package wasmbpf.wasm;

/** A global variable. */
public record GlobalType(ValType type, boolean mutable) implements ExternType {
    @Override
    public ExternKind kind() {
        return ExternKind.GLOBAL;
    }
}
