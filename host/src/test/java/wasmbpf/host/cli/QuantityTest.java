package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({"5, 5000000000", "5s, 5000000000", "500ms, 500000000", "1.5s, 1500000000", "2m, 120000000000",
        "1h, 3600000000000", "0, 0"})
    void durations(String text, long nanos) {
        assertEquals(nanos, Quantity.nanos(RunOptions.TIMEOUT, text));
    }

    @ParameterizedTest
    @CsvSource({"65536, 65536", "64K, 65536", "64M, 67108864", "1G, 1073741824", "1.5M, 1572864", "2GiB, 2147483648"})
    void sizes(String text, long bytes) {
        assertEquals(bytes, Quantity.bytes(RunOptions.MEMORY_LIMIT, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5x", "-1s", "1.2.3s", "5 s", "1e9", "99999999999999h", "."})
    void nonsense(String text) {
        UsageException e = assertThrows(UsageException.class, () -> Quantity.nanos(RunOptions.TIMEOUT, text));
        assertTrue(e.getMessage().startsWith("--timeout " + text + ": a duration such as"), e.getMessage());
        assertThrows(UsageException.class, () -> Quantity.bytes(RunOptions.MEMORY_LIMIT, text));
    }
}
