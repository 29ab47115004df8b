package wasmbpf.core;

import java.util.Arrays;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.TypeChain;

/**
 * What a relocation means in one BTF, the object's or a kernel's: libbpf {@code struct bpf_core_spec}. An access
 * {@code s->a[3]} is kept twice: <em>accessors</em> are what matters to the programmer (the root, member a, element 3),
 * <em>raw</em> indices also count the anonymous structs and unions on the way. Read-only outside this package.
 */
public final class AccessSpec {
    /** {@code BPF_CORE_SPEC_MAX_LEN}. */
    static final int MAX_LENGTH = 64;

    /**
     * One step.
     *
     * @param typeId composite or enum that has the member or value; for an element, the element's type
     * @param index  of member, element or value
     * @param name   of member or value, null for an element
     */
    record Accessor(int typeId, int index, String name) {
        boolean isElement() {
            return name == null;
        }
    }

    private final Btf btf;
    private final int rootTypeId;
    private final ReloKind kind;
    private Accessor[] accessors = new Accessor[4];
    private int length;
    private int[] raw = new int[8];
    private int rawLength;
    private long bitOffset;

    AccessSpec(Btf btf, int rootTypeId, ReloKind kind) {
        this.btf = btf;
        this.rootTypeId = rootTypeId;
        this.kind = kind;
    }

    public Btf btf() {
        return btf;
    }

    /** As the record or the candidate has it: typedefs are not resolved. */
    public int rootTypeId() {
        return rootTypeId;
    }

    public ReloKind kind() {
        return kind;
    }

    /** Where the field starts, counted from the pointer that the access starts at. */
    public long bitOffset() {
        return bitOffset;
    }

    int length() {
        return length;
    }

    Accessor accessor(int i) {
        return accessors[i];
    }

    Accessor last() {
        return accessors[length - 1];
    }

    int raw(int i) {
        return raw[i];
    }

    int rawLength() {
        return rawLength;
    }

    void push(Accessor accessor) {
        if (length == MAX_LENGTH) {
            throw new CoreException("the access nests deeper than " + MAX_LENGTH);
        }
        if (length == accessors.length) {
            accessors = Arrays.copyOf(accessors, length * 2);
        }
        accessors[length++] = accessor;
    }

    void pushRaw(int index, long bits) {
        if (rawLength == MAX_LENGTH) {
            throw new CoreException("the access nests deeper than " + MAX_LENGTH);
        }
        if (rawLength == raw.length) {
            raw = Arrays.copyOf(raw, rawLength * 2);
        }
        raw[rawLength++] = index;
        bitOffset += bits;
        // libbpf keeps a u32 and would wrap round
        if (bitOffset > 0xffff_ffffL) {
            throw new CoreException("the field lies beyond 512 MiB");
        }
    }

    /** {@link #pushRaw} for an element, which lies so many elements on. */
    void pushElement(int index, long elementBytes) {
        if (elementBytes != 0 && index > 0xffff_ffffL / 8 / elementBytes) {
            throw new CoreException("the field lies beyond 512 MiB");
        }
        pushRaw(index, index * elementBytes * 8);
    }

    void popRaw(long bits) {
        rawLength--;
        bitOffset -= bits;
    }

    /**
     * What a relocation means in the object's own types.
     *
     * @throws CoreException if its access string does not fit its type
     */
    public static AccessSpec of(Btf local, CoreRelo relo) {
        return AccessSpecParser.parse(local, relo);
    }

    /** The root type as {@code struct task_struct}. */
    public String rootTypeText() {
        return typeText(btf, rootTypeId);
    }

    /** In libbpf's words: {@code bpf_core_format_spec}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        out.append('<').append(kind.shortName()).append("> [").append(rootTypeId).append("] ")
                .append(typeText(btf, rootTypeId));
        if (kind.isEnumvalBased()) {
            appendEnumerator(out);
        } else if (kind.isFieldBased()) {
            appendField(out);
        }
        return out.toString();
    }

    private void appendEnumerator(StringBuilder out) {
        if (length == 0) {
            return;
        }
        int enumId = accessors[0].typeId();
        long value = btf.enumeratorValue(enumId, accessors[0].index());
        out.append("::").append(accessors[0].name()).append(" = ")
                .append(btf.kindFlag(enumId) ? Long.toString(value) : Long.toUnsignedString(value));
    }

    private void appendField(StringBuilder out) {
        appendPath(out);
        out.append(" (");
        for (int i = 0; i < rawLength; i++) {
            out.append(i == 0 ? "" : ":").append(raw[i]);
        }
        out.append(" @ offset ").append(bitOffset / 8);
        if (bitOffset % 8 != 0) {
            out.append('.').append(bitOffset % 8);
        }
        out.append(')');
    }

    private void appendPath(StringBuilder out) {
        for (int i = 0; i < length; i++) {
            if (!accessors[i].isElement()) {
                out.append('.').append(accessors[i].name());
            } else if (i > 0 || accessors[i].index() > 0) {
                out.append('[').append(Integer.toUnsignedString(accessors[i].index())).append(']');
            }
        }
    }

    /** What is accessed, without the root: {@code ".pid"}, {@code "[2].next"}, {@code "::BPF_MAP_TYPE_HASH"}. */
    String path() {
        StringBuilder out = new StringBuilder();
        if (kind.isFieldBased()) {
            appendPath(out);
        } else if (kind.isEnumvalBased() && length > 0) {
            out.append("::").append(accessors[0].name());
        }
        return out.toString();
    }

    /** Kind and name as libbpf prints them: {@code "struct task_struct"}, {@code "union <anon>"}. */
    static String typeText(Btf btf, int id) {
        String name = btf.name(id);
        return kindText(btf, id) + " " + (name.isEmpty() ? "<anon>" : name);
    }

    /** {@code btf_kind_str}. */
    static String kindText(Btf btf, int id) {
        if (id == 0) {
            return "void";
        }
        BtfKind kind = btf.kind(id);
        return switch (kind) {
            case UNKN -> "unknown";
            case INT -> "int";
            case PTR -> "ptr";
            case ARRAY -> "array";
            case STRUCT -> "struct";
            case UNION -> "union";
            case ENUM -> "enum";
            case FWD -> "fwd";
            case TYPEDEF -> "typedef";
            case VOLATILE -> "volatile";
            case CONST -> "const";
            case RESTRICT -> "restrict";
            case FUNC -> "func";
            case FUNC_PROTO -> "func_proto";
            case VAR -> "var";
            case DATASEC -> "datasec";
            case FLOAT -> "float";
            case DECL_TAG -> "decl_tag";
            case TYPE_TAG -> "type_tag";
            case ENUM64 -> "enum64";
        };
    }

    /**
     * Whether the ARRAY {@code arrayId}, reached by {@code owner}, ends a struct and has no size of its own, so that
     * any index is in bounds: {@code is_flex_arr}.
     */
    static boolean isFlexibleArray(Btf btf, Accessor owner, int arrayId) {
        return !owner.isElement() && btf.arrayCount(arrayId) == 0 && owner.index() == btf.vlen(owner.typeId()) - 1;
    }

    static boolean isComposite(BtfKind kind) {
        return kind == BtfKind.STRUCT || kind == BtfKind.UNION;
    }

    static boolean isEnumeration(BtfKind kind) {
        return kind == BtfKind.ENUM || kind == BtfKind.ENUM64;
    }

    /** The array's element type with nothing before it: what both sides index into. */
    static int elementType(Btf btf, int arrayId) {
        return TypeChain.skipModsAndTypedefs(btf, btf.arrayElementTypeId(arrayId));
    }
}
