package wasmbpf.core;

/**
 * What a CO-RE relocation asks for, with the kernel's numbers: {@code enum bpf_core_relo_kind},
 * include/uapi/linux/bpf.h.
 */
public enum ReloKind {
    FIELD_BYTE_OFFSET("byte_off"),
    FIELD_BYTE_SIZE("byte_sz"),
    FIELD_EXISTS("field_exists"),
    FIELD_SIGNED("signed"),
    FIELD_LSHIFT_U64("lshift_u64"),
    FIELD_RSHIFT_U64("rshift_u64"),
    TYPE_ID_LOCAL("local_type_id"),
    TYPE_ID_TARGET("target_type_id"),
    TYPE_EXISTS("type_exists"),
    TYPE_SIZE("type_size"),
    ENUMVAL_EXISTS("enumval_exists"),
    ENUMVAL_VALUE("enumval_value"),
    TYPE_MATCHES("type_matches");

    private static final ReloKind[] KINDS = values();

    private final String shortName;

    ReloKind(String shortName) {
        this.shortName = shortName;
    }

    /** libbpf's spelling in its log, {@code core_relo_kind_str}. */
    public String shortName() {
        return shortName;
    }

    /** The number in a relocation record. */
    public int number() {
        return ordinal();
    }

    /**
     * The kind with that number.
     *
     * @throws CoreException if there is none: a compiler newer than this table
     */
    public static ReloKind of(int number) {
        if (number < 0 || number >= KINDS.length) {
            throw new CoreException("CO-RE relocation kind " + Integer.toUnsignedString(number)
                    + " is unknown, kinds are 0 to " + (KINDS.length - 1));
        }
        return KINDS[number];
    }

    /** {@code core_relo_is_field_based}: the access string walks members and elements. */
    boolean isFieldBased() {
        return ordinal() <= FIELD_RSHIFT_U64.ordinal();
    }

    /** {@code core_relo_is_enumval_based}: the access string is one enumerator's index. */
    boolean isEnumvalBased() {
        return this == ENUMVAL_EXISTS || this == ENUMVAL_VALUE;
    }

    /** {@code core_relo_is_type_based}: the access string is "0". */
    boolean isTypeBased() {
        return !isFieldBased() && !isEnumvalBased();
    }
}
