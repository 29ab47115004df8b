package wasmbpf.btf;

/** The kinds of BTF type, with the kernel's numbers: include/uapi/linux/btf.h, {@code BTF_KIND_*}. */
public enum BtfKind {
    UNKN, INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FUNC_PROTO, VAR, DATASEC,
    FLOAT, DECL_TAG, TYPE_TAG, ENUM64;

    /** The number in a type's {@code info} word. */
    public int number() {
        return ordinal();
    }
}
