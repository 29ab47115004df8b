package wasmbpf.wasm;

/** The type of something imported or exported. */
public sealed interface ExternType permits ExternType.Func, TableType, MemoryType, GlobalType, ExternType.Tag {
    ExternKind kind();

    /** A function of this type; {@code type.func()} is its signature. */
    record Func(DefType type) implements ExternType {
        @Override
        public ExternKind kind() {
            return ExternKind.FUNC;
        }
    }

    /** An exception tag; the parameters of {@code type.func()} are what the exception carries. */
    record Tag(DefType type) implements ExternType {
        @Override
        public ExternKind kind() {
            return ExternKind.TAG;
        }
    }
}
