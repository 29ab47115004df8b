package wasmbpf.btf;

/** The kinds of BTF type, with the kernel's numbers: include/uapi/linux/btf.h, {@code BTF_KIND_*}. */
public enum BtfKind {
    /** Void (type id 0), and kinds newer than this table that the BTF's own layout section describes. */
    UNKN(0, 0),
    INT(4, 0),
    PTR(0, 0),
    ARRAY(12, 0),
    STRUCT(0, 12),
    UNION(0, 12),
    ENUM(0, 8),
    FWD(0, 0),
    TYPEDEF(0, 0),
    VOLATILE(0, 0),
    CONST(0, 0),
    RESTRICT(0, 0),
    FUNC(0, 0),
    FUNC_PROTO(0, 8),
    VAR(4, 0),
    DATASEC(0, 12),
    FLOAT(0, 0),
    DECL_TAG(4, 0),
    TYPE_TAG(0, 0),
    ENUM64(0, 12);

    private static final BtfKind[] VALUES = values();

    private final int infoBytes;
    private final int elementBytes;

    BtfKind(int infoBytes, int elementBytes) {
        this.infoBytes = infoBytes;
        this.elementBytes = elementBytes;
    }

    /** The number in a type's {@code info} word. */
    public int number() {
        return ordinal();
    }

    /** Bytes that follow the 12 bytes of {@code struct btf_type} once. */
    public int infoBytes() {
        return infoBytes;
    }

    /** Bytes that follow for each of its {@code vlen} elements. */
    public int elementBytes() {
        return elementBytes;
    }

    /** The kind of that number, UNKN for one this table does not have. */
    static BtfKind of(int number) {
        return number < VALUES.length ? VALUES[number] : UNKN;
    }

    static int count() {
        return VALUES.length;
    }
}
