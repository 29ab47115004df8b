package wasmbpf.wasm;

import java.math.BigInteger;
import java.util.Map;

/**
 * Readable forms of the names that rustc gives functions in its newer mangling, "v0": {@code _RNvNtCs1_5crate6module4func} is
 * {@code crate::module::func}. Source: Rust RFC 2603. One object reads one name; what is not in the grammar, or too long or
 * too deep when written out (references to earlier parts can double it again and again), has no readable form.
 */
final class RustSymbol {
    private static final int MAX_LENGTH = 4000;
    private static final int MAX_DEPTH = 200;

    private static final Map<Character, String> BASIC_TYPES = Map.ofEntries(Map.entry('a', "i8"), Map.entry('b', "bool"),
            Map.entry('c', "char"), Map.entry('d', "f64"), Map.entry('e', "str"), Map.entry('f', "f32"), Map.entry('h', "u8"),
            Map.entry('i', "isize"), Map.entry('j', "usize"), Map.entry('l', "i32"), Map.entry('m', "u32"),
            Map.entry('n', "i128"), Map.entry('o', "u128"), Map.entry('p', "_"), Map.entry('s', "i16"), Map.entry('t', "u16"),
            Map.entry('u', "()"), Map.entry('v', "..."), Map.entry('x', "i64"), Map.entry('y', "u64"), Map.entry('z', "!"));

    private final RustSymbolReader in;
    private final StringBuilder out = new StringBuilder();
    private int depth;
    /** While it is not 0 nothing is written. */
    private int silent;
    /** Lifetimes that {@code for<>} around here has named. */
    private long lifetimes;

    private RustSymbol(String text) {
        in = new RustSymbolReader(text);
    }

    /** The readable form, or null if it has none. */
    static String readable(String mangled) {
        if (!mangled.startsWith("_R") || mangled.length() > MAX_LENGTH) {
            return null;
        }
        int suffix = mangled.indexOf('.');
        RustSymbol symbol = new RustSymbol(mangled.substring(2, suffix < 0 ? mangled.length() : suffix));
        try {
            symbol.path(true);
            if (!symbol.in.atEnd()) {
                // Whose copy of generic code it is.
                symbol.silent++;
                symbol.path(false);
            }
            return symbol.in.atEnd() ? symbol.out.toString() : null;
        } catch (RustSymbolReader.Unreadable e) {
            return null;
        }
    }

    private void print(String piece) {
        if (silent == 0) {
            out.append(piece);
            if (out.length() > MAX_LENGTH) {
                throw new RustSymbolReader.Unreadable();
            }
        }
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw new RustSymbolReader.Unreadable();
        }
    }

    /** Goes on at an earlier place, and comes back. */
    private void reference(Runnable part) {
        int here = in.position() - 1;
        long target = in.base62();
        if (target < 0 || target >= here) {
            throw new RustSymbolReader.Unreadable();
        }
        if (silent == 0) {
            int back = in.position();
            in.moveTo((int) target);
            part.run();
            in.moveTo(back);
        }
    }

    // Paths

    /** @param value whether it names a value, not a type: then generic arguments follow a {@code ::} */
    private void path(boolean value) {
        deeper();
        switch (in.next()) {
            case 'C' -> print(in.identifier().name());
            case 'M' -> {
                implementation();
                print("<");
                type();
                print(">");
            }
            case 'X' -> {
                implementation();
                trait();
            }
            case 'Y' -> trait();
            case 'N' -> nested(value);
            case 'I' -> {
                path(value);
                print(value ? "::<" : "<");
                arguments();
                print(">");
            }
            case 'B' -> reference(() -> path(value));
            default -> throw new RustSymbolReader.Unreadable();
        }
        depth--;
    }

    /** Where the impl block stands, which is not told. */
    private void implementation() {
        in.optional('s');
        silent++;
        path(false);
        silent--;
    }

    private void trait() {
        print("<");
        type();
        print(" as ");
        path(false);
        print(">");
    }

    private void nested(boolean value) {
        char namespace = in.next();
        path(value);
        RustSymbolReader.Identifier identifier = in.identifier();
        if (namespace >= 'A' && namespace <= 'Z') {
            String kind = switch (namespace) {
                case 'C' -> "closure";
                case 'S' -> "shim";
                default -> String.valueOf(namespace);
            };
            String name = identifier.name().isEmpty() ? "" : ":" + identifier.name();
            print("::{" + kind + name + "#" + identifier.number() + "}");
        } else if (namespace >= 'a' && namespace <= 'z') {
            print(identifier.name().isEmpty() ? "" : "::" + identifier.name());
        } else {
            throw new RustSymbolReader.Unreadable();
        }
    }

    private void arguments() {
        for (String comma = ""; !in.skip('E'); comma = ", ") {
            print(comma);
            if (in.skip('L')) {
                print(lifetime(in.base62()));
            } else if (in.skip('K')) {
                constant();
            } else {
                type();
            }
        }
    }

    // Types

    private void type() {
        deeper();
        char tag = in.next();
        switch (tag) {
            case 'A' -> {
                print("[");
                type();
                print("; ");
                constant();
                print("]");
            }
            case 'S' -> {
                print("[");
                type();
                print("]");
            }
            case 'T' -> tuple(this::type);
            case 'R', 'Q' -> {
                print("&");
                if (in.skip('L')) {
                    long number = in.base62();
                    print(number == 0 ? "" : lifetime(number) + " ");
                }
                print(tag == 'Q' ? "mut " : "");
                type();
            }
            case 'P', 'O' -> {
                print(tag == 'P' ? "*const " : "*mut ");
                type();
            }
            case 'F' -> function();
            case 'D' -> dyn();
            case 'B' -> reference(this::type);
            default -> {
                String basic = BASIC_TYPES.get(tag);
                if (basic == null) {
                    in.moveTo(in.position() - 1);
                    path(false);
                } else {
                    print(basic);
                }
            }
        }
        depth--;
    }

    private void tuple(Runnable element) {
        print("(");
        int count = 0;
        for (; !in.skip('E'); count++) {
            print(count == 0 ? "" : ", ");
            element.run();
        }
        print(count == 1 ? ",)" : ")");
    }

    /** Counted from the innermost {@code for<>} outwards; 0 is one that has no name. */
    private String lifetime(long number) {
        if (number == 0) {
            return "'_";
        }
        long index = lifetimes - number;
        if (index < 0) {
            throw new RustSymbolReader.Unreadable();
        }
        return index < 26 ? "'" + (char) ('a' + index) : "'z" + (index - 25);
    }

    private void binder() {
        long count = in.optional('G');
        if (count > in.length()) {
            throw new RustSymbolReader.Unreadable();
        }
        for (long i = 0; i < count; i++) {
            lifetimes++;
            print((i == 0 ? "for<" : ", ") + lifetime(1));
        }
        print(count == 0 ? "" : "> ");
    }

    private void function() {
        long outer = lifetimes;
        binder();
        print(in.skip('U') ? "unsafe " : "");
        if (in.skip('K')) {
            print("extern \"" + (in.skip('C') ? "C" : in.plainIdentifier().replace('_', '-')) + "\" ");
        }
        print("fn(");
        for (String comma = ""; !in.skip('E'); comma = ", ") {
            print(comma);
            type();
        }
        print(")");
        if (!in.skip('u')) {
            print(" -> ");
            type();
        }
        lifetimes = outer;
    }

    private void dyn() {
        long outer = lifetimes;
        print("dyn ");
        binder();
        for (String plus = ""; !in.skip('E'); plus = " + ") {
            print(plus);
            bound();
        }
        lifetimes = outer;
        if (!in.skip('L')) {
            throw new RustSymbolReader.Unreadable();
        }
        long number = in.base62();
        print(number == 0 ? "" : " + " + lifetime(number));
    }

    /** A trait, whose associated types stand among its arguments. */
    private void bound() {
        boolean open = openPath();
        while (in.skip('p')) {
            print(open ? ", " : "<");
            open = true;
            print(in.plainIdentifier() + " = ");
            type();
        }
        print(open ? ">" : "");
    }

    /** A path of a type; whether its {@code >} is not written yet. */
    private boolean openPath() {
        deeper();
        boolean[] open = new boolean[1];
        if (in.skip('B')) {
            reference(() -> open[0] = openPath());
        } else if (in.skip('I')) {
            path(false);
            print("<");
            arguments();
            open[0] = true;
        } else {
            path(false);
        }
        depth--;
        return open[0];
    }

    // Constants

    private void constant() {
        deeper();
        char type = in.next();
        switch (type) {
            case 'B' -> reference(this::constant);
            case 'p' -> print("_");
            case 'b' -> {
                String digits = in.digits();
                print(switch (digits) {
                    case "0" -> "false";
                    case "1" -> "true";
                    default -> throw new RustSymbolReader.Unreadable();
                });
            }
            case 'c' -> print("'" + character(in.digits()) + "'");
            case 'a', 's', 'l', 'x', 'n', 'i' -> {
                print(in.skip('n') ? "-" : "");
                number();
            }
            case 'h', 't', 'm', 'y', 'o', 'j' -> number();
            default -> throw new RustSymbolReader.Unreadable();
        }
        depth--;
    }

    private void number() {
        String digits = in.digits();
        print(digits.length() > 16 ? "0x" + digits : new BigInteger(digits, 16).toString());
    }

    private static String character(String digits) {
        int code = digits.length() > 6 ? -1 : Integer.parseInt(digits, 16);
        if (!Character.isValidCodePoint(code)) {
            throw new RustSymbolReader.Unreadable();
        }
        return switch (code) {
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            case '\n' -> "\\n";
            case '\\' -> "\\\\";
            case '\'' -> "\\'";
            default -> code >= ' ' && code < 0x7F ? String.valueOf((char) code) : "\\u{" + digits + "}";
        };
    }
}
