package wasmbpf.btf;

/** One line a type, one indented line an element: the text of {@code bpftool btf dump file X format raw}. */
public final class RawPrinter {
    private RawPrinter() {
    }

    /** All own types of {@code btf}; of a split BTF, those of the base are left out. */
    public static String print(Btf btf) {
        StringBuilder out = new StringBuilder();
        // Names may overlap, so a small file could ask for any amount of text; a kernel needs 2 characters a byte.
        long limit = (16L << 20) + 8L * btf.bytes().length;
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            append(out, btf, id);
            if (out.length() > limit) {
                throw btf.error(id, "text of all types is longer than " + limit + " characters");
            }
        }
        return out.toString();
    }

    /** One type, with a line feed at the end. */
    public static void append(StringBuilder out, Btf btf, int id) {
        BtfType type = btf.type(id);
        out.append('[').append(id).append("] ").append(type.kind()).append(" '")
                .append(type.name().isEmpty() ? "(anon)" : type.name()).append('\'');
        switch (type) {
            case BtfType.Void t -> {
            }
            case BtfType.Unknown t -> out.append(" kind=").append(t.kindNumber());
            case BtfType.Int t -> out.append(" size=").append(t.sizeBytes()).append(" bits_offset=").append(t.bitOffset())
                    .append(" nr_bits=").append(t.bits()).append(" encoding=").append(encoding(t.encoding()));
            case BtfType.Ptr t -> typeId(out, t.typeId());
            case BtfType.Typedef t -> typeId(out, t.typeId());
            case BtfType.Volatile t -> typeId(out, t.typeId());
            case BtfType.Const t -> typeId(out, t.typeId());
            case BtfType.Restrict t -> typeId(out, t.typeId());
            case BtfType.TypeTag t -> typeId(out, t.typeId());
            case BtfType.Array t -> {
                typeId(out, t.elementTypeId());
                out.append(" index_type_id=").append(t.indexTypeId()).append(" nr_elems=").append(t.count());
            }
            case BtfType.Composite t -> {
                out.append(" size=").append(t.sizeBytes()).append(" vlen=").append(t.members().size());
                for (BtfType.Member member : t.members()) {
                    element(out, member.name());
                    typeId(out, member.typeId());
                    out.append(" bits_offset=").append(member.bitOffset());
                    if (member.isBitfield()) {
                        out.append(" bitfield_size=").append(member.bitfieldSize());
                    }
                }
            }
            case BtfType.Enumeration t -> {
                out.append(" encoding=").append(t.signed() ? "SIGNED" : "UNSIGNED").append(" size=").append(t.sizeBytes())
                        .append(" vlen=").append(t.values().size());
                String suffix = t.kind() == BtfKind.ENUM ? "" : t.signed() ? "LL" : "ULL";
                for (BtfType.Enumerator value : t.values()) {
                    element(out, value.name());
                    out.append(" val=").append(t.signed() ? Long.toString(value.value())
                            : Long.toUnsignedString(value.value())).append(suffix);
                }
            }
            case BtfType.Fwd t -> out.append(" fwd_kind=").append(t.union() ? "union" : "struct");
            case BtfType.Func t -> {
                typeId(out, t.protoId());
                out.append(" linkage=").append(switch (t.linkage()) {
                    case STATIC -> "static";
                    case GLOBAL -> "global";
                    case EXTERN -> "extern";
                });
            }
            case BtfType.FuncProto t -> {
                out.append(" ret_type_id=").append(t.returnTypeId()).append(" vlen=").append(t.params().size());
                for (BtfType.Param param : t.params()) {
                    element(out, param.name());
                    typeId(out, param.typeId());
                }
            }
            case BtfType.Var t -> {
                typeId(out, t.typeId());
                out.append(", linkage=").append(switch (t.linkage()) {
                    case STATIC -> "static";
                    case GLOBAL_ALLOCATED -> "global";
                    case GLOBAL_EXTERN -> "extern";
                });
            }
            case BtfType.DataSec t -> {
                out.append(" size=").append(t.sizeBytes()).append(" vlen=").append(t.vars().size());
                for (BtfType.VarInfo info : t.vars()) {
                    out.append("\n\ttype_id=").append(info.typeId()).append(" offset=").append(info.offset())
                            .append(" size=").append(info.sizeBytes()).append(" (").append(btf.kind(info.typeId()))
                            .append(" '").append(btf.name(info.typeId())).append("')");
                }
            }
            case BtfType.Float t -> out.append(" size=").append(t.sizeBytes());
            case BtfType.DeclTag t -> {
                typeId(out, t.typeId());
                out.append(" component_idx=").append(t.componentIndex());
            }
        }
        out.append('\n');
    }

    private static void typeId(StringBuilder out, int id) {
        out.append(" type_id=").append(id);
    }

    private static void element(StringBuilder out, String name) {
        out.append("\n\t'").append(name.isEmpty() ? "(anon)" : name).append('\'');
    }

    private static String encoding(int encoding) {
        return switch (encoding) {
            case 0 -> "(none)";
            case BtfType.Int.SIGNED -> "SIGNED";
            case BtfType.Int.CHAR -> "CHAR";
            case BtfType.Int.BOOL -> "BOOL";
            default -> "UNKN";
        };
    }
}
