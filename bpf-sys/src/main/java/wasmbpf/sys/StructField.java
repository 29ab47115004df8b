package wasmbpf.sys;

/**
 * One field of a {@link KernelStruct}: where it lies, how large it is, and what its number means to the kernel.
 *
 * <p>Two fields may lie at the same offset: they are members of a C union, and which one a value carries is known by
 * the one that was set.
 */
public final class StructField {
    /** What the kernel takes a field for. */
    public enum Role {
        /** A number. */
        VALUE,
        /** A file descriptor of this process; 0 or a negative number in an optional field means none. */
        FD,
        /** A fixed array of bytes inside the struct, NUL-padded text or raw. */
        CHARS,
        /** The address of bytes the kernel reads. */
        POINTER_IN,
        /** The address of a buffer the kernel fills (and may read first). */
        POINTER_OUT
    }

    /** What lies where a pointer field points. */
    public enum Content {
        /** The field is no pointer. */
        NONE,
        BYTES,
        /** NUL-terminated text. */
        TEXT,
        /** An array of addresses of NUL-terminated texts. */
        TEXTS,
        /** {@code struct bpf_insn[]}: descriptors of maps hide in the immediates of LD_IMM64. */
        INSNS,
        /** {@code int[]} of file descriptors. */
        FDS,
        /** A map's value, which for maps of maps, programs, events and sockets is a descriptor. */
        MAP_VALUE,
        /** Another {@link KernelStruct}. */
        STRUCT
    }

    private final String name;
    private final int index;
    private final int offset;
    private final int sizeBytes;
    private final Role role;
    private final Content content;
    private final Shown shown;
    private final boolean signed;
    private final boolean written;
    private final StructField lengthField;
    private final int elementBytes;

    StructField(String name, int index, int offset, int sizeBytes, Role role, Content content, Shown shown,
                boolean signed, boolean written, StructField lengthField, int elementBytes) {
        this.name = name;
        this.index = index;
        this.offset = offset;
        this.sizeBytes = sizeBytes;
        this.role = role;
        this.content = content;
        this.shown = shown;
        this.signed = signed;
        this.written = written;
        this.lengthField = lengthField;
        this.elementBytes = elementBytes;
    }

    /** The kernel's name; a dotted path from the struct's member for nested ones ({@code uprobe_multi.cnt}). */
    public String name() {
        return name;
    }

    /** Position in {@link KernelStruct#fields()}. */
    public int index() {
        return index;
    }

    public int offset() {
        return offset;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    public Role role() {
        return role;
    }

    public Content content() {
        return content;
    }

    /** How the number is printed. */
    public Shown shown() {
        return shown;
    }

    /** Whether reading it extends the sign. */
    public boolean signed() {
        return signed;
    }

    /** Whether the kernel writes an answer into it. */
    public boolean written() {
        return written;
    }

    public boolean isPointer() {
        return role == Role.POINTER_IN || role == Role.POINTER_OUT;
    }

    /** The field that counts what this pointer points at, or null where the struct has none or the unit varies. */
    public StructField lengthField() {
        return lengthField;
    }

    /** Bytes per unit of {@link #lengthField()}. */
    public int elementBytes() {
        return elementBytes;
    }

    @Override
    public String toString() {
        return name + "@" + offset + ":" + sizeBytes;
    }
}
