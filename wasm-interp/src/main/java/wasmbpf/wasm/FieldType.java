package wasmbpf.wasm;

/** A field of a struct or the element of an array. {@code storage} may be packed ({@link ValType#I8}). */
public record FieldType(ValType storage, boolean mutable) {
    @Override
    public String toString() {
        return mutable ? "(mut " + storage + ")" : storage.toString();
    }
}
