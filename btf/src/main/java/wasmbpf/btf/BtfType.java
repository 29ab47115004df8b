package wasmbpf.btf;

import java.util.List;

/**
 * One BTF type, a record per kind; other types are named by {@code int} id, because the graph has cycles. An anonymous
 * type, member or parameter has the name "". Ids have been checked to exist in the {@link Btf} that made the record.
 */
public sealed interface BtfType {
    BtfKind kind();

    String name();

    /** Type id 0. */
    record Void() implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.UNKN;
        }

        @Override
        public String name() {
            return "";
        }
    }

    /**
     * @param encoding  0, or {@link #SIGNED}, {@link #CHAR}, {@link #BOOL}
     * @param bitOffset first bit used, 0 but for bit fields of old compilers
     * @param bits      bits used, 8 * sizeBytes but for bit fields of old compilers
     */
    record Int(String name, int sizeBytes, int encoding, int bitOffset, int bits) implements BtfType {
        public static final int SIGNED = 1;
        public static final int CHAR = 2;
        public static final int BOOL = 4;

        @Override
        public BtfKind kind() {
            return BtfKind.INT;
        }

        public boolean isSigned() {
            return (encoding & SIGNED) != 0;
        }

        public boolean isChar() {
            return (encoding & CHAR) != 0;
        }

        public boolean isBool() {
            return (encoding & BOOL) != 0;
        }
    }

    record Ptr(int typeId) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.PTR;
        }

        @Override
        public String name() {
            return "";
        }
    }

    /** @param count elements, a u32; 0 for a flexible array too */
    record Array(int elementTypeId, int indexTypeId, long count) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.ARRAY;
        }

        @Override
        public String name() {
            return "";
        }
    }

    /** A STRUCT or UNION. */
    sealed interface Composite extends BtfType {
        int sizeBytes();

        /** Whether the file says members' bit field sizes in the member, not in their INT. */
        boolean kindFlag();

        List<Member> members();
    }

    record Struct(String name, int sizeBytes, boolean kindFlag, List<Member> members) implements Composite {
        @Override
        public BtfKind kind() {
            return BtfKind.STRUCT;
        }
    }

    record Union(String name, int sizeBytes, boolean kindFlag, List<Member> members) implements Composite {
        @Override
        public BtfKind kind() {
            return BtfKind.UNION;
        }
    }

    /**
     * @param bitOffset    from the start of the composite
     * @param bitfieldSize bits, 0 if the member is no bit field
     */
    record Member(String name, int typeId, int bitOffset, int bitfieldSize) {
        public boolean isBitfield() {
            return bitfieldSize != 0;
        }
    }

    /** An ENUM or ENUM64. */
    sealed interface Enumeration extends BtfType {
        int sizeBytes();

        /** Whether values are signed: the kind flag. */
        boolean signed();

        List<Enumerator> values();
    }

    record Enum(String name, int sizeBytes, boolean signed, List<Enumerator> values) implements Enumeration {
        @Override
        public BtfKind kind() {
            return BtfKind.ENUM;
        }
    }

    record Enum64(String name, int sizeBytes, boolean signed, List<Enumerator> values) implements Enumeration {
        @Override
        public BtfKind kind() {
            return BtfKind.ENUM64;
        }
    }

    /** @param value sign- or zero-extended from 32 bits as its enum says; of an unsigned ENUM64, all 64 bits */
    record Enumerator(String name, long value) {
    }

    record Fwd(String name, boolean union) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.FWD;
        }
    }

    record Typedef(String name, int typeId) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.TYPEDEF;
        }
    }

    record Volatile(int typeId) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.VOLATILE;
        }

        @Override
        public String name() {
            return "";
        }
    }

    record Const(int typeId) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.CONST;
        }

        @Override
        public String name() {
            return "";
        }
    }

    record Restrict(int typeId) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.RESTRICT;
        }

        @Override
        public String name() {
            return "";
        }
    }

    record Func(String name, int protoId, FuncLinkage linkage) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.FUNC;
        }
    }

    /** A function's shape. {@code ...} is a last parameter without name and of type 0: {@link #isVariadic}. */
    record FuncProto(int returnTypeId, List<Param> params) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.FUNC_PROTO;
        }

        @Override
        public String name() {
            return "";
        }

        public boolean isVariadic() {
            return !params.isEmpty() && params.getLast().typeId() == 0;
        }
    }

    record Param(String name, int typeId) {
    }

    record Var(String name, int typeId, VarLinkage linkage) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.VAR;
        }
    }

    /** The variables of one ELF section, whose name it bears. */
    record DataSec(String name, int sizeBytes, List<VarInfo> vars) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.DATASEC;
        }
    }

    /** @param typeId of a VAR, or of a FUNC in .ksyms */
    record VarInfo(int typeId, int offset, int sizeBytes) {
    }

    record Float(String name, int sizeBytes) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.FLOAT;
        }
    }

    /**
     * @param name           the tag's text
     * @param typeId         what it is on: STRUCT, UNION, TYPEDEF, VAR or FUNC
     * @param componentIndex member or parameter it is on, -1 for the whole
     * @param kindFlag       a plain {@code __attribute__((name))} rather than a btf_decl_tag (Linux 6.15)
     */
    record DeclTag(String name, int typeId, int componentIndex, boolean kindFlag) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.DECL_TAG;
        }
    }

    /** @param kindFlag a plain {@code __attribute__((name))} rather than a btf_type_tag (Linux 6.15) */
    record TypeTag(String name, int typeId, boolean kindFlag) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.TYPE_TAG;
        }
    }

    /** A kind newer than this code, of which the layout section of the BTF tells the length and no more. */
    record Unknown(int kindNumber, String name) implements BtfType {
        @Override
        public BtfKind kind() {
            return BtfKind.UNKN;
        }
    }
}
