package wasmbpf.btf;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Makes the record of one type from the bytes of its {@link Btf}, and checks the ids, sizes and names it has. */
final class TypeRecords {
    static final BtfType VOID = new BtfType.Void();
    /** What the names of one record may take: names may overlap, so a small file can ask for much. */
    private static final int NAME_BUDGET_BYTES = 16 << 20;

    private final Btf btf;
    private final int id;
    private int budget = NAME_BUDGET_BYTES;

    private TypeRecords(Btf btf, int id) {
        this.btf = btf;
        this.id = id;
    }

    /** @param btf whose own type it is */
    static BtfType of(Btf btf, int id) {
        return new TypeRecords(btf, id).make();
    }

    private BtfType make() {
        int at = btf.offsetOf(id);
        int info = btf.word(at + 4);
        int n = info & 0xffffff;
        boolean kindFlag = info < 0;
        String name = btf.string(btf.word(at));
        int third = btf.word(at + 8);
        return switch (BtfKind.of(info >>> 24 & 0x7f)) {
            case UNKN -> (info >>> 24 & 0x7f) == 0 ? VOID : new BtfType.Unknown(info >>> 24 & 0x7f, name);
            case INT -> {
                int data = btf.word(at + 12);
                yield new BtfType.Int(name, size(third), data >>> 24 & 15, data >>> 16 & 0xff, data & 0xff);
            }
            case PTR -> new BtfType.Ptr(checkId(third));
            case ARRAY -> new BtfType.Array(checkId(btf.word(at + 12)), checkId(btf.word(at + 16)),
                    btf.word(at + 20) & 0xffffffffL);
            case STRUCT -> new BtfType.Struct(name, size(third), kindFlag, members(at, n, kindFlag));
            case UNION -> new BtfType.Union(name, size(third), kindFlag, members(at, n, kindFlag));
            case ENUM -> new BtfType.Enum(name, size(third), kindFlag, enumerators(at, n, kindFlag));
            case FWD -> new BtfType.Fwd(name, kindFlag);
            case TYPEDEF -> new BtfType.Typedef(name, checkId(third));
            case VOLATILE -> new BtfType.Volatile(checkId(third));
            case CONST -> new BtfType.Const(checkId(third));
            case RESTRICT -> new BtfType.Restrict(checkId(third));
            case FUNC -> new BtfType.Func(name, protoId(third), funcLinkage(n));
            case FUNC_PROTO -> new BtfType.FuncProto(checkId(third), params(at, n));
            case VAR -> new BtfType.Var(name, checkId(third), varLinkage(btf.word(at + 12)));
            case DATASEC -> new BtfType.DataSec(name, size(third), vars(at, n));
            case FLOAT -> new BtfType.Float(name, size(third));
            case DECL_TAG -> new BtfType.DeclTag(name, checkId(third), btf.word(at + 12), kindFlag);
            case TYPE_TAG -> new BtfType.TypeTag(name, checkId(third), kindFlag);
            case ENUM64 -> new BtfType.Enum64(name, size(third), kindFlag, enumerators64(at, n));
        };
    }

    private List<BtfType.Member> members(int at, int n, boolean kindFlag) {
        BtfType.Member[] members = new BtfType.Member[n];
        for (int i = 0, p = at + Btf.TYPE_BYTES; i < n; i++, p += 12) {
            String name = elementName(p);
            int offset = btf.word(p + 8);
            int bits = kindFlag ? offset >>> 24 : 0;
            int bitOffset = kindFlag ? offset & 0xffffff : offset;
            if (bitOffset < 0) {
                throw btf.error(id, "member " + i + " \"" + name + "\" lies at bit " + Integer.toUnsignedString(bitOffset)
                        + ", beyond 256 MiB");
            }
            members[i] = new BtfType.Member(name, checkId(btf.word(p + 4)), bitOffset, bits);
        }
        return listOf(members);
    }

    private List<BtfType.Enumerator> enumerators(int at, int n, boolean signed) {
        BtfType.Enumerator[] values = new BtfType.Enumerator[n];
        for (int i = 0, p = at + Btf.TYPE_BYTES; i < n; i++, p += 8) {
            String name = elementName(p);
            int value = btf.word(p + 4);
            values[i] = new BtfType.Enumerator(name, signed ? value : value & 0xffffffffL);
        }
        return listOf(values);
    }

    private List<BtfType.Enumerator> enumerators64(int at, int n) {
        BtfType.Enumerator[] values = new BtfType.Enumerator[n];
        for (int i = 0, p = at + Btf.TYPE_BYTES; i < n; i++, p += 12) {
            String name = elementName(p);
            values[i] = new BtfType.Enumerator(name, btf.word(p + 4) & 0xffffffffL | (long) btf.word(p + 8) << 32);
        }
        return listOf(values);
    }

    private List<BtfType.Param> params(int at, int n) {
        BtfType.Param[] params = new BtfType.Param[n];
        for (int i = 0, p = at + Btf.TYPE_BYTES; i < n; i++, p += 8) {
            String name = elementName(p);
            params[i] = new BtfType.Param(name, checkId(btf.word(p + 4)));
        }
        return listOf(params);
    }

    private List<BtfType.VarInfo> vars(int at, int n) {
        BtfType.VarInfo[] vars = new BtfType.VarInfo[n];
        for (int i = 0, p = at + Btf.TYPE_BYTES; i < n; i++, p += 12) {
            vars[i] = new BtfType.VarInfo(checkId(btf.word(p)), size(btf.word(p + 4)), size(btf.word(p + 8)));
        }
        return listOf(vars);
    }

    private static <T> List<T> listOf(T[] elements) {
        return Collections.unmodifiableList(Arrays.asList(elements));
    }

    private String elementName(int at) {
        String name = btf.string(btf.word(at));
        budget -= name.length();
        if (budget < 0) {
            throw btf.error(id, "its names take more than " + NAME_BUDGET_BYTES + " bytes");
        }
        return name;
    }

    private int protoId(int protoId) {
        checkId(protoId);
        if (btf.kind(protoId) != BtfKind.FUNC_PROTO) {
            throw btf.error(id, "type " + protoId + " of a function is " + btf.kind(protoId) + ", not FUNC_PROTO");
        }
        return protoId;
    }

    private FuncLinkage funcLinkage(int number) {
        return switch (number) {
            case 0 -> FuncLinkage.STATIC;
            case 1 -> FuncLinkage.GLOBAL;
            case 2 -> FuncLinkage.EXTERN;
            default -> throw btf.error(id, "function linkage " + number + " is not 0 to 2");
        };
    }

    private VarLinkage varLinkage(int number) {
        return switch (number) {
            case 0 -> VarLinkage.STATIC;
            case 1 -> VarLinkage.GLOBAL_ALLOCATED;
            case 2 -> VarLinkage.GLOBAL_EXTERN;
            default -> throw btf.error(id, "variable linkage " + Integer.toUnsignedString(number) + " is not 0 to 2");
        };
    }

    private int size(int size) {
        if (size < 0) {
            throw btf.error(id, "size or offset " + Integer.toUnsignedString(size) + " is beyond 2 GiB");
        }
        return size;
    }

    private int checkId(int referenced) {
        if (referenced < 0 || referenced >= btf.typeCount()) {
            throw btf.error(id, "refers to type " + Integer.toUnsignedString(referenced) + " of " + btf.typeCount());
        }
        return referenced;
    }
}
