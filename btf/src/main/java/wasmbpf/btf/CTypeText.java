package wasmbpf.btf;

import java.util.Arrays;
import java.util.List;
import wasmbpf.elf.FormatException;

/**
 * C text of single types: declarations of a name with a type, and definitions of structs, unions and enums. Knows
 * nothing of order. Anonymous types are defined where they are used.
 */
final class CTypeText {
    /** Anonymous types and parameters within each other; real kernels nest 15 deep. */
    private static final int MAX_NESTING = 128;
    private static final int MAX_GAP_BITS = 8 << 21;
    private static final String TABS = "\n\t\t\t\t\t\t\t\t\t\t\t\t\t";

    private final Btf btf;
    private final CNames names;
    private final CPadding padding;
    private final StringBuilder out;
    private final long outLimit;
    private int nesting;

    CTypeText(Btf btf, CNames names, StringBuilder out) {
        this.btf = btf;
        this.names = names;
        this.padding = new CPadding(btf.pointerSize());
        this.out = out;
        // Anonymous types print as often as they are used, so a small file could ask for any amount of text.
        this.outLimit = (16L << 20) + 8L * btf.bytes().length;
    }

    /**
     * Appends the declaration of {@code name} with a type, such as {@code int (*name)(void)}; "" declares an abstract
     * one.
     *
     * @param level indentation of what is defined in line
     */
    void declaration(int id, String name, int level) {
        if (++nesting > MAX_NESTING || out.length() > outLimit) {
            throw btf.error(id, "declarations are nested without end");
        }
        int[] chain = new int[8];
        int n = 0;
        int current = id;
        while (true) {
            if (n == MAX_NESTING) {
                throw btf.error(id, "declarator of more than " + MAX_NESTING + " parts");
            }
            chain = n == chain.length ? Arrays.copyOf(chain, n * 2) : chain;
            chain[n++] = current;
            if (current == 0 || isTerminal(btf.kind(current))) {
                break;
            }
            current = btf.kind(current) == BtfKind.ARRAY ? btf.arrayElementTypeId(current) : btf.sizeOrType(current);
        }
        declarator(chain, n, name, level);
        nesting--;
    }

    private static boolean isTerminal(BtfKind kind) {
        return switch (kind) {
            case PTR, VOLATILE, CONST, RESTRICT, FUNC_PROTO, TYPE_TAG, ARRAY -> false;
            case INT, FLOAT, STRUCT, UNION, ENUM, ENUM64, FWD, TYPEDEF, UNKN, FUNC, VAR, DATASEC, DECL_TAG -> true;
        };
    }

    /** Prints {@code chain[left - 1]} down to {@code chain[0]}: from the base type out to the name. */
    private void declarator(int[] chain, int count, String name, int level) {
        int left = count;
        // A pointer stands next to the pointer or parenthesis before it, and away from anything else.
        boolean afterPointer = true;
        while (left > 0) {
            int id = chain[--left];
            BtfType type = btf.type(id);
            switch (type) {
                case BtfType.Void v -> {
                    left = qualifiersBefore(chain, left);
                    out.append("void");
                }
                case BtfType.Int t -> {
                    left = qualifiersBefore(chain, left);
                    out.append(t.name());
                }
                case BtfType.Float t -> {
                    left = qualifiersBefore(chain, left);
                    out.append(t.name());
                }
                case BtfType.Composite t -> {
                    left = qualifiersBefore(chain, left);
                    if (t.name().isEmpty()) {
                        composite(id, t, level);
                    } else {
                        compositeTag(id, t);
                    }
                }
                case BtfType.Enumeration t -> {
                    left = qualifiersBefore(chain, left);
                    if (t.name().isEmpty()) {
                        enumeration(id, t, level);
                    } else {
                        out.append("enum ").append(names.tag(id));
                    }
                }
                case BtfType.Fwd t -> {
                    left = qualifiersBefore(chain, left);
                    forward(id, t);
                }
                case BtfType.Typedef t -> {
                    left = qualifiersBefore(chain, left);
                    out.append(names.typedef(id));
                }
                case BtfType.Ptr t -> out.append(afterPointer ? "*" : " *");
                case BtfType.Volatile t -> out.append(" volatile");
                case BtfType.Const t -> out.append(" const");
                case BtfType.Restrict t -> out.append(" restrict");
                case BtfType.TypeTag t -> {
                    left = qualifiersBefore(chain, left);
                    out.append(" __attribute__((");
                    if (t.kindFlag()) {
                        out.append(t.name());
                    } else {
                        out.append("btf_type_tag(\"").append(t.name()).append("\")");
                    }
                    out.append("))");
                }
                case BtfType.Array t -> {
                    array(chain, withoutQualifiers(chain, left), t, name, afterPointer, level);
                    return;
                }
                case BtfType.FuncProto t -> {
                    function(chain, withoutQualifiers(chain, left), t, name, afterPointer, level);
                    return;
                }
                case BtfType.Func t -> throw notDeclarable(id);
                case BtfType.Var t -> throw notDeclarable(id);
                case BtfType.DataSec t -> throw notDeclarable(id);
                case BtfType.DeclTag t -> throw notDeclarable(id);
                case BtfType.Unknown t -> throw notDeclarable(id);
            }
            afterPointer = type instanceof BtfType.Ptr;
        }
        appendName(name, afterPointer);
    }

    private void array(int[] chain, int left, BtfType.Array array, String name, boolean afterPointer, int level) {
        if (left == 0) {
            appendName(name, afterPointer);
        } else {
            boolean more = btf.kind(chain[left - 1]) == BtfKind.ARRAY;
            if (!name.isEmpty() && !afterPointer) {
                out.append(' ');
            }
            out.append(more ? "" : "(");
            declarator(chain, left, name, level);
            out.append(more ? "" : ")");
        }
        out.append('[').append(array.count()).append(']');
    }

    private void function(int[] chain, int left, BtfType.FuncProto proto, String name, boolean afterPointer,
                          int level) {
        if (left > 0) {
            out.append(" (");
            declarator(chain, left, name, level);
            out.append(')');
        } else {
            appendName(name, afterPointer);
        }
        List<BtfType.Param> params = proto.params();
        // clang writes f(void) as one parameter of type void.
        if (params.isEmpty() || params.size() == 1 && params.getFirst().typeId() == 0) {
            out.append("(void)");
            return;
        }
        out.append('(');
        for (int i = 0; i < params.size(); i++) {
            BtfType.Param param = params.get(i);
            out.append(i == 0 ? "" : ", ");
            if (i == params.size() - 1 && param.typeId() == 0) {
                out.append("...");
            } else {
                declaration(param.typeId(), param.name(), level);
            }
        }
        out.append(')');
    }

    private void appendName(String name, boolean afterPointer) {
        if (!name.isEmpty() && !afterPointer) {
            out.append(' ');
        }
        out.append(name);
    }

    /** C writes the qualifiers of anything but a pointer before it. */
    private int qualifiersBefore(int[] chain, int count) {
        int left = count;
        while (left > 0) {
            switch (btf.kind(chain[left - 1])) {
                case VOLATILE -> out.append("volatile ");
                case CONST -> out.append("const ");
                case RESTRICT -> out.append("restrict ");
                case UNKN, INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT,
                     DECL_TAG, TYPE_TAG, ENUM64 -> {
                    return left;
                }
            }
            left--;
        }
        return left;
    }

    /** gcc repeats the qualifiers of elements on the array, and puts volatile on noreturn functions: dropped. */
    private int withoutQualifiers(int[] chain, int count) {
        int left = count;
        while (left > 0 && TypeChain.isModifier(btf.kind(chain[left - 1]))) {
            left--;
        }
        return left;
    }

    private FormatException notDeclarable(int id) {
        return btf.error(id, "cannot be the type of a declaration");
    }

    void compositeTag(int id, BtfType.Composite type) {
        out.append(type instanceof BtfType.Struct ? "struct" : "union");
        if (!type.name().isEmpty()) {
            out.append(' ').append(names.tag(id));
        }
    }

    void forward(int id, BtfType.Fwd type) {
        out.append(type.union() ? "union " : "struct ").append(names.tag(id));
    }

    /** The definition, without a semicolon. */
    void composite(int id, BtfType.Composite type, int level) {
        boolean struct = type instanceof BtfType.Struct;
        int align = BtfLayout.alignOf(btf, id);
        boolean packed = struct && BtfLayout.isPacked(btf, id);
        String indent = indent(level + 1);
        compositeTag(id, type);
        out.append(" {");
        long at = 0;
        boolean afterBitfield = false;
        for (BtfType.Member member : type.members()) {
            boolean bitfield = member.isBitfield();
            int memberAlign = packed ? 1 : BtfLayout.alignOf(btf, member.typeId());
            checkGap(id, at, member.bitOffset());
            padding.append(out, at, member.bitOffset(), memberAlign, afterBitfield && bitfield, indent);
            out.append(indent);
            declaration(member.typeId(), member.name(), level + 1);
            if (bitfield) {
                out.append(": ").append(member.bitfieldSize());
                at = (long) member.bitOffset() + member.bitfieldSize();
            } else {
                at = member.bitOffset() + 8 * Math.max(0, BtfLayout.sizeOrNegative(btf, member.typeId()));
            }
            afterBitfield = bitfield;
            out.append(';');
        }
        if (struct) {
            long end = type.sizeBytes() * 8L;
            checkGap(id, at, end);
            padding.append(out, at, end, align, false, indent);
        }
        if (!type.members().isEmpty() || type.sizeBytes() != 0) {
            out.append(indent(level));
        }
        out.append('}');
        if (packed) {
            out.append(" __attribute__((packed))");
        }
    }

    /** Padding is a line per word: in proportion to an offset that a damaged file made up, it would be without bound. */
    private void checkGap(int id, long from, long to) {
        if (to - from > MAX_GAP_BITS) {
            throw btf.error(id, "has a gap of " + (to - from) / 8 + " bytes");
        }
    }

    /** The definition, without a semicolon; a mere declaration if it has no values. */
    void enumeration(int id, BtfType.Enumeration type, int level) {
        out.append("enum");
        if (!type.name().isEmpty()) {
            out.append(' ').append(names.tag(id));
        }
        if (type.values().isEmpty()) {
            return;
        }
        out.append(" {");
        boolean wide = type instanceof BtfType.Enum64;
        boolean needsWordMode = type.sizeBytes() == 8 && btf.pointerSize() == 8;
        String indent = indent(level + 1);
        for (BtfType.Enumerator value : type.values()) {
            out.append(indent).append(names.enumerator(value.name())).append(" = ");
            out.append(type.signed() ? Long.toString(value.value()) : Long.toUnsignedString(value.value()));
            out.append(!wide ? "" : type.signed() ? "LL" : "ULL").append(',');
            needsWordMode &= !wide || value.value() >>> 32 == 0;
        }
        out.append(indent(level)).append('}');
        if (type.sizeBytes() == 1) {
            out.append(" __attribute__((mode(byte)))");
        } else if (needsWordMode) {
            // No value makes it 8 bytes long, so it must be told.
            out.append(" __attribute__((mode(word)))");
        }
    }

    private static String indent(int level) {
        return TABS.substring(0, Math.min(level + 1, TABS.length()));
    }
}
