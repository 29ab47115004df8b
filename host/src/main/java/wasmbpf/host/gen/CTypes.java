package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * C for Wasm guests from BTF: every type comes out with the layout that the kernel side has. Integers get the
 * fixed-width type of their size ({@code long} is 8 bytes there and 4 in the guest), pointers become {@code uint64_t},
 * padding is spelt out, and each struct is followed by assertions of its size and its members' offsets.
 *
 * <p>Since pointers are plain numbers, a definition needs only what it holds by value; definitions are printed in that
 * order, each once. One instance prints one header.
 */
final class CTypes {
    /** Nesting of types by value, beyond any real program's. */
    private static final int MAX_DEPTH = 128;
    private static final byte NEW = 0;
    private static final byte OPEN = 1;
    private static final byte DONE = 2;

    /**
     * How a type is written around a name, and what wasm32 makes of it.
     *
     * @param prefix before the name: {@code struct event}
     * @param suffix behind it: {@code [16]}
     */
    record Shape(String prefix, String suffix, long sizeBytes, int align) {
        String declare(String name) {
            return prefix + (name.isEmpty() ? "" : " " + name) + suffix;
        }
    }

    /** The enums that variables of objects may have and {@code bpf/libbpf.h} declares. */
    static final Set<String> OF_LIBBPF = Set.of("libbpf_tristate");

    private final Btf btf;
    private boolean scalarTypedefs;
    private final Set<String> declaredEnums;
    private final StringBuilder out = new StringBuilder();
    private final CNames names;
    private final byte[] state;
    private final String[] tag;
    private final int[] align;
    private final long[] sizeBytes; // of typedefs
    private final Budget budget;
    private int gaps; // padding members so far in the outermost struct being printed
    private final Set<String> cppKeywords = new TreeSet<>();

    /**
     * @param scalarTypedefs whether {@code __u32} is printed so, with its typedef, or as {@code uint32_t}
     * @param declaredEnums enums that what the output includes declares: used by name, not defined again
     */
    CTypes(Btf btf, boolean scalarTypedefs, Set<String> declaredEnums) {
        this(btf, scalarTypedefs, declaredEnums, new CNames());
    }

    private CTypes(Btf btf, boolean scalarTypedefs, Set<String> declaredEnums, CNames names) {
        this.btf = btf;
        this.scalarTypedefs = scalarTypedefs;
        this.declaredEnums = declaredEnums;
        this.names = names;
        this.state = new byte[btf.typeCount()];
        this.tag = new String[btf.typeCount()];
        this.align = new int[btf.typeCount()];
        this.sizeBytes = new long[btf.typeCount()];
        this.budget = new Budget(btf);
    }

    /**
     * What stands in the place of one definition in somebody's header.
     *
     * @param braces     of the struct or union, members and all
     * @param assertions lines that go behind the definition
     * @param cppKeywords what {@link #cppKeywords()} is for these
     */
    record Definition(String braces, String assertions, Set<String> cppKeywords) {}

    /** The struct or union {@code id}, called {@code head} in a header that has what it holds under the same names. */
    static Definition definition(Btf btf, int id, String head) {
        CTypes types = new CTypes(btf, false, Set.of(), CNames.asTheyAre());
        Body body = types.body(id, 0, 0);
        return new Definition(body.text(), assertions(head, body), types.cppKeywords());
    }

    /** What {@link #define} and {@link #shape} have printed so far. */
    String definitions() {
        return out.toString();
    }

    /** The names of members that are keywords in C++. */
    Set<String> cppKeywords() {
        return cppKeywords;
    }

    /** Prints the definition of a struct, union, enum or typedef, after those it needs; nothing for other kinds. */
    void define(int id) {
        define(id, 0);
    }

    /** How to declare something of type {@code id}; prints the definitions that this needs. */
    Shape shape(int id) {
        return shape(id, 0, 0);
    }

    // ---- definitions ---------------------------------------------------------------------------------------------

    private void define(int id, int depth) {
        if (state[id] == DONE) {
            return;
        }
        BtfType type = btf.type(id);
        if (state[id] == OPEN || depth > MAX_DEPTH) {
            throw new GenException("type " + id + " \"" + type.name() + "\" holds itself by value"
                    + (state[id] == OPEN ? "" : " or is nested deeper than " + MAX_DEPTH + " levels"));
        }
        state[id] = OPEN;
        switch (type) {
            case BtfType.Struct s when !s.name().isEmpty() -> defineComposite(id, "struct", s.name(), depth);
            case BtfType.Union u when !u.name().isEmpty() -> defineComposite(id, "union", u.name(), depth);
            case BtfType.Enum e -> defineEnum(id, e.name(), e.values(), e.signed(), e.sizeBytes());
            case BtfType.Enum64 e -> defineEnum(id, e.name(), e.values(), e.signed(), e.sizeBytes());
            case BtfType.Typedef t -> defineTypedef(id, t, depth);
            default -> { }
        }
        state[id] = DONE;
    }

    private void defineComposite(int id, String keyword, String name, int depth) {
        int outer = gaps;
        gaps = 0;
        Body body = body(id, 0, depth);
        gaps = outer;
        tag[id] = names.claim(name);
        align[id] = body.align();
        String head = keyword + " " + tag[id];
        out.append(head).append(' ').append(body.text()).append(";\n");
        out.append(assertions(head, body)).append('\n');
    }

    private static String assertions(String head, Body body) {
        StringBuilder lines = new StringBuilder("WASM_BPF_ASSERT(sizeof(").append(head).append(") == ")
                .append(body.sizeBytes()).append(", \"size of ").append(head).append("\");\n");
        for (Offset offset : body.assertions()) {
            lines.append("WASM_BPF_ASSERT(offsetof(").append(head).append(", ").append(offset.member()).append(") == ")
                    .append(offset.bytes()).append(", \"offset of ").append(offset.member()).append("\");\n");
        }
        return lines.toString();
    }

    private void defineEnum(int id, String name, List<BtfType.Enumerator> values, boolean signed, int sizeBytes) {
        if (!name.isEmpty()) {
            tag[id] = names.claim(name);
        }
        if (values.isEmpty() || declaredEnums.contains(name)) {
            return; // C has no empty enum; uses of it print an integer
        }
        out.append("enum ").append(name.isEmpty() ? "" : tag[id] + " ").append("{\n");
        for (BtfType.Enumerator e : values) {
            out.append("    ").append(names.claim(e.name())).append(" = ").append(enumValue(e.value(), signed, sizeBytes))
                    .append(",\n");
        }
        out.append("};\n\n");
    }

    private static String enumValue(long value, boolean signed, int sizeBytes) {
        if (sizeBytes <= 4) {
            long v = signed ? (int) value : value & 0xffffffffL;
            return v == Integer.MIN_VALUE ? "(-2147483647 - 1)" : Long.toString(v) + (v > Integer.MAX_VALUE ? "U" : "");
        }
        if (!signed) {
            return Long.toUnsignedString(value) + "ULL";
        }
        return value == Long.MIN_VALUE ? "(-9223372036854775807LL - 1)" : value + "LL";
    }

    private void defineTypedef(int id, BtfType.Typedef t, int depth) {
        if (CNames.reserved(t.name())) {
            return;
        }
        int target = TypeChain.skipMods(btf, t.typeId());
        switch (btf.type(target)) {
            case BtfType.Void v -> { }
            case BtfType.Fwd f -> { }
            case BtfType.Func f -> { }
            case BtfType.FuncProto f -> { }
            case BtfType.Var v -> { }
            case BtfType.DataSec s -> { }
            case BtfType.Typedef other when !definable(target) -> { }
            default -> {
                Shape shape = shape(target, 0, depth + 1);
                tag[id] = names.claim(t.name());
                align[id] = shape.align();
                sizeBytes[id] = shape.sizeBytes();
                budget.text(id, (long) tag[id].length() + shape.prefix().length() + shape.suffix().length());
                out.append("typedef ").append(shape.declare(tag[id])).append(";\n\n");
            }
        }
    }

    /** Whether a typedef leads to a type that has a size. */
    private boolean definable(int id) {
        return switch (btf.type(TypeChain.skipModsAndTypedefs(btf, id))) {
            case BtfType.Void v -> false;
            case BtfType.Fwd f -> false;
            case BtfType.Func f -> false;
            case BtfType.FuncProto f -> false;
            case BtfType.Var v -> false;
            case BtfType.DataSec s -> false;
            default -> true;
        };
    }

    private boolean composite(int id) {
        return switch (btf.type(TypeChain.skipModsAndTypedefs(btf, id))) {
            case BtfType.Struct s -> true;
            case BtfType.Union u -> true;
            default -> false;
        };
    }

    // ---- shapes --------------------------------------------------------------------------------------------------

    private Shape shape(int id, int indent, int depth) {
        if (depth > MAX_DEPTH) {
            throw new GenException("type " + id + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        budget.member(id);
        int plain = TypeChain.skipMods(btf, id);
        return switch (btf.type(plain)) {
            case BtfType.Int i -> integer(i.name(), i.sizeBytes(), i.encoding());
            case BtfType.Float f -> floating(f.sizeBytes());
            case BtfType.Ptr p -> integer("", btf.pointerSize(), 0);
            case BtfType.Array a -> array(a, indent, depth);
            case BtfType.Struct s -> composite(plain, "struct", s.name(), s.sizeBytes(), indent, depth);
            case BtfType.Union u -> composite(plain, "union", u.name(), u.sizeBytes(), indent, depth);
            case BtfType.Enum e -> enumeration(plain, e.name(), e.values(), e.signed(), e.sizeBytes(), depth);
            case BtfType.Enum64 e -> enumeration(plain, e.name(), e.values(), e.signed(), e.sizeBytes(), depth);
            case BtfType.Typedef t -> typedef(plain, t, indent, depth);
            default -> throw new GenException("type " + plain + " (" + btf.kind(plain) + " \"" + btf.name(plain)
                    + "\") cannot be held by value");
        };
    }

    private Shape integer(String name, int sizeBytes, int encoding) {
        boolean signed = (encoding & 1) != 0;
        return switch (sizeBytes) {
            case 1 -> new Shape((encoding & 4) != 0 ? "bool" : name.equals("char") ? "char" : signed ? "int8_t" : "uint8_t", "", 1, 1);
            case 2 -> new Shape(signed ? "int16_t" : "uint16_t", "", 2, 2);
            case 4 -> new Shape(signed ? "int32_t" : "uint32_t", "", 4, 4);
            case 8 -> new Shape(signed ? "int64_t" : "uint64_t", "", 8, 8);
            default -> new Shape("unsigned char", "[" + sizeBytes + "]", sizeBytes, 1);
        };
    }

    private static Shape floating(int sizeBytes) {
        return switch (sizeBytes) {
            case 4 -> new Shape("float", "", 4, 4);
            case 8 -> new Shape("double", "", 8, 8);
            default -> new Shape("unsigned char", "[" + sizeBytes + "]", sizeBytes, 1);
        };
    }

    private Shape array(BtfType.Array a, int indent, int depth) {
        Shape element = shape(a.elementTypeId(), indent, depth + 1);
        long count = a.count() & 0xffffffffL;
        if (count != 0 && element.sizeBytes() > (1L << 31) / count) {
            throw new GenException("an array of " + count + " elements of " + element.sizeBytes() + " bytes is larger than 2 GiB");
        }
        return new Shape(element.prefix(), "[" + count + "]" + element.suffix(), count * element.sizeBytes(), element.align());
    }

    private Shape composite(int id, String keyword, String name, int sizeBytes, int indent, int depth) {
        if (name.isEmpty()) {
            return body(id, indent, depth + 1).shape();
        }
        define(id, depth + 1);
        return new Shape(keyword + " " + tag[id], "", sizeBytes, align[id]);
    }

    private Shape enumeration(int id, String name, List<BtfType.Enumerator> values, boolean signed, int sizeBytes, int depth) {
        define(id, depth + 1);
        boolean negative = false;
        boolean large = false;
        for (BtfType.Enumerator e : values) {
            negative |= signed && e.value() < 0;
            large |= !signed && (e.value() & 0xffffffffL) > Integer.MAX_VALUE;
        }
        if (sizeBytes == 4 && !name.isEmpty() && !values.isEmpty() && !(negative && large)) {
            return new Shape("enum " + tag[id], "", 4, 4);
        }
        return integer("", sizeBytes, signed ? 1 : 0);
    }

    private Shape typedef(int id, BtfType.Typedef t, int indent, int depth) {
        if (!scalarTypedefs && !composite(t.typeId())) {
            return shape(t.typeId(), indent, depth + 1);
        }
        define(id, depth + 1);
        return tag[id] == null ? shape(t.typeId(), indent, depth + 1) : new Shape(tag[id], "", sizeBytes[id], align[id]);
    }

    // ---- members -------------------------------------------------------------------------------------------------

    /** Where a member must lie; {@code member} may be a path through nested members. */
    private record Offset(String member, long bytes) {}

    /** The braces of a struct or union and what stands in them. */
    private record Body(String keyword, String text, long sizeBytes, int align, List<Offset> assertions) {
        Shape shape() {
            return new Shape(keyword + " " + text, "", sizeBytes, align);
        }
    }

    /** The body of a member whose type is an unnamed struct or union, which is written in place; else null. */
    private Body anonymousBody(int typeId, int indent, int depth) {
        int plain = TypeChain.skipMods(btf, typeId);
        return switch (btf.type(plain)) {
            case BtfType.Struct s when s.name().isEmpty() -> body(plain, indent, depth);
            case BtfType.Union u when u.name().isEmpty() -> body(plain, indent, depth);
            default -> null;
        };
    }

    private Body body(int id, int indent, int depth) {
        if (depth > MAX_DEPTH) {
            throw new GenException("type " + id + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        boolean union = btf.type(id) instanceof BtfType.Union;
        int sizeBytes = switch (btf.type(id)) {
            case BtfType.Struct s -> s.sizeBytes();
            case BtfType.Union u -> u.sizeBytes();
            default -> throw new IllegalStateException("not a struct or union");
        };
        List<BtfType.Member> members = members(id);
        List<StructLayout.Field> fields = new ArrayList<>(members.size());
        List<Offset> assertions = new ArrayList<>();
        for (BtfType.Member m : members) {
            budget.member(id);
            String name = memberName(m.name());
            budget.text(id, name.length());
            long bitOffset = m.bitOffset() & 0xffffffffL;
            Body nested = anonymousBody(m.typeId(), indent + 1, depth + 1);
            Shape shape = nested != null ? nested.shape() : shape(m.typeId(), indent + 1, depth + 1);
            if (nested == null && scalarTypedefs && isMember(members, shape.prefix())) {
                // In C++ a typedef's name may not be used in a struct that has a member of that name.
                scalarTypedefs = false;
                shape = shape(m.typeId(), indent + 1, depth + 1);
                scalarTypedefs = true;
            }
            int bitWidth = bitWidth(m, shape);
            fields.add(new StructLayout.Field(name, shape.prefix(), shape.suffix(), bitOffset, bitWidth, shape.sizeBytes(), shape.align()));
            if (bitWidth == 0 && !name.isEmpty()) {
                assertions.add(new Offset(name, bitOffset / 8));
            }
            if (nested != null) {
                for (Offset inner : nested.assertions()) {
                    String path = name.isEmpty() ? inner.member() : name + "." + inner.member();
                    budget.text(id, path.length());
                    assertions.add(new Offset(path, bitOffset / 8 + inner.bytes()));
                }
            }
        }
        if (members.isEmpty()) {
            // C++ gives an empty struct one byte; a zero-length array keeps it empty in both languages.
            fields.add(new StructLayout.Field("__empty", "char", "[0]", 0, 0, 0, 1));
        }
        StructLayout layout = StructLayout.of(fields, sizeBytes & 0xffffffffL, union, gaps);
        gaps = layout.gaps();
        if (layout.lines().size() == 1 && layout.lines().getFirst().contains("__opaque")) {
            assertions.clear();
        }
        String pad = "    ".repeat(indent + 1);
        StringBuilder text = new StringBuilder("{\n");
        for (String line : layout.lines()) {
            budget.text(id, pad.length() + line.length());
            text.append(pad).append(line).append('\n');
        }
        text.append("    ".repeat(indent)).append('}').append(layout.packed() ? " __attribute__((packed))" : "");
        return new Body(union ? "union" : "struct", text.toString(), sizeBytes & 0xffffffffL, layout.align(), assertions);
    }

    private static boolean isMember(List<BtfType.Member> members, String name) {
        for (BtfType.Member m : members) {
            if (m.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** An old encoding gives a bit-field as an integer type of fewer bits than its size; clang's gives the width. */
    private int bitWidth(BtfType.Member m, Shape shape) {
        if (m.bitfieldSize() != 0) {
            return m.bitfieldSize();
        }
        if (btf.type(TypeChain.skipModsAndTypedefs(btf, m.typeId())) instanceof BtfType.Int i
                && i.bits() != 0 && i.bits() < i.sizeBytes() * 8 && (i.encoding() & 4) == 0) {
            return i.bits();
        }
        return 0;
    }

    private String memberName(String name) {
        if (name.isEmpty()) {
            return name;
        }
        if (CNames.CPP_KEYWORDS.contains(name)) {
            cppKeywords.add(name);
            return CHeaderPrinter.KEYWORD_PREFIX + name;
        }
        return CNames.identifier(name);
    }

    private List<BtfType.Member> members(int id) {
        return switch (btf.type(id)) {
            case BtfType.Struct s -> s.members();
            case BtfType.Union u -> u.members();
            default -> List.of();
        };
    }
}
