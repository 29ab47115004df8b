package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readable forms as {@code llvm-cxxfilt-19} prints them, but for what follows a dot. Names with a hash of a crate are those that
 * rustc 1.95 made of a small library by {@code -C symbol-mangling-version=v0}; the others were written by the grammar.
 */
class RustSymbolTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "_RINvNtCs66qv5BOQzbG_1l1m1gyKan5_EB4_ | l::m::g::<u64, -5>",
        "_RNCNvCs66qv5BOQzbG_1l3top0B3_ | l::top::{closure#0}",
        "_RNSNvYNCNvCs66qv5BOQzbG_1l3top0INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceThEE9call_once6vtableB8_"
                + " | <l::top::{closure#0} as core::ops::function::FnOnce<(u8,)>>::call_once::{shim:vtable#0}",
        "_RNvCs66qv5BOQzbG_1lu9gre_6ka8i | l::größe",
        "_RNvMs_NtCs66qv5BOQzbG_1l1mINtB4_1NKj11_Kb1_Kc78_E1kB6_ | <l::m::N<17, true, 'x'>>::k",
        "_RNvXNtCs66qv5BOQzbG_1l1mINtB2_1SsENtB2_1T2goB4_ | <l::m::S<i16> as l::m::T>::go",
        "_RNvXs1g_NtCsgEmfK2I1SDS_4core3fmtRAhj4_NtB6_5Debug3fmtCsjrHSEGnQ3l9_3std | <&[u8; 4] as core::fmt::Debug>::fmt",
        "_RINvC1a1fFUKCRhOuEuE | a::f::<unsafe extern \"C\" fn(&u8, *mut ())>",
        "_RINvC1a1fFG_RL0_hEBe_E | a::f::<for<'a> fn(&'a u8) -> u8>",
        "_RINvC1a1fDG0_INtC1b1TL0_L1_Ep1AhEL_E | a::f::<dyn for<'a, 'b> b::T<'b, 'a, A = u8>>",
        "_RINvC1a1fAhj10_SlTEThETheEQhE | a::f::<[u8; 16], [i32], (), (u8,), (u8, str), &mut u8>",
        "_RINvC1a1fKo123456789abcdef012_E | a::f::<0x123456789abcdef012>",
        "_RNKC1a3abc | a::{K:abc#0}",
        "_RNvMC1aSh3len | <[u8]>::len",
        "_RNvC1a1f.llvm.1234 | a::f"})
    void areThoseOfTheSource(String mangled, String readable) {
        assertEquals(readable, RustSymbol.readable(mangled));
        assertEquals(readable, RustNames.readable(mangled));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_R", "_ZN", "main", "_RNvC1a", "_RNvC1a9f", "_RNvC1a1fx", "_RB_", "_RNvB_1f", "_RINvC1a1fB99_E",
        "_RNvC1a99999999999f", "_RINvC1a1fKb2_E", "_RNvC1aué3xyz"})
    void thereIsNoneOfWhatIsNotInTheGrammar(String name) {
        assertNull(RustSymbol.readable(name));
        assertEquals(name, RustNames.readable(name));
    }

    /** Each of the tuples has the one before it twice. */
    @Test
    void whatGrowsWithoutEndIsLeftAsItIs() {
        StringBuilder text = new StringBuilder("INvC1a1f");
        int last = text.length();
        text.append("ThhE");
        for (int i = 0; i < 60; i++) {
            int at = text.length();
            String reference = "B" + base62(last);
            text.append('T').append(reference).append(reference).append('E');
            last = at;
        }
        String name = "_R" + text + "E";
        assertNull(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> RustSymbol.readable(name)));
        String deep = "_RINvC1a1f" + "S".repeat(3000) + "hE";
        assertNull(RustSymbol.readable(deep));
    }

    private static String base62(int value) {
        String digits = "";
        for (int rest = value - 1; rest > 0 || digits.isEmpty(); rest /= 62) {
            digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(rest % 62) + digits;
        }
        return digits + "_";
    }

    @Property(tries = 20_000)
    void anyCharactersGiveAnAnswer(@ForAll @StringLength(max = 60) @CharRange(from = '0', to = 'z') String rest) {
        RustSymbol.readable("_R" + rest);
    }
}
