package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WasiErrnoTest {
    /** Linux's number, WASI's number, both from their headers. */
    @ParameterizedTest
    @CsvSource({"1, 63", "2, 44", "4, 27", "9, 8", "11, 6", "13, 2", "14, 21", "17, 20", "18, 75", "20, 54", "21, 31",
        "22, 28", "24, 33", "27, 22", "28, 51", "29, 70", "30, 69", "32, 64", "36, 37", "38, 52", "39, 55", "40, 32",
        "75, 61", "88, 57", "95, 58", "104, 15", "110, 73", "111, 14", "115, 26", "116, 72", "122, 19", "125, 11"})
    void isLinuxsMeaning(int linux, int wasi) {
        assertEquals(wasi, WasiErrno.fromLinux(linux));
    }

    @ParameterizedTest
    @CsvSource({"0", "-5", "61", "133", "134", "524", "2147483647"})
    void whatWasiHasNoNameForIsAnIoError(int linux) {
        assertEquals(WasiErrno.IO, WasiErrno.fromLinux(linux));
    }
}
