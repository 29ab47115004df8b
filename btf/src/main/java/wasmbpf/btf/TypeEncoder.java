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
        return switch (type) {
            case BtfType.Void v -> throw new IllegalArgumentException("void is type 0 and has no bytes");
            case BtfType.Unknown u -> throw new IllegalArgumentException("kind " + u.kindNumber() + " cannot be written");
            case BtfType.Int t -> with(head(t, strings, 0, false, t.sizeBytes(), 1),
                    t.encoding() << 24 | t.bitOffset() << 16 | t.bits());
            case BtfType.Ptr t -> head(t, strings, 0, false, t.typeId(), 0);
            case BtfType.Array t -> {
                int[] words = head(t, strings, 0, false, 0, 3);
                words[3] = t.elementTypeId();
                words[4] = t.indexTypeId();
                words[5] = (int) t.count();
                yield words;
            }
            case BtfType.Composite t -> composite(t, strings);
            case BtfType.Enum t -> {
                int[] words = head(t, strings, t.values().size(), t.signed(), t.sizeBytes(), 2 * t.values().size());
                int at = 3;
                for (BtfType.Enumerator value : t.values()) {
                    words[at++] = strings.offsetOf(value.name());
                    words[at++] = (int) value.value();
                }
                yield words;
            }
            case BtfType.Enum64 t -> {
                int[] words = head(t, strings, t.values().size(), t.signed(), t.sizeBytes(), 3 * t.values().size());
                int at = 3;
                for (BtfType.Enumerator value : t.values()) {
                    words[at++] = strings.offsetOf(value.name());
                    words[at++] = (int) value.value();
                    words[at++] = (int) (value.value() >>> 32);
                }
                yield words;
            }
            case BtfType.Fwd t -> head(t, strings, 0, t.union(), 0, 0);
            case BtfType.Typedef t -> head(t, strings, 0, false, t.typeId(), 0);
            case BtfType.Volatile t -> head(t, strings, 0, false, t.typeId(), 0);
            case BtfType.Const t -> head(t, strings, 0, false, t.typeId(), 0);
            case BtfType.Restrict t -> head(t, strings, 0, false, t.typeId(), 0);
            case BtfType.Func t -> head(t, strings, t.linkage().number(), false, t.protoId(), 0);
            case BtfType.FuncProto t -> {
                List<BtfType.Param> params = t.params();
                int[] words = head(t, strings, params.size(), false, t.returnTypeId(), 2 * params.size());
                int at = 3;
                for (BtfType.Param param : params) {
                    words[at++] = strings.offsetOf(param.name());
                    words[at++] = param.typeId();
                }
                yield words;
            }
            case BtfType.Var t -> with(head(t, strings, 0, false, t.typeId(), 1), t.linkage().number());
            case BtfType.DataSec t -> {
                int[] words = head(t, strings, t.vars().size(), false, t.sizeBytes(), 3 * t.vars().size());
                int at = 3;
                for (BtfType.VarInfo variable : t.vars()) {
                    words[at++] = variable.typeId();
                    words[at++] = variable.offset();
                    words[at++] = variable.sizeBytes();
                }
                yield words;
            }
            case BtfType.Float t -> head(t, strings, 0, false, t.sizeBytes(), 0);
            case BtfType.DeclTag t -> with(head(t, strings, 0, t.kindFlag(), t.typeId(), 1), t.componentIndex());
            case BtfType.TypeTag t -> head(t, strings, 0, t.kindFlag(), t.typeId(), 0);
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
