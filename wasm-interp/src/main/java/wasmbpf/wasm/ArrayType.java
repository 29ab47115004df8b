package wasmbpf.wasm;

/** An array of one element type. */
public record ArrayType(FieldType element) implements CompType {
    @Override
    public int kindCode() {
        return TypeCode.ARRAY;
    }

    @Override
    public String toString() {
        return "(array " + element + ")";
    }
}
