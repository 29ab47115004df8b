package wasmbpf.wasm;

/**
 * Readable forms of the names that rustc gives functions: {@code _ZN4core9panicking5panic17h<hash>E}, in its older mangling,
 * is {@code core::panicking::panic}; for the newer one see {@link RustSymbol}. rustc tells the linker not to do this. Source:
 * the escapes of rustc's {@code symbol_names/legacy.rs}. Other names stay as they are.
 */
final class RustNames {
    private static final String HASH = "h[0-9a-f]{16}";

    private RustNames() {
    }

    static String readable(String name) {
        if (!name.startsWith("_ZN")) {
            String readable = RustSymbol.readable(name);
            return readable == null ? name : readable;
        }
        StringBuilder path = new StringBuilder();
        String last = "";
        int at = 3;
        while (at < name.length() && name.charAt(at) != 'E') {
            int length = 0;
            int digits = 0;
            while (at < name.length() && digits < 6 && name.charAt(at) >= '0' && name.charAt(at) <= '9') {
                length = 10 * length + name.charAt(at++) - '0';
                digits++;
            }
            if (digits == 0 || length > name.length() - at) {
                return name;
            }
            if (!last.isEmpty()) {
                path.append(path.isEmpty() ? "" : "::").append(element(last));
            }
            last = name.substring(at, at + length);
            at += length;
        }
        // C++ has no hash, and is the linker's to make readable.
        return at < name.length() && last.matches(HASH) && !path.isEmpty() ? path.toString() : name;
    }

    private static String element(String mangled) {
        StringBuilder out = new StringBuilder();
        // An underscore keeps what follows from looking like a number or an escape at the start.
        int at = mangled.startsWith("_$") ? 1 : 0;
        while (at < mangled.length()) {
            int end = mangled.indexOf('$', at + 1);
            if (mangled.charAt(at) == '$' && end > 0) {
                String plain = escape(mangled.substring(at + 1, end));
                if (plain == null) {
                    return mangled;
                }
                out.append(plain);
                at = end + 1;
            } else if (mangled.startsWith("..", at)) {
                out.append("::");
                at += 2;
            } else {
                out.append(mangled.charAt(at++));
            }
        }
        return out.toString();
    }

    private static String escape(String code) {
        return switch (code) {
            case "SP" -> "@";
            case "BP" -> "*";
            case "RF" -> "&";
            case "LT" -> "<";
            case "GT" -> ">";
            case "LP" -> "(";
            case "RP" -> ")";
            case "C" -> ",";
            default -> code.matches("u[0-9a-f]{1,5}") ? Character.toString(Integer.parseInt(code.substring(1), 16)) : null;
        };
    }
}
