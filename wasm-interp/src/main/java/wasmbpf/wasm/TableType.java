package wasmbpf.wasm;

/**
 * A table: element type and limits in elements.
 *
 * @param min first size, unsigned
 * @param max greatest size, unsigned; meaningless without {@code hasMax}
 * @param table64 addressed by i64
 */
public record TableType(ValType element, long min, boolean hasMax, long max, boolean table64) implements ExternType {
    @Override
    public ExternKind kind() {
        return ExternKind.TABLE;
    }
}
