package wasmbpf.host.gen;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names in the C that we print: valid identifiers, no two alike, none that means something else to a guest. Tags,
 * typedefs and enumerators share one name space here, since they do in C++.
 */
final class CNames {
    /** Typedefs that the guest's C library has too, some with another size: their uses print the underlying type. */
    private static final Set<String> RESERVED = Set.of(
            "bool", "size_t", "ssize_t", "ptrdiff_t", "wchar_t", "wint_t", "max_align_t", "nullptr_t",
            "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
            "intptr_t", "uintptr_t", "intmax_t", "uintmax_t", "time_t", "clock_t", "clockid_t", "timer_t", "suseconds_t",
            "off_t", "loff_t", "ino_t", "dev_t", "mode_t", "nlink_t", "uid_t", "gid_t", "pid_t", "id_t", "key_t",
            "blksize_t", "blkcnt_t", "sigset_t", "fd_set", "va_list", "__builtin_va_list", "__gnuc_va_list", "socklen_t",
            "sa_family_t", "in_addr_t", "in_port_t", "locale_t", "FILE", "fpos_t", "div_t", "ldiv_t", "lldiv_t", "jmp_buf");

    /** Words that C++ keeps and C does not: a member of such a name gets a trailing underscore in C++ alone. */
    static final Set<String> CPP_KEYWORDS = Set.of(
            "alignas", "alignof", "and", "and_eq", "asm", "bitand", "bitor", "catch", "char16_t", "char32_t", "char8_t",
            "class", "co_await", "co_return", "co_yield", "compl", "concept", "const_cast", "consteval", "constexpr",
            "constinit", "decltype", "delete", "dynamic_cast", "explicit", "export", "false", "friend", "mutable",
            "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected",
            "public", "reinterpret_cast", "requires", "static_assert", "static_cast", "template", "this", "thread_local",
            "throw", "true", "try", "typeid", "typename", "using", "virtual", "wchar_t", "xor", "xor_eq");

    private static final Set<String> C_KEYWORDS = Set.of(
            "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
            "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
            "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "typeof",
            "_Bool", "_Complex", "_Alignas", "_Alignof", "_Atomic", "_Generic", "_Noreturn", "_Static_assert",
            "_Thread_local", "__int128", "NULL", "offsetof", "linux", "unix", "i386", "wasm", "__wasm__");

    private final Map<String, Integer> taken = new HashMap<>();
    private final boolean unique;

    CNames() {
        this(true);
    }

    private CNames(boolean unique) {
        this.unique = unique;
    }

    /** For what goes into a header that holds together already: each name as its first holder has it. */
    static CNames asTheyAre() {
        return new CNames(false);
    }

    static boolean reserved(String typedef) {
        return RESERVED.contains(typedef);
    }

    /** The name as an identifier: what C does not allow becomes an underscore. */
    static String identifier(String name) {
        StringBuilder out = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fine = c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9';
            if (!fine && out == null) {
                out = new StringBuilder(name);
            }
            if (!fine) {
                out.setCharAt(i, '_');
            }
        }
        String result = out == null ? name : out.toString();
        return C_KEYWORDS.contains(result) ? result + "_" : result;
    }

    /** An identifier for {@code name} that nothing else has: a second holder gets {@code ___2}, as bpftool does. */
    String claim(String name) {
        if (!unique) {
            return name;
        }
        String base = CPP_KEYWORDS.contains(name) ? name + "_" : identifier(name);
        String free = base;
        for (int n = taken.merge(base, 1, Integer::sum); n > 1; n = taken.merge(base, 1, Integer::sum)) {
            free = base + "___" + n;
            if (taken.putIfAbsent(free, 1) == null) {
                break;
            }
        }
        return free;
    }
}
