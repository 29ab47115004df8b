package wasmbpf.host.gen;

import java.util.Set;
import wasmbpf.btf.Btf;

/**
 * {@code wasm-bpf btf dump file FILE format c}: a header with every named type of a BTF, laid out for Wasm guests as
 * the kernel side has them. It includes only {@code stddef.h}, {@code stdint.h} and {@code stdbool.h} and compiles as C
 * and as C++.
 */
public final class CHeaderPrinter {
    private CHeaderPrinter() {}

    /**
     * The header's text.
     *
     * @param guard the include guard's name
     * @throws GenException if a type cannot exist in C, as one that holds itself
     */
    public static String print(Btf btf, String guard) {
        CTypes types = new CTypes(btf, true, Set.of());
        for (int id = Math.max(1, btf.startId()); id < btf.typeCount(); id++) {
            types.define(id);
        }
        return wrap(types, guard, "");
    }

    /** Puts the prologue before the definitions and the epilogue behind them and {@code rest}. */
    static String wrap(CTypes types, String guard, String rest) {
        StringBuilder out = new StringBuilder();
        out.append("/* Made by wasm-bpf from BTF: do not edit. Layouts are those of the kernel side (64-bit). */\n");
        out.append("#ifndef ").append(guard).append("\n#define ").append(guard).append("\n\n");
        out.append("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
        out.append(ASSERT_MACRO);
        Set<String> keywords = types.cppKeywords();
        out.append(keywordMacros(keywords)).append(types.definitions()).append(rest).append(endOfKeywordMacros(keywords));
        return out.append("#endif /* ").append(guard).append(" */\n").toString();
    }

    /** What makes members of such names, as {@link CTypes} writes them, names in either language. */
    static String keywordMacros(Set<String> keywords) {
        StringBuilder out = new StringBuilder();
        for (String word : keywords) {
            String macro = KEYWORD_PREFIX + word;
            out.append("#ifdef __cplusplus\n#define ").append(macro).append(' ').append(word).append("_\n#else\n#define ")
                    .append(macro).append(' ').append(word).append("\n#endif\n");
        }
        return out.toString();
    }

    static String endOfKeywordMacros(Set<String> keywords) {
        StringBuilder out = new StringBuilder();
        for (String word : keywords) {
            out.append("#undef ").append(KEYWORD_PREFIX).append(word).append('\n');
        }
        return out.toString();
    }

    /** Members named by a word that C++ keeps ({@code class}, {@code new}) get a trailing underscore there, by a macro. */
    static final String KEYWORD_PREFIX = "WASM_BPF_NAME_";

    static final String ASSERT_MACRO = """
            #ifndef WASM_BPF_ASSERT
            #ifdef __cplusplus
            #define WASM_BPF_ASSERT(condition, text) static_assert(condition, text)
            #else
            #define WASM_BPF_ASSERT(condition, text) _Static_assert(condition, text)
            #endif
            #endif

            """;
}
