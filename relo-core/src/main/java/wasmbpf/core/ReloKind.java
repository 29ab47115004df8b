package wasmbpf.core;

/** What a CO-RE relocation asks for, with the kernel's numbers: {@code enum bpf_core_relo_kind}, include/uapi/linux/bpf.h. */
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

    private final String shortName;

    ReloKind(String shortName) {
        this.shortName = shortName;
    }

    /** libbpf's spelling in its log, {@code core_relo_kind_str}. */
    public String shortName() {
        return shortName;
    }
}
