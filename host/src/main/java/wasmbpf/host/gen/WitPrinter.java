package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * {@code wasm-bpf btf dump file FILE format wit}: the types of a BTF in the component model's interface language (WIT,
 * design/mvp/WIT.md), one interface and one world that imports it.
 *
 * <p>What WIT lacks is mapped so: a pointer is {@code u64}; a bit-field is the integer that holds it; an array is a
 * {@code list}, its length in the comment; a union is a {@code variant} with a case per view; an enumeration whose
 * values are not 0, 1, 2 ... keeps their values in comments. WIT has no empty record and no recursion: an empty struct
 * is left out, and recursion cannot occur since pointers are numbers.
 */
public final class WitPrinter {
    private static final int MAX_DEPTH = 128;
    private static final Set<String> KEYWORDS = Set.of("as", "async", "bool", "borrow", "char", "constructor", "enum", "export",
            "f32", "f64", "flags", "from", "func", "future", "import", "include", "interface", "list", "map", "option", "own",
            "package", "record", "resource", "result", "s16", "s32", "s64", "s8", "static", "stream", "string", "tuple", "type",
            "u16", "u32", "u64", "u8", "use", "variant", "with", "world");

    private final Btf btf;
    private final StringBuilder out = new StringBuilder();
    private final Map<Integer, String> defined = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final Budget budget;

    private WitPrinter(Btf btf) {
        this.btf = btf;
        this.budget = new Budget(btf);
    }

    /**
     * The document's text.
     *
     * @param world names the package, the interface and the world: {@code bootstrap}
     */
    public static String print(Btf btf, String world) {
        WitPrinter printer = new WitPrinter(btf);
        for (int id = Math.max(1, btf.startId()); id < btf.typeCount(); id++) {
            if (!btf.name(id).isEmpty()) {
                printer.define(id, 0);
            }
        }
        String name = kebab(world);
        return "// Made by wasm-bpf from BTF: do not edit.\npackage wasm-bpf:" + name + ";\n\ninterface types {\n"
                + printer.out + "}\n\nworld " + escape(name) + " {\n    import types;\n}\n";
    }

    /** The name of the type's definition, printed now if it was not yet; null if it has none in WIT. */
    private String define(int id, int depth) {
        if (defined.containsKey(id)) {
            return defined.get(id);
        }
        if (depth > MAX_DEPTH || !open.add(id)) {
            throw new GenException("type " + id + " \"" + btf.name(id) + "\" holds itself by value or is nested too deep");
        }
        String name = switch (btf.type(id)) {
            case BtfType.Struct s -> record(id, s.name(), s.members(), depth);
            case BtfType.Union u -> variant(id, u.name(), u.members(), depth);
            case BtfType.Enum e -> enumeration(id, e.name(), e.values());
            case BtfType.Enum64 e -> enumeration(id, e.name(), e.values());
            case BtfType.Typedef t -> alias(id, t, depth);
            default -> null;
        };
        open.remove(id);
        defined.put(id, name);
        return name;
    }

    private String record(int id, String name, List<BtfType.Member> members, int depth) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (BtfType.Member m : members) {
            Type type = type(m.typeId(), depth + 1);
            if (type != null) {
                comment(lines, type.comment() + (m.isBitfield() ? " " + m.bitfieldSize() + " bits" : ""));
                lines.add("        " + unique(names, m.name().isEmpty() ? "anonymous" : m.name()) + ": " + type.text() + ",");
            }
        }
        if (lines.isEmpty()) {
            return null;
        }
        return block(id, "record", claim(name.isEmpty() ? "anonymous-" + id : name), lines);
    }

    private String variant(int id, String name, List<BtfType.Member> members, int depth) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (BtfType.Member m : members) {
            Type type = type(m.typeId(), depth + 1);
            if (type != null) {
                comment(lines, type.comment());
                lines.add("        " + unique(names, m.name().isEmpty() ? "anonymous" : m.name()) + "(" + type.text() + "),");
            }
        }
        if (lines.isEmpty()) {
            return null;
        }
        return block(id, "variant", claim(name.isEmpty() ? "anonymous-" + id : name), lines);
    }

    private String enumeration(int id, String name, List<BtfType.Enumerator> values) {
        if (values.isEmpty()) {
            return null;
        }
        List<String> lines = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        int next = 0;
        for (BtfType.Enumerator e : values) {
            if (e.value() != next) {
                comment(lines, " = " + e.value());
            }
            lines.add("        " + unique(names, e.name()) + ",");
            next++;
        }
        return block(id, "enum", claim(name.isEmpty() ? "anonymous-" + id : name), lines);
    }

    private String alias(int id, BtfType.Typedef t, int depth) {
        Type target = type(t.typeId(), depth + 1);
        if (target == null) {
            return null;
        }
        if (KEYWORDS.contains(kebab(t.name())) && target.comment().isEmpty()) {
            return target.text(); // u64, s32, bool: WIT's own words
        }
        String name = claim(t.name());
        budget.text(id, (long) name.length() + target.text().length() + target.comment().length());
        if (!target.comment().isEmpty()) {
            out.append("    ///").append(target.comment()).append('\n');
        }
        out.append("    type ").append(name).append(" = ").append(target.text()).append(";\n\n");
        return name;
    }

    private String block(int id, String keyword, String name, List<String> lines) {
        out.append("    ").append(keyword).append(' ').append(name).append(" {\n");
        for (String line : lines) {
            budget.text(id, line.length());
            out.append(line).append('\n');
        }
        out.append("    }\n\n");
        return name;
    }

    private static void comment(List<String> lines, String text) {
        if (!text.isEmpty()) {
            lines.add("        ///" + text);
        }
    }

    /** @param comment begins with a space, or is empty */
    private record Type(String text, String comment) {}

    /** How a member of that type is written; null for what WIT has no form of (void, functions, empty structs). */
    private Type type(int id, int depth) {
        if (depth > MAX_DEPTH) {
            throw new GenException("type " + id + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        budget.member(id);
        int plain = TypeChain.skipMods(btf, id);
        return switch (btf.type(plain)) {
            case BtfType.Int i -> integer(i);
            case BtfType.Float f -> f.sizeBytes() == 4 || f.sizeBytes() == 8
                    ? new Type("f" + f.sizeBytes() * 8, "") : new Type("list<u8>", " " + f.sizeBytes() + " bytes");
            case BtfType.Ptr p -> new Type("u64", " pointer");
            case BtfType.Array a -> {
                Type element = type(a.elementTypeId(), depth + 1);
                yield element == null ? null : new Type("list<" + element.text() + ">",
                        " " + a.count() + " elements" + (element.comment().isEmpty() ? "" : " of" + element.comment()));
            }
            default -> {
                String name = define(plain, depth + 1);
                yield name == null ? null : new Type(name, "");
            }
        };
    }

    private static Type integer(BtfType.Int i) {
        if (i.isBool() && i.sizeBytes() == 1) {
            return new Type("bool", "");
        }
        return switch (i.sizeBytes()) {
            case 1, 2, 4, 8 -> new Type((i.isSigned() && !i.name().equals("char") ? "s" : "u") + i.sizeBytes() * 8, "");
            default -> new Type("list<u8>", " " + i.sizeBytes() + " bytes");
        };
    }

    private String claim(String name) {
        return escape(uniqueKebab(taken, kebab(name)));
    }

    private static String unique(Map<String, Integer> names, String name) {
        return escape(uniqueKebab(names, kebab(name)));
    }

    /** @param names each with the number that its next holder gets, if that is free */
    private static String uniqueKebab(Map<String, Integer> names, String name) {
        Integer next = names.putIfAbsent(name, 2);
        if (next == null) {
            return name;
        }
        int n = next;
        while (names.putIfAbsent(name + "-v" + n, 2) != null) {
            n++;
        }
        names.put(name, n + 1);
        return name + "-v" + n;
    }

    private static String escape(String name) {
        return KEYWORDS.contains(name) ? "%" + name : name;
    }

    /**
     * A C name as WIT's grammar has names: words of lower-case letters and digits, each beginning with a letter, joined by
     * single hyphens.
     */
    static String kebab(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : name.toLowerCase(java.util.Locale.ROOT).split("[^a-z0-9]+")) {
            if (word.isEmpty()) {
                continue;
            }
            if (!out.isEmpty()) {
                out.append('-');
            }
            if (word.charAt(0) <= '9') {
                out.append('n');
            }
            out.append(word);
        }
        return out.isEmpty() ? "unnamed" : out.toString();
    }
}
