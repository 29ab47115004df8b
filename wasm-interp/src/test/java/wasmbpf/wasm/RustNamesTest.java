package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readable forms as {@code rustfilt} and LLVM's demangler print them, without the hash. */
class RustNamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "_ZN4core9panicking5panic17h118149a781a98a78E | core::panicking::panic",
        "_ZN50_$LT$T$u20$as$u20$core..convert..From$LT$U$GT$$GT$4from17h0123456789abcdefE | <T as core::convert::From<U>>::from",
        "_ZN4main4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE | main::main::{{closure}}",
        "_ZN44_$LT$$RF$T$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE | <&T as core::fmt::Display>::fmt",
        // No hash: C++. Too short, too long, unknown escapes.
        "_ZN3geo6Square7measureEi | _ZN3geo6Square7measureEi",
        "_ZN4core9panicking | _ZN4core9panicking",
        "_ZN99core17h0123456789abcdefE | _ZN99core17h0123456789abcdefE",
        "_ZN17h0123456789abcdefE | _ZN17h0123456789abcdefE",
        "_ZN5a$XX$17h0123456789abcdefE | a$XX$",
        "_ZN | _ZN",
        "main | main"})
    void areThoseOfTheSource(String mangled, String readable) {
        assertEquals(readable, RustNames.readable(mangled));
    }
}
