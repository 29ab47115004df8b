package wasmbpf.wasm;

/** The kinds of immediate operands, in the order in which the binary format writes them. */
public enum Imm {
    NONE,
    /** {@code 0x40}, a value type, or a type index as s33. */
    BLOCK_TYPE,
    LABEL,
    /** br_table: a vector of labels and a default. */
    LABELS,
    /** try_table: a block type and a vector of catch clauses. */
    CATCHES,
    FUNC,
    TYPE,
    TYPE_TABLE,
    /** select: a vector of value types. */
    TYPES,
    TAG,
    LOCAL,
    GLOBAL,
    TABLE,
    TABLE_TABLE,
    ELEM,
    ELEM_TABLE,
    DATA,
    DATA_MEM,
    MEM,
    MEM_MEM,
    /** Flags and alignment, memory index if flagged, offset. */
    MEMARG,
    MEMARG_LANE,
    LANE,
    /** Sixteen lane bytes. */
    SHUFFLE,
    I32,
    I64,
    F32,
    F64,
    V128,
    HEAP,
    TYPE_FIELD,
    TYPE_COUNT,
    TYPE_DATA,
    TYPE_ELEM,
    TYPE_TYPE,
    /** br_on_cast: nullability flags, label, two heap types. */
    CAST,
    /** atomic.fence: one zero byte. */
    FENCE
}
