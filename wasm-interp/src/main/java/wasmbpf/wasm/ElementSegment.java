package wasmbpf.wasm;

import java.util.List;

/**
 * Elements for tables, given in one of two ways: function indices or expressions.
 *
 * @param table the table an active segment is copied to
 * @param offset where an active segment is copied to; else null
 * @param functions function indices, or null if the segment has expressions; shared, never write to it
 * @param expressions one constant expression an element, or null if the segment has function indices
 */
public record ElementSegment(SegmentMode mode, ValType type, int table, ConstExpr offset, int[] functions,
        List<ConstExpr> expressions) {
    /** How many elements. */
    public int length() {
        return functions != null ? functions.length : expressions.size();
    }
}
