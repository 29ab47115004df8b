package wasmbpf.host.inspect;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;

/** A function's type as bpftool writes it above its instructions: {@code int f(struct s * p)}. */
final class Prototype {
    private static final int MAX_NESTING = 32;

    private final Btf btf;
    private final StringBuilder out = new StringBuilder();
    private int nesting;

    private Prototype(Btf btf) {
        this.btf = btf;
    }

    static String of(Btf btf, int functionId) {
        Prototype made = new Prototype(btf);
        made.function(btf.sizeOrType(functionId), btf.name(functionId));
        return made.out.toString();
    }

    private void function(int protoId, String name) {
        type(btf.sizeOrType(protoId));
        out.append(name).append('(');
        for (int i = 0; i < btf.vlen(protoId); i++) {
            out.append(i == 0 ? "" : ", ");
            int parameter = btf.paramTypeId(protoId, i);
            if (parameter == 0) {
                out.append("...");
                continue;
            }
            type(parameter);
            String parameterName = btf.string(btf.paramNameOffset(protoId, i));
            if (parameterName.isEmpty() && out.charAt(out.length() - 1) == ' ') {
                out.setLength(out.length() - 1);
            }
            out.append(parameterName);
        }
        out.append(')');
    }

    private void type(int id) {
        if (id == 0) {
            out.append("void ");
            return;
        }
        if (++nesting > MAX_NESTING) {
            out.append("... ");
            nesting--;
            return;
        }
        BtfKind kind = btf.kind(id);
        switch (kind) {
            case INT, TYPEDEF, FLOAT -> out.append(btf.name(id)).append(' ');
            case STRUCT -> out.append("struct ").append(btf.name(id)).append(' ');
            case UNION -> out.append("union ").append(btf.name(id)).append(' ');
            case ENUM, ENUM64 -> out.append("enum ").append(btf.name(id)).append(' ');
            case FWD -> out.append(btf.kindFlag(id) ? "union " : "struct ").append(btf.name(id)).append(' ');
            case ARRAY -> {
                type(btf.arrayElementTypeId(id));
                out.append('[').append(btf.arrayCount(id)).append(']');
            }
            case PTR -> {
                type(btf.sizeOrType(id));
                out.append("* ");
            }
            case CONST -> {
                out.append("const ");
                type(btf.sizeOrType(id));
            }
            case VOLATILE -> {
                out.append("volatile ");
                type(btf.sizeOrType(id));
            }
            case RESTRICT -> {
                out.append("restrict ");
                type(btf.sizeOrType(id));
            }
            case TYPE_TAG -> type(btf.sizeOrType(id));
            case FUNC_PROTO -> function(id, "");
            default -> out.append("? ");
        }
        nesting--;
    }
}
