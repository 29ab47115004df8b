package wasmbpf.btf;

import java.util.List;

/** Turns a record into the words of a {@code struct btf_type} and what follows it. */
final class TypeEncoder {
    /** Where names go: gives the offset of a string, adding it if it is new. */
    interface Strings {
        int offsetOf(String text);
    }

    private static final int MAX_VLEN = 0xffffff;

    private TypeEncoder() {
    }

    /** @throws IllegalArgumentException for void, Unknown, and more elements than 24 bits count */
    static int[] encode(BtfType type, Strings strings) {
        // By kind, not by a pattern: HotSpot links a switch of patterns by method handles, milliseconds of start-up.
        return switch (type.kind()) {
            case UNKN -> throw new IllegalArgumentException(type instanceof BtfType.Unknown u
                    ? "kind " + u.kindNumber() + " cannot be written" : "void is type 0 and has no bytes");
            case INT -> {
                BtfType.Int t = (BtfType.Int) type;
                yield with(head(t, strings, 0, false, t.sizeBytes(), 1), t.encoding() << 24 | t.bitOffset() << 16 | t.bits());
            }
            case PTR -> head(type, strings, 0, false, ((BtfType.Ptr) type).typeId(), 0);
            case ARRAY -> {
                BtfType.Array t = (BtfType.Array) type;
                int[] words = head(t, strings, 0, false, 0, 3);
                words[3] = t.elementTypeId();
                words[4] = t.indexTypeId();
                words[5] = (int) t.count();
                yield words;
            }
            case STRUCT, UNION -> composite((BtfType.Composite) type, strings);
            case ENUM -> {
                BtfType.Enum t = (BtfType.Enum) type;
                int[] words = head(t, strings, t.values().size(), t.signed(), t.sizeBytes(), 2 * t.values().size());
                int at = 3;
                for (BtfType.Enumerator value : t.values()) {
                    words[at++] = strings.offsetOf(value.name());
                    words[at++] = (int) value.value();
                }
                yield words;
            }
            case ENUM64 -> {
                BtfType.Enum64 t = (BtfType.Enum64) type;
                int[] words = head(t, strings, t.values().size(), t.signed(), t.sizeBytes(), 3 * t.values().size());
                int at = 3;
                for (BtfType.Enumerator value : t.values()) {
                    words[at++] = strings.offsetOf(value.name());
                    words[at++] = (int) value.value();
                    words[at++] = (int) (value.value() >>> 32);
                }
                yield words;
            }
            case FWD -> head(type, strings, 0, ((BtfType.Fwd) type).union(), 0, 0);
            case TYPEDEF -> head(type, strings, 0, false, ((BtfType.Typedef) type).typeId(), 0);
            case VOLATILE -> head(type, strings, 0, false, ((BtfType.Volatile) type).typeId(), 0);
            case CONST -> head(type, strings, 0, false, ((BtfType.Const) type).typeId(), 0);
            case RESTRICT -> head(type, strings, 0, false, ((BtfType.Restrict) type).typeId(), 0);
            case FUNC -> {
                BtfType.Func t = (BtfType.Func) type;
                yield head(t, strings, t.linkage().number(), false, t.protoId(), 0);
            }
            case FUNC_PROTO -> {
                BtfType.FuncProto t = (BtfType.FuncProto) type;
                List<BtfType.Param> params = t.params();
                int[] words = head(t, strings, params.size(), false, t.returnTypeId(), 2 * params.size());
                int at = 3;
                for (BtfType.Param param : params) {
                    words[at++] = strings.offsetOf(param.name());
                    words[at++] = param.typeId();
                }
                yield words;
            }
            case VAR -> {
                BtfType.Var t = (BtfType.Var) type;
                yield with(head(t, strings, 0, false, t.typeId(), 1), t.linkage().number());
            }
            case DATASEC -> {
                BtfType.DataSec t = (BtfType.DataSec) type;
                int[] words = head(t, strings, t.vars().size(), false, t.sizeBytes(), 3 * t.vars().size());
                int at = 3;
                for (BtfType.VarInfo variable : t.vars()) {
                    words[at++] = variable.typeId();
                    words[at++] = variable.offset();
                    words[at++] = variable.sizeBytes();
                }
                yield words;
            }
            case FLOAT -> head(type, strings, 0, false, ((BtfType.Float) type).sizeBytes(), 0);
            case DECL_TAG -> {
                BtfType.DeclTag t = (BtfType.DeclTag) type;
                yield with(head(t, strings, 0, t.kindFlag(), t.typeId(), 1), t.componentIndex());
            }
            case TYPE_TAG -> {
                BtfType.TypeTag t = (BtfType.TypeTag) type;
                yield head(t, strings, 0, t.kindFlag(), t.typeId(), 0);
            }
        };
    }

    private static int[] composite(BtfType.Composite t, Strings strings) {
        int[] words = head(t, strings, t.members().size(), t.kindFlag(), t.sizeBytes(), 3 * t.members().size());
        int at = 3;
        for (BtfType.Member member : t.members()) {
            boolean fits = t.kindFlag() ? member.bitOffset() <= 0xffffff && member.bitfieldSize() <= 0xff
                    : member.bitfieldSize() == 0;
            if (!fits) {
                throw new IllegalArgumentException("member " + member + " does not fit a composite with kindFlag "
                        + t.kindFlag());
            }
            words[at++] = strings.offsetOf(member.name());
            words[at++] = member.typeId();
            words[at++] = member.bitOffset() | member.bitfieldSize() << 24;
        }
        return words;
    }

    private static int[] head(BtfType type, Strings strings, int vlen, boolean kindFlag, int third, int more) {
        if (vlen > MAX_VLEN) {
            throw new IllegalArgumentException(type.kind() + " " + type.name() + " has " + vlen + " elements");
        }
        int[] words = new int[3 + more];
        words[0] = strings.offsetOf(type.name());
        words[1] = (kindFlag ? 1 << 31 : 0) | type.kind().number() << 24 | vlen;
        words[2] = third;
        return words;
    }

    private static int[] with(int[] words, int last) {
        words[3] = last;
        return words;
    }
}
