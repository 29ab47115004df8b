package wasmbpf.wasm;

import java.util.List;

/** A function type; prints as {@code (i32, i64) -> (i32)}. */
public record FuncType(List<ValType> params, List<ValType> results) implements CompType {
    public FuncType {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }

    @Override
    public int kindCode() {
        return TypeCode.FUNC;
    }

    // Written out, as what javac generates for records sets up method handles: some 7 ms at the first use of a run.

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof FuncType other && params.equals(other.params) && results.equals(other.results);
    }

    @Override
    public int hashCode() {
        return 31 * params.hashCode() + results.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, params).append(" -> ");
        return append(text, results).toString();
    }

    private static StringBuilder append(StringBuilder text, List<ValType> types) {
        text.append('(');
        for (int i = 0; i < types.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(types.get(i));
        }
        return text.append(')');
    }
}
