package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * A header that a BPF program and user space share, made fit for wasm32: structs and unions that hold a {@code long}, a
 * {@code size_t} or a pointer get the members that an object's BTF says, 8 bytes each; all else stays as it is, line by
 * line. Whatever definition the BTF has is followed by assertions of its layout, changed or not.
 *
 * <p>A definition is {@code struct NAME {...}} or {@code typedef struct {...} NAME;}, unions likewise; attributes and macros may
 * stand before and behind the name. Structs with names and enumerations that are defined within one that changes move before it,
 * the preprocessor's lines within it move behind it. What a macro defines, or has a brace in one branch of an {@code #if}, stays.
 */
public final class SharedHeader {
    private static final Set<String> NOT_THE_SAME_SIZE = Set.of("long", "size_t", "ssize_t", "uintptr_t", "intptr_t", "ptrdiff_t", "*");
    /** Types by value within types, beyond any real program's. */
    private static final int MAX_DEPTH = 128;
    /** Braces within braces, as clang's {@code -fbracket-depth} has it. */
    private static final int MAX_BRACES = 256;
    /** A tag and the macros before it. */
    private static final int MAX_WORDS = 16;

    /**
     * What came of a header.
     *
     * @param text    of the header for wasm32
     * @param changed definitions with other members than before: {@code struct event}
     * @param missing definitions that the BTF has not and that look as if they had another layout there
     * @param left    types of the BTF with another layout there that the header seems to define and that stay as they are in it
     */
    public record Result(String text, Set<String> changed, List<String> missing, Set<String> left) {}

    private final Btf btf;
    private final String file;
    private final String text;
    private final CTokens tokens;
    private final StringBuilder out = new StringBuilder();
    private final Set<String> cppKeywords = new TreeSet<>();
    private final Map<Integer, String> changed = new LinkedHashMap<>(); // by the BTF's ids
    private final List<String> missing = new ArrayList<>();
    private final Set<Integer> theSame = new HashSet<>(); // types known to hold nothing of another size
    private int copied; // how much of the text is in out

    private SharedHeader(String file, String text, Btf btf) {
        this.btf = btf;
        this.file = file;
        this.text = text;
        this.tokens = new CTokens(text);
    }

    /**
     * Makes the header.
     *
     * @param file its name, for the compiler's messages
     * @throws GenException if one of its types cannot be written in C, or braces stand in each other deeper than compilers take
     */
    public static Result of(String file, String text, Btf btf) {
        SharedHeader header = new SharedHeader(file, text, btf);
        header.boundBraces();
        return header.result();
    }

    private void boundBraces() {
        int depth = 0;
        for (int at = 0; at < tokens.count(); at++) {
            depth = tokens.is(at, "{") ? depth + 1 : tokens.is(at, "}") ? Math.max(0, depth - 1) : depth;
            if (depth > MAX_BRACES) {
                throw new GenException(file + ":" + lineOf(tokens.get(at).start()) + ": braces are nested deeper than " + MAX_BRACES
                        + " levels");
            }
        }
    }

    /**
     * A definition in the header; the numbers are tokens'.
     *
     * @param head      how it is named elsewhere: {@code struct event}, or a typedef's name; "" if not at all
     * @param open      of its braces
     * @param close     behind them
     * @param end       behind its semicolon, if the BTF has it
     */
    private record Found(String keyword, String head, int open, int close, int end) {
        boolean named() {
            return head.startsWith(keyword + " ");
        }
    }

    private Result result() {
        int declaration = 0; // where the one that this token is in begins
        int at = 0;
        while (at < tokens.count()) {
            Found found = find(declaration, at);
            if (found != null && !found.head().isEmpty() && define(found, declaration)) {
                at = found.end();
                declaration = at;
                continue;
            }
            if (tokens.isDirective(at) || tokens.is(at, ";") || tokens.is(at, "{") || tokens.is(at, "}")) {
                declaration = at + 1;
            }
            at++;
        }
        copyTo(text.length());
        String head = "/* " + file.substring(file.lastIndexOf('/') + 1) + " for wasm32, made by wasm-bpf: do not edit. */\n"
                + "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n" + CHeaderPrinter.ASSERT_MACRO
                + CHeaderPrinter.keywordMacros(cppKeywords) + line(1);
        String tail = cppKeywords.isEmpty() ? "" : "\n" + CHeaderPrinter.endOfKeywordMacros(cppKeywords);
        return new Result(head + out + tail, new LinkedHashSet<>(changed.values()), missing, left());
    }

    private Set<String> left() {
        Set<String> left = new LinkedHashSet<>();
        HeaderMentions.find(tokens, tag -> {
            for (String keyword : List.of("struct", "union")) {
                leave(left, keyword + " " + tag, id(keyword, keyword + " " + tag));
            }
        }, typedef -> leave(left, typedef, id("", typedef)));
        return left;
    }

    private void leave(Set<String> left, String head, int id) {
        if (id >= 0 && !changed.containsKey(id) && differs(id, 0)) {
            left.add(head);
        }
    }

    /** The struct or union that is defined at a token, or null. */
    private Found find(int declaration, int at) {
        String keyword = tokens.text(at);
        if (!keyword.equals("struct") && !keyword.equals("union")) {
            return null;
        }
        List<String> words = new ArrayList<>();
        boolean macro = false; // with arguments
        int open = behindAttributes(at + 1);
        for (int i = 0; i < MAX_WORDS && tokens.isWord(open); i++) {
            if (tokens.is(open + 1, "(")) {
                macro = true;
                words.clear(); // of struct event f(void) {
                open = behindAttributes(tokens.behindBrackets(open + 1));
            } else {
                words.add(tokens.text(open));
                open = behindAttributes(open + 1);
            }
        }
        if (!tokens.is(open, "{")) {
            return null;
        }
        int close = tokens.behindBrackets(open);
        List<String> heads = new ArrayList<>();
        words.reversed().forEach(word -> heads.add(keyword + " " + word));
        if (tokens.is(declaration, "typedef")) {
            heads.addAll(wordsBehind(close));
        } else if (macro && heads.stream().allMatch(head -> id(keyword, head) < 0)) {
            return null; // a function
        }
        for (String head : heads) {
            if (id(keyword, head) >= 0) {
                return new Found(keyword, head, open, close, behindSemicolon(close));
            }
        }
        return new Found(keyword, heads.isEmpty() ? "" : heads.getFirst(), open, close, close);
    }

    private int behindSemicolon(int close) {
        int end = close;
        while (end < tokens.count() && !tokens.is(end, ";")) {
            end = tokens.is(end, "{") || tokens.is(end, "(") || tokens.is(end, "[") ? tokens.behindBrackets(end) : end + 1;
        }
        return Math.min(end + 1, tokens.count());
    }

    /** A typedef's name and the macros about it. */
    private List<String> wordsBehind(int close) {
        List<String> words = new ArrayList<>();
        int at = close;
        for (int i = 0; i < MAX_WORDS && tokens.isWord(at); i++) {
            if (tokens.is(at + 1, "(")) {
                at = tokens.behindBrackets(at + 1);
            } else {
                words.add(tokens.text(at++));
            }
        }
        return words;
    }

    private int behindAttributes(int at) {
        while (tokens.is(at, "__attribute__") && tokens.is(at + 1, "(")) {
            at = tokens.behindBrackets(at + 1);
        }
        return at;
    }

    private int id(Found found) {
        return id(found.keyword(), found.head());
    }

    /** The BTF's id of a definition, or -1. */
    private int id(String keyword, String head) {
        if (head.startsWith(keyword + " ")) {
            return btf.find(keyword.equals("struct") ? BtfKind.STRUCT : BtfKind.UNION, head.substring(keyword.length() + 1));
        }
        int typedef = btf.find(BtfKind.TYPEDEF, head);
        int target = typedef < 0 ? -1 : TypeChain.skipMods(btf, btf.sizeOrType(typedef));
        return target > 0 && (btf.kind(target) == BtfKind.STRUCT || btf.kind(target) == BtfKind.UNION) ? target : -1;
    }

    /** Prints a definition with its assertions; false if it stays as it is and what stands in it is to be looked at. */
    private boolean define(Found found, int declaration) {
        int id = id(found);
        if (id < 0) {
            for (int at = found.open(); at < found.close(); at++) {
                if (NOT_THE_SAME_SIZE.contains(tokens.text(at)) && !tokens.is(at + 1, "long") && !tokens.is(at - 1, "long")) {
                    missing.add(found.head());
                    return false;
                }
            }
            return false;
        }
        String directives = BraceDirectives.kept(tokens, found.open(), found.close());
        if (directives == null) {
            return false;
        }
        boolean differs = differs(id, 0);
        CTypes.Definition definition = CTypes.definition(btf, id, found.head());
        cppKeywords.addAll(definition.cppKeywords());
        if (differs) {
            changed.put(id, found.head());
            copyTo(tokens.get(declaration).start());
            hoist(found);
            copyTo(tokens.get(found.open()).start());
            out.append(definition.braces());
            copied = tokens.get(found.close() - 1).end();
        }
        copyTo(tokens.get(found.end() - 1).end());
        // The assertions come first: "#define data u.data" would change them.
        out.append('\n').append(definition.assertions()).append(differs ? directives : "").append(line(lineOf(copied)));
        return true;
    }

    /** Prints what a definition that goes away defines for others: enumerations, and structs of the BTF with a name. */
    private void hoist(Found outer) {
        for (int at = outer.open() + 1; at < outer.close() - 1; at++) {
            int open = tokens.is(at, "enum") ? tokens.isWord(at + 1) ? at + 2 : at + 1 : -1;
            if (open >= 0 && tokens.is(open, "{")) {
                int close = tokens.behindBrackets(open);
                out.append(text, tokens.get(at).start(), tokens.get(close - 1).end()).append(";\n");
            }
            Found inner = find(at, at);
            if (inner != null && inner.named() && id(inner) >= 0) {
                changed.put(id(inner), inner.head());
                hoist(inner);
                CTypes.Definition definition = CTypes.definition(btf, id(inner), inner.head());
                cppKeywords.addAll(definition.cppKeywords());
                out.append(inner.head()).append(' ').append(definition.braces()).append(";\n").append(definition.assertions());
                at = inner.close() - 1;
            }
        }
    }

    /** Whether a type holds, by value, what has another size on wasm32. */
    private boolean differs(int id, int depth) {
        if (depth > MAX_DEPTH) {
            throw new GenException("type " + id + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (theSame.contains(id)) {
            return false;
        }
        boolean differs = switch (btf.type(TypeChain.skipModsAndTypedefs(btf, id))) {
            case BtfType.Ptr p -> btf.pointerSize() == 8;
            case BtfType.Int i -> i.sizeBytes() == 8 && i.name().contains("long") && !i.name().contains("long long");
            case BtfType.Array a -> differs(a.elementTypeId(), depth + 1);
            case BtfType.Struct s -> s.members().stream().anyMatch(m -> differs(m.typeId(), depth + 1));
            case BtfType.Union u -> u.members().stream().anyMatch(m -> differs(m.typeId(), depth + 1));
            default -> false;
        };
        if (!differs) {
            theSame.add(id);
        }
        return differs;
    }

    private void copyTo(int end) {
        out.append(text, copied, end);
        copied = end;
    }

    private int lineOf(int offset) {
        return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    private String line(int number) {
        return "#line " + number + " \"" + file.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
    }
}
