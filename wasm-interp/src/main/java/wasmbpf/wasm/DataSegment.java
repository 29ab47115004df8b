package wasmbpf.wasm;

/**
 * Bytes for memories.
 *
 * @param memory the memory an active segment is copied to
 * @param offset where an active segment is copied to; else null
 * @param start where the bytes lie in the module
 * @param length how many
 */
public record DataSegment(SegmentMode mode, int memory, ConstExpr offset, int start, int length) {
}
